"""The parts of a mail: its body as text, and the names of what hangs on it."""

import binascii
import re
import unicodedata
from collections.abc import Iterator
from email.message import Message
from email.utils import collapse_rfc2231_value

from nachhaken.sources.charsets import decoded
from nachhaken.sources.flowed import unflowed
from nachhaken.sources.html_text import has_structure, html_text
from nachhaken.sources.mail_bytes import message_of
from nachhaken.sources.mail_headers import Headers, children

_MOST_CHARACTERS = 200_000
_LONGEST_NAME = 200


def body_text(part: Message) -> str:
    """Return the words of the mail: its plain text, or its HTML as text where it has no other."""
    return _text(part).replace("\r\n", "\n").replace("\x00", "")[:_MOST_CHARACTERS].strip()


def leaf_text(part: Message) -> str:
    """Return the text of one part without parts, whatever it calls itself."""
    return decoded(_payload(part), _parameter(part, "charset")).replace("\x00", "")


def attachment_names(part: Message) -> tuple[str, ...]:
    """Return the bare file names of the attachments, in order; never a path."""
    return tuple(_name(leaf) for leaf in _leaves(part) if _is_attached(leaf))


def enclosed_parts(part: Message) -> Iterator[Message]:
    """Yield the mails that hang on a mail, as such or as a file .eml."""
    for leaf in _leaves(part):
        if leaf is part:
            continue
        if leaf.get_content_type() == "message/rfc822":
            yield from children(leaf)[:1]
        elif _file_name(leaf).lower().endswith(".eml"):
            yield message_of(_payload(leaf))


def _text(part: Message) -> str:
    kind = part.get_content_type()
    if kind == "message/rfc822" or _is_attached(part):
        return ""
    inside = children(part)
    if not inside:
        return _leaf_text(part, kind)
    if kind == "multipart/alternative":
        return _preferred(inside)
    if kind == "multipart/report":
        return _text(inside[0])
    return "\n\n".join(filter(None, map(_text, inside)))


def _preferred(parts: list[Message]) -> str:
    """The plain text, or the HTML where its structure tells what is quoted."""
    told = [part for part in parts if _tells_quotes(part)]
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    return next(filter(str.strip, map(_text, [*told, *plain, *parts])), "")


def _tells_quotes(part: Message) -> bool:
    is_html = part.get_content_type() == "text/html"
    return is_html and has_structure(decoded(_payload(part), _parameter(part, "charset")))


def _leaf_text(part: Message, kind: str) -> str:
    if not kind.startswith("text/") and kind != "multipart/mixed":
        return ""
    words = decoded(_payload(part), _parameter(part, "charset"))
    if kind == "text/html":
        return html_text(words)
    is_flowed = kind == "text/plain" and _parameter(part, "format").lower() == "flowed"
    return unflowed(words, joins_words=_parameter(part, "delsp") == "yes") if is_flowed else words


def _payload(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, binascii.Error):
        payload = None
    if isinstance(payload, bytes):
        return payload
    return str(part.get_payload() or "").encode("utf-8", "surrogateescape")


def _parameter(part: Message, name: str) -> str:
    try:
        # A triple where the header names charset and language of the value (RFC 2231).
        return collapse_rfc2231_value(part.get_param(name) or "")
    except (ValueError, LookupError, TypeError):
        return ""


def _leaves(part: Message) -> Iterator[Message]:
    inside = [] if part.get_content_type() == "message/rfc822" else children(part)
    if not inside:
        yield part
    for child in inside:
        yield from _leaves(child)


def _is_attached(part: Message) -> bool:
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        return False
    disposition = Headers(part).first("content-disposition").strip().lower()
    if disposition.startswith("attachment") or part.get_content_type() == "message/rfc822":
        return True
    return bool(_file_name(part))


def _name(part: Message) -> str:
    return bare_name(_file_name(part)) or part.get_content_type()


def bare_name(name: str) -> str:
    r"""Return a file's name without the folders that it names, and without signs that hide its end.

    "../../x.pdf" and "C:\x.pdf" become "x.pdf"; a mark that turns the direction of writing, with
    which "exe.pdf" may be an .exe, and control characters are left out.
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(char for char in last if not unicodedata.category(char).startswith("C"))
    return " ".join(kept.split()).lstrip(".")[:_LONGEST_NAME]


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename("") or ""
    except (ValueError, LookupError, IndexError, TypeError):
        return ""
    if "=?" in name:
        holder = Message()
        holder.set_raw("name", name)
        return Headers(holder).text("name")
    return " ".join(name.encode("utf-8", "replace").decode().split())
