"""The figures once more, straight from timelines, the long way: to judge the sums by.

Written without the sums and the estimators that the desk uses; a matter is (timeline, is it a
consumer, when the customer first had another offer).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nachhaken.learning.insight.saved import Matter
from nachhaken.learning.insight.values import Band, Ending
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Entry,
    GutFelt,
    OfferSent,
    Reopened,
    Replied,
    Timeline,
    Touched,
)

ZONE = ZoneInfo("Europe/Berlin")
HOUR_CENTS = 7_500
TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Naive:
    """One matter, told by hand."""

    began: date
    cleared: date | None
    outcome: OutcomeKind | None
    minutes: int
    sunk: int
    amount: int | None
    currency: str
    reason: str
    follow_ups: tuple[tuple[int, bool, bool, date], ...]  # n, answered, settled, waits until
    felt_dead: bool | None
    work: tuple[tuple[int, int], ...]

    @property
    def days(self) -> int:
        assert self.cleared is not None
        return max((self.cleared - self.began).days, 0)

    @property
    def ending(self) -> Ending | None:
        if self.outcome is None:
            return None
        late = self.days > 45 or self.minutes > 240
        word = f"{'late' if late else 'early'}_{'yes' if self.outcome == 'won' else 'no'}"
        return Ending(word)

    @property
    def band(self) -> Band:
        if self.amount is None:
            return Band.UNKNOWN
        return (Band.SMALL, Band.MEDIUM, Band.LARGE, Band.HUGE)[
            sum(self.amount >= bound * 100 for bound in (1_000, 5_000, 20_000))
        ]

    def as_compared(self) -> Matter | None:
        if self.ending is None:
            return None
        return Matter(ending=self.ending, days=self.days, band=self.band, work=self.work)


def told(timeline: Timeline) -> Naive:
    """Return what a person with pencil and paper would note of this matter."""
    entries = list(timeline.standing())
    offers = [e for e in entries if isinstance(e.fact, OfferSent)]
    began = day(offers[0].occurred_at if offers else entries[0].occurred_at)
    end, reason = None, ""
    for e in entries:
        if isinstance(e.fact, Closed):
            end, reason = e, str(e.fact.our_reason or e.fact.no_reason or "")
        if isinstance(e.fact, Reopened):
            end, reason = None, ""
    efforts = [(e.occurred_at, e.fact) for e in entries if isinstance(e.fact, EffortSpent)]
    newest = offers[-1].fact if offers else None
    assert newest is None or isinstance(newest, OfferSent)
    felt = [e.fact.dead_horse for e in entries if isinstance(e.fact, GutFelt)]
    outcome = end.fact.outcome if end is not None and isinstance(end.fact, Closed) else None
    return Naive(
        began=began,
        cleared=day(end.occurred_at) if end else None,
        outcome=outcome,
        minutes=sum(fact.minutes for _, fact in efforts),
        sunk=round(
            sum(
                fact.cents + fact.minutes * (fact.rate_cents or HOUR_CENTS) / 60
                for _, fact in efforts
            )
        ),
        amount=newest.net_cents if newest else None,
        currency=newest.currency if newest else "EUR",
        reason=reason,
        follow_ups=tuple(_follow_ups(entries, end)),
        felt_dead=felt[-1] if felt else None,
        work=tuple(((day(at) - began).days, fact.minutes) for at, fact in efforts),
    )


def counts_of(matters: Sequence[Naive], today: date) -> dict[int, list[int]]:
    """Return by n: cases, answered, ended and won of the follow-ups that are settled today."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in matters:
        for n, answered, settled, until in one.follow_ups:
            if n <= 6 and (settled or until < today):
                ended, won = one.outcome is not None, one.outcome is OutcomeKind.WON
                numbers = (1, answered, answered and ended, answered and won)
                found[n] = [a + b for a, b in zip(found[n], numbers, strict=True)]
    return dict(found)


def incidence(matters: Sequence[Naive], on: int, today: date) -> tuple[float, float]:
    """Return which shares had a yes and a no by day `on`, by the product over days."""
    ended = [(m.days, m.outcome is OutcomeKind.WON) for m in matters if m.outcome]
    still = [max((today - m.began).days, 0) for m in matters if not m.outcome]
    is_open, yes, no = 1.0, 0.0, 0.0
    for current in range(on + 1):
        risk = sum(d >= current for d, _ in ended) + sum(d >= current for d in still)
        now = Counter(won for d, won in ended if d == current)
        if risk:
            yes, no = yes + is_open * now[True] / risk, no + is_open * now[False] / risk
            is_open *= 1 - now.total() / risk
    return yes, no


def day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _follow_ups(entries: list[Entry], end: Entry | None) -> list[tuple[int, bool, bool, date]]:
    """Contacts between an offer and the next reply, those that reached nobody left out."""
    found, n, counting = [], 0, False
    last = max(e.occurred_at for e in entries)
    offered_on = {e.occurred_at.date() for e in entries if isinstance(e.fact, OfferSent)}
    contacts = [e for e in entries if _is_contact(e, offered_on)]
    for e in entries:
        if isinstance(e.fact, OfferSent):
            n, counting = 0, True
        elif isinstance(e.fact, Replied):
            counting = False
        elif counting and e in contacts:
            n += 1
            found.append((n, *_fate(e, contacts, entries, (end, last))))
    return found


def _is_contact(e: Entry, offered_on: set[date]) -> bool:
    if isinstance(e.fact, OfferSent):
        return True
    if not isinstance(e.fact, Touched) or e.fact.reached is False:
        return False
    return e.fact.channel != "mail" or e.occurred_at.date() not in offered_on


def _fate(
    touch: Entry, contacts: list[Entry], entries: list[Entry], over: tuple[Entry | None, datetime]
) -> tuple[bool, bool, date]:
    end, last = over
    after = [c for c in contacts if (c.occurred_at, c.id) > (touch.occurred_at, touch.id)]
    until = after[0].occurred_at if after else None
    words = [e.occurred_at for e in entries if isinstance(e.fact, Replied)]
    if end is not None and isinstance(end.fact, Closed) and end.fact.outcome == "won":
        words.append(end.occurred_at)
    heard = [w for w in words if w >= touch.occurred_at and (until is None or w < until)]
    answered = bool(heard) and min(heard) - touch.occurred_at <= TWO_WEEKS
    settled = bool(heard or end or until) or last - touch.occurred_at > TWO_WEEKS
    return answered, settled, day(touch.occurred_at + TWO_WEEKS)
