"""A table, CSV or XLSX, whatever its rows are about, as values and faults with their place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from nachhaken.sources.activity_row import ActivityReader, ActivityRow
from nachhaken.sources.cells import Cell, is_month_first, text_of
from nachhaken.sources.columns import Column, guess
from nachhaken.sources.contact_row import ContactReader, ContactRow
from nachhaken.sources.deal_row import OpportunityReader, OpportunityRow
from nachhaken.sources.faults import Fault, NotATable
from nachhaken.sources.fields import DATED, FIELDS, NAMED, About, Field
from nachhaken.sources.headers import folded, is_known, likeness
from nachhaken.sources.offer_row import OfferReader, OfferRow
from nachhaken.sources.profiles import Profile, profile_of
from nachhaken.sources.sheets import Line, Sheet

__all__ = [
    "About",
    "ActivityRow",
    "Column",
    "ContactRow",
    "Field",
    "OfferRow",
    "OpportunityRow",
    "Row",
    "Table",
    "TableGuess",
    "preview",
    "read_table",
]  # fmt: skip

Reader = OfferReader | OpportunityReader | ContactReader | ActivityReader
Row = OfferRow | OpportunityRow | ContactRow | ActivityRow

_HEADER_WITHIN = 10
_SAMPLE = 200
_DATES = (Field.OPENED_ON, Field.SENT_ON, Field.DAY, Field.VALID_UNTIL, Field.DECIDED_ON)
_READERS: Mapping[About, Callable[..., Reader]] = {
    About.OFFERS: OfferReader,
    About.OPPORTUNITIES: OpportunityReader,
    About.CONTACTS: ContactReader,
    About.ACTIVITIES: ActivityReader,
}
_LEAST_COLUMNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TableGuess:
    """What a table seems to hold: what its rows are, its columns, and how many rows there are.

    `missing` names what has to be assigned before the table can be read; `profile` is the program
    that wrote it, "" where it was not recognised.
    """

    about: About
    columns: tuple[Column, ...]
    rows: int
    missing: tuple[Field, ...]
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a table. A row with a fault is left out, one with a mere note is not.

    `profile` is the program that wrote it, "" where it was not recognised.
    """

    about: About
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    profile: str = ""

    @property
    def offers(self) -> tuple[OfferRow, ...]:
        """The rows where they are offers."""
        return tuple(row for row in self.rows if isinstance(row, OfferRow))

    @property
    def opportunities(self) -> tuple[OpportunityRow, ...]:
        """The rows where they are opportunities."""
        return tuple(row for row in self.rows if isinstance(row, OpportunityRow))

    @property
    def contacts(self) -> tuple[ContactRow, ...]:
        """The rows where they are contacts."""
        return tuple(row for row in self.rows if isinstance(row, ContactRow))

    @property
    def activities(self) -> tuple[ActivityRow, ...]:
        """The rows where they are activities."""
        return tuple(row for row in self.rows if isinstance(row, ActivityRow))


def preview(raw: bytes, name: str, *, about: About | None = None) -> TableGuess:
    """Return what a table seems to hold. Raises `EmptyFile` or `NotATable`."""
    sheet = Sheet(raw, name)
    seen = _look(sheet, about)
    rows = sum(1 for _ in _body(sheet, seen))
    missing = _missing(_places(seen.columns, None, seen.about), seen.about)
    return TableGuess(
        about=seen.about,
        columns=seen.columns,
        rows=rows,
        missing=missing,
        profile=seen.profile.program if seen.profile else "",
    )


