"""What the header of a mail tells before the mail is read: enough to know whether to read it."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes

from nachhaken.sources.mail_headers import Address, Headers

FIELDS = (
    "From", "To", "Cc", "Bcc", "Delivered-To", "Reply-To", "Sender", "Subject", "Date",
    "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Precedence", "List-Id",
    "Content-Type", "Return-Path", "X-Failed-Recipients",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHead:
    """A mail in a folder. `at` (aware) is when it came in there, None where nobody says so.

    `message_id` is "" where the header names none; ids stand without angle brackets, in lower case.
    `others` are all people but the sender. `is_told`: the header names somebody at all.
    """

    uid: int
    size: int
    at: datetime | None
    sender: Address
    others: tuple[Address, ...]
    subject: str
    message_id: str
    answers: tuple[str, ...]
    is_report: bool
    is_bulk: bool

    @property
    def is_told(self) -> bool:
        """Whether the header says who wrote, or to whom."""
        return bool(self.sender.mail or self.others)

    @property
    def addresses(self) -> frozenset[str]:
        """The mail addresses of everybody in the header."""
        return frozenset(one.mail for one in (self.sender, *self.others)) - {""}


def head_of(block: bytes, *, uid: int, size: int, at: datetime | None) -> MailHead:
    """Return what `block`, the lines of a header, tells; whatever it holds, nothing is raised."""
    headers = Headers(message_from_bytes(block))
    writers = headers.addresses("from", "sender", "reply-to")
    people = headers.addresses(
        "from", "sender", "reply-to", "to", "cc", "bcc", "delivered-to", "x-failed-recipients"
    )
    ids = [*_ids(headers.first("in-reply-to")), *_ids(headers.first("references"))]
    return MailHead(
        uid=uid,
        size=size,
        at=at,
        sender=writers[0] if writers else Address("", ""),
        others=tuple(one for one in people if not writers or one != writers[0]),
        subject=headers.text("subject"),
        message_id=next(iter(_ids(headers.first("message-id"))), ""),
        answers=tuple(dict.fromkeys(ids)),
        is_report=_is_report(headers),
        is_bulk="list-id" in headers.names or headers.first("precedence").lower() in _BULK,
    )


_REPORT = re.compile(r"\s*multipart/report\b", re.IGNORECASE)
_DAEMON = re.compile(r"(?:mailer-?daemon|postmaster)(?:[-+._\d]\S*)?@")
_BULK = frozenset({"bulk", "list", "junk"})


def _is_report(headers: Headers) -> bool:
    """Whether a mail server wrote it about a mail that may be ours."""
    return (
        bool(_REPORT.match(headers.first("content-type")))
        or "x-failed-recipients" in headers.names
        or headers.first("return-path").strip() == "<>"
        or any(_DAEMON.match(one.mail) for one in headers.addresses("from", "sender"))
    )


def _ids(value: str) -> list[str]:
    found = re.findall(r"<\s*([^<>\s]{1,250})\s*>", value)
    return [one.lower() for one in found or [word for word in value.split() if "@" in word]]
