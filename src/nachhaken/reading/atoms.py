"""The atoms of time in a folded text: days, weeks, months, feasts, offsets, each with its place."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from nachhaken.reading.periods import Period

Build = Callable[[re.Match[str], "When"], Period | None]


@dataclass(frozen=True, slots=True)
class When:
    """From where and when a text is read: the day of the reply and the region."""

    reference: date
    region: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over folded text and what it makes of a match."""

    name: str
    pattern: str
    build: Build


@dataclass(frozen=True, slots=True)
class Atom:
    """A period named at `text[start:end]` of the folded text."""

    start: int
    end: int
    period: Period
    rule: str


def find_atoms(folded: str, when: When) -> list[Atom]:
    """All periods that the text names, in order; where two overlap the longer one, then merged."""
    found = [
        Atom(match.start(), match.end(), period, rule.name)
        for rule, pattern in _compiled()
        for match in pattern.finditer(folded)
        if (period := rule.build(match, when)) is not None
    ]
    found.sort(key=lambda atom: (atom.start, -atom.end))
    return _merged(folded, _apart(found))


@cache
def _compiled() -> list[tuple[Rule, re.Pattern[str]]]:
    # Imported here: the rule modules take their types from this one.
    from nachhaken.reading import atoms_days, atoms_offsets, atoms_periods  # noqa: PLC0415

    rules = [*atoms_days.RULES, *atoms_periods.RULES, *atoms_offsets.RULES]
    return [(rule, re.compile(rf"(?<![\w@])(?:{rule.pattern})(?!\w)")) for rule in rules]


def _apart(found: list[Atom]) -> list[Atom]:
    kept: list[Atom] = []
    for atom in found:
        if not kept or atom.start >= kept[-1].end:
            kept.append(atom)
        elif atom.end - atom.start > kept[-1].end - kept[-1].start:
            kept[-1] = atom
    return kept


def _merged(folded: str, atoms: list[Atom]) -> list[Atom]:
    merged: list[Atom] = []
    for atom in atoms:
        joined = _join(folded, merged[-1], atom) if merged else None
        if joined is None:
            merged.append(atom)
        else:
            merged[-1] = joined
    return merged


def _join(folded: str, first: Atom, second: Atom) -> Atom | None:
    gap = folded[first.end : second.start]
    if first.rule == "weekday" and second.rule in {"date", "ordinal day"} and _is_naming(gap):
        return Atom(first.start, second.end, second.period, second.rule)
    before = folded[max(0, first.start - 16) : first.start]
    if _is_range(gap, before) and first.period.start <= second.period.end:
        period = Period(first.period.start, second.period.end, second.period.grain)
        return Atom(first.start, second.end, period, "range")
    return None


def _is_naming(gap: str) -> bool:
    return re.fullmatch(r"\.?,?\s*(?:(?:den|der|dem|the|also|\()\s*)?", gap) is not None


def _is_range(gap: str, before: str) -> bool:
    if re.fullmatch(
        r"\s*(?:-|/|bis|auf|to|till|until|oder|or)\s*(?:zum|den|dem|the|in den)?\s*", gap
    ):
        return True
    between = re.search(r"(?:zwischen|between)\s+(?:dem |the )?$", before)
    return (
        between is not None and re.fullmatch(r"\s*(?:und|and)\s*(?:dem|the)?\s*", gap) is not None
    )
