"""Weeks, months, quarters, half-years and years in a folded text."""

# ruff: noqa: E501 - a pattern is read as one line

import re

from nachhaken.reading.atoms import Rule, When
from nachhaken.reading.atoms_days import full_year
from nachhaken.reading.numerals import MONTH, MONTH_NUMBER, QUARTER_WORD, UNSURE_MONTHS, ordinal
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

PART = (
    r"(?P<part>anfangs?|mitte|ende|early(?: in)?|mid|late(?: in)?"
    r"|(?:the )?(?:beginning|start|middle|end) of)"
)
OF = r"[\s-]+(?:(?:des|der|dem|den|the|im|in|vom|von) )?"
RELATIVE = (
    r"(?P<relative>(?:dies|laufend|uebernaechst|naechst|kommend|folgend)(?:e[rnms]?)?"
    r"|this|the next|next|the coming|coming)"
)
_LEAD = (
    r"(?P<lead>(?:im|in|ab|bis|nach|vor|until|till|by|from|since|after|before|monat|of|during|erst"
    r"|fuer|wieder|between|zwischen|naechsten|kommenden|next) )"
)
_YEAR = r"(?P<year>20\d\d)"
_QUARTERS = range(1, 5)
_AFTER_NEXT = {"week": 2, "month": 2, "quarter": 2, "year": 2}


def part_of(word: str | None) -> str:
    """Returns "early", "mid", "late" or "" for the words before a period."""
    if not word:
        return ""
    if re.search(r"anfang|early|beginning|start", word):
        return "early"
    return "mid" if "mi" in word else "late"


def steps_of(relative: str) -> int:
    """0 for this period, 1 for the next, 2 for the one after."""
    if relative.startswith(("dies", "this", "laufend")):
        return 0
    return 2 if relative.startswith("ueber") else 1


def _calendar_week(match: re.Match[str], when: When) -> Period | None:
    year = full_year(match["year"])
    monday = iso_week(year or when.reference.isocalendar().year, int(match["number"]))
    if monday is not None and year is None and add_days(monday, 6) < when.reference:
        monday = iso_week(when.reference.isocalendar().year + 1, int(match["number"]))
    return None if monday is None else week(monday, part_of(match["part"]))


def _relative(match: re.Match[str], when: When) -> Period | None:
    return _stepped(match["unit"], steps_of(match["relative"]), part_of(match["part"]), when)


def _after_next(match: re.Match[str], when: When) -> Period | None:
    return _stepped(match["unit"], _AFTER_NEXT[match["unit"]], "", when)


def _end_of_this(match: re.Match[str], when: When) -> Period | None:
    part = "early" if match[0].endswith(("anfang", "beginn")) else "late"
    return _stepped(match["unit"], 0, part, when)


def _this_by_part(match: re.Match[str], when: When) -> Period | None:
    part = part_of(match["part"])
    found = _stepped(match["unit"], 0, part, when)
    # "Anfang des Monats", said on the 20th, means the next one.
    return _stepped(match["unit"], 1, part, when) if found.end < when.reference else found


def _stepped(unit: str, steps: int, part: str, when: When) -> Period:
    """The period of a unit that lies `steps` after the one of the reference day."""
    if unit.startswith(("woche", "week")):
        return week(add_days(monday_of(when.reference), 7 * steps), part)
    if unit.startswith("geschaeft"):
        # Where nobody says otherwise a business year is the calendar year; it begins in January.
        return months(when.reference.year + steps, 1, 1)
    length = _length(unit)
    month = when.reference.month
    this = when.reference.replace(month=month - (month - 1) % length, day=1)
    begin = add_months(this, steps * length)
    whole = months(begin.year, begin.month, length)
    return month_part(whole, part) if length == 1 else long_part(whole, part)


def _length(unit: str) -> int:
    for stem, length in (("mon", 1), ("quart", 3), ("halb", 6), ("half", 6)):
        if unit.startswith(stem):
            return length
    return 12


def _month(match: re.Match[str], when: When) -> Period | None:
    name = match["month"]
    year = full_year(match["year"] or match["short_year"])
    if name in UNSURE_MONTHS and not (match["lead"] or match["part"] or year):
        return None
    part = part_of(match["part"])
    whole = month_part(months(year or when.reference.year, MONTH_NUMBER[name], 1), part)
    if year is not None:
        return whole
    if whole.end < when.reference:
        return month_part(months(when.reference.year + 1, MONTH_NUMBER[name], 1), part)
    return whole


def _month_digits(match: re.Match[str], _when: When) -> Period | None:
    month = int(match["month"])
    return months(int(match["year"]), month, 1) if 1 <= month <= MONTHS_IN_YEAR else None


