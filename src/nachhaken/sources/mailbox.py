"""A mailbox file (.mbox) or a single mail (.eml) as a stream of messages and faults."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from nachhaken.sources.faults import EmptyFile, Fault, NotAMail, NotAMailbox
from nachhaken.sources.kind import HEAD, Kind, kind_of
from nachhaken.sources.mail import MailMessage, parse_message

LARGEST_MAIL = 50_000_000
"""Bytes of one mail; a larger one is a fault, so memory stays flat."""

_ENVELOPE = re.compile(rb"From \S.*\d\d:\d\d|From - ")
_QUOTED_FROM = re.compile(rb">+From ")


def messages(source: Path | bytes, *, name: str = "") -> Iterator[MailMessage | Fault]:
    """Yield each mail of `source` in the order of the file, a `Fault` where one cannot be read.

    An mbox is read mail by mail: a file of any size takes the memory of its largest mail. Raises
    `EmptyFile` and `NotAMailbox`, at the first step, where the whole file is not what it should be.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    with source.open("rb") if isinstance(source, Path) else BytesIO(source) as stream:
        head = stream.read(HEAD)
        kind = _mail_kind(head, name)
        stream.seek(0)
        raws = _split(stream) if kind is Kind.MBOX else [stream.read(LARGEST_MAIL + 1)]
        yield from _parsed(raws, name)


def _mail_kind(head: bytes, name: str) -> Kind:
    if not head.strip():
        raise EmptyFile(Fault(file=name, code="empty"))
    kind = kind_of(head, name)
    if kind not in {Kind.MBOX, Kind.EML}:
        raise NotAMailbox(Fault(file=name, code=_ADVICE.get(kind, "no_mailbox")))
    return kind


_ADVICE = {Kind.MSG: "outlook_mail", Kind.PST: "outlook_store", Kind.ZIP: "packed"}


def _parsed(raws: Iterable[bytes], name: str) -> Iterator[MailMessage | Fault]:
    for row, raw in enumerate(raws, start=1):
        if len(raw) > LARGEST_MAIL:
            limit = {"limit": LARGEST_MAIL // 1_000_000}
            yield Fault(file=name, row=row, code="mail_too_large", params=limit)
            continue
        try:
            yield parse_message(raw)
        except NotAMail as error:
            yield Fault(file=name, row=row, code=error.fault.code)


def _split(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Cut at the envelope lines that follow an empty line, and undo the quoting of "From "."""
    lines: list[bytes] = []
    size, after_empty, begun = 0, True, False
    for line in stream:
        if after_empty and (_ENVELOPE.match(line) or (not begun and line.startswith(b"From "))):
            if begun:
                yield b"".join(lines)
            lines, size, begun = [], 0, True
            after_empty = False
            continue
        after_empty = not line.strip()
        size += len(line)
        if size <= LARGEST_MAIL or not lines:
            lines.append(line[1:] if _QUOTED_FROM.match(line) else line)
        elif lines[-1] is not _OVERFLOW:
            # One byte more than allowed is kept, to be told from a mail that fits.
            lines = [bytes(LARGEST_MAIL), _OVERFLOW]
    if begun:
        yield b"".join(lines)


_OVERFLOW = b"\0"
