"""Tables that are made to hurt, or that accidents made: read, or refused in words, and soon."""

import io
from time import process_time
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from nachhaken.sources.faults import NotATable, say
from nachhaken.sources.fields import About
from nachhaken.sources.tables import read_table

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADER = "".join(
    f'<c r="{column}1" t="inlineStr"><is><t>{word}</t></is></c>'
    for column, word in zip("ABC", ("Angebot", "Datum", "Kunde"), strict=True)
)
OFFER = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t>AN-1</t></is></c><c r="B2"><v>46347</v></c>'
    '<c r="C2" t="inlineStr"><is><t>Öttl</t></is></c></row>'
)
SIZE = '<dimension ref="A1:C2"/>'
SOON = 2.0


def workbook(rows: str) -> bytes:
    """A workbook whose only sheet has these rows below the header."""
    blank = io.BytesIO()
    openpyxl.Workbook().save(blank)
    made = io.BytesIO()
    with ZipFile(blank) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            if not part.filename.startswith("xl/worksheets/"):
                new.writestr(part, old.read(part))
        data = f'<sheetData><row r="1">{HEADER}</row>{rows}</sheetData>'
        new.writestr("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}>{SIZE}{data}</worksheet>")
    return made.getvalue()


def customers(raw: bytes, name: str = "a.xlsx") -> list[str]:
    begun = process_time()
    found = read_table(raw, name, about=About.OFFERS).offers
    assert process_time() - begun < SOON
    return [row.customer for row in found]


def refused(raw: bytes, name: str) -> str:
    begun = process_time()
    with pytest.raises(NotATable) as caught:
        read_table(raw, name)
    assert process_time() - begun < SOON
    return say(caught.value.fault)


def test_a_million_formatted_rows_below_the_table_are_passed_over() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 200_000))
    assert customers(workbook(OFFER + rows)) == ["Öttl"]
    assert customers(workbook(OFFER + '<row r="1048576"><c r="A1048576"/></row>')) == ["Öttl"]


def test_columns_far_to_the_right_are_passed_over() -> None:
    far = '<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}" s="0"/></row>'
    assert customers(workbook(OFFER + far.format(n=3).replace("<v>1</v>", ""))) == ["Öttl"]
    rows = "".join(far.format(n=n) for n in range(3, 60))
    assert "mehr als 200 Spalten" in refused(workbook(OFFER + rows), "a.xlsx")


def test_the_longest_cell_of_excel_and_error_values() -> None:
    long = OFFER.replace("Öttl", "Ö" * 32_767)
    assert customers(workbook(long)) == ["Ö" * 500]
    error = OFFER.replace("AN-1", "#NV")
    table = read_table(workbook(error), "a.xlsx", about=About.OFFERS)
    assert table.offers[0].number == ""
    assert say(table.faults[0]) == (
        "Zeile 2: In „Angebot“ steht der Fehlerwert #NV; das Feld gilt als leer."
    )


def test_a_directory_that_lies_unpacks_no_more_than_it_states() -> None:
    raw = bytearray(workbook(OFFER + "<!-- " + " " * 5_000_000 + " -->"))
    with ZipFile(io.BytesIO(raw)) as packed:
        size = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = bytes(raw).replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))
    assert "beschädigt" in refused(lying, "a.xlsx")


def test_what_unpacks_to_too_much_is_refused() -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<a/>")
        packed.writestr("xl/styles.xml", bytes(21_000_000))
    assert "zu groß" in refused(stream.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("raw", "name", "piece"),
    [
        (b"Angebot;Datum;Kunde\n" + b"x" * 3_000_000, "a.csv", "beschädigt"),
        (b"Angebot;Datum;Kunde\n" + b"x;" * 1_500_000, "a.csv", "beschädigt"),
        (b'Angebot;Datum;Kunde\n"' + b"x\n" * 1_500_000, "a.csv", "beschädigt"),
        (b"x" * 50_000_001, "a.csv", "zu groß"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument", "a.ods", ".xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "alten Excel-Format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "Kennwort",
        ),
        (b"<html><table><tr><td>Angebot, Datum, Kunde</td></tr></table>", "a.csv", "als .xlsx"),
    ],
    ids=["line", "cells", "quote", "large", "ods", "xls", "locked", "html"],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(raw: bytes, name: str, piece: str) -> None:
    assert piece in refused(raw, name)


def test_nul_bytes_and_a_wrong_name_do_no_harm() -> None:
    raw = "Angebot;Datum;Kunde\nAN-1;12.11.2026;Ö\0ttl\n".encode() + b"AN-2;13.11.2026;Kern\n" * 3
    assert customers(raw, "a.csv")[0] == "Öttl"
    assert customers(raw.replace(b"\0", b""), "a.xlsx")[0] == "Öttl"
    assert customers(workbook(OFFER), "a.csv") == ["Öttl"]
