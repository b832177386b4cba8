"""Charts and panels on a page, and the cells of their tables."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template

from nachhaken.desk.charts.draw import NARROW, WIDE, drawing_of
from nachhaken.desk.charts.scale import number
from nachhaken.desk.charts.values import Cell, Chart, Panel
from nachhaken.desk.templatetags.words import day_full

register = template.Library()

Link = tuple[str, str]
"""Words and address."""


@register.inclusion_tag("desk/svg/chart.html")
def chart(drawn: Chart, name: str) -> dict[str, Any]:
    """Draw a chart twice, for a wide and a narrow page; the style sheet shows the one that fits."""
    return {"drawings": [drawing_of(drawn, width) for width in (WIDE, NARROW)], "name": name}


@register.inclusion_tag("desk/_panel.html")
def panel(shown: Panel, query: str | None = None, links: Sequence[Link] = ()) -> dict[str, Any]:
    """Show a panel; with `query` ("" or "?...") its downloads are offered."""
    return {"panel": shown, "has_files": query is not None, "query": query or "", "links": links}


@register.filter
def cell(value: Cell) -> str:
    """Return what stands in a table: – for what is not known."""
    if value is None:
        return "–"
    if isinstance(value, date):
        return day_full(value)
    if isinstance(value, float):
        return number(value, 2 if 0 < value < 1 else 1)
    return number(value, 0) if isinstance(value, int) else value
