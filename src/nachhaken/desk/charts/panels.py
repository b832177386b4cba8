"""The page Auswertung: its panels in their order."""

from nachhaken.desk.charts.panels_asked import follow_ups, lines, reasons
from nachhaken.desk.charts.panels_clear import clear, early, sunk
from nachhaken.desk.charts.panels_true import gut, reliability
from nachhaken.desk.charts.values import Panel
from nachhaken.learning.insight.values import Insight

_PANELS = {
    "early": early,
    "follow-ups": follow_ups,
    "reasons": reasons,
    "clear": clear,
    "sunk": sunk,
    "true": reliability,
    "gut": gut,
    "lines": lines,
}


def panels_of(found: Insight) -> tuple[Panel, ...]:
    """Return all panels, the most useful first."""
    return tuple(make(found) for make in _PANELS.values())


def panel_of(found: Insight, key: str) -> Panel | None:
    """Return one panel; None where there is none of that name."""
    make = _PANELS.get(key)
    return make(found) if make else None
