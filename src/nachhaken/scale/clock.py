"""Calendar days and working days of many moments at once, equal to `workdays.Calendar` to the bit.

Moments are int64 microseconds of UTC. Tables hold one row per UTC hour or local day, since in the
three countries every change of the clock falls on a full hour of UTC.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from nachhaken.workdays import Calendar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
FIRST_YEAR, LAST_YEAR = 1990, 2100
EARLIEST = int(datetime(FIRST_YEAR, 1, 2, tzinfo=UTC).timestamp()) * SECOND
LATEST = int(datetime(LAST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * SECOND
ZONE = ZoneInfo("Europe/Berlin")
"""The wall clock of all regions: since 1990 Vienna and Zurich have shown the same."""

_EPOCH = date(1970, 1, 1)


def microseconds(at: datetime) -> int:
    """Return an aware moment as microseconds of UTC."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def utc_of_wall(wall: Ints) -> Ints:
    """Return moments of the wall clock as UTC; in the doubled hour of autumn the earlier one."""
    changes, offsets = _changes()
    # As in Python (PEP 495, fold=0): what the clock skips or doubles is read by the old offset.
    last_wall = changes + np.maximum(offsets[:-1], offsets[1:]) * SECOND
    return np.asarray(wall - offsets[np.searchsorted(last_wall, wall, side="right")] * SECOND)


def wall_of_utc(at: Ints) -> Ints:
    """Return what the wall clock shows, as microseconds since 1970-01-01 on it."""
    first, shifts = _hours()
    return np.asarray(at + shifts[at // HOUR - first])


@dataclass(frozen=True, slots=True, eq=False)
class Elapsed:
    """Working days of the calendar years before a moment, and of its year until then."""

    years: NDArray[np.int32]
    days: Floats

    def __getitem__(self, index: Any) -> "Elapsed":
        return Elapsed(self.years[index], self.days[index])

    def since(self, start: "Elapsed") -> Floats:
        """Return the working days from `start`, which lies in no later year."""
        return np.asarray((self.years - start.years) + self.days - start.days)


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The working days of `regions`, from `first` to the day before `end` (local, since 1970).

    One row after the other per region and day: does it count, how many of its year lie before it,
    how many of the years before.
    """

    regions: tuple[str, ...]
    first: int
    end: int
    works: NDArray[np.bool_]
    before: NDArray[np.int16]
    years: NDArray[np.int32]

    def elapsed(self, at: Ints, region: Ints) -> Elapsed:
        """Return the working days until `at` in `regions[region]`; the shapes broadcast."""
        wall = wall_of_utc(at)
        day = wall // DAY
        within = wall - day * DAY
        whole = within // SECOND
        # In the order of operations of Calendar, or the last bit would differ.
        share = (whole + (within - whole * SECOND) / 1e6) / 86400
        place = day - self.first + region * (self.end - self.first)
        return Elapsed(
            self.years[place], self.before[place] + np.where(self.works[place], share, 0.0)
        )


def clock_of(regions: tuple[str, ...], first: int, last: int) -> Clock:
    """Return the clock of `regions` for the years of the moments `first` to `last`."""
    years = (wall_year(first), wall_year(last))
    return _clock(regions, *years)


def wall_year(at: int) -> int:
    """Return the year on the wall clock."""
    return int((_EPOCH + timedelta(days=int(wall_of_utc(np.array(at))) // DAY)).year)


@lru_cache(maxsize=8)
def _clock(regions: tuple[str, ...], first_year: int, last_year: int) -> Clock:
    first, end = date(first_year, 1, 1) - _EPOCH, date(last_year + 1, 1, 1) - _EPOCH
    tables = [_days_of(Calendar(region), first_year, last_year) for region in regions]
    works, before, years = (np.concatenate(parts) for parts in zip(*tables, strict=True))
    return Clock(regions, first.days, end.days, works, before, years)


def _days_of(calendar: Calendar, first_year: int, last_year: int) -> tuple[Any, Any, Any]:
    works, before, years, total = [], [], [], 0
    for year in range(first_year, last_year + 1):
        days = range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
        counts = np.array([calendar.is_workday(date.fromordinal(day)) for day in days])
        works.append(counts)
        before.append((np.cumsum(counts) - counts).astype(np.int16))
        years.append(np.full(len(counts), total, dtype=np.int32))
        total += int(counts.sum())
    return np.concatenate(works), np.concatenate(before), np.concatenate(years)


@lru_cache(maxsize=1)
def _hours() -> tuple[int, Ints]:
    """Return the first hour of the table, and by hour what the wall clock is ahead of UTC."""
    changes, offsets = _changes()
    edges = np.concatenate([[EARLIEST], changes, [LATEST + 366 * DAY]]) // HOUR
    return int(edges[0]), np.repeat(offsets * SECOND, np.diff(edges))


@lru_cache(maxsize=1)
def _changes() -> tuple[Ints, Ints]:
    """Return when the clock changes (microseconds of UTC), and the seconds ahead between."""
    months = [
        microseconds(datetime(year, month, 1, tzinfo=UTC))
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for month in range(1, 13)
    ]
    ahead = np.array([_ahead(at) for at in months])
    found = [_change(*months[n : n + 2]) for n in np.flatnonzero(np.diff(ahead))]
    kept = np.concatenate([[True], np.diff(ahead) != 0])
    return np.array(found, dtype=np.int64), ahead[kept]


def _change(start: int, end: int) -> int:
    """Return the full hour at which the only change between `start` and `end` falls."""
    hours = range(start, end + 1, HOUR)
    return hours[bisect_left(hours, True, key=lambda at: _ahead(at) == _ahead(end))]


def _ahead(at: int) -> int:
    shift = datetime.fromtimestamp(at // SECOND, ZONE).utcoffset()
    return int(shift.total_seconds()) if shift else 0
