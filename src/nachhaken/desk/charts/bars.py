"""Bars below each other: name, length from zero, and what is written at the end.

Where a value may be below zero, zero is a line and such a bar goes to its left.
"""

from nachhaken.desk.charts.marks import Drawing, Mark, box, line, shortened, text, width_of
from nachhaken.desk.charts.scale import Axis
from nachhaken.desk.charts.values import Bar, Bars

_ROW, _TALL_ROW, _THICK = 30.0, 48.0, 18.0
_NARROW = 420
_GAP = 8.0


def draw(chart: Bars, width: int) -> Drawing:
    """Return the chart in `width` px; where it is narrow, the names stand above their bars."""
    is_narrow = width < _NARROW
    longest = max((width_of(bar.name) for bar in chart.bars), default=0.0)
    left = 0.0 if is_narrow else min(longest + _GAP, width * 0.36)
    row = _TALL_ROW if is_narrow else _ROW
    most = max((max(bar.value, bar.high or 0.0) for bar in chart.bars), default=0.0)
    room = max((_written(bar) for bar in chart.bars), default=0.0)
    end = max(width - room, left + width * 0.2)
    least = min((min(bar.value, bar.low or 0.0) for bar in chart.bars), default=0.0)
    along = Axis((0.0, most or (0.0 if least < 0 else 1.0)), left, end, min(least, 0.0))
    marks = [
        mark
        for index, bar in enumerate(chart.bars)
        for mark in _bar(bar, along, top=index * row, width=width, is_narrow=is_narrow)
    ]
    height = round(row * len(chart.bars)) or 1
    return Drawing(width=width, height=height, marks=tuple(marks))


def _bar(bar: Bar, along: Axis, *, top: float, width: float, is_narrow: bool) -> list[Mark]:
    y = top + (22.0 if is_narrow else (_ROW - _THICK) / 2)
    base = y + _THICK - 5
    zero, reached = along(0.0), along(bar.value)
    end = max(reached, zero + 2)
    name = (
        text("bar-name", (0, top + 14), shortened(bar.name, width))
        if is_narrow
        else text(
            "bar-name", (along.start - _GAP, base), shortened(bar.name, along.start - _GAP), "end"
        )
    )
    whisker = []
    if bar.low is not None and bar.high is not None:
        middle = y + _THICK / 2
        whisker = [line("whisker ink", (along(bar.low), middle), (along(bar.high), middle))]
        end = max(end, along(bar.high))
    shown = text("bar-value", (end + _GAP, base), bar.shown)
    beside = text("bar-beside", (end + 2 * _GAP + width_of(bar.shown), base), bar.beside)
    rect = box(f"bar {bar.tone}", (min(zero, reached), y), (max(abs(reached - zero), 2), _THICK), 3)
    over = 3 if is_narrow else (_ROW - _THICK) / 2
    nothing = [line("zero", (zero, y - over), (zero, y + _THICK + over))] if along.first < 0 else []
    return [name, rect, *nothing, *whisker, shown, *([beside] if bar.beside else [])]


def _written(bar: Bar) -> float:
    beside = width_of(bar.beside) + _GAP if bar.beside else 0.0
    return width_of(bar.shown) + beside + 2 * _GAP
