"""Fit as a shape and a word: both everywhere."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nachhaken.desk.templatetags.words import duration
from nachhaken.engine.fit import Level

register = template.Library()

_SHAPES = {"1": "genuine", "0": "stalled", "-1": "lost"}
_NAMES = {"1": "well", "0": "so-so", "-1": "not"}


@register.simple_tag
def mark_shape(points: int | str) -> SafeString:
    """A full, a half dot, or a cross; nothing for what is not known."""
    name = _SHAPES.get(str(points))
    if name is None:
        return SafeString("")
    return format_html(
        '<svg class="shape {0}" aria-hidden="true" focusable="false"><use href="{1}#{0}"/></svg>',
        name,
        static("desk/icons.svg"),
    )


@register.filter
def answer(points: str) -> str:
    """The class of an answer's button."""
    return _NAMES.get(points, "unknown")


@register.filter
def mark_word(points: int) -> str:
    return {1: _("passt"), 0: _("geht so"), -1: _("passt nicht")}[points]


@register.filter
def energy_word(points: int) -> str:
    return {1: _("gibt Kraft"), 0: _("neutral"), -1: _("kostet Kraft")}[points]


@register.filter
def level_word(level: Level) -> str:
    return {Level.GOOD: _("gut"), Level.MIXED: _("gemischt"), Level.POOR: _("schlecht")}[level]


@register.filter
def beside_plan(minutes: int) -> str:
    if minutes == 0:
        return _("Blieb im Plan.")
    took = duration(abs(minutes))
    return (
        _("%(time)s mehr als geplant.") % {"time": took}
        if minutes > 0
        else _("%(time)s weniger als geplant.") % {"time": took}
    )
