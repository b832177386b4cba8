"""A table of offers, CSV or XLSX, as rows with plain values and faults with their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nachhaken.sources.cells import Cell, is_month_first, text_of
from nachhaken.sources.columns import Column, Field, guess, is_known
from nachhaken.sources.faults import Fault, NotATable
from nachhaken.sources.offer_row import OfferRow, RowReader
from nachhaken.sources.sheets import Line, lines_of

__all__ = ["Column", "Field", "OfferRow", "OfferTable", "TableGuess", "preview", "read_offers"]

_HEADER_WITHIN = 10
_SAMPLE = 200
_DATES = (Field.SENT_ON, Field.VALID_UNTIL, Field.DECIDED_ON)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableGuess:
    """What a table seems to hold: its columns, and how many rows lie below the header.

    `missing` names what has to be assigned before the table can be read.
    """

    columns: tuple[Column, ...]
    rows: int
    missing: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTable:
    """The offers of a table. A row with a fault is left out, one with a mere note is not."""

    rows: tuple[OfferRow, ...]
    faults: tuple[Fault, ...]
    columns: tuple[Column, ...]


def preview(raw: bytes, name: str) -> TableGuess:
    """Return what the columns of a table seem to hold. Raises `EmptyFile` or `NotATable`."""
    columns, body = _columns(lines_of(raw, name))
    return TableGuess(columns=columns, rows=len(body), missing=_missing(_places(columns, None)))


def read_offers(
    raw: bytes, name: str, mapping: Mapping[int, Field | None] | None = None
) -> OfferTable:
    """Return the offers in a table; `mapping` assigns fields to column indexes over the guess.

    Raises `EmptyFile`, and `NotATable` also where no column holds the date, or none the customer.
    """
    columns, body = _columns(lines_of(raw, name))
    places = _places(columns, mapping)
    missing = _missing(places)
    if missing:
        raise NotATable(Fault(file=name, code=f"missing_{missing[0]}"))
    if not body:
        raise NotATable(Fault(file=name, code="no_rows"))
    month_first = {f: is_month_first(_cells(body, places[f])) for f in _DATES if f in places}
    headers = {field: columns[i].header or f"{i + 1}" for field, i in places.items()}
    reader = RowReader(file=name, places=places, headers=headers, month_first=month_first)
    rows = tuple(row for line in body if (row := reader.read(line)))
    return OfferTable(rows=rows, faults=tuple(reader.faults), columns=columns)


def _columns(lines: Sequence[Line]) -> tuple[tuple[Column, ...], Sequence[Line]]:
    """Find the header, which may stand below a title, and what its columns hold."""
    header = _header_index(lines)
    body = lines[header + 1 :]
    width = max(len(line.cells) for line in lines[header : header + _SAMPLE])
    names = [text_of(cell)[:80] for cell in lines[header].cells] if header >= 0 else []
    names += [""] * (width - len(names))
    return guess(names[:width], [line.cells for line in body[:_SAMPLE]]), body


def _header_index(lines: Sequence[Line]) -> int:
    """The line with the most known headers; -1 where the first one is already an offer."""
    known = [sum(is_known(text_of(cell)) for cell in line.cells) for line in lines[:_HEADER_WITHIN]]
    best = max(range(len(known)), key=lambda i: (known[i], -i))
    if known[best] > 1:
        return best
    first = lines[0].cells
    is_header = known[best] or not any(_looks_like_value(cell) for cell in first)
    return 0 if is_header else -1


def _looks_like_value(cell: Cell) -> bool:
    return any(c.isdigit() or c == "@" for c in text_of(cell))


def _places(
    columns: Sequence[Column], mapping: Mapping[int, Field | None] | None
) -> dict[Field, int]:
    chosen = {c.index: c.field for c in columns if c.field}
    assigned = {i: field for i, field in (mapping or {}).items() if 0 <= i < len(columns)}
    taken = set(assigned.values())
    kept = {i: f for i, f in chosen.items() if i not in assigned and f not in taken}
    return {field: i for i, field in (kept | assigned).items() if field}


def _missing(places: Mapping[Field, int]) -> tuple[Field, ...]:
    who = {Field.CUSTOMER, Field.PERSON, Field.LAST_NAME, Field.MAIL}
    dated = () if Field.SENT_ON in places else (Field.SENT_ON,)
    named = () if who & places.keys() else (Field.CUSTOMER,)
    return (*dated, *named)


def _cells(body: Sequence[Line], index: int) -> list[Cell]:
    return [line.cells[index] for line in body if index < len(line.cells)]
