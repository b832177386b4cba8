r"""The phrase tables: readable patterns, each with meaning, example and counter-example.

A pattern is written in plain German or English. A blank is any white space, " … " up to fifty
characters of the same sentence, "wort*" any ending; ( | ) ? and \\d as in regular expressions.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nachhaken.reading.text import fold_pattern

# How far before a phrase a negation or a condition still touches it.
_SCOPE = 28
_SENTENCE = 160
# A kind whose rows stand in more than the table of its name.
_TABLES = {"intents": ("intents", "constructions")}
# How common words are said and typed in the south; a row may be written in plain German alone.
_SPOKEN = {
    "nicht": "ned|net|nit|nid|nöd", "nochmal": "nomal|nomoi|namal", "wieder": "wieda|weder",
    "keine": "koa|ka|kei", "später": "spada|spoeter", "bescheid": "bscheid", "ist": "is|isch",
}  # fmt: skip
_Compiled = tuple[str, re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None]


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
    """The rows of the table "intents", "reasons", "signals" or "conditions"."""
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


def hits(folded: str, kind: str) -> list[Hit]:
    """Every place where a phrase of the kind stands in the folded text."""
    return [hit for phrase in phrases(kind) for hit in hits_of(folded, phrase)]


def hits_of(folded: str, phrase: Phrase) -> list[Hit]:
    """The places where one phrase stands, without those that a word before it takes back."""
    anchor, pattern, unless, without = _compiled(phrase)
    if anchor not in folded:
        return []
    return [
        Hit(phrase, match.start(), match.end())
        for match in pattern.finditer(folded)
        if unless is None or unless.search(_scope(folded, match.start())) is None
        if without is None or without.search(_sentence(folded, match.start(), match.end())) is None
    ]


def _scope(folded: str, start: int) -> str:
    """The words just before a place, not reaching over the end of a sentence."""
    near = folded[max(0, start - _SCOPE) : start]
    return re.split(r"[.!?;]\s", near)[-1]


def _sentence(folded: str, start: int, end: int) -> str:
    """The sentence around a place, as far as it lies near."""
    before = re.split(r"[.!?;]\s|\n\n", folded[max(0, start - _SENTENCE) : start])[-1]
    after = re.split(r"(?<=[.!?;])\s|\n\n", folded[end : end + _SENTENCE])[0]
    return before + folded[start:end] + after


@cache
def _compiled(phrase: Phrase) -> _Compiled:
    return (
        anchor_of(phrase.pattern),
        re.compile(_bounded(phrase.pattern)),
        _words(phrase.unless),
        _words(phrase.without),
    )


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


def anchor_of(pattern: str) -> str:
    """The longest word that every match must hold; "" where there is none.

    Searching for it first spares most patterns the walk through a long text.
    """
    if _top_level(pattern).count("|"):
        return ""
    words = re.findall(r"(?<![\w\\)])[^\W\d_]{3,}(?![\w?(])", _top_level(pattern).replace("…", " "))
    # A word with spoken forms need not stand there as written.
    return max((fold_pattern(word) for word in words if word not in _SPOKEN), key=len, default="")


def _top_level(pattern: str) -> str:
    """The pattern without what stands in brackets."""
    flat, depth = [], 0
    for char in pattern:
        depth += char in "(["
        if not depth:
            flat.append(char)
        depth -= char in ")]"
        if char in ")]" and not depth:
            flat.append(")")
    return "".join(flat)
