"""What one opportunity adds to the figures: the cell that filters know it by, and its numbers.

Both follow from its timeline alone, whatever day it is: what only time settles (a follow-up that
is still waiting, an opportunity that is still open) is counted by its day, and `summary` compares
that day with today. Days are those of the user's zone.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nachhaken.learning.follow_ups import Counts, follow_ups
from nachhaken.learning.followed import IN_TIME, Followed, Past, followed, got_through
from nachhaken.learning.hunches import hunch_of
from nachhaken.learning.insight.ending import ending_of
from nachhaken.learning.insight.tally import Tally
from nachhaken.learning.insight.values import LATE_DAYS, Band, Ending, OfferType, Segment
from nachhaken.plan.effort import effort_of
from nachhaken.plan.evidence import start_of
from nachhaken.reading.values import Reading
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    NumberChecked,
    OfferSent,
    OptedOut,
    Timeline,
    Touched,
)

LONGEST_DAYS = 730
"""What took longer is known to have taken longer, and no more."""

WORK_CURRENCY = "EUR"
"""The hour of own work is the user's, in EUR; so is the money noted beside it."""

NOES = frozenset({Ending.EARLY_NO, Ending.LATE_NO})

_BANDS = ((100_000, Band.SMALL), (500_000, Band.MEDIUM), (2_000_000, Band.LARGE))
_SETTLED = IN_TIME + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One opportunity as the figures see it.

    `earlier_offer` is when the customer first had an offer in another matter; None: never.
    """

    timeline: Timeline
    readings: Mapping[int, Reading]
    is_consumer: bool = False
    earlier_offer: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the figures of one opportunity rest on; days are dates in the user's zone.

    `cleared` and `outcome` are None while it is open. `amount` is that of the newest offer in
    cents, `minutes` and `sunk` (cents) are own work, `reason` says why it was no ("" unknown).
    """

    began: date
    cleared: date | None
    outcome: OutcomeKind | None
    ending: Ending | None
    segment: Segment
    band: Band
    offer_type: OfferType
    minutes: int
    sunk: int
    amount: int | None
    currency: str
    reason: str
    is_ours: bool

    @property
    def days(self) -> int | None:
        """Days until it was clear, from 0; None while it is open."""
        return None if self.cleared is None else max((self.cleared - self.began).days, 0)

    @property
    def month(self) -> date:
        """The first day of the month by which periods know it."""
        return (self.cleared or self.began).replace(day=1)


def past_of(told: Told) -> Past | None:
    """Return what stands, all of which has happened; None where nothing of its own stands."""
    standing = told.timeline.standing()
    own = [e for e in standing if not isinstance(e.fact, OptedOut | NumberChecked)]
    if not own:
        return None
    return Past.of(standing, told.readings, now=max(e.occurred_at for e in standing))


def facts_of(told: Told, past: Past, *, hour_eur: float, zone: ZoneInfo) -> Facts:
    """Return what the figures of one opportunity rest on."""
    began = _began(past)
    effort = effort_of(past.timeline, hour_eur=hour_eur)
    offer = _offer(past)
    amount = offer.net_cents if offer else None
    end = past.end
    closed = _closed(past) if end else None
    began_on, cleared = _day(began, zone), _day(end[0], zone) if end else None
    facts = Facts(
        began=began_on,
        cleared=cleared,
        outcome=end[1] if end else None,
        ending=None,
        segment=Segment.CONSUMER if told.is_consumer else Segment.BUSINESS,
        band=band_of(amount),
        offer_type=_offer_type(told.earlier_offer, began),
        minutes=effort.minutes,
        sunk=effort.sunk_cents,
        amount=amount,
        currency=offer.currency if offer else WORK_CURRENCY,
        reason=str((closed.our_reason or closed.no_reason or "") if closed else ""),
        is_ours=closed is not None and _is_ours(closed),
    )
    ending = ending_of(facts.outcome, days=facts.days or 0, minutes=facts.minutes)
    return replace(facts, ending=ending)


def tally_of(facts: Facts, past: Past, *, zone: ZoneInfo) -> Tally:
    """Return what the opportunity adds to every figure but the desk's own chances."""
    numbers: dict[str, int] = defaultdict(int)
    if facts.ending is None:
        numbers[f"open.{facts.began.toordinal()}"] = 1
    else:
        _add_ending(numbers, facts, facts.ending)
    if facts.ending in NOES:
        _add_rest(numbers, facts, past, zone)
    _add_follow_ups(numbers, past, zone)
    _add_used(numbers, past, zone)
    _add_nose(numbers, past)
    return Tally.of(numbers)


def band_of(cents: int | None) -> Band:
    """Return the band of a net amount in cents of its own currency."""
    if cents is None:
        return Band.UNKNOWN
    return next((band for below, band in _BANDS if cents < below), Band.HUGE)


