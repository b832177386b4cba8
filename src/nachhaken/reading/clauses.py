"""A text as words and clauses: where each begins and ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nachhaken.reading.checkable import MARKS, Mark
from nachhaken.reading.vocabulary import listed

_WORD = re.compile(r"[^\W_]+(?:['/.&-][^\W_]+)*|\n\n|\n|[^\w\s]")
# The same for folded texts of plain letters, in half the time.
_PLAIN_WORD = re.compile(r"[a-z0-9]+(?:['/.&-][a-z0-9]+)*|\n\n|\n|[^a-z0-9_\s]")
_SIGNS = frozenset({*".,;!?:()-", "\n", "\n\n"})
JOINS = frozenset({"und", "oder", "aber", "and", "or", "but"})
# "Vorausgesetzt, es kommt ...": the comma parts nothing.
_PREMISES = frozenset({"vorausgesetzt", "voraus", "voraussetzung"})
_YEAR = 4
# From this many words on a clause without a sign is speech written down.
_LONG = 6


@dataclass(frozen=True, slots=True)
class Words:
    """The words and signs of a folded text, and what each does."""

    words: list[str]
    marks: list[Mark]


def words_of(folded: str) -> Words:
    """The words of a folded text; each sign and each line break is a word, too."""
    words = (_PLAIN_WORD if folded.isascii() else _WORD).findall(folded)
    return Words(words, list(map(MARKS.__getitem__, words)))


def places_of(words: list[str], folded: str) -> list[tuple[int, int]]:
    """Where each of the words of a folded text starts and ends."""
    places = []
    end = 0
    for word in words:
        start = folded.index(word, end)
        end = start + len(word)
        places.append((start, end))
    return places


def clauses(text: Words) -> Iterator[tuple[int, int]]:
    """First and last word of each clause: cut at signs, and before a word that opens one."""
    first = 0
    words, marks = text.words, text.marks
    for place, word in enumerate(words):
        if word in _SIGNS:
            if _is_break(words, place, word):
                if first < place:
                    yield first, place - 1
                first = place + 1
        elif place > first and (
            (marks[place].opener is not None and opens(words, place))
            or (place - first >= _LONG and _goes_on(words, place))
        ):
            yield first, max(first, place - 1 - (words[place - 1] in JOINS))
            first = place
    if first < len(words):
        yield first, len(words) - 1


def _goes_on(words: list[str], place: int) -> bool:
    """Whether a main clause begins here without a sign, as in speech: "... und er muss erst"."""
    if words[place] in {"und", "and"}:
        return words[place + 1 : place + 2] != [] and words[place + 1] in listed("subjects")
    return words[place] in listed("connectors")


def opens(words: list[str], place: int) -> bool:
    """Whether the word opens a clause of its own here: no date follows, no "meanwhile" is meant."""
    following = words[place + 1] if place + 1 < len(words) else ""
    word = words[place]
    if word == "as":
        return following == "soon"
    if word == "soon" or (word.startswith("solang") and following in listed("meanwhile")):
        return False
    return not is_date(following)


def is_date(word: str) -> bool:
    """Whether the word is a number, or begins a date."""
    return word[:1].isdigit() or word in listed("dates")


def _is_break(words: list[str], place: int, word: str) -> bool:
    before = words[place - 1] if place else ""
    if word == ".":
        return _is_full_stop(before)
    return before not in _PREMISES


def _is_full_stop(before: str) -> bool:
    """A dot after "Dez", "lt" or the 3 of "3. Mai" ends nothing, after "2026" it does."""
    if before[:1].isdigit():
        return before[-_YEAR:].isdigit() and len(before) >= _YEAR
    return before not in listed("abbreviations")
