"""Feasts and school holidays: the days on which "nach Ostern" and "nach den Sommerferien" hang."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from nachhaken.reading.periods import LAST_YEAR, Grain, Period, add_days, iso_week

# Days before or after Easter Sunday on which the feast begins and ends.
_MOVABLE = {
    "carnival": (-52, -47), "carnival_tuesday": (-47, -47), "rose_monday": (-48, -48),
    "carnival_sunday": (-49, -49), "carnival_saturday": (-50, -50), "women_carnival": (-52, -52),
    "ash_wednesday": (-46, -46), "lent": (-46, -1), "palm_sunday": (-7, -7), "holy_week": (-6, -1),
    "holy_thursday": (-3, -3), "good_friday": (-2, -2), "holy_saturday": (-1, -1),
    "easter": (0, 1), "easter_days": (-2, 1), "easter_sunday": (0, 0), "easter_end": (1, 1),
    "ascension": (39, 39), "whitsun": (49, 50), "whit_days": (48, 50), "whit_sunday": (49, 49),
    "whit_monday": (50, 50), "trinity": (56, 56), "corpus_christi": (60, 60),
}  # fmt: skip
_FIXED = {
    "new_year": (1, 1), "epiphany": (1, 6), "lichtmess": (2, 2), "valentine": (2, 14),
    "labour_day": (5, 1), "st_johns": (6, 24), "peter_and_paul": (6, 29), "swiss_day": (8, 1),
    "assumption": (8, 15), "unity_day": (10, 3), "austrian_day": (10, 26), "reformation": (10, 31),
    "all_saints": (11, 1), "all_souls": (11, 2), "martinmas": (11, 11), "kathrein": (11, 25),
    "nicholas": (12, 6), "christmas_eve": (12, 24), "new_years_eve": (12, 31),
}  # fmt: skip
# Days before the fourth Sunday of Advent, the last before Christmas Day.
_BEFORE_ADVENT = {
    "advent_1": 21, "advent_2": 14, "advent_3": 7, "advent_4": 0, "memorial": 35,
    "repentance": 32, "eternity": 28,
}  # fmt: skip
# Unasked, the package speaks the language of the machine's locale.
_LANGUAGE = "en_US"
_LABELS = {
    "summer": "Summer Break", "autumn": "Autumn Break", "christmas": "Christmas Break",
    "easter": "Easter", "whitsun": "Whit", "winter": "Break",
}  # fmt: skip
# Where no table reaches (Swiss cantons, far years): the last day on which pupils are ever free.
_LATEST = {
    ("DE", "summer"): (9, 14), ("DE", "autumn"): (11, 9), ("AT", "autumn"): (11, 2),
    ("AT", "summer"): (9, 13), ("CH", "summer"): (8, 31),
    ("CH", "autumn"): (10, 25), ("CH", "easter"): (5, 10), ("CH", "winter"): (3, 8),
}  # fmt: skip
# The city of Zurich: first and last ISO week, Monday to Friday.
_ZURICH = {"winter": (7, 8), "easter": (17, 18), "summer": (29, 33), "autumn": (41, 42)}

_TABLED = ("DE", "AT")
# The package knows school holidays of a few years; asking for others takes time and gives none.
_TABLED_YEARS = range(2018, 2040)
# Days further apart than this belong to another break: feast days and weekends lie between.
_SAME_BREAK = timedelta(days=6)
_EASTER_REACH = timedelta(days=16)
_SOON = timedelta(days=45)


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, number = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, number + 1)


def feast(name: str, reference: date) -> Period:
    """The next feast of this name that ends on the reference day or later.

    "feast_days" are the next of Easter, Whitsun, and Christmas to New Year's Day.
    """
    if name == "feast_days":
        coming = [feast(one, reference) for one in ("easter", "whitsun", "christmas_to_new_year")]
        return min(coming, key=lambda one: one.end)
    for year in (reference.year - 1, reference.year):
        found = feast_in(name, year)
        if found.end >= reference:
            return found
    return feast_in(name, min(reference.year + 1, LAST_YEAR))


def feast_in(name: str, year: int) -> Period:
    """The feast of this name in a year; one that no table knows is its New Year's Day."""
    if name in _MOVABLE:
        first, last = _MOVABLE[name]
        sunday = easter(year)
        return Period(add_days(sunday, first), add_days(sunday, last), Grain.EVENT)
    if name in _BEFORE_ADVENT:
        on = add_days(_fourth_advent(year), -_BEFORE_ADVENT[name])
        return Period(on, on, Grain.EVENT)
    return _other_feast(name, year)


