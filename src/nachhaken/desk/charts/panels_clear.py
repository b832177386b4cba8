"""How early it got clear, how long that took, and what lies in the late noes."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.charts.scale import number, percent
from nachhaken.desk.charts.values import (
    Bar,
    Bars,
    Definition,
    Lines,
    Panel,
    Point,
    Series,
    Square,
    Squares,
    Table,
)
from nachhaken.desk.charts.wording import FEW, by_currency, hours, too_few
from nachhaken.learning.insight.values import (
    LATE_DAYS,
    LATE_MINUTES,
    Clarity,
    ClarityPoint,
    Ending,
    Field,
    Insight,
    Saved,
)

_TONES = {
    Ending.EARLY_YES: "genuine",
    Ending.LATE_YES: "genuine",
    Ending.EARLY_NO: "lost",
    Ending.LATE_NO: "pretend",
}
_HALF = 30  # minutes: less saved is not worth a line
_LIMITS = {"days": LATE_DAYS, "hours": LATE_MINUTES // 60}


def ending_words() -> dict[Ending, str]:
    """Return the names of the four fields."""
    return {
        Ending.EARLY_YES: _("frühes Ja"),
        Ending.LATE_YES: _("spätes Ja"),
        Ending.EARLY_NO: _("frühes Nein"),
        Ending.LATE_NO: _("spätes Nein"),
    }


def early(found: Insight) -> Panel:
    """Return the four fields: early and late, yes and no."""
    names = ending_words()
    rows = tuple((names[ending], *_numbers(field)) for ending, field in found.fields.items())
    squares = [_square(ending, found) for ending in Ending]
    return Panel(
        key="early",
        question=_("Wie früh wird es klar?"),
        how=_(
            "Ein frühes Nein ist gut, ein spätes ist teuer. Früh heißt: bis zum %(days)s. Tag und "
            "mit höchstens %(hours)s Stunden Vorarbeit."
        )
        % _LIMITS,
        says=_early_says(found),
        chart=Squares(
            columns=(_("früh"), _("spät")),
            rows=(_("Ja"), _("Nein")),
            squares=(squares[0], squares[1], squares[2], squares[3]),
        )
        if found.decided
        else None,
        table=Table(
            head=(_("Ausgang"), _("Anzahl"), _("Minuten Vorarbeit"), _("Vorarbeit"), _("Angebote")),
            rows=rows,
        ),
        definitions=(
            Definition(
                word=_("früh und spät"),
                meaning=_(
                    "Gezählt ab dem ersten Angebot, ohne Angebot ab der Anfrage. Spät ist, was "
                    "länger als %(days)s Tage oder mehr als %(hours)s Stunden eigene Arbeit "
                    "brauchte."
                )
                % _LIMITS,
            ),
            Definition(
                word=_("Nein"),
                meaning=_(
                    "Der Kunde sagte ab, wir sagten ab, wir ließen los, oder er wünschte keinen "
                    "Kontakt mehr."
                ),
            ),
            _saved_definition(found.saved),
        ),
        cases=found.decided,
    )


def clear(found: Insight) -> Panel:
    """Return how long it takes until it is clear, the open ones taken into account."""
    clarity = found.clarity
    is_enough = clarity.cases - clarity.open_cases >= FEW
    return Panel(
        key="clear",
        question=_("Wie lange dauert es, bis es klar ist?"),
        how=_(
            "Von hundert Vorgängen hatten nach so vielen Tagen so viele ein Ja oder ein Nein. "
            "Heller Streifen: so sicher ist das bei Ihren Zahlen."
        ),
        says=_clear_says(clarity) if is_enough else too_few(clarity.cases - clarity.open_cases),
        chart=Lines(
            series=(
                Series(name=_("Nein"), points=_course(clarity, is_yes=False), tone="lost"),
                Series(name=_("Ja"), points=_course(clarity, is_yes=True), tone="genuine"),
            ),
            x_name=_("Tage seit dem Angebot"),
        )
        if is_enough
        else None,
        table=Table(
            head=(_("Tag"), _("Ja"), _("von"), _("bis"), _("Nein"), _("von"), _("bis")),
            rows=tuple((point.day, *point.yes, *point.no) for point in clarity.points),
        ),
        definitions=(
            Definition(
                word=_("offene Vorgänge"),
                meaning=_(
                    "Sie zählen bis heute mit: Noch nicht klar ist auch eine Auskunft "
                    "(Aalen-Johansen). Sie wegzulassen würde die Zeit zu kurz schätzen."
                ),
            ),
        ),
        cases=clarity.cases,
    )


def sunk(found: Insight) -> Panel:
    """Return the hours that lie in each of the four fields."""
    late, names = found.fields[Ending.LATE_NO], ending_words()
    bars = tuple(
        Bar(
            name=names[ending],
            value=field.minutes / 60,
            shown=_("%(hours)s Std.") % {"hours": hours(field.minutes)},
            beside=by_currency(field.sunk),
            tone=_TONES[ending],
        )
        for ending, field in found.fields.items()
    )
    return Panel(
        key="sunk",
        question=_("Wohin ging die Vorarbeit?"),
        how=_("Stunden vor der Entscheidung, und was sie kosteten, nach dem Ausgang."),
        says=_sunk_says(found, late),
        chart=Bars(bars=bars) if any(field.minutes for field in found.fields.values()) else None,
        table=Table(
            head=(_("Ausgang"), _("Anzahl"), _("Minuten Vorarbeit"), _("Vorarbeit"), _("Angebote")),
            rows=tuple((names[end], *_numbers(field)) for end, field in found.fields.items()),
        ),
        definitions=(
            Definition(
                word=_("Vorarbeit"),
                meaning=_(
                    "Was Sie zu einem Vorgang als eigene Stunden und Auslagen festgehalten haben; "
                    "die Stunde zu Ihrem Satz. Was nicht festgehalten ist, fehlt hier."
                ),
            ),
        ),
        cases=found.decided,
    )


def _numbers(field: Field) -> tuple[int, int, str, str]:
    return field.count, field.minutes, by_currency(field.sunk), by_currency(field.amount)


def _square(ending: Ending, found: Insight) -> Square:
    field = found.fields[ending]
    lines = []
    if found.decided and field.count:
        mean = hours(field.minutes / field.count)
        share = percent(field.count / found.decided)
        lines.append(_("%(share)s · im Mittel %(hours)s Std.") % {"share": share, "hours": mean})
    if ending is Ending.EARLY_NO and found.saved.minutes and found.saved.minutes.value >= _HALF:
        saved = hours(found.saved.minutes.value)
        lines.append(_("spart rund %(hours)s Std.") % {"hours": saved})
    if ending is Ending.LATE_NO and (lost := by_currency(field.sunk)):
        lines.append(_("%(money)s Vorarbeit") % {"money": lost})
    return Square(
        name=ending_words()[ending],
        number=number(field.count),
        lines=tuple(lines),
        tone=_TONES[ending],
    )


def _early_says(found: Insight) -> str:
    late = found.fields[Ending.LATE_NO]
    noes = late.count + found.fields[Ending.EARLY_NO].count
    if not found.decided:
        return _(
            "Noch ist hier nichts entschieden. Sobald die ersten Vorgänge klar sind, steht da, wie "
            "früh es war und was es gekostet hat."
        )
    if not noes:
        return _("Noch kein Nein: Alles, was entschieden ist, wurde ein Auftrag.")
    if not late.count:
        return _("Alle Neins kamen früh. Das ist die gute Art von Nein.")
    words = {"late": late.count, "noes": noes, "hours": hours(late.minutes)}
    if not late.minutes:
        said = ngettext(
            "%(late)s von %(noes)s Nein kam spät.", "%(late)s von %(noes)s Neins kamen spät.", noes
        )
        return said % words
    return (
        ngettext(
            "%(late)s von %(noes)s Nein kam spät und hat %(hours)s Stunden gekostet.",
            "%(late)s von %(noes)s Neins kamen spät und haben zusammen %(hours)s Stunden gekostet.",
            noes,
        )
        % words
    )


def _clear_says(clarity: Clarity) -> str:
    median = clarity.median_days
    if median is None:
        return _("In der Zeit, die bekannt ist, wird weniger als die Hälfte klar.")
    words = {"days": round(median.value), "low": round(median.low), "high": round(median.high)}
    return (
        _("Nach %(days)s Tagen ist die Hälfte klar (wohl zwischen %(low)s und %(high)s).") % words
    )


def _sunk_says(found: Insight, late: Field) -> str:
    whole = sum(field.minutes for field in found.fields.values())
    if not whole:
        return _(
            "Zu diesen Vorgängen ist keine Vorarbeit festgehalten. Ein Tipp auf „+15 Min.“ am "
            "Vorgang genügt."
        )
    words = {"share": percent(late.minutes / whole), "hours": hours(late.minutes)}
    if not late.minutes:
        return _("Keine Stunde ging in ein spätes Nein.")
    return _("In späten Neins stecken %(hours)s Stunden, %(share)s der Vorarbeit.") % words


def _saved_definition(saved: Saved) -> Definition:
    if saved.minutes is None:
        meaning = _(
            "Was ein frühes Nein spart, lässt sich schätzen, sobald mindestens %(least)s "
            "vergleichbare Vorgänge weitergingen und später ein Nein wurden."
        ) % {"least": saved.least}
    else:
        meaning = _(
            "Geschätzt aus %(compared)s vergleichbaren Vorgängen, die nach dem Tag des frühen "
            "Neins weitergingen und doch ein Nein wurden: so viele Stunden kamen dort noch dazu. "
            "Für alle %(early)s zusammen wohl zwischen %(low)s und %(high)s Stunden."
        ) % {
            "compared": saved.compared,
            "early": saved.early,
            "low": hours(saved.minutes.low),
            "high": hours(saved.minutes.high),
        }
    return Definition(word=_("gesparte Stunden"), meaning=meaning)


def _course(clarity: Clarity, *, is_yes: bool) -> tuple[Point, ...]:
    return tuple(_point(point, is_yes=is_yes) for point in clarity.points)


def _point(point: ClarityPoint, *, is_yes: bool) -> Point:
    share = point.yes if is_yes else point.no
    return Point(x=point.day, y=share.value, low=share.low, high=share.high)
