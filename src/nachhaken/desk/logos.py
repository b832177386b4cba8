"""Is this picture a logo that can be printed? By its bytes, not by its name."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from nachhaken.desk.typesetting import TypesettingError, typeset

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
LARGEST = 2**20  # bytes
MOST_PIXELS = 5000  # a side: at the size of a logo more than any printer shows
_SVG = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<svg\b", re.DOTALL
)
_DRAWN = b'#set page(width: 90mm, height: 30mm)\n#image("%s", height: 20mm)'
_MARK = 0xFF  # begins each marker of JPEG
# Start of frame, of every coding of JPEG; the markers between are tables of it.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


class LogoError(ValueError):
    """This cannot be printed as a logo; the message is a sentence for the user."""


def media_type_of(raw: bytes) -> str:
    """Return the media type of a good logo, or raise LogoError."""
    if len(raw) > LARGEST:
        raise LogoError(_("Das Logo ist größer als 1 MB. Bitte eine kleinere Datei wählen."))
    kind = _kind(raw)
    if kind is None:
        raise LogoError(_("Das ist weder PNG noch JPEG noch SVG."))
    if any(side > MOST_PIXELS for side in _sides(raw, kind)):
        raise LogoError(
            _("Das Logo hat mehr als %(most)d Bildpunkte an einer Seite.") % {"most": MOST_PIXELS}
        )
    name = f"logo.{ENDINGS[kind]}"
    try:
        typeset({"main.typ": _DRAWN % name.encode()}, pictures={name: raw})
    except TypesettingError as error:
        raise LogoError(
            _("Das Logo lässt sich nicht zeichnen. Es darf keine anderen Dateien einbinden.")
        ) from error
    return kind


def _kind(raw: bytes) -> str | None:
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/svg+xml" if _SVG.match(raw[:4096]) else None


def _sides(raw: bytes, kind: str) -> tuple[int, ...]:
    """Return width and height in pixels before anything is unpacked; none for a drawing."""
    if kind == "image/png":
        return int.from_bytes(raw[16:20]), int.from_bytes(raw[20:24])
    return next(_frames(raw), ()) if kind == "image/jpeg" else ()


def _frames(raw: bytes) -> Iterator[tuple[int, int]]:
    at = 2
    while at + 9 < len(raw) and raw[at] == _MARK:
        if raw[at + 1] in _FRAMES:
            yield int.from_bytes(raw[at + 7 : at + 9]), int.from_bytes(raw[at + 5 : at + 7])
        at += 2 + int.from_bytes(raw[at + 2 : at + 4])
