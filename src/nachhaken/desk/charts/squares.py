"""Four fields: the number large, what belongs to it below."""

from nachhaken.desk.charts.marks import LINE, Drawing, Mark, box, text, width_of, wrapped
from nachhaken.desk.charts.values import Square, Squares

_HEAD, _PAD, _GAP = 26.0, 14.0, 2.0


def draw(chart: Squares, width: int) -> Drawing:
    """Return the chart in `width` px; all fields are as high as the fullest."""
    left = max(width_of(name) for name in chart.rows) + 8
    wide = (width - left - _GAP) / 2
    tall = max(_tall(square, wide) for square in chart.squares)
    marks: list[Mark] = []
    for column, name in enumerate(chart.columns):
        marks.append(text("tick", (left + column * (wide + _GAP) + _PAD, 16), name))
    for index, square in enumerate(chart.squares):
        row, column = divmod(index, 2)
        x, y = left + column * (wide + _GAP), _HEAD + row * (tall + _GAP)
        if column == 0:
            marks.append(text("tick", (0, y + tall / 2), chart.rows[row]))
        marks += _square(square, (x, y), (wide, tall))
    return Drawing(width=width, height=round(_HEAD + 2 * tall + _GAP), marks=tuple(marks))


def _square(square: Square, at: tuple[float, float], size: tuple[float, float]) -> list[Mark]:
    x, y = at[0] + _PAD, at[1]
    marks = [
        box(f"square {square.tone}", at, size, 10),
        text(f"square-name {square.tone}", (x, y + 26), square.name),
        text("square-number", (x, y + 60), square.number),
    ]
    rows = _rows(square, size[0])
    marks += [text("square-line", (x, y + 82 + i * LINE), row) for i, row in enumerate(rows)]
    return marks


def _rows(square: Square, wide: float) -> list[str]:
    return [row for one in square.lines for row in wrapped(one, wide - 2 * _PAD)]


def _tall(square: Square, wide: float) -> float:
    return 82 + len(_rows(square, wide)) * LINE + 4