def _other_feast(name: str, year: int) -> Period:
    match name:
        case "christmas":
            return Period(date(year, 12, 24), date(year, 12, 26), Grain.EVENT)
        case "christmas_to_new_year":
            return Period(date(year, 12, 24), add_days(date(year, 12, 31), 1), Grain.EVENT)
        case "advent":
            return Period(add_days(_fourth_advent(year), -21), date(year, 12, 24))
        case "turn_of_year":
            return Period(date(year, 12, 31), add_days(date(year, 12, 31), 1), Grain.EVENT)
        case "thanksgiving":
            on = _sunday_from(date(year, 10, 1))
        case "swiss_repentance":
            on = add_days(_sunday_from(date(year, 9, 1)), 14)
        case "oktoberfest":
            return Period(
                add_days(_sunday_from(date(year, 10, 1)), -15), date(year, 10, 5), Grain.EVENT
            )
        case _:
            on = date(year, *_FIXED.get(name, (1, 1)))
    return Period(on, on, Grain.EVENT)


def _sunday_from(on: date) -> date:
    return add_days(on, 6 - on.weekday())


def _fourth_advent(year: int) -> date:
    eve = date(year, 12, 24)
    return add_days(eve, -((eve.weekday() + 1) % 7))


def school_break(name: str, reference: date, region: str) -> Period | None:
    """The next school holidays of this name that end on the reference day or later.

    `name` is "summer", "autumn", "christmas", "winter", "easter" or "whitsun"; `region` is
    "DE-NW", "AT-9", "CH-ZH", or a country alone, which gives its last state's end.
    None where nothing is known of them.
    """
    country, _, state = region.partition("-")
    for year in (reference.year - 1, reference.year, reference.year + 1):
        found = _break_of(name, country, state, year)
        if found is not None and found.end >= reference:
            return found
    return None


def next_break(reference: date, region: str) -> Period | None:
    """The school holidays that go on or begin within six weeks, whatever their name."""
    found = (school_break(name, reference, region) for name in _LABELS)
    near = [one for one in found if one is not None and one.start - reference <= _SOON]
    return min(near, key=lambda one: one.end, default=None)


def _break_of(name: str, country: str, state: str, year: int) -> Period | None:
    if country == "CH" and state == "ZH" and name in _ZURICH:
        return _in_zurich(name, year)
    states = _states(country, state) if year in _TABLED_YEARS else ()
    found = [
        period
        for part in states
        if (period := _tabled_break(name, country, part, year)) is not None
    ]
    if found:
        last = max(found, key=lambda period: period.end)
        return Period(last.start, last.end, Grain.EVENT)
    return _latest_break(name, country, year)


def _in_zurich(name: str, year: int) -> Period | None:
    first, last = _ZURICH[name]
    start, end = iso_week(year, first), iso_week(year, last)
    return Period(start, add_days(end, 4), Grain.EVENT) if start and end else None


def _latest_break(name: str, country: str, year: int) -> Period | None:
    if (country, name) not in _LATEST or not 1 <= year <= LAST_YEAR:
        return None
    end = date(year, *_LATEST[country, name])
    return Period(add_days(end, -42 if name == "summer" else -14), end, Grain.EVENT)


@cache
def _states(country: str, state: str) -> tuple[str, ...]:
    # The package takes a third of a second to load, and few replies name school holidays.
    import holidays  # noqa: PLC0415

    known = holidays.list_supported_countries().get(country, ()) if country in _TABLED else ()
    states = tuple(known)
    return (state,) if state in states else states


@cache
def _tabled_break(name: str, country: str, state: str, year: int) -> Period | None:
    table = _free_days(country, state, year)
    days = sorted(on for on, label in table.items() if _LABELS[name] in label)
    runs = [run for run in _runs(days) if run[0].year == year and _is_meant(name, run, table)]
    # A single day off weeks later bears the name, too.
    longest = max(runs, key=len, default=None)
    return Period(longest[0], longest[-1], Grain.EVENT) if longest else None


@cache
def _free_days(country: str, state: str, year: int) -> Mapping[date, str]:
    """The days of a year and the next on which pupils are free, with the names of their breaks."""
    import holidays  # noqa: PLC0415

    return dict(
        holidays.country_holidays(
            country, subdiv=state, years=(year, year + 1), categories="school", language=_LANGUAGE
        )
    )


def _runs(days: list[date]) -> Iterator[list[date]]:
    run: list[date] = []
    for on in days:
        if run and on - run[-1] > _SAME_BREAK:
            yield run
            run = []
        run.append(on)
    if run:
        yield run


def _is_meant(name: str, run: list[date], table: Mapping[date, str]) -> bool:
    """Whether a run of free days is the break of this name; some states share labels."""
    sunday = easter(run[0].year)
    at_easter = run[0] - _EASTER_REACH <= sunday <= run[-1] + _EASTER_REACH
    if name == "easter":
        return at_easter
    if name == "winter":
        # January to March, but not the Christmas holidays, nor those at Easter.
        return 1 < run[-1].month <= 3 and not at_easter and "Christmas" not in table[run[0]]  # noqa: PLR2004
    if name == "christmas":
        return run[0].month == 12  # noqa: PLR2004
    if name == "whitsun":
        return run[-1] >= add_days(sunday, 45)
    return True
