"""A mail's bytes as a plain message: who wrote what to whom, when, and in answer to what."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from itertools import islice

from nachhaken.sources.bounce import Bounce, bounce_in
from nachhaken.sources.faults import Fault, NotAMail
from nachhaken.sources.mail_bytes import message_of
from nachhaken.sources.mail_headers import Address, Headers, is_bulk, is_machine
from nachhaken.sources.mail_parts import attachment_names, body_text, enclosed_parts
from nachhaken.sources.mail_slim import slimmed
from nachhaken.sources.moments import sent_at_of
from nachhaken.sources.new_text import new_text

__all__ = ["Address", "MailMessage", "parse_message"]

_DEEPEST = 4
_MOST_ENCLOSED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessage:
    """One mail. Addresses are lower case; message ids stand without angle brackets.

    `new_text` is what the writer said in this mail, `full_text` the whole body. `automatic` means
    that the headers tell of a machine, `is_bulk` that many got it, `bounce` what it says about a
    mail that could not be delivered. `enclosed` are mails that hang on this one, `forwards` is the
    id of the message that this one forwards, where the program names it. `message_id` is made from
    the content where the mail has none, so the same bytes always give the same id.
    """

    message_id: str
    sent_at: datetime
    sender: Address
    recipients: tuple[Address, ...]
    subject: str
    in_reply_to: str
    references: tuple[str, ...]
    new_text: str
    full_text: str
    automatic: bool
    attachments: tuple[str, ...]
    bounce: Bounce | None = None
    is_bulk: bool = False
    enclosed: tuple["MailMessage", ...] = ()
    forwards: str = ""


def parse_message(raw: bytes, *, fallback: datetime | None = None) -> MailMessage:
    """Return the message in `raw`; what is broken in it is read as far as possible.

    `fallback` (aware) is when the mail came, for mails that name no date themselves. Raises
    `NotAMail` where `raw` is no mail, is nested beyond reading, or has no date and no fallback.
    """
    try:
        return _message(message_of(slimmed(raw)), fallback)
    except RecursionError:
        raise NotAMail(Fault(file="", code="too_deep")) from None


def _message(part: Message, fallback: datetime | None, depth: int = 0) -> MailMessage:
    headers = Headers(part)
    if not _is_mail(headers):
        raise NotAMail(Fault(file="", code="no_mail"))
    sent_at = sent_at_of(headers) or fallback
    if sent_at is None:
        raise NotAMail(Fault(file="", code="no_moment"))
    text = body_text(part)
    return MailMessage(
        message_id=next(_ids(headers.first("message-id")), "") or _made_id(headers, text),
        sent_at=sent_at,
        sender=next(iter(headers.addresses("from", "sender", "reply-to")), Address("", "")),
        recipients=headers.addresses("to", "cc", "bcc", "delivered-to"),
        subject=headers.text("subject"),
        in_reply_to=next(_ids(headers.first("in-reply-to")), ""),
        references=tuple(dict.fromkeys(_ids(headers.first("references")))),
        new_text=new_text(text),
        full_text=text,
        automatic=is_machine(headers, part),
        attachments=attachment_names(part),
        bounce=bounce_in(part),
        is_bulk=is_bulk(headers),
        enclosed=tuple(_enclosed(part, sent_at, depth)) if depth < _DEEPEST else (),
        forwards=next(_ids(headers.first("x-forwarded-message-id")), ""),
    )


def _enclosed(part: Message, sent_at: datetime, depth: int) -> Iterator[MailMessage]:
    """Yield the mails that hang on this one; what a report on delivery encloses is our own."""
    if part.get_content_type() == "multipart/report":
        return
    for inner in islice(enclosed_parts(part), _MOST_ENCLOSED):
        with suppress(NotAMail):
            yield _message(inner, sent_at, depth + 1)


def _is_mail(headers: Headers) -> bool:
    known = {"from", "to", "date", "subject", "message-id", "received", "return-path", "sender"}
    return len(known & headers.names) > 1


def _ids(value: str) -> Iterator[str]:
    found = re.findall(r"<\s*([^<>\s]{1,250})\s*>", value)
    yield from found or [word for word in value.split() if "@" in word]


def _made_id(headers: Headers, text: str) -> str:
    told = [headers.first(name) for name in ("from", "to", "date", "subject")]
    digest = hashlib.sha256("\0".join([*told, text]).encode("utf-8", "replace"))
    return f"{digest.hexdigest()[:40]}@nachhaken.invalid"
