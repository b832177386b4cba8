"""What became of each offer: its versions, and its state derived from what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from nachhaken.plan.difference import Difference, difference_of
from nachhaken.plan.evidence import Answer, is_cover, offer_days
from nachhaken.plan.totals import Totals, VatLine, totals_of, totals_of_offer
from nachhaken.terms import Intent, OutcomeKind, StepKind
from nachhaken.timeline import Closed, Entry, OfferSent, OptedOut, Reopened, Timeline, Touched

__all__ = [
    "Difference",
    "OfferState",
    "OfferStatus",
    "OfferVersion",
    "Totals",
    "VatLine",
    "difference_of",
    "is_valid",
    "newest_offer",
    "offers_of",
    "totals_of",
    "totals_of_offer",
]


class OfferStatus(StrEnum):
    """Where an offer stands; only one that is sent or asked about can expire."""

    SENT = "sent"
    ASKED = "asked"
    REVISED = "revised"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OfferVersion:
    """One document that went out; `since` is when its status came about, in the world."""

    entry: Entry
    offer: OfferSent
    status: OfferStatus
    since: datetime


@dataclass(frozen=True, slots=True)
class OfferState:
    """An offer by its number, with its versions in the order in which they went out."""

    number: str
    versions: tuple[OfferVersion, ...]

    @property
    def newest(self) -> OfferVersion:
        """The version that counts."""
        return self.versions[-1]

    @property
    def status(self) -> OfferStatus:
        """Where the offer stands: the status of its newest version."""
        return self.newest.status


# How an opportunity ended says what became of its offer: who lets go takes the offer back.
_ENDS = {
    OutcomeKind.WON: OfferStatus.ACCEPTED,
    OutcomeKind.LOST: OfferStatus.DECLINED,
    OutcomeKind.STOPPED: OfferStatus.WITHDRAWN,
    OutcomeKind.DECLINED: OfferStatus.WITHDRAWN,
    OutcomeKind.OPTED_OUT: OfferStatus.DECLINED,
}
_SAID = {
    Intent.YES: OfferStatus.ACCEPTED,
    Intent.NO: OfferStatus.DECLINED,
    Intent.OPT_OUT: OfferStatus.DECLINED,
}
_NO_QUESTION = frozenset({StepKind.DELIVER, StepKind.DECLINE, StepKind.HAND_OVER})
_OPEN = frozenset({OfferStatus.SENT, OfferStatus.ASKED})


def offers_of(
    timeline: Timeline, answers: Iterable[Answer], *, at: datetime, zone: ZoneInfo
) -> tuple[OfferState, ...]:
    """Return the offers of an opportunity as they stand at `at`, in the order of their beginning.

    `timeline` holds what stands. A later offer takes the place of all earlier ones, under its own
    number or another: the customer decides on one paper.
    """
    sent = _sent(timeline)
    if not sent:
        return ()
    versions = [
        OfferVersion(entry, offer, OfferStatus.REVISED, later.occurred_at)
        for (entry, offer), (later, _) in pairwise(sent)
    ]
    last = _with_fate(*sent[-1], timeline=timeline, answers=tuple(answers))
    versions.append(_expired(last, at=at, zone=zone))
    numbers = list(dict.fromkeys(v.offer.number for v in versions))
    return tuple(
        OfferState(number, tuple(v for v in versions if v.offer.number == number))
        for number in numbers
    )


def newest_offer(timeline: Timeline, answers: Iterable[Answer]) -> OfferVersion | None:
    """Return the offer that counts, its validity left out: that is the day's to say."""
    sent = _sent(timeline)
    return _with_fate(*sent[-1], timeline=timeline, answers=tuple(answers)) if sent else None


def is_valid(offer: OfferSent, *, at: datetime, zone: ZoneInfo) -> bool:
    """Say whether the offer still holds: through the end of its last day in the user's zone."""
    return offer.valid_until is None or at.astimezone(zone).date() <= offer.valid_until


def _sent(timeline: Timeline) -> list[tuple[Entry, OfferSent]]:
    return [(entry, entry.fact) for entry in timeline if isinstance(entry.fact, OfferSent)]


def _expired(version: OfferVersion, *, at: datetime, zone: ZoneInfo) -> OfferVersion:
    if version.status not in _OPEN or is_valid(version.offer, at=at, zone=zone):
        return version
    last = version.offer.valid_until or at.astimezone(zone).date()
    over = datetime.combine(last + timedelta(days=1), time(0), zone)
    return replace(version, status=OfferStatus.EXPIRED, since=over)


def _with_fate(
    entry: Entry, offer: OfferSent, *, timeline: Timeline, answers: Sequence[Answer]
) -> OfferVersion:
    """What was said or decided last holds; opening again makes it an open offer."""
    said = {answer.entry.id: _SAID.get(answer.intent) for answer in answers}
    covers = offer_days(timeline)
    asked = decided = OfferVersion(entry, offer, OfferStatus.SENT, entry.occurred_at)
    for later in _after(timeline, entry):
        status = _status(later, said.get(later.id), covers)
        if isinstance(later.fact, Reopened):
            decided = asked
        elif status is OfferStatus.ASKED:
            was_open = decided.status in _OPEN
            asked = replace(asked, status=status, since=later.occurred_at)
            decided = asked if was_open else decided
        elif status is not None:
            decided = replace(decided, status=status, since=later.occurred_at)
    return decided


def _after(timeline: Timeline, entry: Entry) -> Sequence[Entry]:
    entries = timeline.entries
    return entries[entries.index(entry) + 1 :]


def _status(entry: Entry, said: OfferStatus | None, covers: frozenset[date]) -> OfferStatus | None:
    match entry.fact:
        case Closed(outcome=outcome):
            return _ENDS[outcome]
        case OptedOut():
            return OfferStatus.DECLINED
        case Touched(reached=False):
            return None
        case Touched(step=StepKind.DECLINE):
            return OfferStatus.WITHDRAWN
        case Touched(step=step):
            is_question = step not in _NO_QUESTION and not is_cover(entry, covers)
            return OfferStatus.ASKED if is_question else None
        case _:
            return said
