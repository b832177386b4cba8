r"""The phrase tables: readable patterns, each with meaning, example and counter-example.

A pattern is written in plain German or English. A blank is any white space, " … " up to fifty
characters of the same sentence, "wort*" any ending; ( | ) ? and \\d as in regular expressions.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from nachhaken.reading.text import fold_pattern

# How far before a phrase a negation or a condition still touches it.
_SCOPE = 28
_SENTENCE = 160
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_ANCHOR = 3
_REMEMBERED = 32_768
_SIGN = re.compile(r"\\.|\[[^\]]*\]|[()|]")
_LITERAL = re.compile(r"(?<![\w\\)\]])[^\W\d_]{3,}(?![\w?({])")
# A kind whose rows stand in more than the table of its name.
_TABLES = {"intents": ("intents", "constructions")}
# How common words are said and typed in the south; a row may be written in plain German alone.
_SPOKEN = {
    "nicht": "ned|net|nit|nid|nöd", "nochmal": "nomal|nomoi|namal", "wieder": "wieda|weder",
    "keine": "koa|ka|kei", "später": "spada|spoeter", "bescheid": "bscheid", "ist": "is|isch",
}  # fmt: skip
_Compiled = tuple[tuple[str, ...], re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None]


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


def hits(folded: str, kind: str, labels: tuple[str, ...] = ()) -> list[Hit]:
    """Every place where a phrase of the kind stands in the folded text; only of labels if given."""
    likely: dict[int, set[int]] = {}
    for word in {"", *_LETTERS.findall(folded)}:
        for row, number in _announced(kind, labels, word):
            likely.setdefault(row, set()).add(number)
    rows = phrases(kind)
    return [hit for row in sorted(likely) for hit in _hits(folded, rows[row], likely[row])]


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


@lru_cache(maxsize=_REMEMBERED)
def _announced(kind: str, labels: tuple[str, ...], word: str) -> list[tuple[int, int]]:
    """The rows and alternatives of which an anchor stands in the word, those without for ""."""
    index, longest = _index(kind, labels)
    if not word:
        return index.get("", [])
    ends = range(_ANCHOR, len(word) + 1)
    pieces = {
        word[start:end] for end in ends for start in range(max(0, end - longest), end - _ANCHOR + 1)
    }
    return [place for piece in pieces & index.keys() for place in index[piece]]


@cache
def _index(kind: str, labels: tuple[str, ...]) -> tuple[dict[str, list[tuple[int, int]]], int]:
    """Each anchor with the rows and alternatives it announces, and the length of the longest."""
    index: dict[str, list[tuple[int, int]]] = {}
    for row, phrase in enumerate(phrases(kind)):
        if labels and phrase.label not in labels:
            continue
        for number, way in enumerate(alternatives(phrase.pattern)):
            for anchor in anchors_of(way) or ("",):
                index.setdefault(anchor, []).append((row, number))
    return index, max(map(len, index))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_bounded(pattern))


@cache
def _words(pattern: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?:\b|(?=\W))(?:{_translated(pattern)})(?!\w)") if pattern else None


def _bounded(pattern: str) -> str:
    return rf"(?<!\w)(?:{_translated(pattern)})(?!\w)"


def _translated(pattern: str) -> str:
    folded = _as_spoken(fold_pattern(pattern.replace(" … ", "\0")))
    folded = re.sub(r"(?<=[a-z])(?<!\\[a-z])\*", r"\\w*", folded)
    return folded.replace(" ", r"\s+").replace("\0", r"\b(?:[^.!?;]|(?<=\d)\.){1,50}?\b")


def _as_spoken(pattern: str) -> str:
    for plain, spoken in _SPOKEN.items():
        written = fold_pattern(plain)
        pattern = re.sub(
            rf"(?<![\w\\]){written}(?![\w*?\\])", f"(?:{written}|{fold_pattern(spoken)})", pattern
        )
    return pattern


def anchors_of(pattern: str) -> tuple[str, ...]:
    """Words of which every match holds one; () where none can be named.

    Searching for them first spares most patterns the walk through a long text.
    """
    found = [_anchors(alternative) for alternative in alternatives(pattern)]
    # A longer word is found wherever the shorter one in it is.
    words = {word for words in found for word in words}
    shortest = {word for word in words if not any(w != word and w in word for w in words)}
    return tuple(sorted(shortest)) if all(found) else ()


def _anchors(alternative: str) -> tuple[str, ...]:
    words = _LITERAL.findall(_top_level(alternative).replace("…", " "))
    # A word with spoken forms need not stand there as written.
    longest = max(
        (fold_pattern(word) for word in words if word not in _SPOKEN), key=len, default=""
    )
    options = [found for inner in _groups(alternative) if (found := anchors_of(inner))]
    if longest:
        options.append((longest,))
    # Long words stand in few texts.
    return max(options, key=lambda found: (min(map(len, found)), -len(found)), default=())


@cache
def alternatives(pattern: str) -> list[str]:
    """The pattern cut at the bars that stand in no brackets."""
    cuts = [place for place, sign, depth in _signs(pattern) if sign == "|" and not depth]
    starts = [0, *(cut + 1 for cut in cuts)]
    return [pattern[s:e] for s, e in zip(starts, [*cuts, len(pattern)], strict=True)]


def _top_level(pattern: str) -> str:
    """The pattern without what stands in brackets; a bracket leaves its end."""
    pieces, after = [], 0
    for place, sign, depth in _signs(pattern):
        if depth == (sign == "(") and sign[0] in "([":
            pieces.append(pattern[after:place])
            after = place + len(sign) - 1
        elif sign == ")" and not depth:
            after = place
    return "".join([*pieces, pattern[after:]])


def _groups(alternative: str) -> list[str]:
    """What stands in brackets that every match goes through."""
    groups, start = [], 0
    for place, sign, depth in _signs(alternative):
        if sign == "(" and depth == 1:
            start = place + 1
        is_needed = alternative[place + 1 : place + 2] not in {"?", "*", "{"}
        if sign == ")" and not depth and is_needed and alternative[start : start + 1] != "?":
            groups.append(alternative[start:place])
    return groups


def _signs(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Each bracket, bar and class ("[.!?]") with its place and the brackets around it then."""
    depth = 0
    for match in _SIGN.finditer(pattern):
        sign = match[0]
        depth += (sign == "(") - (sign == ")")
        if sign[0] != "\\":
            yield match.start(), sign, depth
