"""The lines of iCalendar and vCard files: escaped and folded alike (RFC 5545, RFC 2426)."""

import re

_LONGEST = 75  # octets of a line
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
_SPECIAL = re.compile(r"[\\;,\n]")


def escaped(text: str) -> str:
    """Return a text as a value: what would end it is marked, line breaks are written out."""
    plain = _CONTROLS.sub(" ", text.replace("\r\n", "\n"))
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", plain)


def folded(line: str) -> str:
    """Return the line with its end, cut after 75 octets and never within a letter."""
    if len(line) <= _LONGEST and len(line.encode()) <= _LONGEST:
        return line + "\r\n"
    pieces, begin, room = [], 0, _LONGEST
    for at, char in enumerate(line):
        size = len(char.encode())
        if room < size:
            pieces.append(line[begin:at])
            begin, room = at, _LONGEST - 1  # the blank that marks a continuation counts
        room -= size
    return "\r\n ".join([*pieces, line[begin:]]) + "\r\n"
