"""Offers and letters as PDF on the own paper, set by typst from templates in `paper/`.

The templates get everything as data, never as markup: a customer's text stays text. They are
compiled from memory with this package's folder as root, so nothing else can be read.
"""

import json
import re
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import typst

from nachhaken.desk.letterhead import Letterhead, logo_of
from nachhaken.desk.pages_offers import OfferPaper
from nachhaken.desk.paper_data import LetterPaper, letter_data, offer_data

__all__ = ["LetterPaper", "PrintingError", "letter_pdf", "offer_pages", "offer_pdf"]

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
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
    files = {"main.typ": f'#include "{template}"'.encode(), **dict(_templates())}
    if logo := logo_of(letterhead):
        media_type, raw = logo
        data["letterhead"]["logo"] = name = f"logo.{_ENDINGS[media_type]}"
        files[name] = raw
    faults = []
    for way in _WAYS:
        files["data.json"] = json.dumps(_cleaned(data, way)).encode()
        try:
            as_pdf = _compiled(files, way, format="pdf", pdf_standards=list(way.standards))
            # Only setting it as PDF tells whether each sign was there.
            return _compiled(files, way, format="png", ppi=ppi) if ppi else as_pdf
        except typst.TypstError as fault:
            faults.append(str(fault))
    raise PrintingError("; ".join(faults))


def _compiled(files: dict[str, bytes], way: _Way, **kind: Any) -> list[bytes]:
    pages: Any = typst.compile(
        files,
        root=str(resources.files("nachhaken.desk") / "paper"),
        font_paths=_fonts(with_system=way.with_system),
        **kind,
    )
    return pages if isinstance(pages, list) else [pages]  # one page of PNG comes alone


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


@cache
def _templates() -> tuple[tuple[str, bytes], ...]:
    folder = resources.files("nachhaken.desk") / "paper"
    return tuple((one.name, one.read_bytes()) for one in folder.iterdir())


@cache
def _fonts(*, with_system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_system)
