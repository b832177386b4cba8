"""Whether the desk's probabilities came true, and the seller's gut."""

from django.utils.translation import gettext as _

from nachhaken.desk.charts.scale import percent
from nachhaken.desk.charts.values import Bar, Bars, Definition, Lines, Panel, Point, Series, Table
from nachhaken.desk.charts.wording import FEW, too_few
from nachhaken.learning.insight.values import BesideGut, Insight, Measured, Nose, Reliability
from nachhaken.learning.shares import Share, jeffreys


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
            "Nachträglich gerechnet, mit dem Wissen von damals. Jeder Punkt: Vorgänge, denen der "
            "Tisch am 14. Tag etwa diese Chance gab. Auf der Linie kam es so oft wie gesagt. "
            "Strich: so sicher ist das."
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
            head=(
                _("Tag nach dem Angebot"),
                _("gesagte Chance"),
                _("Fälle"),
                _("gekommen"),
                _("von"),
                _("bis"),
            ),
            rows=tuple(
                (look.day, one.chance, one.cases, *one.share)
                for look in told.looks
                for one in look.bins
            ),
        ),
        definitions=_true_definitions(told),
        cases=told.cases,
    )


def gut(found: Insight) -> Panel:
    """Return how often the seller's gut was right."""
    nose = found.nose
    felt = (
        (_("„riecht nach totem Pferd“"), nose.dead, nose.dead_right, "pretend"),
        (_("„ist echt“"), nose.alive, nose.alive_right, "genuine"),
    )
    besides = (nose.beside_dead, nose.beside_alive)
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
            head=(
                _("Gefühl"),
                _("Fälle"),
                _("richtig"),
                _("davon mit Chance vom Tisch"),
                _("Aufträge"),
                _("mittlere Chance"),
            ),
            rows=tuple(
                (name, cases, right, *_row(beside))
                for (name, cases, right, _tone), beside in zip(felt, besides, strict=True)
            ),
        ),
        definitions=(
            Definition(
                word=_("richtig"),
                meaning=_(
                    "„Totes Pferd“, und es wurde kein Auftrag; „echt“, und es wurde einer. Offene "
                    "Vorgänge zählen noch nicht."
                ),
            ),
            Definition(
                word=_("Chance vom Tisch"),
                meaning=_(
                    "Was der Tisch unmittelbar vor Ihrem Gefühl gesagt hätte, nachträglich "
                    "gerechnet: die Chance auf einen Auftrag innerhalb von 180 Tagen."
                ),
            ),
        ),
        cases=nose.dead + nose.alive,
    )


def _true_definitions(told: Reliability) -> tuple[Definition, ...]:
    found = [
        Definition(
            word=_("Chance"),
            meaning=_(
                "Ein Auftrag innerhalb von 180 Tagen. Gezählt sind Vorgänge, die am 14. Tag nach "
                "dem Angebot offen waren, sobald die Frist für alle aus ihrem Quartal um ist."
            ),
        ),
        Definition(word=_("nachträglich gerechnet"), meaning=_looking_back(told)),
    ]
    skills = [(look.day, look.skill) for look in told.looks if look.skill is not None]
    if skills:
        found.append(Definition(word=_("besser als der Anteil"), meaning=_better(skills)))
    return tuple(found)


def _looking_back(told: Reliability) -> str:
    how = _(
        "Für den 1., 14. und 42. Tag nach dem Angebot rechnet der Tisch, was er gesagt hätte: nur "
        "mit dem, was bis dahin bekannt war, und mit den mitgelieferten Werten. Was er aus Ihren "
        "Vorgängen gelernt hat, bleibt weg, denn es kennt deren Ausgang."
    )
    if not told.looked_back:
        return how
    late = _(
        "Bei %(back)s von %(cases)s Vorgängen wurde die Geschichte erst später eingelesen: Da gilt "
        "als bekannt, was bis zu dem Tag geschehen war."
    ) % {"back": told.looked_back, "cases": told.cases}
    return f"{how} {late}"


def _better(skills: list[tuple[int, Measured]]) -> str:
    words = [
        _("am %(day)s. Tag %(share)s (wohl %(low)s bis %(high)s)")
        % {
            "day": day,
            "share": percent(skill.value),
            "low": percent(skill.low),
            "high": percent(skill.high),
        }
        for day, skill in skills
    ]
    how = _(
        "Um so viel kleiner ist der Fehler (Brier) als bei dem, der immer denselben Anteil nennt: "
        "%(days)s. Null heißt: nicht besser; darunter: schlechter."
    )
    return how % {"days": ", ".join(words)}


def _true_says(told: Reliability) -> str:
    if told.skill is None or told.came is None:
        return too_few(told.cases, 2 * FEW)
    if told.skill.high < 0:
        better = _("Bisher träfe man besser, wenn man immer denselben Anteil nennt.")
    elif told.skill.low > 0:
        better = _("Sie sagen mehr, als immer denselben Anteil zu nennen.")
    else:
        better = _("Ob sie mehr sagen als der durchschnittliche Anteil, ist noch nicht sicher.")
    return f"{_on_average(told.said, told.came)} {better}"


def _on_average(said: float, came: Share) -> str:
    words = {"said": percent(said), "came": percent(came.value)}
    if said < came.low:
        return _("Im Mittel zu vorsichtig: gesagt %(said)s, gekommen etwa %(came)s.") % words
    if said > came.high:
        return _("Im Mittel zu hoch: gesagt %(said)s, gekommen etwa %(came)s.") % words
    return _("Im Mittel stimmen sie: gesagt %(said)s, gekommen etwa %(came)s.") % words


def _gut_says(nose: Nose) -> str:
    cases, right = nose.dead + nose.alive, nose.dead_right + nose.alive_right
    if cases < FEW:
        return too_few(cases)
    share = jeffreys(right, cases)
    words = {"right": right, "cases": cases}
    if share.low > 1 / 2:
        own = _("Es stimmte in %(right)s von %(cases)s Fällen. Hören Sie darauf.") % words
    else:
        own = (
            _("Es stimmte in %(right)s von %(cases)s Fällen; das könnte auch Zufall sein.") % words
        )
    return " ".join([own, *_beside_says(nose)])


def _beside_says(nose: Nose) -> list[str]:
    """The desk's chance beside the gut: both spoke of the same matters, on the same day."""
    dead, alive = nose.beside_dead, nose.beside_alive
    said = []
    if dead.cases >= FEW:
        words = {"chance": percent(dead.chance), "won": dead.won, "cases": dead.cases}
        said.append(
            _(
                "Wo es nach totem Pferd roch, gab der Tisch im Mittel %(chance)s; ein Auftrag "
                "wurden %(won)s von %(cases)s."
            )
            % words
        )
    if alive.cases >= FEW:
        words = {"chance": percent(alive.chance), "won": alive.won, "cases": alive.cases}
        said.append(
            _("Wo es echt schien, gab er %(chance)s; ein Auftrag wurden %(won)s von %(cases)s.")
            % words
        )
    return said


def _row(beside: BesideGut) -> tuple[int, int, float | None]:
    return beside.cases, beside.won, beside.chance if beside.cases else None
