"""Weeks, months, quarters and half-years."""

from datetime import date

from nachhaken.reading.atoms import Match, Rule, When
from nachhaken.reading.atoms_days import full_year, is_english_day, is_german_year
from nachhaken.reading.atoms_words import value
from nachhaken.reading.periods import (
    MONTHS_IN_YEAR,
    Period,
    add_days,
    add_months,
    coming,
    iso_week,
    long_part,
    monday_of,
    month_part,
    months,
    week,
)

_LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LAST_WEEK = 53
_PLURALS = {"wochen", "monaten", "wocha", "weeks", "months"}
# Also verbs, names or other words: they need a preposition, a part or a year beside them.
_UNSURE_MONTHS = {"may", "march", "mar", "jan", "jun"}
_MONTH_LEADS = tuple("iabnvOgzeu&|/-P~0RV>")
_YEARS_AHEAD = 6
_NEAR_WEEK = 14
# What follows "nächste" where its "Woche" was said before.
_NO_NOUNS = {
    "", ".", ",", "!", "?", "wieder", "dann", "geht", "passt", "schau", "bin", "ist", "wird",
    "waer", "waere", "gern", "gerne", "ja", "nicht", "ned", "net", "erst", "bitte", "again",
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def _calendar_week(match: Match, when: When) -> Period | None:
    numbers = [int(one) for one in match.all("day")]
    if match.after in {"%", "h", "std", "stunden"}:
        return None
    year = match.number("year") or None
    if year is None and "/" in match.kinds and _is_short_year(numbers, when):
        year = full_year(numbers.pop())
    first = _week_of(numbers[0], year, when)
    last = _week_of(numbers[-1], year, when)
    if first is None or last is None or last < first:
        return None
    part = str(match.get("part"))
    return Period(week(first, part).start, week(last, part).end)


def _numbered_week(match: Match, when: When) -> Period | None:
    is_week = match.get("unit") == "week" and 1 <= match.number("day") <= _LAST_WEEK
    return _calendar_week(match, when) if is_week else None


def _is_short_year(numbers: list[int], when: When) -> bool:
    """Whether "KW 12/27" names a year and no second week."""
    year = when.reference.year % 100
    return len(numbers) > 1 and year <= numbers[1] <= year + 2 and numbers[1] != numbers[0] + 1


def _week_of(number: int, year: int | None, when: When) -> date | None:
    monday = iso_week(year or when.reference.isocalendar().year, number)
    if monday is not None and year is None and add_days(monday, 6) < when.reference:
        return iso_week(when.reference.isocalendar().year + 1, number)
    return monday


def _relative(match: Match, when: When) -> Period | None:
    relatives = [int(one) for one in match.all("rel")]
    unit = _unit_of(match)
    if unit == "business":
        return _business_year(relatives[0], when)
    if unit not in {"week", *_LENGTHS} or match.line.words[match.last - 1] in _PLURALS:
        return None
    part = str(match.get("part"))
    first = stepped(unit, relatives[0], part, when)
    return Period(first.start, stepped(unit, relatives[-1], part, when).end)


def _unit_of(match: Match) -> str:
    if "Q" in match.kinds:
        return "quarter"
    if "H" in match.kinds:
        return "half"
    return "week" if "K" in match.kinds else str(match.get("unit"))


def _week_left_out(match: Match, when: When) -> Period | None:
    """Diese Woche nicht, nächste wieder: the week is named before."""
    weeks, line = match.number("rel"), match.line
    near = range(max(1, match.first - _NEAR_WEEK), match.first)
    named = any(line.kinds[i - 1] in "R." and value(line.words[i]) == "week" for i in near)
    alone = match.after in _NO_NOUNS
    return stepped("week", weeks, "", when) if named and alone and weeks else None


def _past(match: Match, when: When) -> Period | None:
    unit = _unit_of(match)
    if unit not in {"week", *_LENGTHS} or not when.plain:
        return None
    return stepped(unit, -match.number("past"), str(match.get("part")), when)


def _after_next(match: Match, when: When) -> Period | None:
    unit = _unit_of(match)
    return stepped(unit, 2, "", when) if unit in {"week", *_LENGTHS} else None


def _this_by_part(match: Match, when: When) -> Period | None:
    unit = _unit_of(match)
    if unit not in {"week", *_LENGTHS}:
        return None
    return _next_part(unit, str(match.get("part")), when)


def _edge(match: Match, when: When) -> Period | None:
    unit, part = str(match.get("edge")).split("-")
    return _next_part(unit, part, when)


def _next_part(unit: str, part: str, when: When) -> Period:
    found = stepped(unit, 0, part, when)
    # "Anfang des Monats", said on the 20th, means the next one.
    return stepped(unit, 1, part, when) if found.end < when.reference else found


def stepped(unit: str, steps: int, part: str, when: When) -> Period:
    """The period of a unit that lies `steps` after the one of the reference day."""
    if unit == "week":
        return week(add_days(monday_of(when.reference), 7 * steps), part)
    length = _LENGTHS[unit]
    month = when.reference.month
    this = when.reference.replace(month=month - (month - 1) % length, day=1)
    begin = add_months(this, steps * length)
    whole = months(begin.year, begin.month, length)
    return month_part(whole, part) if length == 1 else long_part(whole, part)


def _business_year(steps: int, when: When) -> Period:
    # Where nobody says otherwise a business year is the calendar year; it begins in January.
    return months(when.reference.year + steps, 1, 1)


def _fiscal_year(match: Match, when: When) -> Period | None:
    named = match.line.words[match.first : match.last]
    if match.get("unit") != "year" or not {"fiscal", "financial", "business"} & set(named):
        return None
    return _business_year(match.number("rel"), when)


def _month(match: Match, when: When) -> Period | None:
    lead = match.line.kinds[match.first - 1] if match.first else ""
    if match.first and match.line.words[match.first - 1].isdigit() and lead != "y":
        return None
    if _month_word(match) in _UNSURE_MONTHS and not _is_led(match, lead):
        return None
    words = match.line.words[match.first : match.last]
    # "It ends in February" says how, not which part of the month.
    part = "" if words[:2] == ["ends", "in"] else str(match.get("part"))
    year = match.number("year") or two_digit_year(match, when)
    number = match.number("month")
    if year:
        return month_part(months(year, number, 1), part)
    whole = month_part(months(when.reference.year, number, 1), part)
    if whole.end < when.reference:
        return month_part(months(when.reference.year + 1, number, 1), part)
    return whole


def _is_led(match: Match, lead: str) -> bool:
    return len(match.kinds) > 1 or (lead in _MONTH_LEADS and lead != "") or match.first == 0


def _month_word(match: Match) -> str:
    kinds = match.kinds
    return match.line.words[match.first + kinds.index("M")]


def two_digit_year(match: Match, when: When) -> int:
    """The year meant by a bare "27", this one or of the next six; 0 where it is none."""
    number = match.number("day")
    year = when.reference.year % 100
    return full_year(number) if year <= number <= year + _YEARS_AHEAD else 0


def _month_with_year(match: Match, when: When) -> Period | None:
    if match.before not in {"in", ""} and is_english_day(match):
        return None
    return _month(match, when) if two_digit_year(match, when) else None


def _german_year(match: Match, when: When) -> Period | None:
    """Oktober 27, in German, is a month of a year and no day."""
    return _month(match, when) if is_german_year(match, when) else None


def _month_digits(match: Match, _when: When) -> Period | None:
    month = match.number("day")
    return months(match.number("year"), month, 1) if 1 <= month <= MONTHS_IN_YEAR else None


def _quarter(match: Match, when: When) -> Period | None:
    numbers = [int(one) for one in match.all("day", "nth")]
    index = 4 if "L" in match.kinds else numbers[0]
    if not 1 <= index <= 4:  # noqa: PLR2004
        return None
    year = match.number("year") or (full_year(numbers[1]) if len(numbers) > 1 else 0)
    whole = months(year or when.reference.year, 3 * index - 2, 3)
    whole = whole if year else coming(whole, when.reference)
    return long_part(whole, str(match.get("part")))


def _roman_quarter(match: Match, when: When) -> Period | None:
    index = _ROMAN.get(match.line.words[match.first])
    if index is None:
        return None
    year = match.number("year") or (full_year(match.number("day")) if "d" in match.kinds else 0)
    whole = months(year or when.reference.year, 3 * index - 2, 3)
    return whole if year else coming(whole, when.reference)


def _half(match: Match, when: When) -> Period | None:
    numbers = [int(one) for one in match.all("day", "nth")]
    if not 1 <= numbers[0] <= 2 or ("j" in match.kinds and not _is_half_sign(match)):  # noqa: PLR2004
        return None
    year = match.number("year") or (full_year(numbers[1]) if len(numbers) > 1 else 0)
    whole = months(year or when.reference.year, 6 * numbers[0] - 5, 6)
    return whole if year else coming(whole, when.reference)


def _is_half_sign(match: Match) -> bool:
    """Whether "h 2" is the second half-year and no hours."""
    return match.line.is_tight(match.first) and not match.before.isdigit()


OF = "(art|of|in|dash)*"
PART = f"(part dot? {OF})?"
_UNITS = "(unit|quarter|half|kw)"
_LOOSE = "comma? about? short? art?"
_TWO_DIGITS = "((slash|'|dash)? year|(slash|') day)?"

RULES = (
    Rule("week", "Kd", f"{PART} kw dot? day (slash (year|day))?", _calendar_week),
    Rule("week", "Kd", "kw dot? day (dash|slash|until|on|or|and) kw? dot? day", _calendar_week),
    Rule("week", "Kd", "day dot? (dash|slash|until|on|or|and) art* day dot? kw year?",
         _calendar_week),
    Rule("week", "Kd", "day dot kw (slash? year)?", _calendar_week),
    Rule("week", "Kd", f"kw dot? day {_LOOSE} part", _calendar_week),
    Rule("week", "Ud", f"{PART} unit day", _numbered_week),
    Rule("relative", "R", f"{PART} rel dot? {_UNITS}", _relative),
    Rule("relative", "RUP", f"rel dot? unit {_LOOSE} part", _relative),
    Rule("relative", "RU", "rel other unit", _fiscal_year),
    Rule("relative", "RU", "rel", _week_left_out),
    Rule("relative", "R", f"rel (or|slash|comma) art? rel {_UNITS}", _relative),
    Rule("relative", "L", f"{PART} past {_UNITS}", _past),
    Rule("relative", "nUR", "unit after rel", _after_next),
    Rule("relative", "P", f"part {OF} {_UNITS}", _this_by_part),
    Rule("relative", "G", "edge", _edge),
    Rule("month", "M", f"{PART} rel? month dot? year?", _month),
    Rule("month", "M", f"{PART} month dot? (slash|') (year|day)", _month),
    Rule("month", "Md", f"(in|from|first|part|until|before) {OF} month day", _month_with_year),
    Rule("month", "MP", f"month dot? part (?!{OF}(month|unit|kw|quarter|rel))", _month),
    Rule("month", "yd", "year (slash|dash) day", _month_digits),
    Rule("month", "MPU", f"part {OF} unit month year?", _month),
    Rule("month", "Md", "month day", _german_year),
    Rule("month", "/yd", "day (slash|dot) year", _month_digits),
    Rule("quarter", "Q", f"{PART} (quarter dot? day|day dot quarter dot?|(nth|past) quarter)"
         f" {_TWO_DIGITS}", _quarter),
    Rule("quarter", "Q", f"(other|short) dot? quarter {_TWO_DIGITS}", _roman_quarter),
    Rule("half", "jd", f"hour day {_TWO_DIGITS}", _half),
    Rule("half", "H", f"(day dot half|nth half) {_TWO_DIGITS}", _half),
)  # fmt: skip
