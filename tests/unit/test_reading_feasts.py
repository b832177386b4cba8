"""Feasts and school holidays on the days that calendars print, by region."""

from datetime import date

import pytest

from nachhaken.reading.feasts import feast, feast_in, next_break, school_break

# As the package `holidays` gives them; Zurich by its weeks, 29 to 33 and so on.
BREAKS = [
    ("summer", "DE-NW", "2026-05-20", "2026-09-01"),
    ("summer", "DE-BY", "2026-05-20", "2026-09-14"),
    ("summer", "AT-9", "2026-05-20", "2026-09-06"),
    ("summer", "AT-7", "2026-05-20", "2026-09-13"),
    ("summer", "CH-ZH", "2026-05-20", "2026-08-14"),
    ("autumn", "DE-NW", "2026-10-07", "2026-10-31"),
    ("autumn", "AT-9", "2026-10-07", "2026-10-31"),
    ("christmas", "DE-BY", "2026-10-07", "2027-01-08"),
    ("christmas", "DE-NW", "2027-01-03", "2027-01-06"),
    ("winter", "DE-BY", "2026-10-07", "2027-02-12"),
    ("winter", "AT-9", "2026-10-07", "2027-02-06"),
    ("winter", "CH-ZH", "2026-10-07", "2027-02-26"),
    ("easter", "DE-BY", "2026-02-02", "2026-04-10"),
    ("easter", "DE-NW", "2026-02-02", "2026-04-11"),
    ("whitsun", "DE-BY", "2026-05-01", "2026-06-05"),
]
FEASTS = [
    ("easter", "2027-03-28", "2027-03-29"),
    ("whitsun", "2027-05-16", "2027-05-17"),
    ("corpus_christi", "2027-05-27", "2027-05-27"),
    ("ascension", "2027-05-06", "2027-05-06"),
    ("ash_wednesday", "2027-02-10", "2027-02-10"),
    ("repentance", "2027-11-17", "2027-11-17"),
    ("swiss_repentance", "2027-09-19", "2027-09-19"),
    ("advent_1", "2027-11-28", "2027-11-28"),
    ("thanksgiving", "2027-10-03", "2027-10-03"),
    ("austrian_day", "2027-10-26", "2027-10-26"),
    ("swiss_day", "2027-08-01", "2027-08-01"),
]


@pytest.mark.parametrize(("name", "region", "on", "end"), BREAKS)
def test_school_holidays_end_by_region(name: str, region: str, on: str, end: str) -> None:
    found = school_break(name, date.fromisoformat(on), region)
    assert found is not None
    assert found.end == date.fromisoformat(end)


def test_the_machines_language_moves_no_school_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    found = school_break("autumn", date(2028, 9, 20), "DE-HH")  # asked nowhere else: no cache
    assert found is not None
    assert (found.start, found.end) == (date(2028, 10, 2), date(2028, 10, 13))


@pytest.mark.parametrize(("name", "start", "end"), FEASTS)
def test_feasts_of_2027(name: str, start: str, end: str) -> None:
    found = feast_in(name, 2027)
    assert (found.start, found.end) == (date.fromisoformat(start), date.fromisoformat(end))


def test_where_the_state_is_unknown_the_last_one_counts() -> None:
    ends = [
        found.end
        for region in ("DE", "DE-BY", "DE-NW", "DE-BE", "DE-SN")
        if (found := school_break("summer", date(2026, 5, 20), region)) is not None
    ]
    assert ends[0] == max(ends) == date(2026, 9, 14)


def test_an_unknown_canton_is_never_too_early() -> None:
    found = school_break("summer", date(2026, 5, 20), "CH-BE")
    assert found is not None
    assert found.end == date(2026, 8, 31)


def test_nothing_is_known_of_other_countries() -> None:
    assert school_break("summer", date(2026, 5, 20), "GB") is None


def test_the_holidays_that_go_on_are_meant_by_holidays() -> None:
    found = next_break(date(2026, 8, 5), "DE-BY")
    assert found is not None
    assert found.end == date(2026, 9, 14)


def test_a_feast_that_goes_on_is_not_next_years() -> None:
    assert feast("easter", date(2027, 3, 29)).start == date(2027, 3, 28)
    assert feast("easter", date(2027, 3, 30)).start == date(2028, 4, 16)
