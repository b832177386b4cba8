"""Consents of a customer: which stand, since when, in which words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nachhaken.terms import Channel, ConsentScope
from nachhaken.timeline import Consented, ConsentWithdrawn, Entry, OptedOut, Timeline


class Ended(StrEnum):
    """Why a consent holds no more."""

    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent as it was given on day `on`; `ended` is None while it stands.

    `channel` is the one agreed to (None: every one), `window` the days agreed to.
    """

    id: int
    on: date
    words: str
    heard_on: Channel
    channel: Channel | None
    scope: ConsentScope
    window: tuple[date, date] | None
    person_id: int | None
    evidence: str
    rule: str
    ended: Ended | None

    def covers(self, channel: Channel) -> bool:
        """Say whether the customer agreed to be contacted by `channel`."""
        return self.ended is None and self.channel in (None, channel)


def consents_of(timeline: Timeline, *, on: date) -> tuple[Consent, ...]:
    """Return the consents that stand on day `on`, the oldest first."""
    return tuple(c for c in every_consent_of(timeline, on=on) if c.ended is None)


def every_consent_of(timeline: Timeline, *, on: date) -> tuple[Consent, ...]:
    """Return every consent that was ever given, seen on day `on`, the oldest first."""
    standing = timeline.standing()
    given = [e for e in standing if isinstance(e.fact, Consented)]
    if not given:
        return ()
    withdrawn = {e.fact.consent_id for e in standing if isinstance(e.fact, ConsentWithdrawn)}
    objections = [e for e in standing if isinstance(e.fact, OptedOut)]
    return tuple(_consent(e, withdrawn, objections, on) for e in given)


def is_ended_by(consent: Entry, objection: Entry) -> bool:
    """Say whether an objection ends a consent: of one person, what they or nobody named agreed."""
    given, fact = consent.fact, objection.fact
    if not (isinstance(given, Consented) and isinstance(fact, OptedOut)):
        return False
    return concerns(fact, given.person_id) and objection.occurred_at >= consent.occurred_at


def concerns(objection: OptedOut, person_id: int | None) -> bool:
    """Say whether `objection` stops contact with this person; where somebody is unknown, it does.

    One for the whole house does, and one of this person.
    """
    if objection.scope != "person":
        return True
    return None in (objection.person_id, person_id) or objection.person_id == person_id


def _consent(entry: Entry, withdrawn: set[int], objections: list[Entry], on: date) -> Consent:
    fact = entry.fact
    assert isinstance(fact, Consented)  # noqa: S101 - the caller picked the kind
    ended = None
    if fact.window is not None and fact.window[1] < on:
        ended = Ended.OVER
    if entry.id in withdrawn:
        ended = Ended.WITHDRAWN
    if any(is_ended_by(entry, o) for o in objections):
        ended = Ended.OBJECTED
    return Consent(
        id=entry.id,
        on=entry.occurred_at.date(),
        words=fact.words,
        heard_on=fact.heard_on,
        channel=fact.channel,
        scope=fact.scope,
        window=fact.window,
        person_id=fact.person_id,
        evidence=fact.evidence,
        rule=fact.rule,
        ended=ended,
    )
