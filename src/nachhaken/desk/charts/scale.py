"""Axes from zero with round numbers, and numbers as they are written in the user's language."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format

_NOTHING = 1e-9  # a chart of less than this shows nothing
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to places between `start` and `end` (px); `ticks` are values, the last the top.

    An axis begins at zero: what is twice as long is twice as much. One that counts begins at
    `first`.
    """

    ticks: tuple[float, ...]
    start: float
    end: float
    first: float = 0.0

    def __call__(self, value: float) -> float:
        """Return where `value` stands; beyond the axis it stays at its end."""
        length = self.ticks[-1] - self.first
        share = (value - self.first) / length if length else 1 / 2
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def axis(values: Iterable[float], *, start: float, end: float, parts: int = 4) -> Axis:
    """Return an axis that holds all finite `values`, with about `parts` ticks."""
    most = max((value for value in values if math.isfinite(value)), default=0.0)
    return Axis(_ticks(most, parts), start, end)


def number(value: float, decimals: int | None = None) -> str:
    """Return a number with so many decimals, grouped; None: one, where it is needed."""
    if decimals is None:
        decimals = 0 if math.isclose(value, round(value), abs_tol=0.05) else 1
    # Rounded first: Django cuts the rest off.
    return number_format(f"{value:.{decimals}f}", decimals, force_grouping=True)


def percent(share: float) -> str:
    """Return a share as whole per cent."""
    return f"{number(100 * share, 0)} %"


def _ticks(most: float, parts: int) -> tuple[float, ...]:
    if most < _NOTHING:
        return (0.0, 1.0)
    rough = most / parts
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in _STEPS if s * power >= rough * (1 - 1e-9))
    count = math.ceil(most / step * (1 - 1e-9))
    return tuple(step * index for index in range(max(count, 1) + 1))
