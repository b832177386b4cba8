"""What twins have in common, and what they have, in the user's language."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nachhaken.sources.likeness import Sign
from nachhaken.workdays import REGIONS

_SIGNS: dict[Sign, Promise] = {
    Sign.NAME: gettext_lazy("gleicher Name"),
    Sign.LIKE_NAME: gettext_lazy("ähnlicher Name"),
    Sign.PLACE: gettext_lazy("gleicher Ort"),
    Sign.ADDRESS: gettext_lazy("gleiche Anschrift"),
    Sign.DOMAIN: gettext_lazy("gleiche Mail-Domain"),
    Sign.PHONE: gettext_lazy("gleiche Telefonnummer"),
    Sign.PERSON: gettext_lazy("gleicher Ansprechpartner"),
    Sign.OTHER_PLACE: gettext_lazy("aber ein anderer Ort"),
}
_LABELS: dict[str, Promise] = {
    "name": gettext_lazy("Name"),
    "place": gettext_lazy("Ort"),
    "address": gettext_lazy("Anschrift"),
    "region": gettext_lazy("Region"),
    "is_consumer": gettext_lazy("Art"),
    "role": gettext_lazy("Aufgabe"),
    "mail": gettext_lazy("E-Mail"),
    "phone": gettext_lazy("Telefon"),
    "tone": gettext_lazy("Sie oder Du"),
    "salutation": gettext_lazy("Anrede"),
}
_SPOKEN: dict[str, Promise] = {
    "sie": gettext_lazy("Sie"),
    "du": gettext_lazy("Du"),
    "frau": gettext_lazy("Frau"),
    "herr": gettext_lazy("Herr"),
}


def why(signs: Iterable[Sign]) -> str:
    """Return what two have in common: "gleicher Name, gleicher Ort"."""
    return ", ".join(str(_SIGNS[sign]) for sign in signs)


def label(field: str) -> str:
    """Return the name of a field."""
    return str(_LABELS[field])


def said(field: str, value: object) -> str:
    """Return what stands in a field, as a person reads it; "" where it is empty."""
    if isinstance(value, bool):
        return _("Privatkunde") if value else _("Firma")
    value = str(value)
    if field == "region":
        return REGIONS.get(value, value)
    return str(_SPOKEN.get(value, value)) if field in {"tone", "salutation"} else value


def sums(*, people: int = 0, matters: int = 0, events: int = 0) -> str:
    """Return "2 Menschen · 3 Vorgänge", of what there is any."""
    told = (
        (people, ngettext("ein Mensch", "%(n)s Menschen", people)),
        (matters, ngettext("ein Vorgang", "%(n)s Vorgänge", matters)),
        (events, ngettext("ein Eintrag", "%(n)s Einträge", events)),
    )
    return " · ".join(words % {"n": n} for n, words in told if n)
