"""Phrases in the user's language: the phrase table read once, filled in and typeset."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from string import Formatter

from nachhaken.plan.law.rules import table as law
from nachhaken.plan.values import Param, Phrase

LANGUAGES = ("de", "en")

_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ORDINALS = {
    "de": ("erstes", "zweites", "drittes", "viertes", "fünftes", "sechstes", "siebtes", "achtes"),
    "en": ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
}
# Natural frequencies that people can picture; the nearest is said.
_FREQUENCIES = (
    (1, 20),
    (1, 10),
    (1, 5),
    (1, 4),
    (1, 3),
    (2, 5),
    (1, 2),
    (3, 5),
    (2, 3),
    (3, 4),
    (4, 5),
    (9, 10),
)
_POINTS = str.maketrans(",.", ".,")
HARDLY, NEARLY = 0.03, 0.97
# Words for evidence from so many decibans on: 3 are odds of two to one, 6 of four to one.
_STRENGTHS = ((6.0, "strong"), (3.0, "clear"), (1.0, "weak"), (0.0, "hardly"))


class PhraseError(KeyError):
    """A key that the phrase table does not hold."""


def say(phrase: Phrase, language: str) -> str:
    """Return `phrase` in `language` ("de" or "en"; anything else falls back to German)."""
    language = language[:2] if language[:2] in LANGUAGES else "de"
    table = phrases()
    key = phrase.key
    if phrase.params.get("count") == 1 and f"{key}.one" in table:
        key = f"{key}.one"
    if key not in table:
        raise PhraseError(key)
    return _fill(table[key][language], phrase.params, language)


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return the phrase table, the sentences of the law included: key to texts by language."""
    source = resources.files("nachhaken.plan").joinpath("phrases.toml").read_text("utf-8")
    return {**dict(_leaves("", tomllib.loads(source))), **law().texts}


def frequency(p: float) -> Phrase:
    """Return the probability `p` in [0, 1] as a natural frequency ("etwa 1 von 3")."""
    if p < HARDLY:
        return Phrase("frequency.none")
    if p > NEARLY:
        return Phrase("frequency.all")
    count, total = min(_FREQUENCIES, key=lambda f: abs(f[0] / f[1] - p))
    return Phrase("frequency.of", {"count": count, "total": total})


def strength(decibans: float) -> Phrase:
    """Return the word for a weight of evidence; 10 decibans are odds of ten to one."""
    word = next(name for least, name in _STRENGTHS if abs(decibans) >= least)
    return Phrase(f"strength.{word}.{'for' if decibans >= 0 else 'against'}")


def ordinal(n: int, language: str) -> str:
    """Return "drittes" or "third"; from the ninth on in figures."""
    names = _ORDINALS[language]
    if 1 <= n <= len(names):
        return names[n - 1]
    return f"{n}." if language == "de" else f"{n}th"


def _leaves(prefix: str, node: Mapping[str, object]) -> list[tuple[str, Mapping[str, str]]]:
    texts = {k: v for k, v in node.items() if isinstance(v, str)}
    found: list[tuple[str, Mapping[str, str]]] = [(prefix, texts)] if texts else []
    for key, value in node.items():
        if isinstance(value, dict):
            found += _leaves(f"{prefix}.{key}" if prefix else key, value)
    return found


def _fill(text: str, params: Mapping[str, Param], language: str) -> str:
    parts = []
    for literal, name, form, _ in Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            parts.append(_typeset(name, params, form or "", language))
    return "".join(parts)


def _typeset(name: str, params: Mapping[str, Param], form: str, language: str) -> str:
    if name in ("ordinal", "nth"):
        n = params["count"]
        return ordinal(n, language) if isinstance(n, int) else str(n)
    value = params[name]
    if isinstance(value, date | datetime) or form == "date":
        return _date(value, language)
    if form == "phrase":
        return say(Phrase(str(value), params), language)
    if form == "eur" and isinstance(value, int):
        return _euros(value, language)
    if form in ("money", "delta") and isinstance(value, int):
        currency = str(params.get(f"{name}_currency", params.get("currency", "EUR")))
        return _money(value, currency, language, is_signed=form == "delta")
    if form == "permille" and isinstance(value, int):
        return f"{_number(value / 10, language)} %" if language == "de" else f"{value / 10:g}%"
    if form == "number" and isinstance(value, int | float):
        return f"{_number(value, language)} {params.get(f'{name}_unit', '')}".rstrip()
    if isinstance(value, float):
        shown = f"{value:.1f}".removesuffix(".0")
        return shown.replace(".", ",") if language == "de" else shown
    return str(value)


def _date(value: Param, language: str) -> str:
    """Dates are stored as ISO text in caches and come back as such."""
    on = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    if not isinstance(on, date):
        raise TypeError(f"not a date: {value!r}")
    if language == "de":
        return f"{on.day}.{on.month}.{on.year}"
    return f"{on.day} {_MONTHS_EN[on.month - 1]} {on.year}"


def _euros(cents: int, language: str) -> str:
    euros = round(cents / 100)
    sign, whole = "−" if euros < 0 else "", f"{abs(euros):,}"
    return f"{sign}{whole.translate(_POINTS)} €" if language == "de" else f"{sign}€{whole}"


def _money(cents: int, currency: str, language: str, *, is_signed: bool) -> str:
    """1.234,50 € and −200,00 CHF; € stands before the figure in English."""
    sign = "−" if cents < 0 else "+" if is_signed else ""
    shown = f"{abs(cents) / 100:,.2f}"
    if language == "de":
        unit = "€" if currency == "EUR" else currency
        return f"{sign}{shown.translate(_POINTS)} {unit}"
    return f"{sign}€{shown}" if currency == "EUR" else f"{sign}{shown} {currency}"


def _number(value: float, language: str) -> str:
    shown = f"{value:,.3f}".rstrip("0").removesuffix(".")
    return shown.translate(_POINTS) if language == "de" else shown
