"""The workshop in sentences."""

from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nachhaken.desk.forms.lab import NumbersForm
from nachhaken.desk.pages_lab import Turn, TurnedGroup, WhatIfPage
from nachhaken.desk.templatetags.words import amount
from nachhaken.learning.insight.values import Measured

register = template.Library()


@register.filter
def unlocalized(value: object) -> str:
    """A number as a slider wants it, whatever the language."""
    return str(value).replace(",", ".")


@register.filter
def numbers_query(form: NumbersForm) -> str:
    """The numbers that were tried, for the settings to fill in."""
    return urlencode({name: str(form.cleaned_data[name]) for name in form.fields})


@register.filter
def turned(page: WhatIfPage) -> str:
    """'12 von 48 Schritten ändern sich: 5 werden losgelassen, 7 kommen später.'"""
    if not page.looked_at:
        return _("Es gibt keine offenen Vorgänge, an denen sich etwas ändern könnte.")
    if page.is_same:
        return _("Das sind Ihre Zahlen: Es bleibt alles, wie es ist.")
    if not page.changed:
        return ngettext(
            "Der eine Schritt bleibt, wie er ist.",
            "Alle %(n)d Schritte bleiben, wie sie sind.",
            page.looked_at,
        ) % {"n": page.looked_at}
    start = ngettext(
        "%(n)d von %(total)d Schritten ändert sich",
        "%(n)d von %(total)d Schritten ändern sich",
        page.changed,
    ) % {"n": page.changed, "total": page.looked_at}
    parts = ", ".join(_part(group) for group in page.groups)
    return f"{start}: {parts}."


@register.filter
def turn_name(group: TurnedGroup) -> str:
    return {
        Turn.LET_GO: _("Wird losgelassen"),
        Turn.GO_ON: _("Wird weiter verfolgt"),
        Turn.OTHER: _("Ein anderer Schritt"),
        Turn.EARLIER: _("Früher"),
        Turn.LATER: _("Später"),
    }[group.turn]


@register.filter
def euros(eur: float) -> str:
    """A simulated mean in whole EUR: '932', '−40'."""
    return amount(round(abs(eur)) * 100) if eur >= 0 else f"−{amount(round(abs(eur)) * 100)}"


@register.filter
def euro_span(measured: Measured) -> str:
    return _("%(low)s bis %(high)s") % {"low": euros(measured.low), "high": euros(measured.high)}


@register.filter
def percent(share: float) -> str:
    return f"{round(100 * share)} %"


@register.filter
def percent_span(measured: Measured) -> str:
    low, high = (round(100 * min(max(share, 0.0), 1.0)) for share in (measured.low, measured.high))
    return f"{low}–{high} %"


def _part(group: TurnedGroup) -> str:
    n = len(group.rows)
    said = {
        Turn.LET_GO: ngettext("%(n)d wird losgelassen", "%(n)d werden losgelassen", n),
        Turn.GO_ON: ngettext("%(n)d wird weiter verfolgt", "%(n)d werden weiter verfolgt", n),
        Turn.OTHER: ngettext("%(n)d wird ein anderer", "%(n)d werden andere", n),
        Turn.EARLIER: ngettext("%(n)d kommt früher", "%(n)d kommen früher", n),
        Turn.LATER: ngettext("%(n)d kommt später", "%(n)d kommen später", n),
    }[group.turn]
    return said % {"n": n}
