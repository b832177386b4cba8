"""A mail that says that a mail of ours could not be delivered: which one, to whom, and why.

Standards: RFC 3464 (delivery status), RFC 6522 (multipart/report), RFC 3463 (status codes). What
came before them, and what mail servers write in spite of them, is read by its words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from nachhaken.sources import bounce_words as words
from nachhaken.sources.mail_bytes import message_of, message_of_text
from nachhaken.sources.mail_headers import Headers, children
from nachhaken.sources.mail_parts import body_text, leaf_text

_LONGEST_REASON = 200
_LONGEST_ADDRESS = 254
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What came back. `message_id` is that of our mail, without angle brackets, "" if not told.

    `recipient` is the address as we wrote it, lower case, "" if not told; `status` the code of RFC
    3463 ("5.1.1"), "" if not told. `is_permanent`: the address is dead, not just this delivery.
    `is_delayed`: the server still tries, nothing has failed.
    """

    message_id: str
    recipient: str
    status: str
    is_permanent: bool
    is_delayed: bool
    reason: str


def bounce_of(raw: bytes) -> Bounce | None:
    """Return what the mail in `raw` says about a delivery; None where it is no such report."""
    try:
        return bounce_in(message_of(raw))
    except RecursionError:
        return None


def bounce_in(part: Message) -> Bounce | None:
    """Do what `bounce_of` does, for a mail that is parsed already."""
    parts = list(_parts(part))
    reports = [p for p in parts if p.get_content_type() == "message/delivery-status"]
    blocks = [block for report in reports for block in _blocks(report)]
    if blocks:
        return _reported(part, parts, blocks)
    return _told(part, parts)


def _parts(part: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts, without looking into mails that hang on this one."""
    yield part
    if depth < _DEEPEST and part.get_content_maintype() == "multipart":
        for child in children(part):
            yield from _parts(child, depth + 1)


def _blocks(report: Message) -> list[Headers]:
    """Return the report's blocks that are about a recipient."""
    inside = [Headers(block) for block in children(report)]
    if not inside:  # in base64, against the standard; the parser left it as it is
        texts = re.split(r"\r?\n\s*\r?\n", leaf_text(report))
        inside = [Headers(message_of_text(text.strip())) for text in texts]
    return [block for block in inside if _TELLING & block.names]


_TELLING = {"final-recipient", "original-recipient", "action", "status"}


def _reported(part: Message, parts: list[Message], blocks: list[Headers]) -> Bounce | None:
    failed = [block for block in blocks if _action(block) == "failed"]
    delayed = [block for block in blocks if _action(block) == "delayed"]
    block = next(iter(failed or delayed), None)
    if block is None:
        return None  # delivered, relayed or expanded: a receipt
    diagnosis = _plain(block.text("diagnostic-code"))
    status = words.status_in(block.first("status")) or words.status_in(diagnosis)
    if status.endswith(".0.0"):
        status = words.status_in(diagnosis) or status
    told = diagnosis or words.failure_in(body_text(part))
    return Bounce(
        message_id=_original_id(part, parts),
        recipient=_recipient(block) or _named(part),
        status=status,
        is_permanent=bool(failed) and words.is_dead(status, told),
        is_delayed=not failed,
        reason=told[:_LONGEST_REASON],
    )


def _action(block: Headers) -> str:
    """Return the block's action; where it is missing, what its status means."""
    action = block.first("action").strip().lower().partition(" ")[0]
    if action:
        return action
    return {"5": "failed", "4": "delayed"}.get(block.first("status").strip()[:1], "")


def _recipient(block: Headers) -> str:
    """Return whom we wrote to; the final address may be one to which they forward."""
    for name in ("original-recipient", "final-recipient"):
        found = words.address_in(block.first(name).partition(";")[2] or block.first(name))
        if found:
            return found[:_LONGEST_ADDRESS]
    return ""


def _told(part: Message, parts: list[Message]) -> Bounce | None:
    """Read a report that is written for people only."""
    headers = Headers(part)
    if not _is_daemon(headers):
        return None
    said = body_text(part)
    top = words.before_copy(said)
    is_delayed = words.is_delay(f"{headers.text('subject')}\n{top}")
    if not is_delayed and not words.is_failure(f"{headers.text('subject')}\n{top}"):
        return None
    status = words.status_in(top)
    return Bounce(
        message_id=_original_id(part, parts) or words.message_id_in(said[len(top) :]),
        recipient=_named(part) or _addressed(headers, top),
        status=status,
        is_permanent=not is_delayed and words.is_dead(status, top),
        is_delayed=is_delayed,
        reason=words.failure_in(top)[:_LONGEST_REASON],
    )


def _is_daemon(headers: Headers) -> bool:
    """Whether the mail is one that only mail servers write; an empty sender is not enough."""
    senders = headers.addresses("from", "sender")
    if any(words.DAEMON.match(address.mail) for address in senders):
        return True
    if headers.names & {"list-id", "list-unsubscribe"}:
        return False
    is_named = "x-failed-recipients" in headers.names
    return is_named or bool(words.SUBJECT.match(headers.text("subject")))


def _named(part: Message) -> str:
    """Return the address in the header that Exim and Gmail set."""
    return words.address_in(Headers(part).first("x-failed-recipients"))[:_LONGEST_ADDRESS]


def _addressed(headers: Headers, top: str) -> str:
    """Return the first address in the text that is neither ours nor a server's."""
    ours = {address.mail for address in headers.addresses("to", "from", "delivered-to")}
    found = (address for address in words.addresses_in(top) if address not in ours)
    return next((a for a in found if not words.DAEMON.match(a)), "")[:_LONGEST_ADDRESS]


def _original_id(part: Message, parts: list[Message]) -> str:
    """Return the id of our mail: from its copy, else from what the report says it answers."""
    for copy in _copies(parts):
        found = words.ids_in(copy.first("message-id"))
        if found:
            return found[0]
    headers = Headers(part)
    answered = [*words.ids_in(headers.first("in-reply-to"))]
    answered += reversed(words.ids_in(headers.first("references")))
    return next(iter(answered), "")


def _copies(parts: list[Message]) -> Iterator[Headers]:
    for part in parts:
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/global"}:
            yield from map(Headers, children(part))
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            yield Headers(message_of_text(leaf_text(part).lstrip()))


def _plain(diagnosis: str) -> str:
    """Return a diagnosis without the name of its protocol in front."""
    return " ".join(re.sub(r"^\s*(?:x-)?[\w-]+\s*;\s*", "", diagnosis).split())