def _add_ending(numbers: dict[str, int], facts: Facts, ending: Ending) -> None:
    field = f"field.{ending.value}"
    numbers[f"{field}.n"] += 1
    numbers[f"{field}.minutes"] += facts.minutes
    numbers[f"{field}.sunk.{WORK_CURRENCY}"] += facts.sunk
    numbers[f"{field}.amount.{facts.currency}"] += facts.amount or 0
    is_yes = facts.outcome is OutcomeKind.WON
    days = min(facts.days or 0, LONGEST_DAYS + 1)
    numbers[f"clear.{'yes' if is_yes else 'no'}.{days}"] += 1
    if not is_yes:
        reason = f"reason.{'ours' if facts.is_ours else 'theirs'}.{facts.reason}"
        numbers[f"{reason}.n"] += 1
        numbers[f"{reason}.{facts.currency}"] += facts.amount or 0


def _add_rest(numbers: dict[str, int], facts: Facts, past: Past, zone: ZoneInfo) -> None:
    """Add how many minutes of a no came after each day, as what the sum loses from day to day.

    `rest.m` over the days later than d is what came after day d, `rest.mm` its square (`savings`).
    Only days on which an early no can end are asked about.
    """
    lasted = facts.days or 0
    if facts.ending is Ending.EARLY_NO:
        numbers[f"early.{lasted}"] += 1
    taken: dict[int, int] = defaultdict(int)
    for entry in past.timeline:
        if isinstance(entry.fact, EffortSpent):
            day = (_day(entry.occurred_at, zone) - facts.began).days
            taken[min(day, lasted, LATE_DAYS + 1)] += entry.fact.minutes
    after = 0
    for day in sorted(taken, reverse=True):
        if day > 0:
            more = after + taken[day]
            numbers[f"rest.m.{day}"] += taken[day]
            numbers[f"rest.mm.{day}"] += more * more - after * after
            after = more


def _add_follow_ups(numbers: dict[str, int], past: Past, zone: ZoneInfo) -> None:
    settled = follow_ups(past)
    for n, counts in settled.items():
        _add_counts(numbers, f"nth.{n}", counts)
    # The last contact of an open matter may still be answered: of it only its day is known.
    later = follow_ups(replace(past, now=past.now + _SETTLED))
    waiting = [n for n, one in later.items() if one.cases > settled.get(n, Counts()).cases]
    open_ones = [one for one in followed(past, got_through(past.touches)) if not one.is_settled]
    # One at most waits; what follows a reply has no number and counts as none.
    for n, one in zip(waiting, open_ones, strict=False):
        numbers[f"waiting.{_settles(one, zone)}.{n}"] += 1


def _add_used(numbers: dict[str, int], past: Past, zone: ZoneInfo) -> None:
    for one in followed(past, past.touches):
        fact = one.touch.fact
        for key in dict.fromkeys(fact.scripts if isinstance(fact, Touched) else ()):
            if one.is_settled:
                _add_counts(numbers, f"used.{key}", _used(one, past))
            else:
                numbers[f"using.{_settles(one, zone)}.{key}"] += 1


def _used(one: Followed, past: Past) -> Counts:
    is_won = past.end is not None and past.end[1] is OutcomeKind.WON
    return Counts(cases=1, answered=one.intent is not None, ended=past.end is not None, won=is_won)


def _add_counts(numbers: dict[str, int], name: str, counts: Counts) -> None:
    for part in ("cases", "answered", "ended", "won", "annoyed"):
        numbers[f"{name}.{part}"] += int(getattr(counts, part))


def _add_nose(numbers: dict[str, int], past: Past) -> None:
    hunch = hunch_of(past.timeline, past.end[1] if past.end else None)
    if hunch is not None:
        felt = "dead" if hunch.felt_dead else "alive"
        numbers[f"nose.{felt}.n"] += 1
        numbers[f"nose.{felt}.right"] += hunch.felt_dead != hunch.was_genuine


def _settles(one: Followed, zone: ZoneInfo) -> int:
    """The day by which a contact that waits has been answered or not."""
    return _day(one.touch.occurred_at + IN_TIME, zone).toordinal()


def _began(past: Past) -> datetime:
    own = (e for e in past.timeline if not isinstance(e.fact, OptedOut | NumberChecked))
    return start_of(Timeline(tuple(own))) or past.now


def _offer(past: Past) -> OfferSent | None:
    sent = [e.fact for e in past.timeline if isinstance(e.fact, OfferSent)]
    return sent[-1] if sent else None


def _offer_type(earlier: datetime | None, began: datetime) -> OfferType:
    return OfferType.AGAIN if earlier is not None and earlier < began else OfferType.FIRST


def _closed(past: Past) -> Closed:
    return [e.fact for e in past.timeline if isinstance(e.fact, Closed)][-1]


def _is_ours(closed: Closed) -> bool:
    if closed.our_reason is None and closed.no_reason is None:
        return closed.outcome in {OutcomeKind.DECLINED, OutcomeKind.STOPPED}
    return closed.our_reason is not None


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
