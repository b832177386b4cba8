"""A text of the playbook in one voice, with its placeholders filled in."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from nachhaken.playbook.values import Said, Voice

PLACEHOLDERS = frozenset({
    "name", "me", "company", "topic", "offered", "last", "window", "condition", "said",
    "promised", "told", "point", "colleague", "amount",
})  # fmt: skip
# A mail knows more than a talk: its frame, and what stands on paper.
WRITTEN_PLACEHOLDERS = PLACEHOLDERS | {
    "greeting", "sign_off", "number", "valid", "changes", "privacy",
}  # fmt: skip

_LAID_OUT = frozenset({"greeting", "sign_off", "changes", "privacy"})  # ours, with their own lines
_FIELD = re.compile(r"\{(\w+)\}")
_QUOTED = re.compile(r"[\"„“”«»]([^\"„“”«»]*)[\"„“”«»]")
# The page sets a line in quotation marks, so a quotation within it has the single ones.
_INNER = {Voice.SWISS: "‹{}›", Voice.ENGLISH: "‘{}’"}
_GERMAN_INNER = "‚{}‘"
_SWISS = str.maketrans({"ß": "ss", "‚": "‹", "‘": "›"})
# What customers write must not look like our own signs once it stands in a line.
_PLAIN = str.maketrans({"{": "(", "}": ")", "\n": " ", **dict.fromkeys('"„“”«»*')})


class _Piece(NamedTuple):
    """A literal, or the name of a placeholder; `strong` where it stands between asterisks."""

    text: str
    is_field: bool
    strong: bool


def needs(text: str) -> frozenset[str]:
    """Return the names in braces that `text` needs to be said."""
    return frozenset(_FIELD.findall(text))


def faults_of(text: str) -> tuple[str, ...]:
    """Return what stands in braces and is no placeholder, stray braces too; () for a good text."""
    unknown = sorted(needs(text) - PLACEHOLDERS)
    stray = sorted(set(re.findall(r"[{}]", _FIELD.sub("", text))))
    return (*unknown, *stray)


def in_voice(said: Said, voice: Voice) -> str | None:
    """Return the text in `voice`; None where it is missing and cannot be made from another.

    Swiss is the German one in Swiss spelling; nobody is called du who was written to as Sie.
    """
    if voice in said:
        return said[voice]
    if voice is Voice.SWISS and Voice.SIE in said:
        return said[Voice.SIE].translate(_SWISS)
    return None


def fill(
    text: str, values: Mapping[str, str], voice: Voice = Voice.SIE
) -> tuple[tuple[str, bool], ...] | None:
    """Return `text` as (piece, strong) with `values` filled in; None where one is unknown.

    Quotations in the text get the inner marks of the voice, those in values are dropped.
    """
    pieces = _pieces(text, voice)
    if pieces is None:
        return None
    parts: list[tuple[str, bool]] = []
    for piece in pieces:
        if piece.is_field and not values.get(piece.text):
            return None
        said = values[piece.text].translate(_PLAIN).strip() if piece.is_field else piece.text
        if parts and parts[-1][1] is piece.strong:
            said = parts.pop()[0] + said
        parts.append((said, piece.strong))
    return tuple(parts)


def write(text: str, values: Mapping[str, str]) -> str | None:
    """Return a mail's `text` with `values` filled in and without its marks; None: one is unknown.

    The text is typeset as it stands; of what customers said, their own quotation marks go.
    """
    if any(not values.get(name) for name in needs(text)):
        return None
    plain = text.strip().replace("*", "")
    return _FIELD.sub(lambda field: _written(field[1], values[field[1]]), plain)


def _written(name: str, value: str) -> str:
    return value if name in _LAID_OUT else value.translate(_PLAIN).strip()


@lru_cache(maxsize=4096)
def _pieces(text: str, voice: Voice) -> tuple[_Piece, ...] | None:
    """Cut a text at its asterisks and braces; None where braces do not hold a placeholder."""
    if faults_of(text):
        return None
    inner = _INNER.get(voice, _GERMAN_INNER)
    typeset = _QUOTED.sub(lambda quoted: inner.format(quoted[1]), text)
    clauses = typeset.split("*")
    last = len(clauses) - 1
    return tuple(
        _Piece(part, is_field=place % 2 == 1, strong=number % 2 == 1 and number < last)
        for number, clause in enumerate(clauses)
        for place, part in enumerate(_FIELD.split(clause))
        if part
    )
