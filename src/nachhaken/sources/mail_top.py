"""What the first bytes of a mail tell before it is read: when it was sent, and what it is."""

import re
from dataclasses import dataclass
from datetime import datetime

from nachhaken.sources.mail_bytes import message_of
from nachhaken.sources.mail_headers import Address, Headers, is_bulk
from nachhaken.sources.moments import moment_of, sent_at_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """Whose mail it is, by its header."""

    is_bulk: bool
    sender: str
    recipients: frozenset[str]
    delivered_to: str


def top_of(head: bytes) -> Top:
    """Return what the header at the start of `head` tells; it may be cut, or no mail at all."""
    headers = _headers(head)
    sender = next(iter(headers.addresses("from", "sender")), Address("", "")).mail
    return Top(
        is_bulk=is_bulk(headers),
        sender=sender,
        recipients=frozenset(a.mail for a in headers.addresses("to", "cc")),
        delivered_to=next(iter(headers.addresses("delivered-to", "x-original-to")), _NOBODY).mail,
    )


_NOBODY = Address("", "")
_END = re.compile(rb"\r?\n\r?\n")


def _headers(head: bytes) -> Headers:
    end = _END.search(head)
    return Headers(message_of(head[: end.end()] if end else head))


def moment_in(head: bytes, envelope: bytes) -> datetime | None:
    """Return when the mail was sent as quickly as possible: by its date, else by its envelope."""
    end = _END.search(head)
    found = _DATE.search(head, 0, end.start() if end else len(head))
    at = moment_of(found[1].decode("latin-1")) if found else None
    return at or sent_at_of(_headers(head)) or envelope_moment(envelope)


_DATE = re.compile(rb"^date:[ \t]*([^\r\n]{1,100})", re.IGNORECASE | re.MULTILINE)
_STAMP = re.compile(
    rb"[A-Z][a-z]{2} +([A-Z][a-z]{2}) +(\d\d?) +(\d\d:\d\d(?::\d\d)?) .{0,12}?(\d{4})"
)


def envelope_moment(envelope: bytes) -> datetime | None:
    """Return the moment in an envelope, as the C library writes it; None where it has none."""
    found = _STAMP.search(envelope)
    if found is None:
        return None
    month, day, clock, year = (part.decode("ascii") for part in found.groups())
    return moment_of(f"{day} {month} {year} {clock} +0000")


def is_unsent(head: bytes) -> bool:
    """Whether it is a draft, or what the provider took for junk: nobody wrote it to anybody.

    Gmail puts its labels, Thunderbird the mark of a draft, mutt its flags into the header.
    """
    end = _END.search(head)
    if not _TELLING.search(head, 0, end.start() if end else len(head)):
        return False
    headers = _headers(head)
    return (
        bool(_JUNK.search(headers.text("x-gmail-labels")))
        or "x-mozilla-draft-info" in headers.names
        or "T" in headers.first("x-status").upper()
    )


_TELLING = re.compile(
    rb"^x-(?:gmail-labels|mozilla-draft-info|status):", re.IGNORECASE | re.MULTILINE
)
_JUNK = re.compile(
    r"(?:^|,)\s*\"?(?:spam|junk|drafts?|entwürfe|entwurf|brouillons?|bozze|posta indesiderata)\"?"
    r"\s*(?:,|$)",
    re.IGNORECASE,
)
