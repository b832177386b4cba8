"""Make the example's files from drafts: python -m nachhaken.example.build DIRECTORY."""

import csv
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from nachhaken.example.bytes_of import workbook_bytes
from nachhaken.example.rendering import CALENDAR, MAILBOX, OFFERS

_WIDTHS = {
    "Angebot": 11, "Fassung": 9, "Datum": 12, "Kunde": 32, "Ansprechpartner": 24, "E-Mail": 36,
    "Telefon": 20, "Ort": 18, "Region": 9, "Privat": 8, "Projekt": 36, "Netto": 13,
    "Gültig bis": 12, "Status": 14, "Entschieden am": 15, "Grund": 16, "Stunden": 10,
    "Stunden geplant": 16, "Stunden gebraucht": 18, "Deckungsbeitrag": 16, "Gerne wieder": 13,
}  # fmt: skip
_FORMATS = {
    "Netto": "#,##0.00", "Stunden": "0.0", "Fassung": "0", "Stunden geplant": "0.0",
    "Stunden gebraucht": "0.0", "Deckungsbeitrag": "#,##0.00",
}  # fmt: skip
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def build(drafts: Path, target: Path) -> dict[str, int]:
    """Write the package files into `target`; return how many entries each of them holds."""
    mailbox = _joined(sorted(drafts.glob("[0-9].mbox")), "\n\n")
    calendar = _joined(sorted(drafts.glob("[0-9].ics.txt")), "\n")
    rows = _rows(sorted(drafts.glob("[0-9].csv")))
    (target / MAILBOX).write_text(mailbox, "utf-8", newline="\n")
    (target / CALENDAR).write_text(calendar, "utf-8", newline="\n")
    (target / OFFERS).write_bytes(workbook_bytes(_workbook(rows), _WRITTEN))
    mails = mailbox.count("\nFrom - ") + mailbox.startswith("From - ")
    return {MAILBOX: mails, OFFERS: len(rows) - 1, CALENDAR: len(calendar.splitlines())}


def main() -> None:
    """Build from the directory given as the only argument."""
    for name, count in build(Path(sys.argv[1]), Path(__file__).parent).items():
        sys.stdout.write(f"{name}: {count}\n")


def _joined(files: Iterable[Path], separator: str) -> str:
    texts = (file.read_text("utf-8").replace("\r\n", "\n").strip("\n") for file in files)
    return separator.join(texts) + "\n"


def _rows(files: Iterable[Path]) -> list[list[str]]:
    """All offers below one header; each file's own header must be the same."""
    header: list[str] = list(_WIDTHS)
    rows: list[list[str]] = []
    for file in files:
        first, *others = csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";")
        if first != header:
            raise ValueError(f"{file.name}: another header")
        rows += [row for row in others if any(row)]
    return [header, *rows]


def _workbook(rows: list[list[str]]) -> Workbook:
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "Angebote"
    for row in rows:
        sheet.append([_value(name, cell) for name, cell in zip(_WIDTHS, row, strict=True)])
    for index, (name, width) in enumerate(_WIDTHS.items(), start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = width
        sheet.cell(1, index).font = Font(bold=True)
        sheet.cell(1, index).alignment = Alignment(vertical="center")
        for (cell,) in sheet.iter_rows(min_row=2, min_col=index, max_col=index):
            cell.number_format = _FORMATS.get(name, "General")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return book


def _value(name: str, cell: str) -> str | float | int | None:
    if name in _FORMATS and cell and cell != name:
        plain = float(cell.replace(".", "").replace(",", "."))
        return int(plain) if name == "Fassung" else plain
    return cell or None


if __name__ == "__main__":
    main()
