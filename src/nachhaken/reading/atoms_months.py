"""Parts of months: Maiwoche, zweite Aprilhälfte, the first week of March."""

from nachhaken.reading.atoms import Match, Rule, When
from nachhaken.reading.atoms_periods import OF
from nachhaken.reading.periods import Period, add_days, coming, month_part, months


def _month_piece(match: Match, when: When) -> Period | None:
    """Maiwoche, Aprilhälfte, Märzmitte, with first, second or last before it."""
    number, tail = str(match.get("monthpart")).split("-")
    whole = coming(months(when.reference.year, int(number), 1), when.reference)
    nth = 5 if "L" in match.kinds else match.number("nth", "day")
    if tail == "haelfte":
        middle = whole.start.replace(day=15)
        return Period(add_days(middle, 1), whole.end) if nth > 1 else Period(whole.start, middle)
    if tail == "woche":
        return _week_in_month(whole, nth)
    return month_part(whole, {"mitte": "mid", "anfang": "early"}.get(tail, "late"))


def _week_in_month(whole: Period, nth: int) -> Period:
    if not nth:
        return whole
    if nth > 4:  # noqa: PLR2004 - the last one
        return Period(add_days(whole.end, -6), whole.end)
    start = add_days(whole.start, 7 * (nth - 1))
    return Period(start, add_days(start, 6))


def _nth_week(match: Match, when: When) -> Period | None:
    """Die erste Woche im Mai, zweite Hälfte April."""
    if match.get("unit") != "week":
        return None
    whole = coming(months(when.reference.year, match.number("month"), 1), when.reference)
    return _week_in_month(whole, 5 if "L" in match.kinds else match.number("nth"))


def _month_parts(match: Match, when: When) -> Period | None:
    """Anfang bis Mitte November."""
    first, last = (str(part) for part in match.all("part"))
    whole = coming(months(when.reference.year, match.number("month"), 1), when.reference)
    start, end = month_part(whole, first).start, month_part(whole, last).end
    return Period(start, end) if start <= end else None


def _month_half(match: Match, when: When) -> Period | None:
    """Zweite Hälfte Januar, the second half of January."""
    if not {"half", "haelfte"} & set(match.line.words[match.first : match.last]):
        return None
    whole = coming(months(when.reference.year, match.number("month"), 1), when.reference)
    middle = whole.start.replace(day=15)
    if "L" in match.kinds or match.number("nth") > 1:
        return Period(add_days(middle, 1), whole.end)
    return Period(whole.start, middle)


RULES = (
    Rule("month", "MP", f"part (until|dash|slash) part {OF} month", _month_parts),
    Rule("month", "Mh", f"(nth|past) halfof {OF} month", _month_half),
    Rule("month", "Mw", f"(nth|past) other {OF} month", _month_half),
    Rule("month", "X", "art? (nth|past|day dot)? monthpart", _month_piece),
    Rule("month", "MU", f"(nth|past) unit {OF} month", _nth_week),
)  # fmt: skip
