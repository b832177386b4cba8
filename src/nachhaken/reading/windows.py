"""The windows that a text may mean: each period with what "ab", "nach" or "bis" makes of it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from nachhaken.reading.atoms import Atom, Line, When, find_atoms, kinds_pattern, line_of
from nachhaken.reading.atoms_words import value
from nachhaken.reading.callback_cues import cues_around
from nachhaken.reading.periods import Period, add_days, day, fortnight, monday_of, week
from nachhaken.reading.values import Window
from nachhaken.reading.window_guards import is_barred

_OPERATOR_REACH = 12
_FOLLOWS = 25


class Found(NamedTuple):
    """A window that the text may name at `[start:end]`, and what is said around it.

    `operator` is how the period was taken: "after", "from", "until", "before", or "" for as it
    is. One period may be found twice, taken in different ways: "bis 14.8." is a deadline or an
    absence. `cues` names all that may tell which, and whether it is a call-back at all.
    """

    window: Window
    start: int
    end: int
    operator: str
    cues: frozenset[str]

    @property
    def contact(self) -> bool:
        """Whether the sentence speaks of contact."""
        return "sent:contact" in self.cues

    @property
    def absent(self) -> bool:
        """Whether the sentence speaks of an absence."""
        return "sent:absent" in self.cues

    @property
    def meeting(self) -> bool:
        """Whether the sentence speaks of a meeting or a call, or names an hour."""
        return "sent:meeting" in self.cues or "time" in self.cues

    @property
    def asked(self) -> bool:
        """Whether the sentence asks us to come again."""
        return "asked" in self.cues


class _Lead(NamedTuple):
    """The operator written before a period, and the index of its first word."""

    name: str
    first: int


def named_period(folded: str, reference: date, region: str) -> Window | None:
    """The first period that a folded text names, past ones too, without any call-back meaning."""
    line = line_of(folded)
    atoms = find_atoms(line, When(reference, region, plain=True)) if line else []
    return Window(atoms[0].period.start, atoms[0].period.end) if atoms else None


def find_windows(folded: str, when: When) -> list[Found]:
    """All windows that a folded text may mean, in the order of their places."""
    line = line_of(folded)
    if line is None:
        return []
    atoms = [atom for atom in find_atoms(line, when) if not is_barred(line, atom, when)]
    return [
        found
        for number, atom in enumerate(atoms)
        for found in _taken(line, atom, when, _rank(number, len(atoms)))
    ]


def _rank(number: int, count: int) -> frozenset[str]:
    """Where a period stands among those of its text."""
    if count == 1:
        return frozenset({"first", "only"})
    place = "first" if number == 0 else "later"
    return frozenset({place, "last"} if number == count - 1 else {place})


def _taken(line: Line, atom: Atom, when: When, rank: frozenset[str]) -> Iterator[Found]:
    """The windows that one period may mean, each with the cues around it."""
    lead = _lead(line, atom)
    cues = rank.union(cues_around(line, atom, (lead.name, lead.first)))
    place = line.place(min(lead.first, atom.first), atom.last)
    later = _later(line, atom)
    for operator in _ways(lead.name, atom, cues):
        period = later if operator == "after" and later else _applied(operator, atom.period, when)
        if period is not None and period.end > when.reference:
            yield Found(Window(period.start, period.end), *place, operator, cues)


def _lead(line: Line, atom: Atom) -> _Lead:
    kinds = line.kinds[max(0, atom.first - _OPERATOR_REACH) : atom.first]
    start = max(0, atom.first - _OPERATOR_REACH)
    inside = _INSIDE.match(line.kinds, atom.first, atom.last)
    if inside:
        return _Lead(_NAMES[inside.lastgroup or ""], atom.first)
    match = _LEADS.search(kinds)
    if match is None or (match[0].startswith("b") and _is_swing_by(line, start + match.start())):
        return _Lead("", atom.first)
    if match.lastgroup == "event" and not atom.period.is_short:
        # "Nach der Sitzung im Mai" is in May: only a day has a day after.
        return _Lead("", atom.first)
    name = _NAMES[match.lastgroup or ""]
    if "0" in match[0] and "bis" in line.words[start + match.start() : atom.first]:
        # "Not until March" is from March on, "nicht bis März" is not.
        return _Lead("until", atom.first - 1)
    if name == "first" and not line.words[start + match.start()].startswith("er"):
        # "Erst am 1.4." may be the day itself, "frühestens am 1.4." never.
        name = "from"
    return _Lead(name, start + match.start())


def _is_swing_by(line: Line, index: int) -> bool:
    return line.words[index] == "by" and line.words[max(0, index - 1)] in _VERBS_WITH_BY


def _later(line: Line, atom: Atom) -> Period | None:
    """The day or week after an event, where that is what follows: "am 16.9., Tag drauf"."""
    match = _FOLLOWING.search(line.kinds, atom.last, atom.last + _FOLLOWS)
    if match is None or not atom.period.is_short:
        return None
    unit = value(line.words[match.start()])
    if unit == "day":
        return day(add_days(atom.period.end, 1))
    return week(add_days(monday_of(atom.period.end), 7)) if unit == "week" else None


def _ways(lead: str, atom: Atom, cues: frozenset[str]) -> tuple[str, ...]:
    """The operators with which a period may be meant, by the one written and the words around."""
    short = atom.period.is_short
    if atom.rule == "weekday after":
        return ("",)
    if atom.rule in _COUNTED:
        return ("until",) if lead == "until" and atom.rule != "new year" else ("",)
    if lead == "from" and atom.rule.endswith("range"):
        lead = ""
    if not lead and short and "gone" in cues and atom.rule.endswith("range"):
        return ("after",)
    if lead in _ALTERNATIVES:
        # "Not before Easter. Then call": the words of the next sentence turn it round.
        turned = lead == "before" and not _THEN.isdisjoint(cues)
        return (*_ALTERNATIVES[lead], "after") if turned else _ALTERNATIVES[lead]
    if lead:
        return (lead,)
    return ("", *_unwritten(atom, cues))


def _unwritten(atom: Atom, cues: frozenset[str]) -> Iterator[str]:
    """The operators that stand elsewhere: "der Rat tagt am 3.5., danach gern"."""
    if not atom.period.is_short:
        if not _THEN.isdisjoint(cues):
            yield "after"
        return
    if not _AFTERWARDS.isdisjoint(cues) or atom.rule.endswith("range"):
        yield "after"
    if not _BACK.isdisjoint(cues):
        yield "from"
    if not _BY_THEN.isdisjoint(cues) and atom.rule != "day word":
        yield "until"


def _applied(operator: str, period: Period, when: When) -> Period | None:
    short = period.is_short
    match operator:
        case "after":
            return fortnight(add_days(period.end, 1))
        case "from":
            return fortnight(period.start) if short else _ahead(period, when)
        case "until" | "before":
            tomorrow = add_days(when.reference, 1)
            last = period.end
            if operator == "before":
                last = period.start if short else add_days(period.start, -1)
            return Period(tomorrow, last) if last >= tomorrow else None
        case _:
            return _ahead(period, when)


def _ahead(period: Period, when: When) -> Period:
    """What is left of a period that has begun."""
    return Period(max(period.start, when.reference), max(period.end, when.reference))


_COUNTED = {"offset", "within", "exactly", "half span", "bare offset", "new year"}
# "Bis 14.8." is a deadline or an absence; "erst am 1.4." is from then on, that day, or after it.
_ALTERNATIVES = {
    "until": ("until", "after"), "before": ("before", "from"), "first": ("from", "after", ""),
}  # fmt: skip
_THEN = {"sent:then", "next:then", "then"}
_AFTERWARDS = _THEN | {"gone", "after that", "sent:over", "next:over"}
_BACK = _THEN | {"sent:back", "sent:place", "sent:starts", "gone", "from then"}
_BY_THEN = {"sent:deliverable", "till then"}
_VERBS_WITH_BY = {"swing", "stop", "come", "drop", "pop"}
_NAMES = {
    "never": "from", "until": "until", "after": "after", "event": "after", "since": "from",
    "first": "first", "ere": "before",
}  # fmt: skip
_GLUE = "(art dot?|about dot?|of|in|first|unit|on)*$"
_LEADS = re.compile(
    "|".join(
        f"(?P<{name}>{kinds_pattern(pattern + _GLUE).pattern})"
        for name, pattern in {
            "never": "not more? (before|until)",
            "after": "first? after",
            "until": "until (and about)?",
            "event": "after art? (other|short|art|of){1,5} ([(] other?)? ",
            "since": "first? from",
            "first": "first",
            "ere": "before",
        }.items()
    )
)
_FOLLOWING = re.compile(r"U\.?(?:>|n(?=\W|$))")
_INSIDE = re.compile(r"(?P<after>n)|(?P<since>a)|(?P<first>e)|(?P<until>b)|(?P<ere>v)")
