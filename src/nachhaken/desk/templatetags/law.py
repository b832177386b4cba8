"""The words of the law's table, and its verdicts, in the page's language."""

from django import template
from django.utils.translation import gettext, ngettext

from nachhaken.desk import labels
from nachhaken.desk.labels import word
from nachhaken.desk.pages_limits import BlockedRow
from nachhaken.desk.speech import speak
from nachhaken.plan.values import Phrase
from nachhaken.terms import Channel, Purpose, Verdict

register = template.Library()

_ICONS = {
    Verdict.ALLOWED: "check",
    Verdict.LATER: "clock",
    Verdict.ASK_FIRST: "warning",
    Verdict.NOT_ALLOWED: "stop",
}


@register.filter
def spoken(phrase: Phrase | None) -> str:
    return speak(phrase)


@register.filter
def verdict_icon(verdict: Verdict) -> str:
    return _ICONS[verdict]


@register.filter
def verdict_word(verdict: Verdict) -> str:
    return {
        Verdict.ALLOWED: gettext("Erlaubt"),
        Verdict.LATER: gettext("Später"),
        Verdict.ASK_FIRST: gettext("Erst fragen"),
        Verdict.NOT_ALLOWED: gettext("Nicht erlaubt"),
    }[verdict]


@register.filter
def country_word(country: str) -> str:
    return {
        "DE": gettext("Deutschland"),
        "AT": gettext("Österreich"),
        "CH": gettext("Schweiz"),
    }[country]


@register.filter
def ways(channels: tuple[Channel, ...]) -> str:
    """'Anruf, Brief'; all of them are 'jeder Weg'."""
    if len(channels) == len(Channel):
        return gettext("jeder Weg")
    return ", ".join(word(labels.CHANNELS[channel]) for channel in channels)


@register.filter
def whom(customers: tuple[str, ...]) -> str:
    words = {"business": gettext("Betriebe"), "consumer": gettext("Privatkunden")}
    return gettext("alle") if len(customers) > 1 else words[customers[0]]


@register.filter
def what_for(purposes: tuple[Purpose, ...]) -> str:
    words = {Purpose.ANSWER: gettext("antworten"), Purpose.CHASE: gettext("nachfragen")}
    return gettext("antworten, nachfragen") if len(purposes) > 1 else words[purposes[0]]


@register.filter
def on_record(when: tuple[str, ...]) -> str:
    """What must be on record for the rule to hold."""
    words = {
        "objected": gettext("hat widersprochen"),
        "consented": gettext("hat eingewilligt"),
        "requested": gettext("hat angefragt, noch offen"),
        "fresh": gettext("in den letzten sechs Monaten gehört"),
        "silent": gettext("seit sechs Monaten kein Wort"),
        "declined": gettext("hat abgesagt"),
        "ordered": gettext("hat schon bestellt"),
        "starred": gettext("Nummer mit Stern oder nicht eingetragen"),
        "listed": gettext("Nummer ohne Stern"),
    }
    return ", ".join(words.get(one, one) for one in when) or gettext("sonst")


@register.filter
def blocked_word(row: BlockedRow) -> str:
    words = {
        "mail": ngettext("%(n)d Mailadresse", "%(n)d Mailadressen", row.count),
        "phone": ngettext("%(n)d Telefonnummer", "%(n)d Telefonnummern", row.count),
        "name": ngettext("%(n)d Name mit Ort", "%(n)d Namen mit Ort", row.count),
    }
    return words[row.kind] % {"n": row.count}


@register.filter
def limit_word(key: str) -> str:
    return {
        "touches_per_week": gettext("Nachfragen in 7 Tagen"),
        "touches_per_month": gettext("Nachfragen in 30 Tagen"),
    }[key]


@register.filter
def manner_word(key: str) -> str:
    words = {
        "limit": gettext("Nicht öfter nachfragen als unter „Grenzen“ eingestellt"),
        "quiet": gettext("Nicht in der Ruhezeit, an Sonntagen und Feiertagen des Kunden"),
        "recording": gettext("Gespräche werden nie mitgeschnitten"),
        "tracking": gettext("Mails enthalten nie Zählpixel"),
    }
    return words.get(key, key)
