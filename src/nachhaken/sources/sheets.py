"""The rows of a CSV or XLSX file, whatever its encoding and delimiter, within safe limits."""

import csv
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from statistics import mode
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from nachhaken.sources.cells import Cell
from nachhaken.sources.charsets import decoded
from nachhaken.sources.faults import EmptyFile, Fault, NotATable
from nachhaken.sources.kind import HEAD, Kind, decoded_head, kind_of

MOST_ROWS = 100_000
MOST_BYTES = 50_000_000
MOST_UNPACKED = 300_000_000
_MOST_COLUMNS = 200

# All that zipfile and the readers raise for a damaged or odd file; NotImplementedError is zipfile's
# word for a compression that it does not know.
_BROKEN = (
    BadZipFile, ParseError, zlib.error, KeyError, ValueError, TypeError, IndexError,
    AttributeError, OSError, EOFError, NotImplementedError, RuntimeError, csv.Error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: its number as the user's program counts, and its cells."""

    row: int
    cells: tuple[Cell, ...]


def lines_of(raw: bytes, name: str) -> list[Line]:
    """Return the rows that are not empty; of a workbook, those of the first sheet with any.

    Raises `EmptyFile`, and `NotATable` where this is no table, is broken, locked or too large.
    """
    if not raw.strip():
        raise EmptyFile(Fault(file=name, code="empty"))
    if len(raw) > MOST_BYTES:
        raise _refusal(name, "too_large", MOST_BYTES // 1_000_000)
    kind = kind_of(raw[:HEAD], name)
    if kind is not Kind.XLSX and kind is not Kind.CSV and not _is_workbook(raw, kind):
        raise NotATable(Fault(file=name, code=_ADVICE.get(kind, "no_table")))
    try:
        found = _csv_lines(raw) if kind is Kind.CSV else _xlsx_lines(raw, name)
        lines = list(islice(found, MOST_ROWS + 2))
    except _BROKEN:
        raise NotATable(Fault(file=name, code="broken_table")) from None
    if len(lines) > MOST_ROWS + 1:
        raise _refusal(name, "too_many_rows", MOST_ROWS)
    if not lines:
        raise EmptyFile(Fault(file=name, code="empty"))
    return lines


_ADVICE = {Kind.XLS: "old_excel", Kind.LOCKED: "locked", Kind.ZIP: "other_office"}


def _is_workbook(raw: bytes, kind: Kind) -> bool:
    """Some programs write the workbook's parts last, beyond the head that tells the kind."""
    return kind is Kind.ZIP and b"xl/workbook.xml" in raw[-HEAD:]


def _refusal(name: str, code: str, limit: int) -> NotATable:
    return NotATable(Fault(file=name, code=code, params={"limit": limit}))


def _csv_lines(raw: bytes) -> Iterator[Line]:
    text = _decoded(raw)
    # Excel's own hint, "sep=;", stands before the header.
    hint = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    delimiter = hint[1] if hint else _delimiter(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    for cells in reader:
        kept = tuple(cell.strip() for cell in cells[:_MOST_COLUMNS])
        if any(kept) and not (hint and reader.line_num == 1):
            yield Line(reader.line_num, kept)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in raw[:HEAD]:
        return (decoded_head(raw) or decoded(raw)).lstrip("\ufeff")
    return decoded(raw).lstrip("\ufeff")


def _delimiter(text: str) -> str:
    """The mark that splits the first lines into the same number of cells, and the most of them."""
    sample = text[:20_000].splitlines()[:20]
    return max(";,\t|", key=lambda mark: _evenness(sample, mark))


def _evenness(sample: list[str], mark: str) -> tuple[float, int]:
    widths = [len(cells) for cells in csv.reader(sample, delimiter=mark) if cells]
    usual = mode(widths) if widths else 1
    share = sum(width == usual for width in widths) / max(1, len(widths))
    return (share if usual > 1 else 0.0), usual


def _xlsx_lines(raw: bytes, name: str) -> Iterator[Line]:
    _refuse_bomb(raw, name)
    # A quarter of a second of import that a CSV file need not pay.
    from openpyxl import load_workbook  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles that nobody reads here
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # some exports state A1:A1
                rows = sheet.iter_rows(values_only=True)
                lines = list(islice(_filled(rows), MOST_ROWS + 2))
                if lines:
                    yield from lines
                    return
        finally:
            book.close()


def _refuse_bomb(raw: bytes, name: str) -> None:
    """The zip module never unpacks more of a part than its directory states."""
    with ZipFile(BytesIO(raw)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise _refusal(name, "too_large", MOST_UNPACKED // 1_000_000)


def _filled(rows: Iterable[tuple[object, ...]]) -> Iterator[Line]:
    # An empty tail of a million formatted rows is a common accident.
    for row, cells in enumerate(islice(rows, 10 * MOST_ROWS), start=1):
        values = tuple(_cell(value) for value in cells[:_MOST_COLUMNS])
        if any(value not in {None, ""} for value in values):
            yield Line(row, values)


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float | date | datetime):
        return value
    return None if value is None else str(value)
