"""The words for open points, key points and consents."""

from django import template
from django.utils.translation import gettext as _

from nachhaken.desk.forms.conversation import PINNABLE
from nachhaken.desk.pursuit import ConsentState, PointRow, PointState
from nachhaken.desk.rows import PersonRow
from nachhaken.terms import Channel, ConsentScope, StepKind, Truth

register = template.Library()

_SHAPES = {
    PointState.OPEN: Truth.STALLED,
    PointState.OVERDUE: Truth.STALLED,
    PointState.KEPT: Truth.GENUINE,
    PointState.BROKEN: Truth.LOST,
}


@register.filter
def point_shape(point: PointRow) -> Truth:
    return _SHAPES[point.state]


@register.filter
def point_word(point: PointRow) -> str:
    return {
        PointState.OPEN: _("offen"),
        PointState.OVERDUE: _("überfällig"),
        PointState.KEPT: _("erledigt"),
        PointState.BROKEN: _("geplatzt"),
    }[point.state]


@register.filter
def heard_word(channel: Channel) -> str:
    """How a consent reached us."""
    return {
        Channel.MAIL: _("per Mail"),
        Channel.CALL: _("am Telefon"),
        Channel.MEETING: _("im Gespräch"),
        Channel.LETTER: _("per Brief"),
        Channel.MESSAGE: _("per Nachricht"),
    }[channel]


@register.filter
def allowed_word(channel: Channel | None) -> str:
    """What kind of contact a consent is for."""
    return {
        None: _("für jeden Weg"),
        Channel.MAIL: _("für Mails"),
        Channel.CALL: _("für Anrufe"),
        Channel.MEETING: _("für Besuche"),
        Channel.LETTER: _("für Briefe"),
        Channel.MESSAGE: _("für Nachrichten"),
    }[channel]


@register.filter
def scope_word(scope: ConsentScope) -> str:
    return {
        ConsentScope.FOLLOW_UP: _("in dieser Sache"),
        ConsentScope.ADVERTISING: _("auch für Werbung"),
    }[scope]


@register.filter
def consent_word(state: ConsentState) -> str:
    return {
        ConsentState.STANDS: _("gilt"),
        ConsentState.OVER: _("abgelaufen"),
        ConsentState.WITHDRAWN: _("widerrufen"),
        ConsentState.OBJECTED: _("durch Widerspruch beendet"),
        ConsentState.UNDONE: _("irrtümlich notiert, zurückgenommen"),
    }[state]


@register.filter
def consent_shape(state: ConsentState) -> Truth:
    return Truth.GENUINE if state is ConsentState.STANDS else Truth.LOST


@register.filter
def rhythm(workdays: tuple[int, ...]) -> str:
    """An own cadence: "nach 3, 7 und 14 Arbeitstagen"."""
    shown = [str(days) for days in workdays]
    if not shown[1:]:
        return "".join(shown)
    return _("%(first)s und %(last)s") % {"first": ", ".join(shown[:-1]), "last": shown[-1]}


@register.filter
def is_pinnable(kind: StepKind) -> bool:
    """The seller can fix a day for this step."""
    return kind in PINNABLE


@register.filter
def address_word(person: PersonRow) -> str:
    """How a person is spoken to: "Frau, Sie"; "" where nobody has said so."""
    names = {"frau": _("Frau"), "herr": _("Herr"), "sie": _("Sie"), "du": _("du")}
    return ", ".join(names[one] for one in (person.salutation, person.tone) if one)
