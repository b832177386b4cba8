"""Whether the desk's probabilities came true, and the seller's gut."""

from django.utils.translation import gettext as _

from nachhaken.desk.charts.scale import percent
from nachhaken.desk.charts.values import Bar, Bars, Definition, Lines, Panel, Point, Series, Table
from nachhaken.desk.charts.wording import FEW, too_few
from nachhaken.learning.insight.values import Insight, Nose, Reliability
from nachhaken.learning.shares import jeffreys


def reliability(found: Insight) -> Panel:
    """Return how often came true what the desk gave a chance."""
    told = found.reliability
    points = tuple(
        Point(
            x=one.chance, y=one.share.value, low=one.share.low, high=one.share.high, size=one.cases
        )
        for one in told.bins
    )
    return Panel(
        key="true",
        question=_("Stimmen unsere Prozente?"),
        how=_(
            "Jeder Punkt: alle Vorgänge, denen der Tisch etwa diese Chance gab. Auf der Linie "
            "heißt: Es kam so oft, wie gesagt. Strich: so sicher ist das."
        ),
        says=_true_says(told),
        chart=Lines(
            series=(Series(name=_("Vorgänge"), points=points),),
            is_scatter=True,
            has_diagonal=True,
            x_name=_("gesagt"),
            y_name=_("gekommen"),
        )
        if points
        else None,
        table=Table(
            head=(_("gesagte Chance"), _("Fälle"), _("gekommen"), _("von"), _("bis")),
            rows=tuple((one.chance, one.cases, *one.share) for one in told.bins),
        ),
        definitions=(
            Definition(
                word=_("Chance"),
                meaning=_(
                    "Ein Auftrag innerhalb von 180 Tagen nach dem Angebot, gesagt am 14. Tag, mit "
                    "dem, was da bekannt war. Nur Vorgänge, deren Frist um ist oder die "
                    "entschieden sind."
                ),
            ),
        ),
        cases=told.cases,
    )


def gut(found: Insight) -> Panel:
    """Return how often the seller's gut was right."""
    nose = found.nose
    felt = (
        (_("„riecht nach totem Pferd“"), nose.dead, nose.dead_right, "pretend"),
        (_("„ist echt“"), nose.alive, nose.alive_right, "genuine"),
    )
    bars = []
    for name, cases, right, tone in felt:
        if cases:
            share = jeffreys(right, cases)
            beside = _("%(right)s von %(cases)s") % {"right": right, "cases": cases}
            bars.append(
                Bar(
                    name=name,
                    value=right / cases,
                    shown=percent(right / cases),
                    beside=beside,
                    low=share.low,
                    high=share.high,
                    tone=tone,
                )
            )
    return Panel(
        key="gut",
        question=_("Was taugt Ihr Gefühl?"),
        how=_("Wie oft es stimmte, wenn Sie Ihr Gefühl festgehalten haben. Strich: so sicher."),
        says=_gut_says(nose),
        chart=Bars(bars=tuple(bars)) if bars else None,
        table=Table(
            head=(_("Gefühl"), _("Fälle"), _("richtig")),
            rows=tuple((name, cases, right) for name, cases, right, _tone in felt),
        ),
        definitions=(
            Definition(
                word=_("richtig"),
                meaning=_(
                    "„Totes Pferd“, und es wurde kein Auftrag; „echt“, und es wurde einer. Offene "
                    "Vorgänge zählen noch nicht."
                ),
            ),
        ),
        cases=nose.dead + nose.alive,
    )


def _true_says(told: Reliability) -> str:
    if told.skill is None:
        return too_few(told.cases, 2 * FEW)
    if told.skill.low > 0:
        return _("Ja: Sie sagen mehr, als immer denselben Anteil zu nennen.")
    if told.skill.high < 0:
        return _("Nein: Bisher träfe man besser, wenn man immer denselben Anteil nennt.")
    return _("Ob sie mehr sagen als der durchschnittliche Anteil, ist noch nicht sicher.")


def _gut_says(nose: Nose) -> str:
    cases, right = nose.dead + nose.alive, nose.dead_right + nose.alive_right
    if cases < FEW:
        return too_few(cases)
    share = jeffreys(right, cases)
    words = {"right": right, "cases": cases}
    if share.low > 1 / 2:
        return _("Es stimmte in %(right)s von %(cases)s Fällen. Hören Sie darauf.") % words
    return _("Es stimmte in %(right)s von %(cases)s Fällen; das könnte auch Zufall sein.") % words
