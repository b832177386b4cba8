"""Periods that belong together: ranges, a weekday beside its date, a month and its year."""

import re
from collections.abc import Callable

from nachhaken.reading.atoms import Atom, Line
from nachhaken.reading.atoms_weekdays import weekday_after
from nachhaken.reading.periods import (
    Grain,
    Period,
    add_days,
    add_months,
    day,
    in_year,
    monday_of,
    week,
)

_DATED = {"date", "ordinal day", "day range", "ordinal range"}
_OF_YEAR = {"month", "season", "feast", "relative", "quarter", "half"}
_GAP = 6
_PART_OF_WEEK = 5

Join = Callable[[Line, Atom, Atom], Atom | None]


def joined(line: Line, atoms: list[Atom]) -> list[Atom]:
    """The atoms with those made one that name one period together."""
    named = _merged(line, atoms, _named_once)
    return [_widened(line, atom) for atom in _merged(line, named, _range)]


def _merged(line: Line, atoms: list[Atom], join: Join) -> list[Atom]:
    merged: list[Atom] = []
    for atom in atoms:
        near = merged and atom.first - merged[-1].last <= _GAP
        one = join(line, merged[-1], atom) if near else None
        if one is None:
            merged.append(atom)
        else:
            merged[-1] = one
    return merged


def _named_once(line: Line, first: Atom, second: Atom) -> Atom | None:
    gap = line.kinds[first.last : second.first]
    period = (
        _named_twice(gap, first, second)
        or _after_feast(line, gap, first, second)
        or _part_of_week(line, first, second)
    )
    if period is None:
        return None
    rule = "date" if period.grain is Grain.DAY else second.rule
    if "weekday" in {first.rule, second.rule} and Grain.EVENT in _grains(first, second):
        rule = "weekday after"
    return Atom(first.first, second.last, period, rule, first.has_year or second.has_year)


def _grains(*atoms: Atom) -> set[Grain]:
    return {atom.period.grain for atom in atoms}


def _named_twice(gap: str, first: Atom, second: Atom) -> Period | None:
    """One period said in two ways: "Dienstag, 31. März", "KW 12, Montag", "Mai nächstes Jahr"."""
    if not _BESIDE.fullmatch(gap):
        return None
    rules = (first.rule, second.rule)
    if first.rule in {"weekday", "day word", "date"} and second.rule in _DATED:
        return second.period if first.rule != "date" or first.period == second.period else None
    if first.rule in _DATED and second.rule == "weekday":
        return first.period if gap != "" else None
    if rules in {("week", "weekday"), ("weekday", "week")}:
        named, weekday = (first, second) if first.rule == "week" else (second, first)
        return _in_week(named.period, weekday.period)
    if "." in gap and _is_year(first):
        # "Nicht dieses Jahr. Im Januar ...": a sentence ends between them.
        return None
    if _is_year(first) and second.rule in _OF_YEAR and not second.has_year:
        return in_year(second.period, first.period.start.year)
    if _is_year(second) and first.rule in _OF_YEAR and not first.has_year:
        return in_year(first.period, second.period.start.year)
    if first.rule == "month" and second.rule in {"ordinal day", "ordinal range"}:
        return _in_month(first.period, second.period)
    return None


def _in_week(whole: Period, weekday: Period) -> Period:
    return day(add_days(monday_of(whole.start), weekday.start.weekday()))


def _part_of_week(line: Line, first: Atom, second: Atom) -> Period | None:
    """KW 46, gegen Ende der Woche."""
    words = line.words[first.last : second.last]
    if first.rule != "week" or second.rule not in {"relative", "edge"} or "." in words:
        return None
    kinds = line.kinds[first.last : second.last]
    start, end = second.period.start, second.period.end
    is_part = "R" not in kinds and "|" not in kinds and 0 < (end - start).days < _PART_OF_WEEK
    if not is_part or monday_of(start) != monday_of(end):
        return None
    monday = monday_of(first.period.start)
    return Period(add_days(monday, start.weekday()), add_days(monday, end.weekday()))


def _in_month(month: Period, days: Period) -> Period | None:
    last = min(days.end.day, month.end.day)
    first = min(days.start.day, last)
    start = month.start.replace(day=1)
    return Period(start.replace(day=first), start.replace(day=last), Grain.DAY)


def _is_year(atom: Atom) -> bool:
    return (
        atom.rule in {"relative", "year"}
        and atom.period.start.month == 1
        and atom.period.end == add_days(add_months(atom.period.start, 12), -1)
    )


def _after_feast(line: Line, gap: str, first: Atom, second: Atom) -> Period | None:
    """Montag nach Ostern; nach Fronleichnam, am Montag drauf."""
    if first.rule == "weekday" and second.period.is_short:
        if _AFTER.fullmatch(gap):
            return day(weekday_after(first.period.start.weekday(), second.period.end))
        return None
    follows = line.kinds[second.last : second.last + 1]
    if second.rule == "weekday" and follows == ">" and _THEN.fullmatch(gap):
        return day(weekday_after(second.period.start.weekday(), first.period.end))
    return None


def _range(line: Line, first: Atom, second: Atom) -> Atom | None:
    gap = line.kinds[first.last : second.first]
    listed = gap == "," and first.rule == second.rule == "month"
    between = "z" in line.kinds[max(0, first.first - 3) : first.first]
    both = gap in {"&", "&g", "&i"} and (between or first.rule == second.rule == "month")
    if not (both or listed or _RANGE.fullmatch(gap)):
        return None
    start = first.period
    if first.rule == second.rule == "weekday" and second.period.end < start.start:
        second = second._replace(period=day(add_days(second.period.end, 7)))
    if second.has_year and not first.has_year and start.start.year != second.period.start.year:
        start = in_year(start, second.period.start.year)
        if start.start > second.period.end:
            start = in_year(start, second.period.start.year - 1)
    if start.start > second.period.end or "offset" in first.rule:
        return None
    period = Period(start.start, second.period.end, second.period.grain)
    rule = "either" if "|" in gap or "/" in gap else "range"
    return Atom(first.first, second.last, period, rule, second.has_year)


def _widened(line: Line, atom: Atom) -> Atom:
    """The week of a day, the week or the day after an event."""
    match = _WIDER.search(line.kinds[max(0, atom.first - 5) : atom.first])
    if match is None or not atom.period.is_short:
        return atom
    first = atom.first - len(match[0])
    word = line.words[first]
    if word.startswith("w"):
        monday = monday_of(atom.period.end)
        whole = week(add_days(monday, 7 * ("n" in match[0]) - 7 * ("v" in match[0])))
        return atom._replace(first=first, period=whole, rule="week")
    if word.startswith("t") and "n" in match[0]:
        return atom._replace(first=first, period=day(add_days(atom.period.end, 1)), rule="date")
    return atom


_AFTER = re.compile(r"ng*")
_THEN = re.compile(r",?g*")
_BESIDE = re.compile(r"\.?[,(]?[gOiP]*[(]?")
_RANGE = re.compile(r"[.,)]?g?(?:[-/b|u][gieP~]*|b~?[gO]*)")
_WIDER = re.compile(r"U(?:n|v|O|g|a)g?$")
