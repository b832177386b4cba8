"""The rows of a table that were left out, as a table to mend and to read in again."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from nachhaken.desk.exports import table
from nachhaken.desk.speech import language
from nachhaken.sources.cells import text_of
from nachhaken.sources.columns import Column
from nachhaken.sources.faults import Fault, say
from nachhaken.sources.sheets import Sheet


def left_out(raw: bytes, name: str, columns: Sequence[Column], faults: Sequence[Fault]) -> bytes:
    """Return the rows that `faults` are about with their reasons; b"" where there are none."""
    reasons: dict[int, list[str]] = {}
    for fault in faults:
        if fault.row is not None and not fault.is_note:
            reasons.setdefault(fault.row, []).append(_reason(fault))
    if not reasons:
        return b""
    width = len(columns)
    rows = [
        [*_cells(line.cells, width), str(line.row), " ".join(reasons[line.row])]
        for line in Sheet(raw, name).lines()
        if line.row in reasons
    ]
    header = [column.header or str(column.index + 1) for column in columns]
    return table([*header, _("Zeile der Datei"), _("Warum liegen geblieben")], rows)


def reason_of(fault: Fault) -> str:
    """Return what is wrong, without the place."""
    return say(replace(fault, row=None), language())


def _cells(cells: Sequence[object], width: int) -> list[str]:
    texts = [text_of(cell) for cell in cells[:width]]  # type: ignore[arg-type]
    return texts + [""] * (width - len(texts))


def _reason(fault: Fault) -> str:
    told = reason_of(fault)
    return f"{fault.column}: {told}" if fault.column else told
