"""A table, CSV or XLSX, whatever its rows are about, as values and faults with their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nachhaken.sources.columns import Column, Field
from nachhaken.sources.faults import Fault
from nachhaken.sources.offer_row import OfferRow
from nachhaken.sources.table import read_offers


class About(StrEnum):
    """What the rows of a table are."""

    OFFERS = "offers"
    OPPORTUNITIES = "opportunities"
    CONTACTS = "contacts"
    ACTIVITIES = "activities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a table. A row with a fault is left out, one with a mere note is not.

    `profile` is the program that wrote it, "" where it was not recognised.
    """

    about: About
    columns: tuple[Column, ...]
    rows: tuple[OfferRow, ...]
    faults: tuple[Fault, ...]
    profile: str = ""


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
    chosen = {i: Field(field) if field else None for i, field in (mapping or {}).items()}
    found = read_offers(raw, name, chosen)
    return Table(
        about=about or About.OFFERS, columns=found.columns, rows=found.rows, faults=found.faults
    )
