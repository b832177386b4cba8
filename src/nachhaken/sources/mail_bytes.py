"""Bytes as a tree of parts, by Python's parser, kept from what makes it slow.

That is a header without end: its parameters are read in quadratic time, and a boundary is compiled
into a regular expression. And it is parts without number, each of which costs what a mail costs.
"""

from email import message_from_bytes, message_from_string
from email.message import Message
from typing import AnyStr

_MOST_PARTS = 1_000
_LONGEST = 20_000
_LONGEST_OF_PART = 4_000


class _Bounded(Message):
    """A message whose headers end somewhere."""

    def set_raw(self, name: str, value: str) -> None:
        """Keep a header as it was written, its beginning."""
        is_about_part = name[:8].lower() == "content-"
        super().set_raw(name, value[: _LONGEST_OF_PART if is_about_part else _LONGEST])


def message_of(raw: bytes) -> Message:
    """Return the parts of a mail, whatever its bytes are."""
    return message_from_bytes(_begun(raw, b"\n--"), _class=_Bounded)


def message_of_text(text: str) -> Message:
    """Do what `message_of` does, for text."""
    return message_from_string(_begun(text, "\n--"), _class=_Bounded)


def _begun(mail: AnyStr, separator: AnyStr) -> AnyStr:
    parts = mail.split(separator, _MOST_PARTS)
    return mail if len(parts) <= _MOST_PARTS else separator.join(parts[:_MOST_PARTS])
