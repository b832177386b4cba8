"""Lines with bands, or dots with whiskers; each series is named where it ends."""

from collections.abc import Iterator

from nachhaken.desk.charts.marks import (
    LINE,
    Drawing,
    Mark,
    area,
    dot,
    line,
    path,
    shortened,
    text,
    width_of,
)
from nachhaken.desk.charts.scale import Axis, axis, number, percent
from nachhaken.desk.charts.values import Lines, Point, Series

_HEIGHT = 250
_LEFT, _TOP, _BOTTOM, _RIGHT = 48.0, 14.0, 40.0, 14.0
_SMALLEST, _LARGEST = 3.5, 7.0
_SAID = 18.0  # what stands above the axis takes so much
_FEW = 8  # so many values of x are all named
_BESIDE = 12.0


def draw(chart: Lines, width: int) -> Drawing:
    """Return the chart in `width` px."""
    points = [point for one in chart.series for point in one.points]
    named = not chart.is_scatter
    room = max((_name_width(one) for one in chart.series), default=0.0) if named else 0.0
    right = width - max(_RIGHT, min(room, width * 0.3) + 8)
    ys = [y for p in points for y in (p.y, p.high or 0.0)]
    whole = [1.0] if chart.has_diagonal else []
    top = _TOP + (_SAID if chart.y_name else 0.0)
    up = axis([*ys, *whole], start=_HEIGHT - _BOTTOM, end=top)
    along = axis([*(p.x for p in points), *whole], start=_LEFT, end=right)
    if counted := _counted(chart):
        along = Axis(counted, _LEFT + _BESIDE, right - _BESIDE, counted[0])
    if chart.is_percent and up.ticks[-1] > 1:
        up = Axis((0.0, 0.25, 0.5, 0.75, 1.0), up.start, up.end)
    marks = [*_grid(chart, along, up), *_diagonal(chart, along, up)]
    marks += [mark for one in chart.series for mark in _band(one, chart, along, up)]
    marks += [mark for one in chart.series for mark in _course(one, chart, along, up)]
    if named:
        marks += _names(chart, along, up, width)
    return Drawing(width=width, height=_HEIGHT, marks=tuple(marks))


def _grid(chart: Lines, along: Axis, up: Axis) -> Iterator[Mark]:
    for value in up.ticks:
        y = up(value)
        yield line("grid", (_LEFT, y), (_right(chart, along), y))
        shown = percent(value) if chart.is_percent else number(value)
        yield text("tick", (_LEFT - 8, y + 4), shown, "end")
    for value in along.ticks:
        shown = percent(value) if chart.has_diagonal else number(value)
        yield text("tick", (along(value), _HEIGHT - _BOTTOM + 18), shown, "middle")
    yield text("tick", (_right(chart, along), _HEIGHT - 4), chart.x_name, "end")
    if chart.y_name:
        yield text("tick", (0.0, _TOP - 2), chart.y_name)


def _counted(chart: Lines) -> tuple[float, ...]:
    """Return the values of x where they are few: then each is named, and none is between them."""
    own = sorted({point.x for one in chart.series for point in one.points})
    return tuple(own) if 0 < len(own) <= _FEW and not chart.is_scatter else ()


def _right(chart: Lines, along: Axis) -> float:
    return along.end + (_BESIDE if _counted(chart) else 0.0)


def _diagonal(chart: Lines, along: Axis, up: Axis) -> list[Mark]:
    if not chart.has_diagonal:
        return []
    return [line("diagonal", (along(0.0), up(0.0)), (along(1.0), up(1.0)))]


def _band(series: Series, chart: Lines, along: Axis, up: Axis) -> list[Mark]:
    bounded = [p for p in series.points if p.low is not None and p.high is not None]
    if chart.is_scatter:
        ends = [(along(p.x), up(p.low or 0.0), up(p.high or 0.0)) for p in bounded]
        return [line(f"whisker {series.tone}", (x, low), (x, high)) for x, low, high in ends]
    if len(bounded) == 1:
        x, low, high = along(bounded[0].x), bounded[0].low or 0.0, bounded[0].high or 0.0
        return [line(f"whisker {series.tone}", (x, up(low)), (x, up(high)))]
    upper = [(along(p.x), up(p.high or 0.0)) for p in bounded]
    lower = [(along(p.x), up(p.low or 0.0)) for p in bounded]
    return [area(f"band {series.tone}", upper + lower[::-1])] if bounded else []


def _course(series: Series, chart: Lines, along: Axis, up: Axis) -> list[Mark]:
    places = [(along(p.x), up(p.y)) for p in series.points]
    dots = [
        dot(f"dot {series.tone}", place, _radius(point, chart))
        for point, place in zip(series.points, places, strict=True)
    ]
    is_many = len(places) > 4 * _FEW
    if chart.is_scatter:
        return dots
    course = [path(f"course {series.tone}", places)] if len(places) > 1 else []
    return course if is_many else course + dots


def _radius(point: Point, chart: Lines) -> float:
    if not chart.is_scatter:
        return _SMALLEST
    most = max((p.size for one in chart.series for p in one.points), default=0)
    share = (point.size / most) ** 0.5 if most else 0.0
    return _SMALLEST + (_LARGEST - _SMALLEST) * share


def _names(chart: Lines, along: Axis, up: Axis, width: int) -> list[Mark]:
    """Name each series at its end; names that would touch are moved apart."""
    ended = [one for one in chart.series if one.points]
    wanted = sorted((up(one.points[-1].y) + 4, index) for index, one in enumerate(ended))
    marks, lowest = [], _TOP
    for place, (y, index) in enumerate(wanted):
        below = (len(wanted) - 1 - place) * LINE  # room for those that come after
        at = min(max(y, lowest), _HEIGHT - _BOTTOM - below)
        lowest = at + LINE
        one = ended[index]
        x = along(one.points[-1].x) + 8
        marks.append(text(f"name {one.tone}", (x, at), shortened(one.name, width - x)))
    return marks


def _name_width(series: Series) -> float:
    return width_of(series.name) + 8
