"""What a chart is made of: plain values in the units of its axes, and words in the user's language.

A figure on a page is a `Panel`: the question as its title, one sentence on how to read it, what it
says in words, the chart, the same numbers as a table, and the definition of each of them.
"""

from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date | None
"""What stands in a table: None is not known, and shown as –."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point; `low` and `high` bound what it may be, `size` is how many cases it rests on."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    size: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Points in the order of x, named at the line; `tone` is a colour of the design's tokens."""

    name: str
    points: tuple[Point, ...]
    tone: str = "accent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """At most two series as lines with bands, or as dots with whiskers (`is_scatter`).

    Shares (`is_percent`) are in [0, 1]. `has_diagonal` draws where both axes agree.
    """

    series: tuple[Series, ...]
    x_name: str = ""
    y_name: str = ""
    is_percent: bool = True
    is_scatter: bool = False
    has_diagonal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: its length, what is written at its end, and a second text beside it."""

    name: str
    value: float
    shown: str
    beside: str = ""
    low: float | None = None
    high: float | None = None
    tone: str = "accent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars below each other, from zero; a loss goes to the left of it."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """One of four fields: its name, the number, and lines below."""

    name: str
    number: str
    lines: tuple[str, ...]
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Squares:
    """Four fields, row by row, with the names of columns and rows."""

    columns: tuple[str, str]
    rows: tuple[str, str]
    squares: tuple[Square, Square, Square, Square]


Chart = Lines | Bars | Squares


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a chart, whole and unrounded: what the CSV has."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a word on the page means, exactly."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One question with its answer; `chart` is None where the cases do not carry one.

    `says` is the answer in a sentence, or what cannot be said yet and what is missing for it.
    """

    key: str
    question: str
    how: str
    says: str
    chart: Chart | None
    table: Table
    definitions: tuple[Definition, ...] = ()
    cases: int = 0
