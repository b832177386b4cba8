"""The window in which a customer wants to be contacted again: periods and what is said of them."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from nachhaken.reading.atoms import Atom, When, find_atoms
from nachhaken.reading.periods import Grain, Period, add_days, fortnight
from nachhaken.reading.text import sentences
from nachhaken.reading.values import Window
from nachhaken.reading.window_guards import Place, is_barred, says

_OPERATOR_REACH = 32
_DANACH_REACH = 90
# Who names more dates than this has pasted a table.
_MOST_ATOMS = 40
_SAID = ("contact", "absence", "meeting", "ask")


@dataclass(frozen=True, slots=True)
class Found:
    """A window named at `[start:end]` of the folded text, and how sure it is a call-back.

    `weight` counts what speaks for it in its sentence; `contact` says that the sentence speaks of
    contact, `absent` of an absence, `meeting` of a meeting or call, `asked` that it asks us to
    come again. `operator` is "after", "from", "until", "before" or "".
    """

    window: Window
    start: int
    end: int
    weight: float
    contact: bool
    absent: bool
    meeting: bool
    asked: bool
    operator: str


def find_windows(folded: str, when: When) -> list[Found]:
    """All call-back windows of a folded text, the likeliest first."""
    bounds = sentences(folded)
    found = [
        one
        for atom in find_atoms(folded, when)[:_MOST_ATOMS]
        if (one := _window(folded, atom, _place(folded, atom, bounds), when)) is not None
    ]
    return sorted(found, key=lambda one: (-one.weight, one.start))


def _place(folded: str, atom: Atom, bounds: list[tuple[int, int]]) -> Place:
    lead = _leading_operator().match(folded, atom.start, atom.end)
    core = lead.end() if lead else atom.start
    index = next(
        (number for number, (_, end) in enumerate(bounds) if core < end), max(len(bounds) - 1, 0)
    )
    start, end = bounds[index]
    following = folded[end : bounds[index + 1][1]] if index + 1 < len(bounds) else ""
    return Place(
        before=folded[max(start, core - _OPERATOR_REACH) : core],
        after=folded[atom.end : min(end, atom.end + _OPERATOR_REACH)],
        sentence=folded[start:end],
        following=following,
    )


def _window(folded: str, atom: Atom, place: Place, when: When) -> Found | None:
    if is_barred(atom.rule, place):
        return None
    operator = _operator(atom, place)
    if not operator and _then().search(folded[atom.end : atom.end + _DANACH_REACH]):
        operator = "after" if atom.period.grain is Grain.DAY else ""
    period = _applied(operator, atom.period, when)
    if period is None or period.end <= when.reference:
        return None
    said = {name: says(name, place.sentence) for name in _SAID}
    return Found(
        Window(period.start, period.end),
        atom.start if not operator else _operator_start(folded, atom),
        atom.end,
        weight=_weight(place, operator, contact=said["contact"], absent=said["absence"]),
        contact=said["contact"],
        absent=said["absence"],
        meeting=said["meeting"],
        asked=said["ask"],
        operator=operator,
    )


def _operator(atom: Atom, place: Place) -> str:
    """Returns "after", "from", "until", "back" or "": what is said of the period."""
    absent = says("absence", place.sentence)
    named = next((name for name, op in _operators().items() if op.search(place.before)), "")
    if absent and (named in {"until", "through"} or atom.rule in {"range", "day range"}):
        return "after"
    if atom.rule == "exactly" or (atom.period.grain is Grain.OFFSET and named != "until"):
        return ""
    if not named and atom.period.grain is Grain.DAY and says("return", place.sentence):
        return "from"
    return "until" if named == "through" else named


def _applied(operator: str, period: Period, when: When) -> Period | None:
    match operator:
        case "after":
            return fortnight(add_days(period.end, 1))
        case "from":
            return fortnight(period.start) if _is_short(period) else period
        case "until" | "before":
            tomorrow = add_days(when.reference, 1)
            last = period.end if operator == "until" else _eve(period)
            return Period(tomorrow, last) if last >= tomorrow else None
        case _:
            return period


def _is_short(period: Period) -> bool:
    return period.grain in {Grain.DAY, Grain.EVENT}


def _eve(period: Period) -> date:
    return period.start if _is_short(period) else add_days(period.start, -1)


def _weight(place: Place, operator: str, *, contact: bool, absent: bool) -> float:
    weight = 2.0 * contact + 1.0 * absent + 0.5 * bool(operator)
    weight += 1.0 * says("contact", place.following)
    weight += 0.5 * says("appointed", place.before)
    return weight + 1.0 * says("decision", place.sentence)


def _operator_start(folded: str, atom: Atom) -> int:
    """The place of the operator's word, so that the span reads "nach Ostern", not "Ostern"."""
    before = folded[max(0, atom.start - _OPERATOR_REACH) : atom.start]
    for pattern in _operators().values():
        if match := pattern.search(before):
            return atom.start - (len(before) - match.start())
    return atom.start


@cache
def _operators() -> dict[str, re.Pattern[str]]:
    article = r"(?:\s+(?:dem|den|der|die|das|des|zum|zur|the|im|am|in|on|einschliesslich|inkl\.?|monat))*\s*$"
    words = {
        "from": r"\b(?:nicht vor|not before|ab|erst(?: wieder| ab)?|frue?hestens(?: ab)?|fruehstens|from"
        r"|as of|starting|not until|earliest)(?: wieder| ab| wieder ab)?",
        "after": r"\b(?:nach|after|following)",
        "until": r"\b(?:bis|spaetestens|until|till|by)",
        "through": r"\b(?:through|einschliesslich)",
        "before": r"\b(?:vor|before|noch vor)",
    }
    return {name: re.compile(pattern + article) for name, pattern in words.items()}


@cache
def _leading_operator() -> re.Pattern[str]:
    return re.compile(r"(?:nach|ab|bis|vor|from|after|until|till|before|by|erst) ")


@cache
def _then() -> re.Pattern[str]:
    return re.compile(r"\b(?:danach|anschliessend|im anschluss|afterwards|after that|hinterher)\b")
