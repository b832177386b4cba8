"""Bytes as text, whatever charset they claim."""

import codecs

# Text codecs that no mail uses, and whose decoding is slow or means something else.
_REFUSED = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})

# What mail programs call Latin-1 or ASCII is Windows' superset in truth, as browsers read it too.
_WINDOWS = frozenset({"iso8859-1", "ascii", "cp1252"})


def decoded(raw: bytes, charset: str = "") -> str:
    """Return `raw` as text: by its charset if that fits, else as UTF-8, else as Windows-1252."""
    claimed = _codec(charset)
    # UTF-8 hardly ever fits by accident, a claim of Latin-1 often is one.
    tries = ("utf-8", claimed) if claimed in _WINDOWS else (claimed, "utf-8")
    for codec in tries:
        try:
            return raw.decode(codec)
        except (UnicodeError, LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def _codec(charset: str) -> str:
    try:
        name = codecs.lookup(charset.strip("\"' ") or "utf-8").name
    except (LookupError, ValueError, UnicodeError):
        return "utf-8"
    if name in _REFUSED:
        return "utf-8"
    return "cp1252" if name in _WINDOWS else name
