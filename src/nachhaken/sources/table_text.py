"""The bytes of a CSV file as text: most programs do not say how they wrote the umlauts."""

import re

from nachhaken.sources.kind import decoded_head

# In this order where they fit equally well: Windows, old Macs, DOS.
_CODECS = ("cp1252", "mac_roman", "cp850")
_UMLAUTS = re.compile(r"[a-zäöüß][äöüßéèàâç]|[ÄÖÜ][a-zäöüß]|\b[äöü][a-z]|\b[ÄÖÜ][A-Z]|[A-Z][ÄÖÜ]")
_ODD = re.compile(r"[a-z][A-ZŠŸŽ†‡„”™€¬∏π◊ﬂ‰]|[^\W\d_][†‡„”š™Ÿ¬¤]")
_SAMPLE = 200_000
_MOST_ZEROS = 0.01
_MOST_BROKEN = 0.05


def table_text(raw: bytes) -> str | None:
    """Return the text of a table, None where these are no text's bytes."""
    zeros = raw[:_SAMPLE].count(0)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or zeros > _MOST_ZEROS * len(raw[:_SAMPLE]):
        return _clean(decoded_head(raw))
    try:
        return _clean(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _clean(_mended(raw) or raw.decode(_codec(raw), "replace"))


def _clean(text: str | None) -> str | None:
    return text.lstrip("\ufeff").replace("\0", "") if text is not None else None


def _mended(raw: bytes) -> str:
    """A few broken bytes, as where a file was cut off, do not make it Windows-1252."""
    text = raw.decode("utf-8", "replace")
    broken, whole = text.count("\ufffd"), sum(map(text.count, "äöüÄÖÜßé€"))
    return text if broken <= max(1, _MOST_BROKEN * whole) and whole else ""


def _codec(raw: bytes) -> str:
    """The code page in which umlauts stand where umlauts stand, within words."""
    marked = b"\n".join(line for line in raw[:_SAMPLE].splitlines() if not line.isascii())
    return max(_CODECS, key=lambda codec: _likeness(marked.decode(codec, "replace")))


def _likeness(text: str) -> int:
    return len(_UMLAUTS.findall(text)) - len(_ODD.findall(text))
