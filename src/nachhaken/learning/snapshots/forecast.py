"""Every Monday morning: of each open offer the chance that it is won, learnt from earlier ones."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nachhaken.learning.outcomes import LearningError
from nachhaken.learning.snapshots.course import rows_of
from nachhaken.learning.snapshots.log import Case, known_before
from nachhaken.learning.snapshots.model import Forecast, learn

ZONE = ZoneInfo("Europe/Amsterdam")
MORNING = time(8)
_WEEK = timedelta(days=7)


class Predicted(NamedTuple):
    """A case on a Monday, and the chance that it is won in the end."""

    case_id: str
    snapshot: date
    p_won: float


def mondays(start: date, end: date) -> list[date]:
    """Return the Mondays from `start` to `end`, both included."""
    first = start + timedelta(days=-start.weekday() % 7)
    return [first + n * _WEEK for n in range((end - first).days // 7 + 1)]


def morning(on: date) -> float:
    """Return 08:00 in Amsterdam as seconds since 1970; summer time or not."""
    return datetime.combine(on, MORNING, ZONE).timestamp()


def start_of(on: date) -> float:
    """Return midnight in Amsterdam as seconds since 1970."""
    return datetime.combine(on, time(), ZONE).timestamp()


def learnt_until(cases: Sequence[Case], until: date) -> Forecast:
    """Return what was learnt from all that was recorded before `until` began in Amsterdam.

    LearningError where fewer than 20 cases were known to be won by then, or to be lost.
    """
    end = start_of(until)
    past = known_before(cases, end)
    if not past:
        raise LearningError("no offer was sent before learning ends")
    first = datetime.fromtimestamp(min(case.offered for case in past), ZONE).date()
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    return learn(past, [morning(day) for day in days], end)


def predictions(
    cases: Sequence[Case], forecast: Forecast, snapshots: Sequence[date]
) -> Iterator[Predicted]:
    """Yield each case that is open on the morning of each of `snapshots`, in the order of `cases`.

    A row is made of the events before its morning alone.
    """
    for snapshot in snapshots:
        at = morning(snapshot)
        told = [(case.id, row) for case in cases for _, row in rows_of(case, [at])]
        chances = forecast.chances([row for _, row in told]).tolist()
        for (case, _), p in zip(told, chances, strict=True):
            yield Predicted(case, snapshot, p)
