"""What a mail server (IMAP) answers to a question for mails: their numbers, sizes, and bytes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

LARGEST_WHOLE = 25_000_000
"""Bytes of a mail that is fetched whole; of a larger one only its beginning comes."""

_PORTION = 20_000_000

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Head:
    """What a folder knows of a mail: number, bytes, and when (aware) it came into the folder."""

    uid: int
    size: int
    at: datetime


def head_of(item: bytes) -> Head | None:
    """Return the head that a line of the answer tells; None for a line about something else."""
    uid, size, at = _UID.search(item), _SIZE.search(item), _DATE.search(item)
    if uid is None or size is None or at is None:
        return None
    moment = parsedate_to_datetime(at[1].decode("ascii", "replace").strip())
    return Head(int(uid[1]), int(size[1]), moment)


def portions(heads: Sequence[Head]) -> Iterator[list[Head]]:
    """Part the mails so that one answer stays small in memory; one above the limit comes alone."""
    portion: list[Head] = []
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


def raws_of(told: Sequence[object]) -> dict[int, bytes]:
    """Return the mails of an answer by their number, which stands before or after the text."""
    found = {}
    for index, item in enumerate(told):
        if not isinstance(item, tuple):
            continue
        after = told[index + 1] if index + 1 < len(told) else b""
        uid = _UID.search(item[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
        if uid is not None:
            found[int(uid[1])] = item[1]
    return found
