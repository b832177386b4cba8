"""What a mail server (IMAP) answers to a question for mails: their numbers, heads, and bytes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from nachhaken.sources.mail_head import FIELDS, MailHead, head_of
from nachhaken.sources.uid_set import UidSet

LARGEST_WHOLE = 25_000_000
"""Bytes of a mail that is fetched whole; of a larger one only its beginning comes."""

HEADS = f"(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS ({' '.join(FIELDS)})])"
"""What is asked for to know a mail without reading it."""

_PORTION = 20_000_000

_UID = re.compile(rb"\bUID (\d{1,10})")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,10})")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')


def heads_in(told: Sequence[object]) -> Iterator[MailHead]:
    """Yield the mails of an answer to `HEADS`."""
    for words, block in _items(told):
        uid, size = _UID.search(words), _SIZE.search(words)
        if uid is not None:
            yield head_of(block, uid=int(uid[1]), size=int(size[1]) if size else 0, at=_at(words))


def raws_in(told: Sequence[object]) -> dict[int, bytes]:
    """Return the mails of an answer by their number; one that came without its bytes is not in."""
    found = ((_UID.search(words), block) for words, block in _items(told))
    return {int(uid[1]): block for uid, block in found if uid and block}


def portions(heads: Iterable[MailHead]) -> Iterator[list[MailHead]]:
    """Part the mails so that one answer stays small in memory; one above the limit comes alone."""
    portion: list[MailHead] = []
    total = 0
    for head in heads:
        is_large = head.size > LARGEST_WHOLE
        if portion and (is_large or total + head.size > _PORTION):
            yield portion
            portion, total = [], 0
        portion.append(head)
        total += _PORTION if is_large else head.size
    if portion:
        yield portion


def uids_in(told: Sequence[object]) -> UidSet:
    """Return the numbers of an answer to a search; a long answer may come in several lines."""
    lines = (item for item in told if isinstance(item, bytes))
    return UidSet.of(int(word) for line in lines for word in line.split() if int(word) > 0)


def _items(told: Sequence[object]) -> Iterator[tuple[bytes, bytes]]:
    """Yield what is said of a mail, before and after its bytes, and these bytes (none: b"")."""
    for index, item in enumerate(told):
        after = told[index + 1] if index + 1 < len(told) else b""
        if isinstance(item, tuple):
            yield item[0] + b" " + (after if isinstance(after, bytes) else b""), item[1]
        elif isinstance(item, bytes) and item.lstrip()[:1].isdigit():
            yield item, b""


def _at(words: bytes) -> datetime | None:
    stamp = _DATE.search(words)
    if stamp is None:
        return None
    try:
        at = parsedate_to_datetime(stamp[1].decode("ascii", "replace").strip())
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
