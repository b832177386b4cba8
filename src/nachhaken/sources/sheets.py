"""The rows of a CSV or XLSX file, whatever its encoding and delimiter, within safe limits."""

import csv
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import islice
from statistics import mode
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from nachhaken.sources.cells import Cell
from nachhaken.sources.faults import EmptyFile, Fault, NotATable
from nachhaken.sources.formulas import bare
from nachhaken.sources.kind import HEAD, Kind, kind_of
from nachhaken.sources.table_text import table_text

if TYPE_CHECKING:
    from nachhaken.sources.workbook import Workbook

MOST_ROWS = 100_000
MOST_BYTES = 50_000_000
MOST_COLUMNS = 200
_LONGEST_ROW = 2_000_000  # characters, of all its cells
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)

# All that zipfile and the readers raise for a damaged or odd file; NotImplementedError is zipfile's
# word for a compression that it does not know.
_BROKEN = (
    BadZipFile, ParseError, zlib.error, KeyError, ValueError, TypeError, IndexError,
    AttributeError, OSError, EOFError, NotImplementedError, RuntimeError, OverflowError, csv.Error,
)  # fmt: skip


class Line(NamedTuple):
    """One row of a file: its number as the user's program counts, and its cells."""

    row: int
    cells: tuple[Cell, ...]


class Sheet:
    """A table that can be walked through more than once; its rows are not kept in memory.

    Raises `EmptyFile`, and `NotATable` where this is no table, is broken, locked or too large: a
    damaged end shows only on the way there.
    """

    def __init__(self, raw: bytes, name: str) -> None:
        if not raw.strip():
            raise EmptyFile(Fault(file=name, code="empty"))
        if len(raw) > MOST_BYTES:
            raise refusal(name, "too_large", MOST_BYTES // 1_000_000)
        self._raw, self._name = raw, name
        self._text = _text_of(raw, name)
        self._book: Workbook | None = None

    def lines(self) -> Iterator[Line]:
        """Walk through the rows that are not empty."""
        with _told(self._name):
            for count, line in enumerate(self._found()):
                if count > MOST_ROWS:
                    raise refusal(self._name, "too_many_rows", MOST_ROWS)
                yield _bared(line)

    def head(self, most: int) -> list[Line]:
        """Return the first rows; there is at least one."""
        lines = list(islice(self.lines(), most))
        if not lines:
            raise EmptyFile(Fault(file=self._name, code="empty"))
        return lines

    def _found(self) -> Iterator[Line]:
        if self._text is not None:
            return _csv_lines(self._text)
        # A quarter of a second of import that a CSV file need not pay.
        from nachhaken.sources.workbook import Workbook  # noqa: PLC0415

        self._book = self._book or Workbook(self._raw, self._name)
        return self._book.lines()


def _bared(line: Line) -> Line:
    """What an export of ours keeps from being a formula stands there as it was."""
    if not any(isinstance(cell, str) and cell[:1] == "'" for cell in line.cells):
        return line
    return Line(line.row, tuple(bare(c) if isinstance(c, str) else c for c in line.cells))


_ADVICE = {Kind.XLS: "old_excel", Kind.LOCKED: "locked", Kind.ZIP: "other_office"}


def refusal(name: str, code: str, limit: int) -> NotATable:
    """Return the refusal of a file that is over a limit."""
    return NotATable(Fault(file=name, code=code, params={"limit": limit}))


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN:
        raise NotATable(Fault(file=name, code="broken_table")) from None


def _text_of(raw: bytes, name: str) -> str | None:
    """Return the text of a CSV file, None for a workbook."""
    kind = kind_of(raw[:HEAD], name)
    if kind is Kind.XLSX or _is_workbook(raw, kind):
        return None
    text = table_text(raw) if kind in {Kind.CSV, Kind.UNKNOWN} else None
    if text is None or (kind is Kind.UNKNOWN and not name.lower().endswith(_TEXTS)):
        raise NotATable(Fault(file=name, code=_ADVICE.get(kind, "no_table")))
    if re.match(r"\s*<(?:!doctype|html|\?xml|table|meta)\b", text[:200], re.IGNORECASE):
        # What some programs call .xls is a web page or Excel's XML of 2003.
        raise NotATable(Fault(file=name, code="other_office"))
    return text


_TEXTS = (".csv", ".tsv", ".txt", ".tab")


def _is_workbook(raw: bytes, kind: Kind) -> bool:
    """Some programs write the workbook's parts last, beyond the head that tells the kind."""
    return kind is Kind.ZIP and b"xl/workbook.xml" in raw[-HEAD:]


def _csv_lines(text: str) -> Iterator[Line]:
    # Excel's own hint, "sep=;", stands before the header.
    hint = _HINT.match(text)
    feed = _Feed(StringIO(text, newline=""))
    reader = csv.reader(feed, delimiter=hint[1] if hint else _delimiter(text))
    for row, cells in enumerate(reader, start=1):
        feed.since = 0
        kept = tuple(cell.strip() for cell in cells[:MOST_COLUMNS])
        if any(kept) and not (hint and row == 1):
            yield Line(row, kept)


class _Feed:
    """The lines of a text, unless a row goes on and on, as after a quotation mark left open."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.since = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.since += len(line)
        if self.since > _LONGEST_ROW:
            raise csv.Error("row too long")
        return line


def _delimiter(text: str) -> str:
    """The mark that splits the first lines into the same number of cells, and the most of them."""
    sample = text[:20_000].splitlines()[:20]
    return max(";,\t|", key=lambda mark: _evenness(sample, mark))


def _evenness(sample: list[str], mark: str) -> tuple[float, int]:
    widths = [len(cells) for cells in csv.reader(sample, delimiter=mark) if cells]
    usual = mode(widths) if widths else 1
    share = sum(width == usual for width in widths) / max(1, len(widths))
    return (share if usual > 1 else 0.0), usual
