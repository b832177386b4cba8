r"""The phrase tables: readable patterns, each with meaning, example and counter-example.

A pattern is written in plain German or English. A blank is any white space, " … " up to fifty
characters of the same sentence, "wort*" any ending; ( | ) ? and \\d as in regular expressions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nachhaken.reading.anchors import SPOKEN, alternatives, needs_of
from nachhaken.reading.memory import Memory
from nachhaken.reading.stems import Stems
from nachhaken.reading.text import fold_pattern

# How far before a phrase a negation or a condition still touches it.
_SCOPE = 28
_SENTENCE = 160
_WORD = re.compile(r"\w{3,}")
_PLAIN_WORD = re.compile(r"[a-z0-9_]{3,}")
# The letters with which every match begins.
_HEAD = re.compile(r"[a-z]+(?![a-z?*{])")
_NONE: frozenset[str] = frozenset()
# A kind whose rows stand in more than the table of its name.
_TABLES = {"intents": ("intents", "constructions")}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row: what it says (`label`), how strongly (`weight`, 1 hint to 4 certain), and why.

    `unless` names words that take its force when they stand shortly before ("nicht", "wenn"),
    `without` such that do so anywhere in its sentence.
    """

    id: str
    kind: str
    label: str
    pattern: str
    weight: float
    meaning: str
    example: str
    counter: str
    unless: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found at `[start:end]` of a folded text."""

    phrase: Phrase
    start: int
    end: int


@cache
def phrases(kind: str) -> tuple[Phrase, ...]:
    """The rows of the table "intents", "reasons" or "signals"."""
    import tomllib  # noqa: PLC0415 - only the first reading needs it

    folder = Path(__file__).with_name("tables")
    tables = [
        tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        for name in _TABLES.get(kind, (kind,))
    ]
    return tuple(
        Phrase(kind=kind, label=label, **row)
        for table in tables
        for label, rows in table.items()
        for row in rows
    )


def hits(
    folded: str, kind: str, labels: tuple[str, ...] = (), *, anchors: AbstractSet[str] | None = None
) -> list[Hit]:
    """Every place where a phrase of the kind stands in the folded text; only of labels if given.

    `anchors` are those of the text, where they are known already.
    """
    if anchors is None:
        anchors = anchors_in(folded, (kind,))
    likely: dict[int, set[int]] = {}
    for way in _likely(_index(kind, labels), anchors):
        likely.setdefault(way.row, set()).add(way.number)
    rows = phrases(kind)
    return [hit for row in sorted(likely) for hit in _hits(folded, rows[row], likely[row])]


def anchors_in(folded: str, kinds: tuple[str, ...]) -> AbstractSet[str]:
    """The anchors of the phrases of these kinds that stand in the words of a folded text."""
    words = (_PLAIN_WORD if folded.isascii() else _WORD).findall(folded)
    return _NONE.union(*map(_finder(kinds).__getitem__, words))


def hits_of(folded: str, phrase: Phrase) -> list[Hit]:
    """The places where one phrase stands, without those that a word before it takes back."""
    return _hits(folded, phrase, range(len(alternatives(phrase.pattern))))


def _hits(folded: str, phrase: Phrase, numbers: Iterable[int]) -> list[Hit]:
    unless, without = _words(phrase.unless), _words(phrase.without)
    return [
        Hit(phrase, start, end)
        for start, end in _places(folded, phrase, numbers)
        if unless is None or unless.search(_scope(folded, start)) is None
        if without is None or without.search(_sentence(folded, start, end)) is None
    ]


def _places(folded: str, phrase: Phrase, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where the alternatives of these numbers stand, the first of those that overlap."""
    ways = alternatives(phrase.pattern)
    found = [
        (match.start(), number, match.end())
        for number in numbers
        for match in _compiled(ways[number]).finditer(folded)
    ]
    reached = 0
    for start, _, end in sorted(found):
        if start >= reached:
            reached = end
            yield start, end


def _scope(folded: str, start: int) -> str:
    """The words just before a place, not reaching over the end of a sentence."""
    near = folded[max(0, start - _SCOPE) : start]
    return re.split(r"[.!?;]\s", near)[-1]


def _sentence(folded: str, start: int, end: int) -> str:
    """The sentence around a place, as far as it lies near."""
    before = re.split(r"[.!?;]\s|\n\n", folded[max(0, start - _SENTENCE) : start])[-1]
    after = re.split(r"(?<=[.!?;])\s|\n\n", folded[end : end + _SENTENCE])[0]
    return before + folded[start:end] + after


class _Way(NamedTuple):
    """One alternative of a row's pattern, and the groups of anchors that it needs besides."""

    row: int
    number: int
    others: tuple[frozenset[str], ...]


def _likely(index: Mapping[str, list[_Way]], anchors: AbstractSet[str]) -> Iterator[_Way]:
    """The ways of which a text with these anchors holds one of each group."""
    yield from index.get("", ())
    for anchor in anchors & index.keys():
        for way in index[anchor]:
            if not any(map(anchors.isdisjoint, way.others)):
                yield way


@cache
def _index(kind: str, labels: tuple[str, ...]) -> dict[str, list[_Way]]:
    """The ways by each anchor of their first group; those without any by ""."""
    index: dict[str, list[_Way]] = {}
    for row, phrase in enumerate(phrases(kind)):
        if labels and phrase.label not in labels:
            continue
        for number, way in enumerate(alternatives(phrase.pattern)):
            first, *others = needs_of(way) or (("",),)
            for anchor in first:
                found = _Way(row, number, tuple(map(frozenset, others)))
                index.setdefault(anchor, []).append(found)
    return index


@cache
def _finder(kinds: tuple[str, ...]) -> Memory[frozenset[str]]:
    """The anchors of these kinds that stand in a word."""
    rows = [phrase for kind in kinds for phrase in phrases(kind)]
    ways = [way for phrase in rows for way in alternatives(phrase.pattern)]
    return Memory(Stems(word for way in ways for group in needs_of(way) for word in group).inside)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_bounded(pattern))


@cache
def _words(pattern: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?:\b|(?=\W))(?:{_translated(pattern)})(?!\w)") if pattern else None


def _bounded(pattern: str) -> str:
    """The alternative between the edges of words."""
    translated = _translated(pattern)
    head = _HEAD.match(translated)
    if head is None:
        return rf"(?<!\w)(?:{translated})(?!\w)"
    # A search for plain letters jumps to them, so that a word begins there is asked behind them.
    return rf"{head[0]}(?<!\w{head[0]}){translated[head.end() :]}(?!\w)"


def _translated(pattern: str) -> str:
    folded = _as_spoken(fold_pattern(pattern.replace(" … ", "\0")))
    folded = re.sub(r"(?<=[a-z])(?<!\\[a-z])\*", r"\\w*", folded)
    return folded.replace(" ", r"\s+").replace("\0", r"\b(?:[^.!?;]|(?<=\d)\.){1,50}?\b")


def _as_spoken(pattern: str) -> str:
    for plain, spoken in SPOKEN.items():
        written = fold_pattern(plain)
        pattern = re.sub(
            rf"(?<![\w\\]){written}(?![\w*?\\])", f"(?:{written}|{fold_pattern(spoken)})", pattern
        )
    return pattern
