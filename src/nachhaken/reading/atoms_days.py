"""Single days in a folded text: dates in digits and words, weekdays, heute and morgen."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from datetime import date

from nachhaken.reading.atoms import Rule, When
from nachhaken.reading.numerals import (
    MONTH,
    MONTH_NUMBER,
    NUMBER,
    ORDINAL,
    SURE_WEEKDAYS,
    WEEKDAY,
    WEEKDAY_NUMBER,
    number,
    ordinal,
)
from nachhaken.reading.periods import Grain, Period, add_days, add_months, day, monday_of, safe_date

# A day without a year so shortly past is meant as past: "Ihre Mail vom Montag, 4.5.".
JUST_PAST = 21

_YEAR = r"(?P<year>20\d\d|\d\d)"
_DAY = rf"(?P<day>\d{{1,2}}|{ORDINAL})"


def full_year(text: str | None) -> int | None:
    """The year in four digits; two digits are of this century."""
    if not text:
        return None
    return int(text) if len(text) > len("26") else 2000 + int(text)


def dated(year: int | None, month: int, number_of_day: int, reference: date) -> date | None:
    """The day meant: without a year the next one, None where it has just passed or is no day."""
    if year is not None:
        return safe_date(year, month, number_of_day)
    this = safe_date(reference.year, month, number_of_day)
    if this is not None and this < reference and (reference - this).days <= JUST_PAST:
        return None
    if this is not None and this >= reference:
        return this
    return safe_date(reference.year + 1, month, number_of_day)


def _numeric(match: re.Match[str], when: When) -> Period | None:
    month = match["month"]
    month_number = int(month) if month.isdecimal() else ordinal(month)
    return _one(
        dated(full_year(match["year"]), month_number, _day_number(match["day"]), when.reference)
    )


def _named(match: re.Match[str], when: When) -> Period | None:
    month = MONTH_NUMBER[match["month"]]
    return _one(dated(full_year(match["year"]), month, _day_number(match["day"]), when.reference))


def _iso(match: re.Match[str], _when: When) -> Period | None:
    return _one(safe_date(int(match["year"]), int(match["month"]), int(match["day"])))


def _day_range(match: re.Match[str], when: When) -> Period | None:
    month = match["month"].rstrip(".")
    month_number = int(month) if month.isdecimal() else MONTH_NUMBER[month]
    end = dated(full_year(match["year"]), month_number, int(match["last"]), when.reference)
    if end is None or int(match["day"]) > end.day:
        return None
    return Period(end.replace(day=int(match["day"])), end, Grain.DAY)


def _ordinal_day(match: re.Match[str], when: When) -> Period | None:
    wanted = _day_number(match["day"])
    first = when.reference.replace(day=1)
    for ahead in range(3):
        month = add_months(first, ahead)
        found = safe_date(month.year, month.month, wanted)
        if found is not None and found >= when.reference:
            return day(found)
    return None


def _weekday(match: re.Match[str], when: When) -> Period | None:
    name = match["weekday"].rstrip(".")
    if name not in SURE_WEEKDAYS and not match["lead"]:
        return None
    target = WEEKDAY_NUMBER[name]
    week = match["before"] or match["after"]
    if week:
        ahead = _weeks_ahead(week)
        return day(add_days(monday_of(when.reference), 7 * ahead + target))
    coming = (target - when.reference.weekday() - 1) % 7 + 1
    later = number(match["count"]) if match["count"] else 0
    return day(add_days(when.reference, coming + 7 * later))


def _weeks_ahead(word: str) -> int:
    if word.startswith(("uebernaechst", "week after next")):
        return 2
    return 0 if word.startswith(("dies", "this")) else 1


def _day_word(match: re.Match[str], when: When) -> Period | None:
    word = match[0]
    if word in {"heute", "today"}:
        return None
    return day(add_days(when.reference, 2 if word.startswith(("ueber", "the day after")) else 1))


def _day_number(text: str) -> int:
    return int(text) if text.isdecimal() else ordinal(text)


def _one(on: date | None) -> Period | None:
    return None if on is None else day(on)


_WEEK_WORD = (
    r"(?:dies|uebernaechst|naechst|kommend|folgend)(?:e[rnms]?|er|en) woche|next week|this week"
)

RULES = (
    Rule("date", r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)", _iso),
    Rule(
        "date",
        rf"{_DAY}\.?\s?(?:(?<=\.)|(?<=\. )|(?<=[a-z] ))(?P<month>1[0-2]|0?[1-9]|{ORDINAL})"
        rf"(?:\.\s?{_YEAR}(?!\d|[.,]\d|\s*(?:%|€|euro|uhr|prozent))|\.(?!\d)|(?![\d.,]|\s*(?:%|€|eur|uhr|prozent|mm|cm|h\b|stunden|stueck|x\b|mio|tsd)))",
        _numeric,
    ),
    Rule("date", rf"{_DAY}[-/](?P<month>1[0-2]|0?[1-9])[-/]{_YEAR}", _numeric),
    Rule(
        "date",
        rf"{_DAY}(?:\.|st|nd|rd|th)?(?: of)?\s*(?P<month>{MONTH})\.?(?:,?\s+(?P<year>20\d\d))?",
        _named,
    ),
    Rule(
        "date",
        rf"(?P<month>{MONTH})\.?\s+(?:the )?(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
        r"(?:,?\s+(?P<year>20\d\d))?(?!\.?\d|\.\s?(?:[a-z]|\d))",
        _named,
    ),
    Rule(
        "day range",
        r"(?<!\d\.)(?P<day>[12]\d|3[01]|0?[1-9])\.?\s*(?:-|/|bis(?: zum)?|und(?: dem)?|auf|to)\s*"
        rf"(?P<last>[12]\d|3[01]|0?[1-9])\.?\s*(?P<month>{MONTH}|(?<=\.)(?:1[0-2]|0?[1-9])\b\.?)"
        rf"(?:\s*{_YEAR})?",
        _day_range,
    ),
    Rule("ordinal day", r"(?:(?<=am )|(?<=den )|(?<=dem )|(?<=der )|(?<=the )|(?<=zum ))"
         r"(?P<day>[12]\d|3[01]|[1-9])(?:\.|ten|ter|th|st|nd|rd)(?!\s?\d|\s(?:stock|og|quartal|halb))",
         _ordinal_day),
    Rule(
        "weekday",
        rf"(?P<lead>(?:am|bis|ab|naechste[nr]?|kommende[nr]?|diese[nr]?|on|next|by) )?"
        rf"(?:(?P<before>{_WEEK_WORD}),? (?:am |on )?)?(?P<weekday>{WEEKDAY}\b\.?)"
        rf"(?: in (?P<count>{NUMBER}) (?:wochen?|weeks?))?(?: (?:der |of )?(?P<after>{_WEEK_WORD}))?",
        _weekday,
    ),
    Rule(
        "day word",
        r"uebermorgen|(?<!guten )(?<!schoenen )morgen(?! (?:herr|frau|zusammen|ihr))"
        r"|the day after tomorrow|tomorrow|heute|today",
        _day_word,
    ),
)  # fmt: skip
