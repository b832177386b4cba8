"""Working days of real calendars, checked against printed ones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachhaken.workdays import REGIONS, Calendar, UnknownRegion

BAYERN = Calendar("DE-BY")
BERLIN = ZoneInfo("Europe/Berlin")

days = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))
moments = st.integers(0, 7 * 365 * 24 * 60).map(
    lambda minutes: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(day: int, hour: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("region", "on", "works"),
    [
        ("DE-BY", date(2026, 1, 6), False),  # Heilige Drei Könige
        ("DE-BE", date(2026, 1, 6), True),
        ("DE", date(2026, 1, 6), True),
        ("DE-SN", date(2026, 11, 18), False),  # Buß- und Bettag
        ("AT-7", date(2026, 10, 26), False),  # Nationalfeiertag
        ("AT-7", date(2026, 4, 3), True),  # Karfreitag is no public holiday in Austria
        ("CH-ZH", date(2026, 5, 1), False),
        ("CH-LU", date(2026, 5, 1), True),
        ("DE-BY", date(2026, 11, 21), False),  # Saturday
        ("DE-BY", date(2026, 11, 23), True),
    ],
)
def test_regions_have_their_own_holidays(region: str, on: date, works: bool) -> None:
    assert Calendar(region).is_workday(on) is works


def test_next_workday_leaves_christmas_behind() -> None:
    assert BAYERN.next_workday(date(2026, 12, 25)) == date(2026, 12, 28)
    assert BAYERN.next_workday(date(2026, 12, 28)) == date(2026, 12, 28)
    assert BAYERN.next_workday(date(2027, 1, 1)) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("on", "n", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), -1, date(2026, 11, 20)),
        (date(2026, 12, 23), 3, date(2026, 12, 29)),
        (date(2027, 1, 4), -1, date(2026, 12, 31)),
    ],
)
def test_adding_working_days(on: date, n: int, expected: date) -> None:
    assert BAYERN.add(on, n) == expected


def test_between_counts_fractions_of_working_days_only() -> None:
    assert BAYERN.between(at(20, 12), at(23, 12)) == pytest.approx(1.0)
    assert BAYERN.between(at(20, 18), at(22, 9)) == pytest.approx(0.25)
    assert BAYERN.between(at(21, 1), at(22, 23)) == 0.0
    assert BAYERN.between(at(23, 12), at(20, 12)) == pytest.approx(-1.0)


def test_between_over_the_turn_of_the_year() -> None:
    start, end = datetime(2026, 12, 31, tzinfo=BERLIN), datetime(2027, 1, 5, tzinfo=BERLIN)
    assert BAYERN.between(start, end) == pytest.approx(2.0)
    assert BAYERN.between(end, start) == pytest.approx(-2.0)


def test_between_needs_aware_moments() -> None:
    with pytest.raises(ValueError, match="aware"):
        BAYERN.between(at(20).replace(tzinfo=None), at(21))


def test_holidays_have_names_in_both_languages() -> None:
    assert BAYERN.holiday_name(date(2026, 10, 3)) == "Tag der Deutschen Einheit"
    assert BAYERN.holiday_name(date(2026, 10, 3), "en") == "German Unity Day"
    assert BAYERN.holiday_name(date(2026, 10, 5)) == ""


@pytest.mark.parametrize("region", ["XX", "DE-XX", "", "de-by"])
def test_unknown_regions_say_so(region: str) -> None:
    with pytest.raises(UnknownRegion):
        Calendar(region)


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_every_region_knows_new_year(region: str) -> None:
    assert not Calendar(region).is_workday(date(2026, 1, 1))


@given(days, st.integers(-600, 600))
def test_adding_lands_on_a_working_day_and_counts_right(on: date, n: int) -> None:
    landed = BAYERN.add(on, n)
    assert BAYERN.is_workday(landed)
    step = timedelta(days=1)
    passed = [on + step * i for i in range(1, (landed - on).days + 1)]
    if n > 0:
        assert sum(map(BAYERN.is_workday, passed)) == n


@given(moments, moments, moments)
def test_between_is_additive(a: datetime, b: datetime, c: datetime) -> None:
    whole = BAYERN.between(a, c)
    assert BAYERN.between(a, b) + BAYERN.between(b, c) == pytest.approx(whole, abs=1e-6)


@given(moments, moments)
def test_between_never_runs_backwards(a: datetime, b: datetime) -> None:
    start, end = sorted((a, b))
    calendar_days = (end - start).total_seconds() / 86400
    assert 0 <= BAYERN.between(start, end) <= calendar_days + 0.1
