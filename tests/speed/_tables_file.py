"""Write a list of offers: `python -m tests.speed._tables_file a.xlsx 50000`."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

HEADER = [
    "Angebot", "Fassung", "Datum", "Kunde", "Ansprechpartner", "E-Mail", "Telefon", "Ort",
    "Region", "Privat", "Projekt", "Netto", "Gültig bis", "Status", "Entschieden am", "Grund",
    "Stunden",
]  # fmt: skip
STATES = ("offen", "offen", "Auftrag", "Absage")


def main(file: Path, count: int) -> None:
    """Write the file, in a process of its own: that takes more memory than reading it."""
    if file.suffix == ".csv":
        with file.open("w", encoding="cp1252", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows([HEADER, *_rows(count)])
        return
    import openpyxl

    # Not write_only: that mode writes inline texts, which no office program does.
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for row in (HEADER, *_rows(count)):
        sheet.append(row)
    book.save(file)


def _rows(count: int) -> Iterator[list[str]]:
    for n in range(count):
        state, two = STATES[n % 4], n // 2
        yield [
            f"AN-{n:06}", "1", f"{n % 28 + 1:02}.{n % 9 + 1:02}.2026", f"Müller & Söhne {two}",
            f"Rosa Huber {two}", f"huber{two}@mueller{n // 20}.example", f"08024 {two:06}",
            "Bad Tölz", "DE-BY", "nein", f"Treppe Sudhaus {n % 50}",
            f"{n % 40000 + 500}.000,50" if n % 7 else "1.234,50", "31.12.26", state,
            "20.11.2026" if state in {"Auftrag", "Absage"} else "",
            "Preis" if state == "Absage" else "", "4,5",
        ]  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
