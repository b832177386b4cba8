"""The periods that a folded text names, each with its place, by rules over kinds of words.

A text becomes a line of one character a word ("am 3. mai" is "gd.M"), and a rule is a short
regular expression over that line. So a rule costs little and reads all spellings alike.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from nachhaken.reading.atoms_words import KIND_OF, KINDS, Value, value
from nachhaken.reading.periods import Period

# Who names more dates than this has pasted a table.
MOST_ATOMS = 40
_MOST_CHARACTERS = 8_000
_REACH = 45
_ABBREVIATED = 3


@dataclass(frozen=True, slots=True)
class When:
    """From where and when a text is read: the day of the reply and the region.

    `plain` asks for what is named without its meaning for a call-back: "gestern" is a day too,
    and "in zwei Wochen" is one day.
    """

    reference: date
    region: str
    plain: bool = False


class Line:
    """A folded text as words and their kinds, one character each."""

    __slots__ = ("_ends", "_places", "_text", "kinds", "words")

    def __init__(self, text: str, words: list[str], kinds: str) -> None:
        self.words = words
        self.kinds = kinds
        self._text = text
        self._places: list[tuple[int, int]] = []
        self._ends: list[int] | None = None

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Where the words `[first:last]` start and end in the text."""
        places = self._placed(last)
        return places[first][0], places[last - 1][1]

    def is_tight(self, index: int) -> bool:
        """Whether no blank stands between this word and the next."""
        places = self._placed(index + 2)
        return index + 1 < len(places) and places[index][1] == places[index + 1][0]

    def _placed(self, count: int) -> list[tuple[int, int]]:
        """The places of the first words, sought when asked for: most lines name no time."""
        places = self._places
        end = places[-1][1] if places else 0
        for word in self.words[len(places) : count]:
            start = self._text.index(word, end)
            end = start + len(word)
            places.append((start, end))
        return places

    def sentence(self, first: int, last: int) -> tuple[int, int, int]:
        """Where the sentence of the words `[first:last]` starts and ends, and the next one ends."""
        if self._ends is None:
            marks = (match.start() for match in _END_MARKS.finditer(self.kinds))
            self._ends = [index for index in marks if self._is_end(index)]
        ends, count = self._ends, len(self.words)
        before, after = bisect_left(ends, first), bisect_left(ends, last)
        start = ends[before - 1] + 1 if before else 0
        end = ends[after] if after < len(ends) else count
        next_end = ends[after + 1] if after + 1 < len(ends) else count
        return max(start, first - _REACH), min(end, last + _REACH), min(next_end, end + _REACH)

    def _is_end(self, index: int) -> bool:
        """Whether a sentence ends here; the dot of a date or an abbreviation ends none."""
        mark = self.words[index]
        if mark != ".":
            return mark != "\n" or self.words[index - 1 : index] == ["\n"]
        word = self.words[index - 1] if index else ""
        return len(word) > _ABBREVIATED and not word.isdecimal()


class Match(NamedTuple):
    """The words `[first:last]` of a line, matched by a rule."""

    line: Line
    first: int
    last: int

    @property
    def kinds(self) -> str:
        """The kinds of the matched words, one character each."""
        return self.line.kinds[self.first : self.last]

    def all(self, *names: str) -> list[Value]:
        """The values of the words of these kinds, in order."""
        wanted, words = _kinds_named(names), self.line.words
        return [value(words[i]) for i, kind in self._places() if kind in wanted]

    def get(self, *names: str) -> Value:
        """The value of the first word of these kinds, "" where there is none."""
        wanted = _kinds_named(names)
        for i, kind in self._places():
            if kind in wanted:
                return value(self.line.words[i])
        return ""

    def _places(self) -> Iterator[tuple[int, str]]:
        return enumerate(self.line.kinds[self.first : self.last], self.first)

    def number(self, *names: str) -> int:
        """The number of the first word of these kinds, 0 where there is none."""
        found = self.get(*names)
        return found if isinstance(found, int) else 0

    @property
    def before(self) -> str:
        """The word before, "" at the start."""
        return self.line.words[self.first - 1] if self.first else ""

    @property
    def after(self) -> str:
        """The word after, "" at the end."""
        return self.line.words[self.last] if self.last < len(self.line.words) else ""


@cache
def _kinds_named(names: tuple[str, ...]) -> str:
    return "".join(KINDS[name] for name in names)