def _quarter(match: re.Match[str], when: When) -> Period | None:
    word = match["number"] or match["digit"] or match["spoken"]
    index = int(word) if word.isdecimal() else ordinal(word)
    if not 1 <= index <= len(_QUARTERS):
        return None
    year = full_year(match["year"] or match["short_year"])
    whole = months(year or when.reference.year, 3 * index - 2, 3)
    return long_part(whole if year else coming(whole, when.reference), part_of(match["part"]))


def _half(match: re.Match[str], when: When) -> Period | None:
    word = match["digit"] or match["spoken"] or match["letter"]
    index = 2 if word.startswith(("2", "zweit", "second", "last")) else 1
    year = full_year(match["year"])
    whole = months(year or when.reference.year, 6 * index - 5, 6)
    return whole if year else coming(whole, when.reference)


def _year(match: re.Match[str], _when: When) -> Period | None:
    return long_part(months(int(match["year"]), 1, 12), part_of(match["part"]))


def _new_year(_match: re.Match[str], when: When) -> Period | None:
    return months(when.reference.year + 1, 1, 1)


def _between_years(_match: re.Match[str], when: When) -> Period | None:
    december = months(when.reference.year, 12, 1)
    return Period(december.start.replace(day=27), december.end)


def _weekend(_match: re.Match[str], when: When) -> Period | None:
    monday = monday_of(when.reference)
    return Period(add_days(monday, 5), add_days(monday, 6))


RULES = (
    Rule(
        "week",
        rf"(?:{PART}{OF})?(?:kw|kalenderwoche|calendar week|cw|week)\.?\s?(?P<number>\d\d?)"
        r"(?:\s?/\s?(?P<year>20\d\d|\d\d(?=\s*$|[^\d\s])))?",
        _calendar_week,
    ),
    Rule("week", r"(?P<number>\d\d?)\. (?:kw|kalenderwoche)(?P<part>)(?P<year>)", _calendar_week),
    Rule(
        "relative",
        rf"(?:{PART}{OF})?{RELATIVE} "
        r"(?P<unit>woche|monats?|quartals?|halbjahre?s?|jahre?s?|geschaeftsjahre?s?|week|month"
        r"|quarter|year|financial year|fiscal year|half-year)",
        _relative,
    ),
    Rule("relative", r"the (?P<unit>week|month|quarter|year) after next", _after_next),
    Rule("relative", r"(?P<unit>monats|quartals|jahres)(?:ende|anfang|beginn)", _end_of_this),
    Rule(
        "relative",
        rf"{PART}\s+(?:des|der|the|dieser|this)\s*(?P<unit>monats|quartals|jahres|woche|month|quarter|year|week)",
        _this_by_part,
    ),
    Rule(
        "month",
        rf"{_LEAD}?(?:{PART}{OF})?(?<!\d)(?<!\d\.)(?<!\d\. )(?<!\d )(?P<month>{MONTH})\b\.?"
        rf"(?: (?:des )?{_YEAR}|\s?[/'](?P<short_year>2[4-9]|3\d)(?!\d))?",
        _month,
    ),
    Rule("month", r"(?P<year>20\d\d)[/-](?P<month>\d\d)(?!-)", _month_digits),
    Rule(
        "quarter",
        rf"(?:{PART}{OF})?(?:q(?P<digit>[1-4])|(?P<number>[1-4])\.\s?(?:quartal|qu\.|q)"
        rf"|(?P<spoken>{QUARTER_WORD}) (?:quartal|quarter))"
        rf"(?:\s?[/']?\s?(?P<year>20\d\d)|\s?[/'](?P<short_year>\d\d)(?!\d))?",
        _quarter,
    ),
    Rule(
        "half-year",
        r"(?:(?P<digit>[12])\.\s?(?:halbjahr|jahreshaelfte|hj)"
        r"|(?P<spoken>erste[ns]?|zweite[ns]?|first|second) (?:halbjahr|jahreshaelfte|half(?: of the year)?)"
        rf"|h(?P<letter>[12]))(?:[ /]{_YEAR})?",
        _half,
    ),
    Rule("year", rf"{PART}{OF}(?:jahr )?{_YEAR}", _year),
    Rule("year", r"(?:in|im jahre?|das jahr|ab)(?P<part>) (?P<year>20\d\d)", _year),
    Rule(
        "new year",
        r"(?:im|ins|in) neue[nrs]? (?:geschaefts)?jahr|(?:im|in) the new year|(?:neue[ns]? jahr)"
        r"|(?:dieses jahr|heuer) (?:nicht mehr|nimmer|nix mehr|nichts mehr|wird (?:das )?nichts mehr)"
        r"|(?:nicht mehr|nimmer|nichts mehr) (?:in diesem jahr|dieses jahr|heuer)|not (?:any ?more )?this year",
        _new_year,
    ),
    Rule("between years", r"zwischen den jahren|zwischen weihnachten und (?:neujahr|silvester)",
         _between_years),
    Rule("weekend", r"(?:am|naechstes|kommendes|this) (?:wochenende|weekend)", _weekend),
)  # fmt: skip
