"""How a customer is addressed: by which name, as du or Sie, Swiss or English."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from nachhaken.playbook.values import Voice
from nachhaken.reading.values import Reading
from nachhaken.terms import Channel
from nachhaken.timeline import Replied, Timeline

# The form of address of a person who keeps changing it is the latest.
LATEST_REPLIES = 3

_GERMAN = {"frau": "Frau", "herr": "Herr"}
_ENGLISH = {"frau": "Ms", "herr": "Mr"}
_SPELLED = {
    "frau": "frau", "fr": "frau", "ms": "frau", "mrs": "frau", "miss": "frau",
    "herr": "herr", "herrn": "herr", "hr": "herr", "hrn": "herr", "mr": "herr",
}  # fmt: skip
_FORM = r"(?P<form>" + "|".join(sorted(_SPELLED, key=len, reverse=True)) + r")\b\.?"
_TITLES = r"(?P<titles>(?:(?:Prof|Dr)\b\.?\s*(?:(?:med|rer|nat|phil|jur|dent|vet)\b\.?\s*)*)*)"
_LEAD = re.compile(rf"^(?:{_FORM}\s+)?{_TITLES}", re.IGNORECASE)
_PARTICLES = frozenset({
    "von", "vom", "van", "de", "der", "den", "del", "della", "di", "da", "du", "zu", "zum", "zur",
    "la", "le", "el", "al", "ten", "ter",
})  # fmt: skip
_DU = re.compile(r"\b(?:du|dich|dir|dein\w*)\b", re.IGNORECASE)
_SIE = re.compile(r"\b(?:Sie|Ihnen)\b")


class _Name(NamedTuple):
    form: str
    title: str
    given: str
    surname: str


def address_of(name: str, texts: Iterable[str], voice: Voice, *, salutation: str = "") -> str:
    """Return how to address the person called `name`: "Frau Dr. Huber", "Rosa", "Ms Huber".

    `salutation` is "frau" or "herr" where somebody set it; else it is found in `texts`, ours and
    the customer's. It is never guessed: without it, the name stands as it is.
    """
    known = _parsed(name)
    if voice is Voice.DU:
        return known.given or known.surname
    form, title = salutation or known.form, known.title
    if not (form and title):
        found_form, found_title = _found(known, texts)
        form, title = form or found_form, title or found_title
    full = " ".join(part for part in (title, known.given, known.surname) if part)
    if voice is Voice.ENGLISH:
        before = title.replace(".", "") or _ENGLISH.get(form, "")
        return f"{before} {known.surname}" if before else full
    if form not in _GERMAN:
        return full
    return " ".join(part for part in (_GERMAN[form], title, known.surname) if part)


def voice_of(
    timeline: Timeline, readings: Mapping[int, Reading], *, region: str, tone: str = ""
) -> Voice:
    """Return how to speak to the customer.

    `tone` ("du" or "sie") is what somebody set and stands above all. Else who writes English is
    answered in English, and du needs the customer's own du, with no Sie beside it.
    """
    said = list(_written(timeline, readings))
    if tone not in ("du", "sie"):
        if said and said[-1][1] == "en":
            return Voice.ENGLISH
        tone = "du" if _says_du([text for text, _ in said]) else "sie"
    if tone == "du":
        return Voice.DU
    return Voice.SWISS if region.startswith("CH") else Voice.SIE


def _parsed(name: str) -> _Name:
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and len(after.split()) == 1 and after[:1].isalpha() and not before.count(" "):
        name = f"{after} {before}"
    lead = _LEAD.match(name.strip())
    rest = name.strip()[lead.end() if lead else 0 :].split()
    first = next((i for i, word in enumerate(rest) if i and word.lower() in _PARTICLES), None)
    cut = len(rest) - 1 if first is None else first
    return _Name(
        form=_SPELLED.get((lead["form"] or "").lower(), "") if lead else "",
        title=_title(lead["titles"]) if lead else "",
        given=" ".join(rest[:cut]),
        surname=" ".join(rest[cut:]),
    )


def _title(titles: str) -> str:
    """Return the highest title alone: that is how it is spoken."""
    first = re.match(r"prof|dr", titles, re.IGNORECASE)
    return f"{first[0].capitalize()}." if first else ""


def _found(name: _Name, texts: Iterable[str]) -> tuple[str, str]:
    """Return form and title that the texts use; no form where they use both (a couple)."""
    if not name.surname:
        return "", ""
    given = rf"(?:{re.escape(name.given)}\s+)?" if name.given else ""
    wanted = re.compile(rf"\b{_FORM}\s+{_TITLES}{given}{re.escape(name.surname)}\b", re.IGNORECASE)
    found = [match for text in texts for match in wanted.finditer(text)]
    forms = {_SPELLED[match["form"].lower()] for match in found}
    titles = [title for match in found if (title := _title(match["titles"]))]
    if len(forms) != 1:
        return "", ""
    return forms.pop(), titles[-1] if titles else ""


def _written(timeline: Timeline, readings: Mapping[int, Reading]) -> Iterator[tuple[str, str]]:
    """Yield text and language of what the customer wrote; a note of a call is ours."""
    for entry in timeline:
        fact = entry.fact
        if not isinstance(fact, Replied) or fact.automatic or fact.channel is Channel.CALL:
            continue
        if fact.text.strip():
            reading = readings.get(entry.id)
            yield fact.text, reading.language if reading else "de"


def _says_du(texts: list[str]) -> bool:
    latest = texts[-LATEST_REPLIES:]
    return any(_DU.search(text) for text in latest) and not any(_SIE.search(t) for t in latest)
