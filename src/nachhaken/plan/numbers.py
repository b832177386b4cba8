"""The number of the next offer, by the pattern of the user's own numbers."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

_GROUP = re.compile(r"\d+")
_CENTURY = 2000
_LONGEST_YEAR, _SHORT_YEAR = 4, 2


class _Parsed(NamedTuple):
    """The literal parts between the groups of digits, year and counter masked."""

    parts: tuple[str, ...]
    year: int | None
    counter: int
    digits: int


def next_number(numbers: Sequence[str], *, on: date) -> str:
    """Return the number that follows on the user's own `numbers`, given newest first.

    The newest sets the pattern: its last group of digits counts on from the highest of that
    pattern, as wide as it is. A year in it becomes the year of `on`, and a new year begins with 1.
    Without any number, or with none that counts, it is the year and a counter: 2026-001.
    """
    parsed = [found for number in numbers if (found := _parsed(number, on))]
    if not parsed:
        return f"{on.year}-001"
    newest = parsed[0]
    year = None if newest.year is None else on.year
    counted = [p.counter for p in parsed if p.parts == newest.parts and p.year == year]
    counter = str(max(counted, default=0) + 1).zfill(newest.digits)
    shown = {_YEAR: str(year), _SHORT: str(year)[-_SHORT_YEAR:], _COUNTER: counter}
    return "".join(shown.get(part, part) for part in newest.parts)


# No number holds control characters: they mark the place of what changes.
_YEAR, _SHORT, _COUNTER = "\0y", "\0s", "\0c"


def _parsed(number: str, on: date) -> _Parsed | None:
    groups = list(_GROUP.finditer(number))
    if not groups:
        return None
    year = next((g for g in groups if len(groups) > 1 and _year(g[0], on)), None)
    count = next(g for g in reversed(groups) if g is not year)
    parts, at = [], 0
    for group in sorted({id(g): g for g in (year, count) if g}.values(), key=re.Match.start):
        is_short = group is year and len(group[0]) == _SHORT_YEAR
        mark = _COUNTER if group is count else _SHORT if is_short else _YEAR
        parts += [number[at : group.start()], mark]
        at = group.end()
    parts.append(number[at:])
    return _Parsed(
        parts=tuple(parts),
        year=_year(year[0], on) if year else None,
        counter=int(count[0]),
        digits=len(count[0]),
    )


def _year(digits: str, on: date) -> int | None:
    """A year that has been, in four digits, or this and last year's in two."""
    value = int(digits)
    if len(digits) == _LONGEST_YEAR and _CENTURY <= value <= on.year + 1:
        return value
    if len(digits) == _SHORT_YEAR and _CENTURY + value in {on.year, on.year - 1}:
        return _CENTURY + value
    return None
