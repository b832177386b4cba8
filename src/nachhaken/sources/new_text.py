"""What a mail says anew: its text without the quoted history, the signature and the small print."""

import re
from functools import cache

from mailparser_reply import EmailReplyParser

from nachhaken.sources.history import LONGEST_LINE, Lines, before_quote, unquoted
from nachhaken.sources.signature import says_something, without_signature

EXAMINED = 30_000
"""Characters of a mail that are examined, in at most `EXAMINED_LINES`; the rest is history."""

EXAMINED_LINES = 600

# The library's expressions backtrack; what is longer than a reply is not given to it.
_MOST_CHARACTERS = 6_000


def new_text(text: str) -> str:
    """Return what the writer of `text` said in this mail; never empty where `text` has words.

    Answers written between the quoted lines are kept, and so are the closing formula with the
    name below it and any postscript. Where nothing else is left, the text in front of the first
    quotation is returned, and else all of it. Only the first `EXAMINED` characters are looked at.
    """
    kept = _own(_lines(text)[::2])
    if kept is None:
        return _squeezed(re.sub(r"\r\n?", "\n", text.replace("\xa0", " ")))
    return _squeezed("\n".join(kept.values()))


def own_part(text: str) -> str:
    """Return `text` in its length, with blanks for all that `new_text` leaves out.

    Line breaks stay where they are, so a place in the result is the same place in `text`.
    """
    pieces = _lines(text)
    kept = _own(pieces[::2])
    if kept is None:
        return text
    for i, line in enumerate(pieces[::2]):
        end = len(kept.get(i, ""))
        pieces[2 * i] = line[:end] + " " * (len(line) - end)
    said = "".join(pieces)
    return said + re.sub(r"[^\r\n]+", lambda found: " " * len(found[0]), text[len(said) :])


def _squeezed(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _lines(text: str) -> list[str]:
    """The lines of `text` that are examined and, between them, what breaks them."""
    head = text[:EXAMINED].replace("\xa0", " ")
    return re.split(r"(\r\n|\r|\n)", head)[: 2 * EXAMINED_LINES]


def _own(lines: list[str]) -> Lines | None:
    """The lines that the writer typed, each as far as it goes; None where that cannot be told."""
    lines = [line.rstrip() for line in lines]
    said: Lines = {}
    plain: Lines = {}
    for stretch in unquoted(lines):
        plain |= stretch
        said |= without_signature(stretch, is_said=says_something(said))
    if _has_words(said):
        return _by_library(said)
    above = plain if _has_words(plain) else before_quote(lines)
    return above if _has_words(above) else None


def _by_library(kept: Lines) -> Lines:
    """Cut at the headers that mail-parser-reply knows beyond our own rules."""
    text = "\n".join(line.strip() for line in kept.values())
    if len(text) > _MOST_CHARACTERS or not _may_hold_header(text):
        return kept
    if any(len(line) > LONGEST_LINE for line in kept.values()):
        return kept
    found = _parser().read(text).latest_reply or ""
    above = text.partition(found)[0].count("\n") + found.count("\n") + 1
    return dict([*kept.items()][:above]) if _has_words({0: found}) else kept


@cache
def _parser() -> EmailReplyParser:
    # Our rules know German, English, French and Italian; the library adds the neighbours.
    return EmailReplyParser(languages=["nl", "pl", "cs", "da", "sv", "es"])


def _may_hold_header(text: str) -> bool:
    """Two lines that begin with a word and a colon, or one with a moment that ends in a colon."""
    return len(re.findall(r"(?m)^\W{0,4}\w{2,12}\s?:", text)) > 1 or bool(
        re.search(r"(?m)^(?=.*\d).{20,}:$", text)
    )


def _has_words(kept: Lines) -> bool:
    return any(map(_WORDS.search, kept.values()))


_WORDS = re.compile(r"[^\W_]|[?!)(]|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
