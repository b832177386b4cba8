"""Where each mail of an mbox lies, found without reading the whole of it into memory.

The variants differ in how a body's own line "From …" is told from the next mail: mboxo and mboxrd
put ">" in front, mboxcl and mboxcl2 count the bytes of the body (Content-Length), and Thunderbird
writes "From - ". Source: loc.gov, "MBOX Email Format Family", fdd000383 to fdd000387.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

BLOCK = 1_000_000
HEAD = 65_536
"""Bytes of a mail in which its header is looked for."""


class Found(NamedTuple):
    """A mail in a file: where it lies, how its bytes begin, and the line that stands above it."""

    start: int
    length: int
    head: bytes
    envelope: bytes


def mails_in(stream: BinaryIO, start: int, end: int) -> Iterator[Found]:
    """Yield the mails between two places of a stream that can be sought, in order."""
    window = _Window(stream, end)
    here = _first(window, start)
    while here < end:
        body = window.after_line(here)
        head = window.at(body, HEAD)
        following = _counted(window, body, head) or _next(window, body)
        yield Found(body, following - body, head[: following - body], window.at(here, body - here))
        here = following


class _Window:
    """A view onto a file of any size that holds one stretch of it at a time."""

    def __init__(self, stream: BinaryIO, end: int) -> None:
        self._stream = stream
        self.end = end
        self._base = 0
        self._held = b""

    def at(self, place: int, size: int) -> bytes:
        """Return up to `size` bytes from `place` on, none from beyond the end."""
        size = max(0, min(size, self.end - place))
        if place < self._base or place + size > self._base + len(self._held):
            self._stream.seek(place)
            self._base = place
            self._held = self._stream.read(min(max(size, BLOCK), self.end - place))
        return self._held[place - self._base : place - self._base + size]

    def find(self, what: bytes, place: int) -> int:
        """Return where `what` stands next, -1 where it does not."""
        while place < self.end:
            self.at(place, min(len(what), self.end - place))
            found = self._held.find(what, place - self._base)
            if found >= 0:
                return self._base + found
            place = max(place + 1, self._base + len(self._held) - len(what) + 1)
            if self._base + len(self._held) >= self.end:
                return -1
        return -1

    def after_line(self, place: int) -> int:
        """Return where the next line begins."""
        found = self.find(b"\n", place)
        return self.end if found < 0 else found + 1


_LINE = 300
_SENDER = re.compile(rb"From (?:- |\S.*\d\d:\d\d)")
# As the C library writes a moment; nobody begins a sentence like this.
_EXACT = re.compile(
    rb"From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} +\d\d? \d\d:\d\d(?::\d\d)? .{0,12}\d{4}"
)
_HEADER = re.compile(rb"(?:>From |[!-9;-~]+:)")


def _first(window: _Window, start: int) -> int:
    """Return the first envelope; the very first line needs no moment in it."""
    lead = window.at(start, 5 + _LINE)
    blank = re.match(rb"(?:\xef\xbb\xbf)?[\r\n]*", lead)
    place = start + (blank.end() if blank else 0)
    return place if window.at(place, 5) == b"From " else _next(window, start)


def _next(window: _Window, place: int) -> int:
    """Return the next envelope from `place` on, the end where there is none."""
    if place and _is_envelope(window, place):
        return place  # a mail without header and body
    while (found := window.find(b"\nFrom ", place)) >= 0:
        if _is_envelope(window, found + 1):
            return found + 1
        place = found + 1
    return window.end


def _is_envelope(window: _Window, place: int) -> bool:
    """Whether a mail begins here: below an empty line, or with a moment above a header."""
    line, _, below = window.at(place, 2 * _LINE).partition(b"\n")
    if not _SENDER.match(line[:_LINE]):
        return False
    has_header = bool(_HEADER.match(below)) or not below.strip()
    above = window.at(max(0, place - 3), min(3, place))
    if above.endswith((b"\n\n", b"\n\r\n")):
        return has_header or bool(_EXACT.match(line))
    return bool(_HEADER.match(below)) and bool(_EXACT.match(line))


_COUNT = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")


def _counted(window: _Window, body: int, head: bytes) -> int:
    """Return where the next mail begins if this one counts its bytes, and counts right; else 0."""
    header = _END.search(head)
    count = header and _COUNT.search(head, 0, header.start() + 2)
    if not header or not count:
        return 0
    place = body + header.end() + int(count[1])
    if place > window.end:
        return 0
    behind = window.at(place, _LINE)
    gap = len(behind) - len(behind.lstrip(b"\r\n"))
    if place + gap == window.end:
        return window.end
    line = behind[gap:].partition(b"\n")[0]
    return place + gap if gap <= _WIDEST_GAP and _SENDER.match(line) else 0


_WIDEST_GAP = 4


def unquoted(raw: bytes) -> bytes:
    """Take off the ">" that stands in front of a line "From …" of the body."""
    return _QUOTED.sub(rb"\1", raw) if b">From " in raw else raw


_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
