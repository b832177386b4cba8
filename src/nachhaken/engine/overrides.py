"""Which numbers does this user want instead? Own numbers laid over the shipped parameters.

Numbers are named by their place in `parameters.toml`, nested or dotted: `{"start": {"truths":
[...]}}` is `{"start.truths": [...]}`. A row is given whole and is never rescaled: what does not sum
to 1 is refused with its sum, for only the user knows which number was meant.
"""

import math
from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from nachhaken.engine.model import Model, ModelError, read_model

_WORDS = ("unit", "reason", "version")


class OverrideError(ModelError):
    """An override that names no number, or a number that cannot be; the message names the place."""


def overridden(blocks: Mapping[str, Any], overrides: Mapping[str, Any]) -> Model:
    """Return the model of `blocks` with the `overrides` in place.

    OverrideError for a place that does not exist (with the nearest that does), a place given twice,
    another length or kind than the shipped number, a value out of its range; ModelError where the
    numbers contradict each other. Without overrides it is the model of `blocks`.
    """
    return read_model(layered(blocks, overrides))


def layered(blocks: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of `blocks` with the `overrides` in place, checked as in `overridden`."""
    result = deepcopy(dict(blocks))
    places = dict(numbers(blocks))
    seen: set[str] = set()
    for place, value in _flat(overrides):
        if place not in places:
            raise OverrideError(_unknown(place, places))
        if place in seen:
            raise OverrideError(f"{place} is given twice")
        seen.add(place)
        _check_kind(place, value, places[place])
        _check_range(place, value)
        _check_rows(place, value)
        *path, last = place.split(".")
        block = result
        for name in path:
            block = block[name]
        block[last] = deepcopy(value)
    return result


def numbers(blocks: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted place and value of every number and list of numbers in `blocks`."""
    for name, value in blocks.items():
        if isinstance(value, Mapping):
            yield from numbers(value, f"{at}{name}.")
        elif name not in _WORDS:
            yield f"{at}{name}", value


def _flat(overrides: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in overrides.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{at}{name}.")
        else:
            yield f"{at}{name}", value


def _unknown(place: str, places: Mapping[str, Any]) -> str:
    within = [known for known in places if known.startswith(f"{place}.")]
    if within:
        return f"{place} is no number but has some: {', '.join(within)}"
    near = get_close_matches(place, places, n=1)
    return f"unknown: {place}" + (f"; did you mean {near[0]}?" if near else "")


def _check_kind(place: str, value: object, shipped: object) -> None:
    if isinstance(shipped, list):
        if not isinstance(value, list | tuple):
            raise OverrideError(f"{place} is a list of {len(shipped)}, not {value!r}")
        if len(value) != len(shipped):
            raise OverrideError(f"{place} has {len(value)} entries, must have {len(shipped)}")
        for index, (one, usual) in enumerate(zip(value, shipped, strict=True)):
            _check_kind(f"{place}[{index}]", one, usual)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise OverrideError(f"{place} is not a number: {value!r}")
    elif isinstance(value, float) and math.isnan(value):
        raise OverrideError(f"{place} is not a number: nan")


# The first that fits holds: lowest, whether it is itself allowed, highest. Without a natural limit
# there is one far beyond any use, so that no rate can overflow.
_RANGES = (
    ("*.n0", 0.0, False, math.inf),
    ("start.truths", 0.0, False, 1.0),
    ("reply.*.hours", 0.0, True, 1e6),
    ("reply.*.will", 0.0, True, 1.0),
    ("touch.*", 0.0, True, 1.0),
    ("symbols.*", 0.0, True, 1.0),
    ("orders.genuine_range", 0.0, True, 1.0),
    ("unprompted.yes_*", 0.0, True, 1e6),
    ("caution.gut_decibans", 0.0, True, 1e6),
    ("caution.repeat_days", 0.0, True, 1e6),
    ("caution.repeat_factor", 0.0, False, 1.0),
    ("discount.per_day", 0.0, False, 1.0),
    ("*", 1e-3, True, 1e6),
)


def _check_range(place: str, value: Any) -> None:
    low, with_low, high = next(rest for pattern, *rest in _RANGES if fnmatchcase(place, pattern))
    for number in _all(value):
        if number > high or number < low or (number == low and not with_low):
            least = f"at least {low:g}" if with_low else f"above {low:g}"
            raise OverrideError(f"{place} must be {least}, at most {high:g}")


def _check_rows(place: str, value: Any) -> None:
    if place == "start.truths":
        _check_sum(place, value)
    elif place.startswith("symbols.") and isinstance(value, list | tuple):
        for index, row in enumerate(value):
            _check_sum(f"{place}[{index}]", row)


def _check_sum(place: str, row: Any) -> None:
    total = math.fsum(row)
    if not math.isclose(total, 1, abs_tol=1e-9):
        raise OverrideError(f"{place} sums to {total:.6g}, must sum to 1")


def _all(value: Any) -> Iterator[float]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _all(one)
    else:
        yield value
