"""Feasts and school holidays: the days on which "nach Ostern" and "nach den Sommerferien" hang."""

from datetime import date, timedelta
from functools import cache

from nachhaken.reading.periods import LAST_YEAR, Grain, Period, add_days

# Days before or after Easter Sunday on which the feast begins and ends.
_MOVABLE = {
    "karneval": (-52, -47),
    "aschermittwoch": (-46, -46),
    "karfreitag": (-2, -2),
    "ostern": (0, 1),
    "auffahrt": (39, 39),
    "pfingsten": (49, 50),
    "fronleichnam": (60, 60),
}
_FIXED = {
    "neujahr": (1, 1, 1, 1),
    "dreikoenig": (1, 6, 1, 6),
    "maifeiertag": (5, 1, 5, 1),
    "bundesfeier": (8, 1, 8, 1),
    "mariae himmelfahrt": (8, 15, 8, 15),
    "einheit": (10, 3, 10, 3),
    "nationalfeiertag": (10, 26, 10, 26),
    "reformationstag": (10, 31, 10, 31),
    "allerheiligen": (11, 1, 11, 1),
    "weihnachten": (12, 24, 12, 26),
    "silvester": (12, 31, 12, 31),
}
_BREAKS = {
    "sommer": "Summer Break",
    "herbst": "Autumn Break",
    "weihnachts": "Christmas Break",
    "oster": "Easter",
    "pfingst": "Whit",
    "winter": "Winter Break",
    "semester": "Semester Break",
}
# Where no table reaches (Swiss cantons, far years): the last day on which pupils are ever free.
_LATEST_SUMMER_END = {"DE": (9, 14), "AT": (9, 13), "CH": (8, 31)}

_TABLED = ("DE", "AT")
# The package knows school holidays of a few years; asking for others takes time and gives none.
_TABLED_YEARS = range(2018, 2040)
# Days further apart than this belong to another break.
_SAME_BREAK = timedelta(days=12)


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, number = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, number + 1)


def feast(name: str, reference: date) -> Period:
    """The next feast of this name that ends on the reference day or later."""
    found = _feast_of(name, reference.year)
    return found if found.end >= reference else _feast_of(name, min(reference.year + 1, LAST_YEAR))


def feast_in(name: str, year: int) -> Period:
    """The feast of this name in a year."""
    return _feast_of(name, year)


def school_break(name: str, reference: date, region: str) -> Period | None:
    """The next school holidays of this name that end on the reference day or later.

    `region` is "DE-NW", "AT-9", "CH-ZH" or a country alone, which gives its last state's end.
    None where nothing is known of them.
    """
    country, _, state = region.partition("-")
    for year in (reference.year, reference.year + 1):
        found = _break_of(name, country, state, year)
        if found is not None and found.end >= reference:
            return found
    return None


def _feast_of(name: str, year: int) -> Period:
    if name in _MOVABLE:
        first, last = _MOVABLE[name]
        sunday = easter(year)
        return Period(add_days(sunday, first), add_days(sunday, last), Grain.EVENT)
    month, number, last_month, last_number = _FIXED[name]
    return Period(date(year, month, number), date(year, last_month, last_number), Grain.EVENT)


def _break_of(name: str, country: str, state: str, year: int) -> Period | None:
    states = _states(country, state) if year in _TABLED_YEARS else ()
    found = [
        period
        for part in states
        if (period := _tabled_break(name, country, part, year)) is not None
    ]
    if found:
        last = max(found, key=lambda period: period.end)
        return Period(last.start, last.end, Grain.EVENT)
    return _latest_summer(country, year) if name == "sommer" else None


def _latest_summer(country: str, year: int) -> Period | None:
    if country not in _LATEST_SUMMER_END or not 1 <= year <= LAST_YEAR:
        return None
    month, number = _LATEST_SUMMER_END[country]
    return Period(date(year, 7, 1), date(year, month, number), Grain.EVENT)


@cache
def _states(country: str, state: str) -> tuple[str, ...]:
    # The package takes a third of a second to load, and few replies name school holidays.
    import holidays  # noqa: PLC0415

    known = holidays.list_supported_countries().get(country, ()) if country in _TABLED else ()
    states = tuple(known)
    return (state,) if state in states else states


@cache
def _tabled_break(name: str, country: str, state: str, year: int) -> Period | None:
    import holidays  # noqa: PLC0415

    table = holidays.country_holidays(
        country, subdiv=state, years=(year, year + 1), categories="school"
    )
    wanted = _BREAKS[name]
    days = sorted(on for on, label in table.items() if wanted in label)
    return _first_run(days, year)


def _first_run(days: list[date], year: int) -> Period | None:
    run: list[date] = []
    for on in days:
        if on.year < year or (not run and on.year > year):
            continue
        # Christmas holidays of last winter end in January; those of this year begin in December.
        if run and on - run[-1] > _SAME_BREAK:
            if run[0].month > 1:
                break
            run = []
        run.append(on)
    return Period(run[0], run[-1], Grain.EVENT) if run else None
