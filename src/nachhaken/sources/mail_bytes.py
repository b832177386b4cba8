"""Bytes as a tree of parts, by Python's parser, kept from what makes it slow.

That is a header without end: its parameters are read in quadratic time, and a boundary is compiled
into a regular expression.
"""

from email import message_from_bytes, message_from_string
from email.message import Message

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
    return message_from_bytes(raw, _class=_Bounded)


def message_of_text(text: str) -> Message:
    """Do what `message_of` does, for text."""
    return message_from_string(text, _class=_Bounded)
