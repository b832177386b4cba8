"""A mail without the bulk of its attachments: of each part no more than is looked at.

Python's parser takes six times the bytes of a mail; what is cut here is only ever a name to us.
"""

SMALL = 600_000
"""Bytes of a mail that is taken as it is."""

_PART = 400_000  # of one part; its text counts no more than 200,000 characters
_WHOLE = 4_000_000  # then, of each part, the header
_HEADER = 4_000
_MOST = 8_000_000
_BOUNDARY = b"\n--"


def slimmed(raw: bytes) -> bytes:
    """Return the mail with each part cut after its first bytes, at the end of a line.

    A part begins where a line begins with "--", which no line of base64 does.
    """
    if len(raw) <= SMALL:
        return raw
    kept: list[bytes] = []
    start = size = 0
    while start < len(raw) and size < _MOST:
        end = raw.find(_BOUNDARY, start + 1)
        end = len(raw) if end < 0 else end
        piece = _cut(raw, start, end, _PART if size < _WHOLE else _HEADER)
        kept.append(piece)
        size += len(piece)
        start = end
    return b"".join(kept)


def _cut(raw: bytes, start: int, end: int, most: int) -> bytes:
    if end - start <= most:
        return raw[start:end]
    line = raw.rfind(b"\n", start, start + most)
    return raw[start : line if line > start else start + most]
