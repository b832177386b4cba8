"""Offers and letters as PDF on the own paper, set by typst from templates in `paper/`.

The templates get everything as data, never as markup: a customer's text stays text. See
`typesetting` for what they can reach: nothing.
"""

import json
import re
from typing import Any, NamedTuple

from nachhaken.desk.letterhead import Letterhead, logo_of
from nachhaken.desk.logos import ENDINGS
from nachhaken.desk.pages_offers import OfferPaper
from nachhaken.desk.paper_data import LetterPaper, letter_data, offer_data
from nachhaken.desk.typesetting import TypesettingError, templates, typeset

__all__ = ["LetterPaper", "PrintingError", "letter_pdf", "offer_pages", "offer_pdf"]

# Archivable (PDF/A-2a) and readable aloud (PDF/UA-1): typst tags what it sets.
_STANDARDS = ("a-2a", "ua-1")
# What a letter does not need and hardly any font has: pictures, flags, and what joins them.
_PICTURES = re.compile(
    "[\U0001f000-\U0001fbff\u2600-\u27bf\u2b00-\u2bff\ufe00-\ufe0f\u200d\u20e3]+ ?"
)
# What is no sign at all: controls but for the end of a line, halves of signs, private ones.
_NO_SIGNS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]"
)


# A word that no line could hold gets places to break.
_ENDLESS = re.compile(r"\S{24}(?=\S{12})")


class PrintingError(Exception):
    """The paper could not be set."""


class _Way(NamedTuple):
    """How to set it: with which fonts, to which standards, and with pictures in the text."""

    with_system: bool
    with_pictures: bool
    standards: tuple[str, ...]


# The fonts of typst itself know Latin, Greek, Cyrillic and Hebrew, and are the same on every
# machine. Only for other signs those of this machine are searched, and at last a box will do.
_WAYS = (
    _Way(with_system=False, with_pictures=True, standards=_STANDARDS),
    _Way(with_system=False, with_pictures=False, standards=_STANDARDS),
    _Way(with_system=True, with_pictures=False, standards=_STANDARDS),
    _Way(with_system=True, with_pictures=False, standards=()),
)


def offer_pdf(paper: OfferPaper, letterhead: Letterhead) -> bytes:
    """Return the offer as PDF; the same input gives the same bytes."""
    return _set("offer.typ", offer_data(paper, letterhead), letterhead)[0]


def letter_pdf(paper: LetterPaper, letterhead: Letterhead) -> bytes:
    """Return a letter as PDF; the same input gives the same bytes."""
    return _set("letter.typ", letter_data(paper, letterhead), letterhead)[0]


def offer_pages(paper: OfferPaper, letterhead: Letterhead, *, ppi: float = 96) -> list[bytes]:
    """Return the pages of the offer as PNG."""
    return _set("offer.typ", offer_data(paper, letterhead), letterhead, ppi=ppi)


def _set(
    template: str, data: dict[str, Any], letterhead: Letterhead, *, ppi: float = 0
) -> list[bytes]:
    """Return the PDF, or the pages as pictures of `ppi` points an inch."""
    files = {"main.typ": f'#include "{template}"'.encode(), **templates()}
    pictures, faults = {}, []
    if logo := logo_of(letterhead):
        media_type, raw = logo
        data["letterhead"]["logo"] = name = f"logo.{ENDINGS[media_type]}"
        pictures[name] = raw
    for way in _WAYS:
        files["data.json"] = json.dumps(_cleaned(data, way)).encode()
        try:
            given: dict[str, Any] = {"pictures": pictures, "with_system": way.with_system}
            as_pdf = typeset(files, format="pdf", pdf_standards=list(way.standards), **given)
            # Only setting it as PDF tells whether each sign was there.
            return typeset(files, format="png", ppi=ppi, **given) if ppi else as_pdf
        except TypesettingError as fault:
            faults.append(str(fault))
    raise PrintingError("; ".join(faults))


def _cleaned(value: Any, way: _Way) -> Any:
    """Return the data with only what can be printed in its texts."""
    if isinstance(value, str):
        text = _NO_SIGNS.sub("", value.replace("\r\n", "\n").replace("\t", " "))
        text = _ENDLESS.sub("\\g<0>\u200b", text)
        return text if way.with_pictures else _PICTURES.sub("", text)
    if isinstance(value, dict):
        return {key: _cleaned(one, way) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one, way) for one in value]
    return value
