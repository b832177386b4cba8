"""From a chart to its drawing, for a page or as a file of its own."""

from nachhaken.desk.charts import bars, lines, squares
from nachhaken.desk.charts.marks import Drawing
from nachhaken.desk.charts.values import Bars, Chart, Lines, Squares

WIDE, NARROW = 560, 343
"""px: half a page on the desktop, and a telephone without its margins."""


def drawing_of(chart: Chart, width: int = WIDE) -> Drawing:
    """Return the drawing of any chart in `width` px."""
    match chart:
        case Lines():
            return lines.draw(chart, width)
        case Bars():
            return bars.draw(chart, width)
        case Squares():
            return squares.draw(chart, width)
