"""A chart as a file of its own: SVG with its colours in it, readable on white paper, and as CSV."""

from datetime import date

from django.template.loader import render_to_string

from nachhaken.desk import exports
from nachhaken.desk.charts.draw import drawing_of
from nachhaken.desk.charts.marks import Mark
from nachhaken.desk.charts.values import Cell, Panel, Table
from nachhaken.desk.speech import language

_TONES = {
    "accent": "#2A44A6",
    "genuine": "#1D6542",
    "stalled": "#744D00",
    "pretend": "#793A69",
    "lost": "#544F47",
    "ink": "#1F1C18",
}
_TINTS = {
    "genuine": "#E1F1E8",
    "stalled": "#F9EED3",
    "pretend": "#F5E6F1",
    "lost": "#EBE7DF",
    "accent": "#E8ECFA",
}
_INK, _SECOND, _LINE = "#1F1C18", "#544F47", "#CFC9BD"
_DASHES = {
    "diagonal": {"stroke-dasharray": "4 4"},
    "course lost": {"stroke-dasharray": "7 4"},
}
_SIZES = {"square-number": "28", "tick": "12", "name": "13"}


def svg_of(panel: Panel) -> bytes:
    """Return the panel's chart with its question above it; ValueError where it has none."""
    if panel.chart is None:
        raise ValueError(panel.key)
    drawing = drawing_of(panel.chart)
    marks = [(mark, _paint(mark)) for mark in drawing.marks]
    content = {"panel": panel, "drawing": drawing, "marks": marks, "below": drawing.height + 44}
    return render_to_string("desk/svg/chart_file.svg", content).strip().encode()


def csv_of(table: Table) -> bytes:
    """Return the numbers unrounded, as a spreadsheet of the user's language reads them."""
    return exports.table(table.head, ([_cell(cell) for cell in row] for row in table.rows))


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return exports.day(cell)
    if isinstance(cell, float):
        return repr(cell) if language() == "en" else repr(cell).replace(".", ",")
    return str(cell)


def _paint(mark: Mark) -> dict[str, str]:
    kind, _, tone = mark.role.partition(" ")
    colour = _TONES.get(tone, _INK)
    if mark.tag == "text":
        plain = colour if kind in {"name", "square-name"} else _INK
        fill = _SECOND if kind in {"tick", "square-line", "bar-beside"} else plain
        return {"fill": fill, "font-size": _SIZES.get(kind, "13"), "font-weight": _weight(kind)}
    if kind == "band":
        return {"fill": colour, "fill-opacity": "0.16"}
    if kind == "square":
        return {"fill": _TINTS.get(tone, "#F1EEE7")}
    if kind in {"bar", "dot"}:
        return {"fill": colour}
    stroke = _LINE if kind == "grid" else colour
    dash = _DASHES.get(mark.role, {})
    width = {"course": "2.25", "whisker": "1.5"}.get(kind, "1")
    return {"fill": "none", "stroke": stroke, "stroke-width": width, **dash}


def _weight(kind: str) -> str:
    return "600" if kind in {"name", "square-name", "square-number", "bar-value"} else "400"
