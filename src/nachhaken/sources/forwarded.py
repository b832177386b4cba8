"""The mail inside a forwarded one: who wrote it to whom, when, and what."""

import hashlib
import re
from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from nachhaken.sources.history import HEADER, LONGEST_LINE, header_kind
from nachhaken.sources.mail import MailMessage
from nachhaken.sources.mail_headers import Address, addresses_in
from nachhaken.sources.match import is_own
from nachhaken.sources.moment_words import moment_in_words
from nachhaken.sources.new_text import new_text

DEEPEST = 4
MADE = "@forwarded.invalid"
"""How the ids end that are made from the content, where the copy does not name the message."""

_LINES = 2_000
_HOME = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A mail as it was before it was forwarded, and what the one who forwarded it wrote above."""

    mail: MailMessage
    comment: str = ""


def unwrapped(mail: MailMessage, own: Set[str]) -> tuple[Original, ...]:
    """Return what a mail that we forwarded to ourselves is about; of any other nothing.

    What we had forwarded ourselves inside is unwrapped again; a mail that a customer forwarded is
    the customer's.
    """
    return tuple(_unwrapped(mail, own, depth=0))


def _unwrapped(mail: MailMessage, own: Set[str], *, depth: int) -> list[Original]:
    if depth > DEEPEST or not _is_to_ourselves(mail, own):
        return []
    found: list[Original] = []
    for one in originals(mail):
        inner = _unwrapped(one.mail, own, depth=depth + 1)
        found += [_with_comment(deeper, one.comment) for deeper in inner] or [one]
    return found


def _with_comment(one: Original, above: str) -> Original:
    return replace(one, comment="\n\n".join(filter(None, (above, one.comment))))


def _is_to_ourselves(mail: MailMessage, own: Set[str]) -> bool:
    if not is_own(mail.sender.mail, own):
        return False
    to = mail.recipients
    return bool(to) and all(is_own(address.mail, own) for address in to)


def originals(mail: MailMessage) -> tuple[Original, ...]:
    """Return the mails that hang on this one, else the one that is written into it."""
    if mail.enclosed:
        comment = new_text(mail.full_text)
        return tuple(Original(mail=one, comment=comment) for one in mail.enclosed)
    inline = _inline(mail)
    return (inline,) if inline else ()


_MARK = r"[>|\s]*"
_TITLE = re.compile(
    rf"{_MARK}(?:[-_=*]{{2,}}\s*)?(?:weitergeleitete\s+(?:nachricht|e-?mail|mail)|"
    r"urspr(?:ü|ue)ngliche\s+(?:nachricht|e-?mail|mail)|original[- ]?(?:nachricht|e-?mail|message|"
    r"mail)|forwarded\s+(?:message|by.{0,80})|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"begin forwarded message|d[ée]but du message (?:réexpédié|transféré)|"
    r"message\s+(?:d['’]origine|transféré|original|initial)|"
    r"(?:inizio (?:del )?)?messaggio\s+(?:originale|inoltrato)|weitergeleitet von\b.{0,80})"
    r"\s*:?\s*(?:[-_=*]{2,})?\s*$",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"(?:>\s?)*")


def _inline(mail: MailMessage) -> Original | None:
    lines = mail.full_text.split("\n")[:_LINES]
    for i, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            continue
        is_title = bool(_TITLE.match(line))
        start = _next_words(lines, i + 1) if is_title else i
        told, end = _header(lines, start)
        if _is_header(told, is_titled=is_title):
            above = "\n".join(lines[: _above(lines, i)])
            inner = _bare(lines[start:], lines[start])[end - start :]
            return _original(mail, told, "\n".join(inner), comment=new_text(above))
    return None


def _next_words(lines: list[str], start: int) -> int:
    near = range(start, min(start + 4, len(lines)))
    return next((i for i in near if _QUOTE.sub("", lines[i], count=1).strip()), start)


def _above(lines: list[str], end: int) -> int:
    """The rule that Outlook draws above a header is no comment."""
    while end and (not lines[end - 1].strip() or re.match(r"\s*[_\-]{5,}\s*$", lines[end - 1])):
        end -= 1
    return end


def _header(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """Return what the lines from `start` on tell as a header, and where it ends."""
    told: dict[str, str] = {}
    last, end = "", start
    while end < min(start + _MOST_LINES, len(lines)):
        line = _QUOTE.sub("", lines[end], count=1)
        found = HEADER.match(line) if len(line) <= _LONGEST_HEADER else None
        if found:
            last = _key(found)
            told.setdefault(last, found["value"].strip(" *\t"))
        elif last and line.strip() and _goes_on(told[last], line):
            told[last] += f" {line.strip()}"
        elif not told or not _OTHER.match(line):
            break
        end += 1
    return told, end


_MOST_LINES = 20
_LONGEST_HEADER = 3_000


_OTHER = re.compile(
    r"\s*\**(?:wichtigkeit|priorität|anlagen?|anhänge?|importance|attachments?|priority|pièces "
    r"jointes|allegati|cc|bcc|kopie|message-id|references|in-reply-to)\s*\**:",
    re.IGNORECASE,
)


def _key(found: re.Match[str]) -> str:
    """The copy is no addressee of its own kind: the first "An" counts."""
    kind = header_kind(found)
    return "sent" if kind == "date" else kind


def _goes_on(value: str, line: str) -> bool:
    """Long lists of recipients are wrapped."""
    return (
        value.endswith((",", ";", "<")) or line[:1] in " \t<" or ("@" in line and "@" not in value)
    )


def _is_header(told: dict[str, str], *, is_titled: bool) -> bool:
    if "from" not in told or not told["from"]:
        return False
    is_addressed = "@" in told["from"] or "@" in told.get("to", "")
    is_dated = any(map(str.isdigit, told.get("sent", "")))
    return (is_dated or is_addressed) and (is_titled or len(told) > 2)  # noqa: PLR2004


def _bare(lines: list[str], first: str) -> list[str]:
    """Take off as many ">" as stand before the header."""
    mark = _QUOTE.match(first)
    depth = mark[0].count(">") if mark else 0
    return [re.sub(rf"^(?:>\s?){{0,{depth}}}", "", line) for line in lines] if depth else lines


def _original(mail: MailMessage, told: dict[str, str], text: str, *, comment: str) -> Original:
    sent = moment_in_words(told.get("sent", ""), _zone(mail.sent_at))
    sender = _address(told["from"])
    inner = MailMessage(
        message_id="",
        sent_at=sent or mail.sent_at,
        sender=sender,
        recipients=addresses_in(told.get("to", "")),
        subject=" ".join(told.get("subject", "").split()),
        in_reply_to="",
        references=(),
        new_text=new_text(text) if text.strip() else "",
        full_text=text.strip(),
        automatic=False,
        attachments=mail.attachments,
    )
    return Original(mail=replace(inner, message_id=_id_of(mail, inner)), comment=comment)


def _zone(at: datetime) -> tzinfo:
    """The moment is shown where it was forwarded: with us, as far as the clocks agree.

    Exchange writes every date in UTC, wherever it was sent.
    """
    is_home = at.utcoffset() in {at.astimezone(_HOME).utcoffset(), timedelta(0)}
    return _HOME if is_home or at.tzinfo is None else at.tzinfo


def _address(value: str) -> Address:
    found = addresses_in(value)
    if found:
        return found[0]
    return Address(re.sub(r"[<\[(].*$", "", value).strip(" \"'"), "")


def _id_of(mail: MailMessage, inner: MailMessage) -> str:
    """Thunderbird names the forwarded message, others answer it as far as the threads go."""
    is_forward = bool(_FORWARD.match(mail.subject))
    return mail.forwards or (mail.in_reply_to if is_forward else "") or content_id(inner)


_FORWARD = re.compile(r"\s*(?:wg|fwd?|tr|i|rif|wtr|weitergeleitet)\s*:", re.IGNORECASE)
_PREFIX = re.compile(
    r"\s*(?:(?:re|aw|antw|wg|fwd?|tr|rif|i|wtr|sv)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE
)
_FIRST_LETTERS = 60


def content_id(mail: MailMessage) -> str:
    """Return an id that is equal for a mail and for what a forwarded copy of it still shows.

    That are the sender, the minute, the subject without its prefixes, and the first letters.
    """
    minute = mail.sent_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    subject = _PREFIX.sub("", mail.subject).casefold()
    letters = "".join(filter(str.isalnum, mail.new_text.casefold()))[:_FIRST_LETTERS]
    told = "\0".join((mail.sender.mail, minute, "".join(subject.split()), letters))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:40] + MADE
