"""Mails that somebody writes: kept as they are typed, sent off, or noted as written elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.aliases import kept_person
from nachhaken.desk.commands.ledger import (
    Act,
    Change,
    InvalidError,
    NotFoundError,
    act_of,
    locked,
    record,
)
from nachhaken.desk.commands.outcomes import Outcome, Reached, decided_for, facts_of, taken
from nachhaken.desk.commands.parties import person_of
from nachhaken.desk.commands.permission import allowance_to, purpose_with, reason_against
from nachhaken.desk.commands.post import queue_mail
from nachhaken.desk.documents import PDF, bytes_of
from nachhaken.desk.letters import Attachment, Letter
from nachhaken.desk.models import OfferDraft, Opportunity, Outgoing, Person, User, Writing
from nachhaken.desk.papers import document_of, missing_in
from nachhaken.desk.speech import local_date
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact

LONGEST_TEXT = 50_000
_LONGEST_SLOT, _LONGEST_KEY, _LONGEST_SUBJECT = 120, 100, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A mail as it stands in the form; `slot` names the text that it was begun from."""

    slot: str
    step: StepKind
    subject: str
    text: str
    text_key: str = ""
    person_id: int | None = None

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_TEXT:
            raise InvalidError(_("Das ist zu lang für eine Mail."))

    @property
    def line(self) -> str:
        """The subject on one line."""
        return " ".join(self.subject.split())[:_LONGEST_SUBJECT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What goes with a mail: its thread, the offer, and a reason to stand above the law's word.

    `not_before` is when it goes at the earliest, for a mail that is welcome later.
    """

    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    offer: OfferDraft | None = None
    reason: str = ""
    not_before: datetime | None = None


def save_writing(*, actor: User, now: datetime, opportunity_id: int, typed: Typed) -> Writing:
    """Keep what was typed, in place of what was typed in the same text before."""
    allow(actor)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        # The last keystrokes may be saved after the click that sent them.
        sent = Writing.objects.filter(opportunity=opportunity, author=actor, slot=typed.slot)
        sent = sent.filter(outgoing__isnull=False, subject=typed.line, text=typed.text)
        under_way = sent.exclude(outgoing__state=Outgoing.State.WITHDRAWN).first()
        return under_way or _kept(opportunity, typed, author=actor, now=now)


def drop_writing(*, actor: User, opportunity_id: int, slot: str) -> None:
    """Begin this text anew; what was typed in others stays."""
    allow(actor)
    Writing.objects.filter(opportunity=opportunity_id, author=actor, slot=slot).delete()


def send_writing(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    typed: Typed,
    posting: Posting,
) -> Outgoing:
    """Hand the mail over to be sent, once for a key; what was typed waits beside it.

    Against the law or good manners it goes only with a reason in words, which is kept. Raises
    NotAllowedError or ReasonNeededError, or what else `queue_mail` raises.
    """
    act = act_of(actor, now, key)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        person = _person(opportunity, typed.person_id)
        if person is None or not person.mail:
            raise InvalidError(_("Zu wem soll die Mail gehen? Es ist keine Adresse bekannt."))
        _require_complete(posting, act)
        row = queue_mail(
            act,
            opportunity_id,
            _letter(act, person, typed, posting),
            step=written(typed.step),
            person_id=person.pk,
            draft=posting.offer,
            document=posting.offer.document if posting.offer else None,
            scripts=_scripts(typed),
            not_before=posting.not_before,
            beside=_beside(act, opportunity, typed, posting),
        )
        writing = _kept(opportunity, typed, author=actor, now=now)
        writing.outgoing = row
        writing.save(update_fields=["outgoing"])
    return row


def written(step: StepKind, channel: Channel = Channel.MAIL) -> StepKind:
    """Return what a text was for that is written at `step`; work that goes on answers a wish."""
    return StepKind.ANSWER if step is StepKind.INVEST else taken(step, channel)


def record_writing(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    typed: Typed,
    channel: Channel = Channel.MAIL,
) -> Change:
    """Note what was sent from another program, or by post, with its words."""
    act = act_of(actor, now, key)
    with transaction.atomic():
        change = record(
            act,
            opportunity_id,
            lambda opportunity: facts_of(_outcome(opportunity, typed, channel), opportunity),
            decided=decided_for(opportunity_id, typed.step),
        )
        Writing.objects.filter(opportunity=opportunity_id, author=actor).delete()
    return change


def give_address(*, actor: User, opportunity_id: int, person_id: int | None, mail: str) -> Person:
    """Note the mail address of somebody who had none; nobody's address is taken away."""
    allow(actor)
    address = mail.strip().casefold()
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        person = _person(opportunity, person_id) or Person(prospect=opportunity.prospect)
        other = person_of(address)
        if other and other.pk != person.pk:
            sentence = _("Diese Adresse gehört schon zu %(who)s (%(prospect)s).")
            raise InvalidError(sentence % {"who": other, "prospect": other.prospect})
        if not person.mail:
            person.mail = address
            person.save()
        if opportunity.person_id is None:
            opportunity.person = person
            opportunity.save(update_fields=["person"])
    return person


def _kept(opportunity: Opportunity, typed: Typed, *, author: User, now: datetime) -> Writing:
    _person(opportunity, typed.person_id)
    gone = Writing.objects.filter(opportunity=opportunity, author=author)
    gone.filter(outgoing__state=Outgoing.State.SENT).delete()
    row, _is_new = Writing.objects.update_or_create(
        opportunity=opportunity,
        author=author,
        slot=typed.slot[:_LONGEST_SLOT],
        defaults={
            "text_key": typed.text_key[:_LONGEST_KEY],
            "person_id": typed.person_id,
            "step": typed.step,
            "subject": typed.line,
            "text": typed.text,
            "saved_at": now,
            "outgoing": None,
        },
    )
    return row


def _require_complete(posting: Posting, act: Act) -> None:
    """An offer without an amount, or one that is over when it goes, helps nobody."""
    if posting.offer is None:
        return
    on = local_date(max(act.now, posting.not_before or act.now))
    if missing := missing_in(posting.offer, on=on):
        raise InvalidError(" ".join(missing))


def _letter(act: Act, person: Person, typed: Typed, posting: Posting) -> Letter:
    return Letter(
        to=person.mail,
        subject=typed.line,
        text=typed.text,
        in_reply_to=posting.in_reply_to,
        references=posting.references,
        attachments=tuple(_attached(act, posting.offer)),
    )


def _attached(act: Act, offer: OfferDraft | None) -> Sequence[Attachment]:
    """Return the offer's PDF; what is printed now is kept, so that it stays as it went out."""
    if offer is None:
        return ()
    if offer.document is None:
        offer.document = document_of(offer, actor=act.actor, now=act.now)
        offer.save(update_fields=["document"])
    raw = bytes_of(offer.document)
    return (Attachment(name=offer.document.name, raw=raw, media_type=PDF),)


def _beside(act: Act, opportunity: Opportunity, typed: Typed, posting: Posting) -> list[Fact]:
    """Return what is written besides: that it ended the matter, or went against a rule."""
    _touch, *others = facts_of(_outcome(opportunity, typed, Channel.MAIL), opportunity)
    if not posting.reason.strip():
        return others
    found = allowance_to(
        opportunity.pk,
        channel=Channel.MAIL,
        now=act.now,
        step=written(typed.step),
        purpose=purpose_with(posting.offer.pk if posting.offer else None),
        person_id=typed.person_id,
    )
    if found.lets(not_before=posting.not_before):
        return others
    return [*others, reason_against(found, posting.reason)]


def _outcome(opportunity: Opportunity, typed: Typed, channel: Channel) -> Outcome:
    _person(opportunity, typed.person_id)
    return Outcome(
        step=written(typed.step, channel),
        channel=channel,
        reached=Reached.WROTE,
        text=typed.text.strip(),
        subject=typed.line,
        person_id=typed.person_id,
        scripts=_scripts(typed),
    )


def _scripts(typed: Typed) -> tuple[str, ...]:
    return (typed.text_key,) if typed.text_key else ()


def _person(opportunity: Opportunity, person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    found = Person.objects.filter(pk=person_id, prospect=opportunity.prospect_id).first()
    person = kept_person(found) if found else None
    if person is None:
        raise NotFoundError(f"person {person_id}")
    return person
