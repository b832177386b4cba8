"""What tables, their columns and their rows are called."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from nachhaken.desk.file_kinds import MAILS
from nachhaken.desk.templatetags.words import amount, day_full, duration, region_word, when

register = template.Library()
_DAY = len("2026-12-31")
_ALIASES = {"net_cents": "net", "effort_minutes": "hours"}


@register.filter
def column_word(field: str) -> str:
    return _words().get(_ALIASES.get(field, field)) or _("nicht gebraucht")


def value_word(name: str, value: Any) -> str:
    """A value of a row as it was understood, in words."""
    if name.endswith("_cents"):
        return amount(value)
    if name.endswith("_minutes"):
        return duration(value) if value else ""
    if isinstance(value, bool):
        return _("ja") if value else ""
    text = str(value or "")
    if name == "region":
        return region_word(text)
    return _moment(text) or _values().get(text, text)


def _moment(text: str) -> str:
    try:
        if len(text) == _DAY:
            return day_full(date.fromisoformat(text))
        return when(timezone.localtime(datetime.fromisoformat(text))) if "T" in text[:11] else ""
    except ValueError:
        return ""


@register.filter
def about_word(about: str) -> str:
    return {
        "offers": _("Angebote"),
        "opportunities": _("Vorgänge"),
        "contacts": _("Kontakte"),
        "activities": _("Aktivitäten"),
    }.get(about, "")


@register.filter
def is_mails(kind: str) -> bool:
    return kind in MAILS


@register.filter
def file_kind_word(kind: str) -> str:
    return {
        "mbox": _("Mails"),
        "eml": _("Mail"),
        "maildir": _("Mails"),
        "mails": _("Mails"),
        "zip": _("Mails"),
        "ics": _("Kalender"),
        "vcf": _("Kontakte"),
        "csv": _("Tabelle"),
        "xlsx": _("Tabelle"),
        "imap": _("Postfach"),
    }.get(kind, _("Datei"))


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
        "planned": _("Stunden geplant"),
        "worked": _("Stunden gebraucht"),
        "margin": _("Was übrig blieb"),
        "again": _("Gerne wieder"),
        "id": _("Kennung"),
        "opened_on": _("angelegt am"),
        "salutation": _("Anrede"),
        "role": _("Position"),
        "mobile": _("Mobil"),
        "street": _("Straße"),
        "postcode": _("Postleitzahl"),
        "country": _("Land"),
        "objected": _("will keinen Kontakt"),
        "stage": _("Phase"),
        "kind": _("Art"),
        "day": _("Tag"),
        "clock": _("Uhrzeit"),
        "direction": _("Richtung"),
        "result": _("Ergebnis"),
        "subject": _("Betreff"),
        "text": _("Text"),
        "done": _("erledigt"),
    }


def _values() -> dict[str, str]:
    return {
        "open": _("offen"),
        "offered": _("angeboten"),
        "won": _("Auftrag"),
        "lost": _("Absage"),
        "withdrawn": _("zurückgezogen"),
    }