Build = Callable[[Match, When], Period | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a run of kinds names: `pattern` in the names of KINDS.

    `needs` are the kinds, as characters, without which no text matches.
    """

    name: str
    needs: str
    pattern: str
    build: Build


class Atom(NamedTuple):
    """A period named by the words `[first:last]` of a line."""

    first: int
    last: int
    period: Period
    rule: str
    has_year: bool = False


def line_of(folded: str) -> Line | None:
    """The words of a folded text, None where none of them is a word of time or a date."""
    words = (_PLAIN_WORD if folded.isascii() else _WORD).findall(folded, 0, _MOST_CHARACTERS)
    kinds = "".join(map(KIND_OF.__getitem__, words))
    if _ANCHORS.search(kinds) is None:
        return None
    return Line(folded, words, kinds)


def find_atoms(line: Line, when: When) -> list[Atom]:
    """All periods that the line names, in order; of two that overlap the longer one, joined."""
    from nachhaken.reading.atoms_joins import joined  # noqa: PLC0415 - it takes its types here

    found = [
        Atom(match.start(), _end(line, match), period, rule.name, has_year=_has_year(match[0]))
        for rule, pattern in _rules_for(_DECIDING & set(line.kinds))
        for match in pattern.finditer(line.kinds)
        if (period := rule.build(Match(line, match.start(), match.end()), when)) is not None
    ]
    found.sort(key=lambda atom: (atom.first, -atom.last))
    return joined(line, _apart(found))


@cache
def kinds_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern in the names of KINDS as a regular expression over a line's kinds."""
    grouped = re.sub(r"\((?!\?)", "(?:", pattern)
    return re.compile(
        re.sub(r"[a-z]+", lambda name: re.escape(KINDS[name[0]]), grouped).replace(" ", "")
    )


# The kinds that any rule needs; the others decide nothing.
_DECIDING = frozenset("MWVKUQHDSFBfTGYNXyo.-/dLRIiEPjnpvhz+0akg|")
_WITH_YEAR = re.compile(r"d[-./]d[-./]d")
_END_MARKS = re.compile(r"[.!?;\n]")
_WORD = re.compile(r"[^\W\d_]+|\d+|\n|[^\w\s]|_")
# The same for folded texts of plain letters, in a third of the time.
_PLAIN_WORD = re.compile(r"[a-z]+|[0-9]+|[^\sa-z0-9]|\n")
# What a rule can begin to match; most replies name no time, and are done here.
_ANCHORS = re.compile(
    r"[MWKDSFBGNXyTYf]|[do]\.?[do]\.?|d[-/]d|[gbanv]d[.1c]|[gban]o|jd|V|[RLnvI0>][^\n]{0,4}[UQHV]"
    r"|[dxcphPo][^\n]{0,4}[UQH]|Qd|U[>d]|E[U]|gU"
)


@lru_cache(maxsize=2_000)
def _rules_for(kinds: frozenset[str]) -> list[tuple[Rule, re.Pattern[str]]]:
    """The rules that a text with these kinds of words can match."""
    return [(rule, kinds_pattern(rule.pattern)) for rule, needs in _rules() if needs <= kinds]


@cache
def _rules() -> list[tuple[Rule, frozenset[str]]]:
    # Imported here: the rule modules take their types from this one.
    from nachhaken.reading import (  # noqa: PLC0415
        atoms_days,
        atoms_months,
        atoms_offsets,
        atoms_periods,
        atoms_weekdays,
        atoms_years,
    )

    modules = (
        atoms_days, atoms_weekdays, atoms_periods, atoms_months, atoms_years, atoms_offsets,
    )  # fmt: skip
    rules = [rule for module in modules for rule in module.RULES]
    return [(rule, frozenset(rule.needs)) for rule in rules]


def _end(line: Line, match: re.Match[str]) -> int:
    """Where the period ends; "13.5. 20" ends before the hour."""
    end = match.end()
    return end - 1 if match[0] == "d.d.d" and not line.is_tight(end - 2) else end


def _has_year(kinds: str) -> bool:
    return "y" in kinds or _WITH_YEAR.fullmatch(kinds) is not None


def _apart(found: list[Atom]) -> list[Atom]:
    kept: list[Atom] = []
    for atom in found:
        if not kept or atom.first >= kept[-1].last:
            kept.append(atom)
        elif atom.last - atom.first > kept[-1].last - kept[-1].first:
            kept[-1] = atom
    return kept[:MOST_ATOMS]
