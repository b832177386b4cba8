"""Consent to be contacted: given in words that are kept as evidence, and withdrawn."""

from datetime import date, datetime
from functools import partial

from django.utils import timezone
from django.utils.dateformat import format as write

from nachhaken.desk import labels
from nachhaken.desk.commands.ledger import Change, InvalidError, about, act_of, record
from nachhaken.desk.models import Opportunity, User
from nachhaken.desk.preferences import preferences
from nachhaken.plan.law import rule_of_consent
from nachhaken.terms import Channel, ConsentScope
from nachhaken.timeline import Consented, ConsentWithdrawn


def give_consent(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    heard_on: Channel,
    words: str = "",
    channel: Channel | None = None,
    scope: ConsentScope = ConsentScope.FOLLOW_UP,
    window: tuple[date, date] | None = None,
    at: datetime | None = None,
) -> Change:
    """Note that the customer agreed, in their `words` or else in a plain sentence that says it.

    Advertising needs the words themselves: a sentence of ours would prove nothing.
    """
    if scope is ConsentScope.ADVERTISING and not words.strip():
        raise InvalidError("words")

    consent = partial(
        consent_of, by=actor, at=at or now, words=words, heard_on=heard_on, channel=channel
    )
    act = act_of(actor, now, key)
    return record(
        act, opportunity_id, lambda row: [consent(row, scope=scope, window=window)], at=at
    )


def withdraw_consent(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    entry_id: int,
    words: str = "",
) -> Change:
    """Note that a consent holds no more; it stays on record as what once held."""
    fact = ConsentWithdrawn(consent_id=entry_id, words=words.strip())
    return record(act_of(actor, now, key), opportunity_id, about(entry_id, fact, "consented"))


def consent_of(
    opportunity: Opportunity,
    *,
    by: User,
    at: datetime,
    words: str,
    heard_on: Channel,
    channel: Channel | None,
    scope: ConsentScope = ConsentScope.FOLLOW_UP,
    window: tuple[date, date] | None = None,
) -> Consented:
    """Return a consent with its evidence: who noted it, and when it was heard."""
    who = str(opportunity.person or "") or opportunity.prospect.name
    return Consented(
        words=" ".join(words.split()) or _plain_words(who, channel, window),
        heard_on=heard_on,
        channel=channel,
        scope=scope,
        window=window,
        person_id=opportunity.person_id,
        evidence=_evidence(by, at, heard_on),
        rule=rule_of_consent(
            opportunity.prospect.region or preferences().region,
            is_consumer=opportunity.prospect.is_consumer,
            channel=channel,
        ),
    )


def _plain_words(who: str, channel: Channel | None, window: tuple[date, date] | None) -> str:
    act = labels.word(labels.ASKING[channel])
    if window is None:
        return labels.text("agreed", who=who, act=act)
    return labels.text("agreed_when", who=who, act=act, when=labels.window(*window))


def _evidence(by: User, at: datetime, heard_on: Channel) -> str:
    local = timezone.localtime(at)
    return labels.text(
        "evidence",
        way=labels.word(labels.CHANNELS[heard_on]),
        user=by,
        on=labels.day(local.date()),
        clock=write(local, "G:i"),
    )
