"""The page Auswertung: its panels in their order, and what one could do otherwise."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from nachhaken.desk.charts.panels_asked import follow_ups, last_worth, lines, reason_word, reasons
from nachhaken.desk.charts.panels_clear import clear, early, sunk
from nachhaken.desk.charts.panels_true import gut, reliability
from nachhaken.desk.charts.scale import percent
from nachhaken.desk.charts.values import Panel
from nachhaken.desk.charts.wording import FEW, hours
from nachhaken.learning.insight.values import Ending, Insight
from nachhaken.terms import NoReason

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
_MOST = 3
_MANY_LATE = 0.25


@dataclass(frozen=True, slots=True)
class Advised:
    """What one could do otherwise, and the key of the panel that shows why."""

    words: str
    key: str


def panels_of(found: Insight) -> tuple[Panel, ...]:
    """Return all panels, the most useful first."""
    return tuple(make(found) for make in _PANELS.values())


def panel_of(found: Insight, key: str) -> Panel | None:
    """Return one panel; None where there is none of that name."""
    make = _PANELS.get(key)
    return make(found) if make else None


def advised(found: Insight) -> tuple[Advised, ...]:
    """Return at most three things to do otherwise, only what the numbers carry."""
    said = (_on_late(found), _on_asking(found), _on_reasons(found))
    return tuple(one for one in said if one)[:_MOST]


def _on_late(found: Insight) -> Advised | None:
    late, early_no = found.fields[Ending.LATE_NO], found.fields[Ending.EARLY_NO]
    noes = late.count + early_no.count
    if noes < FEW or late.count < _MANY_LATE * noes:
        return None
    each = hours(late.minutes / late.count)
    words = _(
        "Fragen Sie früher offen nach, ob es etwas wird: %(late)s von %(noes)s Neins kamen spät "
        "und kosteten im Mittel %(each)s Stunden."
    )
    return Advised(words % {"late": late.count, "noes": noes, "each": each}, "early")


def _on_asking(found: Insight) -> Advised | None:
    nth = last_worth(found.follow_ups)
    if nth is None:
        return None
    if nth == 1:
        share = percent(next(row.answered.value for row in found.follow_ups if row.nth == nth))
        words = _("Fragen Sie nach jedem Angebot mindestens einmal nach: Etwa %(share)s antworten.")
        return Advised(words % {"share": share}, "follow-ups")
    words = _("Fragen Sie ruhig bis zum %(nth)s. Mal nach: So lange wird geantwortet.")
    return Advised(words % {"nth": nth}, "follow-ups")


def _on_reasons(found: Insight) -> Advised | None:
    noes = sum(row.count for row in found.reasons)
    unknown = sum(row.count for row in found.reasons if row.reason in {None, NoReason.UNKNOWN})
    if noes < FEW:
        return None
    if 2 * unknown > noes:
        words = _("Fragen Sie bei jedem Nein nach dem Grund: Von %(noes)s kennen Sie %(known)s.")
        return Advised(words % {"noes": noes, "known": noes - unknown}, "reasons")
    known = [row for row in found.reasons if row.reason not in {None, NoReason.UNKNOWN}]
    words = _("Am häufigsten scheitert es an „%(reason)s“: Sprechen Sie das im ersten Gespräch an.")
    return Advised(words % {"reason": reason_word(known[0])}, "reasons")
