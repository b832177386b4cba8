"""Days of many moments at once: equal to the calendar's own, to the last bit."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from nachhaken.scale.clock import (
    DAY,
    EARLIEST,
    HOUR,
    LATEST,
    clock_of,
    microseconds,
    utc_of_wall,
    wall_of_utc,
)
from nachhaken.workdays import Calendar

_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
REGIONS = ("DE", "DE-BY", "AT-9", "CH-TI")
# The clock changes on the last Sundays of March and October, at 1:00 UTC.
CHANGES = [microseconds(datetime(2025, *day, 1, tzinfo=UTC)) for day in ((3, 30), (10, 26))]


def _moment(at: int) -> datetime:
    return _ORIGIN + timedelta(microseconds=at)


def _moments(seed: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Random moments of four years, many of them around the changes of the clock."""
    rng = np.random.default_rng(seed)
    first, last = (microseconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (2023, 2027))
    near = rng.choice(CHANGES, 300) + rng.integers(-3 * HOUR, 3 * HOUR, 300)
    sharp = rng.integers(first // DAY, last // DAY, 100) * DAY
    return np.concatenate([rng.integers(first, last, 1200), near, sharp])


def test_working_days_are_those_of_the_calendar() -> None:
    starts, ends = np.sort(np.stack([_moments(1), _moments(2)]), axis=0)
    clock = clock_of(REGIONS, int(starts.min()), int(ends.max()))
    region = np.arange(len(starts)) % len(REGIONS)
    worked = clock.elapsed(ends, region).since(clock.elapsed(starts, region))
    calendars = [Calendar(name) for name in REGIONS]
    pairs = zip(starts.tolist(), ends.tolist(), region.tolist(), strict=True)
    want = [calendars[r].between(_moment(a), _moment(b)) for a, b, r in pairs]
    np.testing.assert_array_equal(worked, want)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich"])
def test_the_wall_clock_is_read_as_python_reads_it(zone: str) -> None:
    walls = _moments(3)
    want = [microseconds(_moment(at).replace(tzinfo=ZoneInfo(zone))) for at in walls.tolist()]
    np.testing.assert_array_equal(utc_of_wall(walls), want)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich"])
def test_one_wall_clock_serves_all_regions(zone: str) -> None:
    moments = np.arange(EARLIEST, LATEST, 97 * DAY + 5 * HOUR)
    shown = [_moment(at).astimezone(ZoneInfo(zone)).replace(tzinfo=UTC) for at in moments.tolist()]
    np.testing.assert_array_equal(wall_of_utc(moments), [microseconds(at) for at in shown])
