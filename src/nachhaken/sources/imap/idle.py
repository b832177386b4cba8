"""Waiting at an open folder until the server tells of new mail (IDLE, RFC 2177)."""

import re
from contextlib import suppress
from imaplib import IMAP4
from time import monotonic
from typing import Any

from imap_tools import BaseMailBox
from imap_tools.idle import get_socket_poller

from nachhaken.sources.imap.faults import NoIdle

RENEWED = 120.0
"""Seconds after which the waiting begins anew: a line that died meanwhile is noticed by it."""

FAREWELL = 5.0
"""Seconds that a server has to say that it no longer waits."""


def has_idle(box: BaseMailBox) -> bool:
    """Say whether the server can tell of new mail; many say so only to who is logged in."""
    _kind, told = box.client.capability()
    words = b" ".join(item for item in told if isinstance(item, bytes))
    return b"IDLE" in words.upper().split()


def came(box: BaseMailBox, seconds: float) -> bool:
    """Say whether mail came into the open folder within `seconds`; returns as soon as it does.

    What came since the folder was opened counts, too.
    """
    until = monotonic() + seconds
    while True:
        left = max(until - monotonic(), 0.0)
        if any(map(_ARRIVED.match, _waited(box, min(left, RENEWED)))):
            return True
        if monotonic() >= until:
            return False


_listens: Any = get_socket_poller  # it takes parts of a second, too
_ARRIVED = re.compile(rb"\* \d+ EXISTS", re.IGNORECASE)


def _waited(box: BaseMailBox, seconds: float) -> list[bytes]:
    """Return what the server told until something came or the time was over."""
    client: Any = box.client
    tag = client._command("IDLE")  # noqa: SLF001 - imaplib knows no public way, nor does imap-tools
    lines = _until_ready(client, tag) + _at_hand(client)
    if not lines:
        _listens(client.sock, seconds)
        lines = _at_hand(client)
    before = client.sock.gettimeout()
    client.sock.settimeout(FAREWELL if before is None else min(FAREWELL, before))
    client.send(b"DONE\r\n")
    lines += box.consume_until_tagged_response(tag)[1]
    client.sock.settimeout(before)
    return lines


def _until_ready(client: Any, tag: bytes) -> list[bytes]:
    """Read until the server waits; it may tell of mail even before."""
    lines = []
    while (line := client._get_response()) is not None:  # noqa: SLF001
        if client.tagged_commands.get(tag):
            raise NoIdle(line.decode("ascii", "replace"))
        lines.append(line)
    return lines


def _at_hand(client: Any) -> list[bytes]:
    """Return the lines that are here already, some of them in the memory of the library.

    A socket that is asked whether there is something to read knows nothing of those.
    """
    lines: list[bytes] = []
    before = client.sock.gettimeout()
    client.sock.settimeout(0)
    with suppress(OSError, IMAP4.abort):  # the end of what is here; a dead line shows itself next
        while True:
            lines.append(client._get_line())  # noqa: SLF001
    client.sock.settimeout(before)
    return lines
