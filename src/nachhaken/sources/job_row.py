"""How a won job went, as a row of a table gives it."""

from dataclasses import dataclass

from nachhaken.sources.cells import amount, minutes, no, text_of, yes
from nachhaken.sources.fields import Field
from nachhaken.sources.row import RowReader
from nachhaken.sources.sheets import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDone:
    """Minutes of work that were planned and worked, what was left in cents, and: once more?

    None is what the table does not say.
    """

    planned_minutes: int | None = None
    worked_minutes: int | None = None
    margin_cents: int | None = None
    again: bool | None = None


def job_of(reader: RowReader, line: Line) -> JobDone | None:
    """Return what a row says of the job, None for nothing.

    A cell that nobody understands is noted and left out: it is no reason to refuse the offer.
    """
    found = JobDone(
        planned_minutes=minutes(reader.cell(line, Field.PLANNED)),
        worked_minutes=minutes(reader.cell(line, Field.WORKED)),
        margin_cents=_cents(reader, line),
        again=_again(reader, line),
    )
    told = (found.planned_minutes, found.worked_minutes, found.margin_cents, found.again)
    for field, value in zip(_FIELDS, told, strict=True):
        if value is None and text_of(reader.cell(line, field)):
            reader.fault(line, field, "left_out")
    return None if found == JobDone() else found


_EURO = 100  # cents
_FIELDS = (Field.PLANNED, Field.WORKED, Field.MARGIN, Field.AGAIN)


def _cents(reader: RowReader, line: Line) -> int | None:
    cell = reader.cell(line, Field.MARGIN)
    found = amount(cell)
    # A share of the price, as 30 % or 0,3, is no amount.
    is_share = found is not None and (text_of(cell).endswith("%") or 0 < abs(found.cents) < _EURO)
    return None if found is None or is_share else found.cents


def _again(reader: RowReader, line: Line) -> bool | None:
    cell = reader.cell(line, Field.AGAIN)
    return yes(cell) or (False if no(cell) else None)
