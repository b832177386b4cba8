"""What a text is made of for the classifier: words, their pieces, and words that stand together.

Pieces are runs of three to six letters within a word, edges marked; they carry over to endings,
compounds and typing errors. Words that stand together are pairs, triples, and pairs around a gap.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

_SHORTEST, _LONGEST = 3, 6
# A "word" of more letters is an address or noise; its head says what it can.
_WORD_AT_MOST = 40
# A person's answer stands in so many words; what follows is pasted matter.
_WORDS_AT_MOST = 400


def tokens(folded: str) -> list[str]:
    """The words of a folded text in order, with ? and !, at most the first 400."""
    pattern = _plain_token() if folded.isascii() else _token()
    return [word[:_WORD_AT_MOST] for word in pattern.findall(folded)[:_WORDS_AT_MOST]]


def pieces(word: str) -> list[str]:
    """The runs of three to six characters of " word ", blanks marking its edges."""
    padded = f" {word} "
    return [
        padded[start : start + size]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    ]


def grams(words: list[str]) -> list[str]:
    """Single words, neighbours, three in a row, and two around any third ("nicht _ gut").

    Each once and in the order of the text, so that sums over them come out the same everywhere.
    """
    return list(dict.fromkeys(_grams(words)))


def _grams(words: list[str]) -> Iterator[str]:
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"
    for first, second, third in zip(words, words[1:], words[2:], strict=False):
        yield f"{first} {second} {third}"
        yield f"{first} _ {third}"


@cache
def _plain_token() -> re.Pattern[str]:
    """The same for folded texts of plain letters, in half the time."""
    return re.compile(r"[a-z0-9_]+|[?!]")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(r"\w+|[?!]")