def read_table(
    raw: bytes,
    name: str,
    *,
    about: About | None = None,
    mapping: Mapping[int, str] | None = None,
) -> Table:
    """Return what a table holds; `mapping` assigns fields to column indexes over the guess.

    `about` is guessed where it is None; "" in the mapping means that a column is left out. Raises
    `EmptyFile`, and `NotATable` also where a column is missing that the rows cannot do without.
    """
    sheet = Sheet(raw, name)
    seen = _look(sheet, about)
    places = _places(seen.columns, mapping, seen.about)
    if missing := _missing(places, seen.about):
        raise NotATable(Fault(file=name, code=f"missing_{missing[0]}"))
    body = _body(sheet, seen)
    first = next(body, None)
    if first is None:
        raise NotATable(Fault(file=name, code="no_rows"))
    reader = _READERS[seen.about](
        file=name,
        places=places,
        headers={field: seen.columns[i].header or f"{i + 1}" for field, i in places.items()},
        month_first=_is_month_first(sheet, seen, places),
        profile=seen.profile,
    )
    rows = tuple[Row, ...](row for line in chain([first], body) if (row := reader.read(line)))
    return Table(
        about=seen.about,
        columns=seen.columns,
        rows=rows,
        faults=tuple(reader.faults),
        profile=seen.profile.program if seen.profile else "",
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the first rows of a table tell; `header` is its row, 0 where there is none."""

    about: About
    header: int
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    profile: Profile | None


def _look(sheet: Sheet, about: About | None) -> _Seen:
    """Find the header, which may stand below a title, and what its columns hold."""
    lines = sheet.head(_HEADER_WITHIN + _SAMPLE)
    index = _header_index(lines)
    body = lines[index + 1 :][:_SAMPLE]
    width = max(len(line.cells) for line in lines[max(index, 0) :])
    names = [text_of(cell)[:80] for cell in lines[index].cells] if index >= 0 else []
    names = (names + [""] * (width - len(names)))[:width]
    profile = profile_of(names, about)
    cells = [line.cells for line in body]
    meant = about or (profile.about if profile else _about(names))
    columns = guess(names, cells, meant, profile.columns if profile else None)
    if not (about or profile) and _is_of_contacts(names, columns):
        meant, columns = About.CONTACTS, guess(names, cells, About.CONTACTS, None)
    row = lines[index].row if index >= 0 else 0
    return _Seen(meant, row, tuple(map(folded, names)), columns, profile)


def _about(names: Sequence[str]) -> About:
    """What the header speaks for most; of two alike the one named first, offers before all."""
    return max(About, key=lambda about: likeness(tuple(names), about))


def _is_of_contacts(names: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether a header that fits contacts as well as offers has nothing of an offer below it."""
    best = max(likeness(tuple(names), about) for about in About)
    of_offers = {column.field for column in columns} & {Field.SENT_ON, Field.NET, Field.NUMBER}
    return best > 0 and likeness(tuple(names), About.CONTACTS) == best and not of_offers


def _header_index(lines: Sequence[Line]) -> int:
    """The line with the most known headers; -1 where the first one is already a row."""
    known = [sum(is_known(text_of(cell)) for cell in line.cells) for line in lines[:_HEADER_WITHIN]]
    best = max(range(len(known)), key=lambda i: (known[i], -i))
    if known[best] > 1:
        return best
    first = lines[0].cells
    is_header = known[best] or not any(_looks_like_value(cell) for cell in first)
    return 0 if is_header else -1


def _looks_like_value(cell: Cell) -> bool:
    return any(c.isdigit() or c == "@" for c in text_of(cell))


def _body(sheet: Sheet, seen: _Seen) -> Iterator[Line]:
    """Walk through the rows below the header without sums, and what stands below the table."""
    last = seen.header
    is_apart = False
    for line in sheet.lines():
        if line.row <= seen.header:
            continue
        is_apart, last = is_apart or line.row > last + 1, line.row
        is_apart = is_apart and _is_remark(line, seen)
        if not (is_apart or _is_beside(line, seen)):
            yield line


def _is_remark(line: Line, seen: _Seen) -> bool:
    """Whether a line, if it stands below a gap, is no row: one lone cell in a wide table."""
    return len(_filled(line)) == 1 and len(seen.columns) >= _LEAST_COLUMNS


def _is_beside(line: Line, seen: _Seen) -> bool:
    """Whether a line is a sum, with a word or a lone number, or the header once more."""
    filled = _filled(line)
    if folded(filled[0]) in _SUMS:
        return len(filled) * 2 <= len(seen.columns) + 1
    if len(filled) == 1 and len(seen.columns) >= _LEAST_COLUMNS:
        return not any(c.isalpha() or c == "@" for c in filled[0])
    return _is_header(line, seen)


def _filled(line: Line) -> list[str]:
    return [text for cell in line.cells if (text := text_of(cell))]


def _is_header(line: Line, seen: _Seen) -> bool:
    if not any(seen.names) or len(line.cells) > len(seen.names):
        return False
    # Ends at the first cell that differs, as there are many rows.
    return all(
        folded(text_of(cell)) == name for cell, name in zip(line.cells, seen.names, strict=False)
    )


_SUMS = frozenset(
    {
        "summe", "summen", "gesamt", "gesamtsumme", "gesamtergebnis", "total", "totals", "sum",
        "zwischensumme", "subtotal", "subtotals", "grandtotal", "grandtotals", "insgesamt",
        "endsumme", "summenetto", "totalnetto", "summegesamt", "ergebnis",
    }
)  # fmt: skip


def _places(
    columns: Sequence[Column], mapping: Mapping[int, str] | None, about: About
) -> dict[Field, int]:
    chosen = {c.index: c.field for c in columns if c.field}
    told = {i: Field(name) if name else None for i, name in (mapping or {}).items()}
    allowed = {*FIELDS[about], None}
    assigned = {i: f for i, f in told.items() if 0 <= i < len(columns) and f in allowed}
    taken = set(assigned.values())
    kept = {i: f for i, f in chosen.items() if i not in assigned and f not in taken}
    return {field: i for i, field in (kept | assigned).items() if field}


def _missing(places: Mapping[Field, int], about: About) -> tuple[Field, ...]:
    dated = DATED.get(about)
    undated = (dated,) if dated and dated not in places else ()
    named = NAMED | ({Field.TITLE, Field.NUMBER} if about is About.ACTIVITIES else set())
    return (*undated, *(() if named & places.keys() else (Field.CUSTOMER,)))


def _is_month_first(sheet: Sheet, seen: _Seen, places: Mapping[Field, int]) -> bool:
    """One column that proves it speaks for the whole table; it may take all rows to see one."""
    indexes = [places[field] for field in _DATES if field in places]
    if not any("/" in example for i in indexes for example in seen.columns[i].examples):
        return False
    found = [set[Cell]() for _ in indexes]
    for line in islice(sheet.lines(), 1, None):
        for cells, i in zip(found, indexes, strict=True):
            if i < len(line.cells) and isinstance(line.cells[i], str):
                cells.add(line.cells[i])
    return any(is_month_first(list(cells)) for cells in found)
