"""The rows of an Excel workbook: of the sheet that looks most like a table."""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from nachhaken.sources.cells import Cell, text_of
from nachhaken.sources.headers import is_known
from nachhaken.sources.sheets import MOST_COLUMNS, Line, refusal

MOST_UNPACKED = 300_000_000
_MOST_BESIDE = 20_000_000  # of a part that is no sheet: styles and the like are read as a whole
_MOST_TEXTS = 100_000_000
_MOST_CELLS = 400_000  # beyond the last column that is read
_MOST_EMPTY = 2_000  # rows in a row; a million formatted ones below a table are a common accident
_MOST_MERGED = 20_000
_PEEKED = 12
_CHUNK = 1 << 20

_Place = tuple[int, int]


class Workbook:
    """A workbook, opened once: to read its table of texts takes a third of the time of a walk."""

    def __init__(self, raw: bytes, name: str) -> None:
        refuse_bomb(raw, name)
        self._name = name
        with _quietly():
            self._sheet = _sheet(load_workbook(BytesIO(raw), read_only=True, data_only=True))
            self._merged = {} if self._sheet is None else _merged(raw, self._sheet)

    def lines(self) -> Iterator[Line]:
        """Walk through the rows with values; merged cells all have the value of the first one."""
        if self._sheet is not None:
            with _quietly():
                yield from _filled(self._sheet, self._merged, self._name)


def refuse_bomb(raw: bytes, name: str) -> None:
    """Refuse what unpacks to too much. The zip module never unpacks more than is stated."""
    with ZipFile(BytesIO(raw)) as packed:
        parts = packed.infolist()
        # Two entries of one name, or one that overlaps another, are how to state too little.
        if len({part.filename for part in parts}) < len(parts):
            raise ValueError("entries of the same name")
        if sum(part.file_size for part in parts) > MOST_UNPACKED or any(map(_is_huge, parts)):
            raise refusal(name, "too_large", MOST_UNPACKED // 1_000_000)


def _is_huge(part: Any) -> bool:
    if "worksheets/" in part.filename:
        return False
    most = _MOST_TEXTS if "sharedStrings" in part.filename else _MOST_BESIDE
    return bool(part.filename.endswith((".xml", ".rels")) and part.file_size > most)


@contextmanager
def _quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles that nobody reads here
        yield


def _sheet(book: Any) -> Any:
    """The sheet with the best header; a visible one before a hidden one, then the first."""
    ranked = [
        (sheet.sheet_state == "visible", _headed(sheet), -index, sheet)
        for index, sheet in enumerate(book.worksheets[:50])
    ]
    filled = [one for one in ranked if one[1] >= 0]
    return max(filled, key=lambda one: one[:3])[3] if filled else None


def _headed(sheet: Any) -> int:
    """How many known headers a row near the top has; -1 where the sheet is empty."""
    sheet.reset_dimensions()  # some exports state A1:A1
    rows = list(islice(_rows(sheet), _PEEKED))
    known = (sum(is_known(text_of(cell)) for cell in cells) for _, cells in rows)
    return max(known, default=-1)


def _filled(sheet: Any, merged: Mapping[_Place, _Place], name: str) -> Iterator[Line]:
    spread = _Spread(merged)
    over = 0
    for row, cells in _rows(sheet):
        over += max(0, len(cells) - MOST_COLUMNS)
        if over > _MOST_CELLS:
            raise refusal(name, "too_wide", MOST_COLUMNS)
        held = cells[:MOST_COLUMNS]
        yield Line(row, spread.over(row, held) if merged else held)


class _Spread:
    """Gives cells below a merged one its value, row after row."""

    def __init__(self, merged: Mapping[_Place, _Place]) -> None:
        self._merged, self._sources = merged, frozenset(merged.values())
        self._width = min(MOST_COLUMNS, max((c for _, c in merged), default=0) + 1)
        self._values: dict[_Place, Cell] = {}

    def over(self, row: int, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Return the cells of a row with what was merged from above."""
        padded = (*cells, *(None,) * (self._width - len(cells)))
        return tuple(self._value((row, column), cell) for column, cell in enumerate(padded))

    def _value(self, place: _Place, cell: Cell) -> Cell:
        if place in self._sources:
            self._values[place] = cell
        return self._values.get(self._merged[place]) if place in self._merged else cell


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    empty = 0
    found: Iterable[tuple[object, ...]] = sheet.iter_rows(values_only=True)
    for row, cells in enumerate(found, start=1):
        values = tuple(map(_cell, cells))
        if any(value is not None and value != "" for value in values):
            empty = 0
            yield row, values
        elif (empty := empty + 1) > _MOST_EMPTY:
            return


def _merged(raw: bytes, sheet: Any) -> dict[_Place, _Place]:
    """Return the first cell of what was merged downwards, by each cell below it.

    The reader passes these over: they stand behind the rows.
    """
    path = sheet._worksheet_path  # noqa: SLF001 - there is no public way to a sheet's part
    with ZipFile(BytesIO(raw)) as packed, packed.open(path) as part:
        tail = b""
        while chunk := part.read(_CHUNK):
            tail = (tail + chunk)[-2 * _CHUNK :]
    found = re.findall(rb'<(?:\w+:)?mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"', tail)
    places: dict[_Place, _Place] = {}
    for ref in found:
        left, top, _, bottom = (int(n or 0) for n in range_boundaries(ref.decode()))
        rows = range(top + 1, min(bottom, top + _MOST_EMPTY) + 1)
        places |= {(row, left - 1): (top, left - 1) for row in rows}
        if len(places) > _MOST_MERGED:
            break
    return places


def _cell(value: object) -> Cell:
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip().replace("\0", "")
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return value if isinstance(value, int | float | date | datetime) else str(value)
