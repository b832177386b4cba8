"""Paragraphs of a mail in format=flowed, whose lines the sending program wrapped (RFC 3676)."""

import re

_MARKS = re.compile(r">*")


def unflowed(text: str, *, joins_words: bool = False) -> str:
    """Return `text` with each paragraph on one line again, quoted ones behind "> " of their depth.

    A line that ends in a blank goes on in the next one of the same depth; "-- " does not.
    `joins_words` is the parameter delsp=yes: the blank at the end is no part of the text.
    """
    lines: list[str] = []
    depth_before, goes_on = -1, False
    for line in text.replace("\r\n", "\n").split("\n"):
        marks = _MARKS.match(line)
        depth = marks.end() if marks else 0
        words = line[depth:].removeprefix(" ")
        is_soft = words.endswith(" ") and words != "-- "
        words = words.removesuffix(" ") if is_soft and joins_words else words
        if goes_on and depth == depth_before and words != "-- ":
            lines[-1] += words
        else:
            lines.append("> " * depth + words)
        depth_before, goes_on = depth, is_soft
    return "\n".join(lines)
