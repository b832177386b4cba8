"""What the columns of an offer table are called."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def column_word(field: str) -> str:
    return _words().get(field) or _("nicht gebraucht")


def _words() -> dict[str, str]:
    return {
        "number": _("Angebotsnummer"),
        "version": _("Fassung"),
        "sent_on": _("gesendet am"),
        "customer": _("Kunde"),
        "person": _("Ansprechpartner"),
        "first_name": _("Vorname"),
        "last_name": _("Nachname"),
        "mail": _("E-Mail"),
        "phone": _("Telefon"),
        "place": _("Ort"),
        "region": _("Region"),
        "private": _("Privatkunde"),
        "title": _("Vorgang"),
        "net": _("Betrag netto"),
        "currency": _("Währung"),
        "valid_until": _("gültig bis"),
        "status": _("Stand"),
        "decided_on": _("entschieden am"),
        "reason": _("Grund"),
        "hours": _("Stunden"),
    }
