"""Tables of offers as people export them, and the sentences for what is wrong in them."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from nachhaken.sources.cells import Amount, Cell, amount, day, minutes
from nachhaken.sources.faults import EmptyFile, NotATable, say
from nachhaken.sources.fields import FIELDS, About, Field
from nachhaken.sources.offer_row import OfferRow
from nachhaken.sources.offer_words import OfferStatus, reason_of, region_of, status_of
from nachhaken.sources.tables import Table, preview, read_table
from nachhaken.terms import NoReason

HEADER = (
    "Angebot;Fassung;Datum;Kunde;Ansprechpartner;E-Mail;Telefon;Ort;Region;Privat;Projekt;Netto;"
    "Gültig bis;Status;Entschieden am;Grund;Stunden;Stunden geplant;Stunden gebraucht;"
    "Deckungsbeitrag;Gerne wieder"
)
ROW = (
    "AN-1412;1;12.11.2026;Bräu Tölz;Rosa Huber;Huber@Braeu.example;08024 555 11 2;Tölz;DE-BY;nein;"
    "Treppe Sudhaus;38.400,00;31.12.26;Absage;20.11.2026;nur Vergleich;4,5;;;;"
)
# Excel knows no time zones.
MIDNIGHT = datetime(2026, 11, 12, tzinfo=UTC).replace(tzinfo=None)
NOON = datetime(2026, 12, 31, 12, tzinfo=UTC).replace(tzinfo=None)
EXPECTED = OfferRow(
    row=2,
    number="AN-1412",
    version=1,
    sent_on=date(2026, 11, 12),
    customer="Bräu Tölz",
    person="Rosa Huber",
    mail="huber@braeu.example",
    phone="08024 555 11 2",
    place="Tölz",
    region="DE-BY",
    private=False,
    title="Treppe Sudhaus",
    net_cents=3_840_000,
    currency="EUR",
    valid_until=date(2026, 12, 31),
    status=OfferStatus.LOST,
    decided_on=date(2026, 11, 20),
    reason=NoReason.COMPARISON_ONLY,
    effort_minutes=270,
)


def read_offers(raw: bytes, name: str, mapping: Mapping[int, str] | None = None) -> Table:
    return read_table(raw, name, about=About.OFFERS, mapping=mapping)


def offers(raw: bytes, name: str, mapping: Mapping[int, str] | None = None) -> tuple[OfferRow, ...]:
    return read_offers(raw, name, mapping).offers


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows)).encode()


def faults(*rows: str, header: str = HEADER) -> list[str]:
    return [say(f) for f in read_offers(table(*rows, header=header), "Angebote.csv").faults]


def workbook(*rows: tuple[Cell, ...], first_empty: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Angebote") if first_empty else book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_offer(encoding: str, delimiter: str) -> None:
    raw = table(ROW).decode().replace(";", delimiter).encode(encoding)
    assert offers(raw, "Angebote.csv") == (EXPECTED,)


def test_commas_with_quotes_and_excels_hint_and_windows_ends() -> None:
    quoted = '"' + ROW.replace(";", '","') + '"'
    raw = f"sep=,\r\n{HEADER.replace(';', ',')}\r\n{quoted}\r\n".encode()
    (row,) = offers(raw, "Angebote.csv")
    assert row.net_cents == 3_840_000
    assert row.row == 3


def test_a_workbook_with_real_dates_and_numbers() -> None:
    cells: list[Cell] = list(ROW.split(";"))
    cells[1], cells[2], cells[11] = 1, MIDNIGHT, 38400.0
    cells[12], cells[16] = date(2026, 12, 31), 4.5
    raw = workbook(tuple(HEADER.split(";")), tuple(cells), first_empty=True)
    assert offers(raw, "Angebote.xlsx") == (EXPECTED,)


def test_the_header_may_stand_below_a_title() -> None:
    result = read_offers(("Angebotsliste Brandt\n\n" + table(ROW).decode()).encode(), "a.csv")
    assert [row.number for row in result.offers] == ["AN-1412"]
    assert result.offers[0].row == 4


def test_every_column_of_the_example_is_recognised_for_sure() -> None:
    columns = preview(table(ROW), "Angebote.csv").columns
    assert {c.field for c in columns} == set(FIELDS[About.OFFERS]) - {
        Field.CURRENCY,
        Field.FIRST_NAME,
        Field.LAST_NAME,
    }
    assert all(c.confidence == 1.0 for c in columns)
    assert columns[3].examples == ("Bräu Tölz",)


def test_a_hubspot_export_is_read() -> None:
    raw = (
        b"Record ID,Deal Name,Deal Stage,Amount,Currency,Create Date,Close Date,Associated Company,"
        b"Associated Contact,Email,Closed Lost Reason\n"
        b"9001,Stairs,Closed Lost,12900.50,CHF,2026-03-02 09:14,2026-04-01 10:00,Acme,Jo Bloggs,"
        b"jo@acme.example,Price too high\n"
        b"9002,Gate,Closed Won,900,EUR,2026-03-03 09:14,2026-04-02 10:00,Acme,,,\n"
    )
    first, second = offers(raw, "hubspot.csv")
    assert (first.net_cents, first.currency, first.reason) == (1_290_050, "CHF", NoReason.PRICE)
    assert (first.title, first.person) == ("Stairs", "Jo Bloggs")
    assert second.status is OfferStatus.WON
    assert second.decided_on == date(2026, 4, 2)


def test_columns_without_header_are_guessed_by_their_content() -> None:
    raw = b"AN-1;12.11.2026;rosa@a.example;1.234,50\nAN-2;13.11.2026;max@b.example;900,00\n"
    guess = preview(raw, "ohne.csv")
    assert guess.rows == 2
    assert [c.field for c in guess.columns] == [
        Field.NUMBER,
        Field.SENT_ON,
        Field.MAIL,
        Field.NET,
    ]
    assert all(0 < c.confidence <= 0.5 for c in guess.columns)


def test_a_header_above_the_wrong_content_is_doubted() -> None:
    (column,) = (
        c
        for c in preview(b"Datum;Kunde\nRosa;Max\nEva;Jo\n", "a.csv").columns
        if c.header == "Datum"
    )
    assert column.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (
            "Firma;Ansprechpartner;E-Mail;Telefon;Ort\nHuber;Rosa Huber;r@huber.example;;Weyarn",
            "contacts",
        ),
        ("Kunde;E-Mail;Telefon\nHuber;r@huber.example;08024 555", "contacts"),
        ("Kunde;Ansprechpartner;Ort;vom\nHuber;Rosa Huber;Weyarn;12.11.2026", "offers"),
        ("Kunde;Projekt;Betrag;Status\nHuber;Treppe;1.234,50;offen", "offers"),
    ],
)
def test_a_list_of_addresses_without_a_day_is_one_of_contacts(text: str, about: str) -> None:
    assert preview(text.encode(), "liste.csv").about == about


def test_an_abbreviated_offer_number_is_one() -> None:
    raw = "Ang.-Nr.;Datum;Kunde;Summe netto\n2026-0411;12.11.2026;Bräu Tölz;1.234,50\n".encode()
    (row,) = offers(raw, "liste.csv")
    assert (row.number, row.customer) == ("2026-0411", "Bräu Tölz")


def test_a_mapping_stands_above_the_guess() -> None:
    raw = b"Wann;Wer;Datum\n12.11.2026;Rosa;01.01.2020\n"
    mapping = {0: Field.SENT_ON, 1: Field.CUSTOMER, 2: ""}
    (row,) = offers(raw, "a.csv", mapping)
    assert (row.sent_on, row.customer) == (date(2026, 11, 12), "Rosa")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("12.11.2026", "12.13.2026"), "Zeile 2: „12.13.2026“ ist kein Datum."),
        (("38.400,00", "auf Anfrage"), "Zeile 2: „auf Anfrage“ ist kein Betrag."),
        (("38.400,00", "-5"), "Zeile 2: Der Betrag -5 ist negativ."),
        ((";4,5", ";viel"), "Zeile 2: „viel“ ist keine Zahl von Stunden."),
        (("Huber@Braeu.example", "Huber"), "Zeile 2: „Huber“ ist keine E-Mail-Adresse."),
        ((";12.11.2026", ";"), "Zeile 2: Das Datum des Angebots fehlt."),
        (
            ("20.11.2026", "20.11.2025"),
            "Zeile 2: Entschieden am 20.11.2025, also vor dem Datum des Angebots.",
        ),
    ],
)
def test_a_faulty_row_is_told_and_left_out(change: tuple[str, str], sentence: str) -> None:
    result = read_offers(table(ROW.replace(*change), ROW.replace("1412", "1413")), "Angebote.csv")
    assert [say(f) for f in result.faults] == [sentence]
    assert [row.number for row in result.offers] == ["AN-1413"]


def test_faults_speak_english_too() -> None:
    fault = read_offers(table(ROW.replace("12.11.2026", "bald")), "a.csv").faults[0]
    assert say(fault, "en") == "Row 2: “bald” is not a date."
    assert fault.column == "Datum"


def test_a_note_does_not_keep_the_row_out() -> None:
    result = read_offers(table(ROW.replace("Absage", "Schrödinger")), "a.csv")
    assert result.offers[0].status is OfferStatus.OPEN
    assert say(result.faults[0]).startswith("Zeile 2: Der Status „Schrödinger“ ist unbekannt")
    assert result.faults[0].is_note


def test_the_same_offer_twice_is_taken_once() -> None:
    assert faults(ROW, ROW) == ["Zeile 3: Angebot AN-1412 steht schon in Zeile 2."]


def test_without_versions_a_repeated_number_is_a_revision() -> None:
    raw = b"Angebot;Datum;Kunde\nAN-1;12.11.2026;Rosa\nAN-1;20.11.2026;Rosa\n"
    assert [row.version for row in offers(raw, "a.csv")] == [1, 2]


def test_keys_stay_the_same_on_a_second_import() -> None:
    rows = offers(table(ROW), "a.csv")
    assert [r.key for r in rows] == [r.key for r in offers(table("", ROW), "b.csv")]


@pytest.mark.parametrize(
    ("raw", "name", "error", "piece"),
    [
        (b"", "a.csv", EmptyFile, "ist leer"),
        (b"\n\n", "a.csv", EmptyFile, "ist leer"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", NotATable, "als .xlsx"),
        (b"%PDF-1.7\0\0", "a.pdf", NotATable, "keine Tabelle"),
        (b"PK\x03\x04" + b"xl/" * 40, "a.xlsx", NotATable, "beschädigt"),
        (b"Farbe;Kunde\nrot;Rosa", "a.csv", NotATable, "Datum des Angebots"),
        (b"Datum;Farbe\n12.11.2026;rot", "a.csv", NotATable, "keine Spalte mit dem Kunden"),
        (b"Datum;Kunde\n", "a.csv", NotATable, "keine Zeilen"),
    ],
)
def test_what_is_no_table_says_what_to_do(
    raw: bytes, name: str, error: type[Exception], piece: str
) -> None:
    with pytest.raises(error) as caught:
        read_offers(raw, name)
    assert isinstance(caught.value, EmptyFile | NotATable)
    assert piece in say(caught.value.fault)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(1000))
        packed.infolist()[0].file_size = 10**9
    with pytest.raises(NotATable) as caught:
        read_offers(stream.getvalue(), "bombe.xlsx")
    assert caught.value.fault.code == "too_large"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.234,50", Amount(123_450, "")),
        ("1'234.50", Amount(123_450, "")),
        ("1’234.50 CHF", Amount(123_450, "CHF")),
        ("1234.5", Amount(123_450, "")),
        ("12.900 EUR", Amount(1_290_000, "EUR")),
        ("12.900,-", Amount(1_290_000, "")),
        ("Fr. 900.--", Amount(90_000, "CHF")),
        ("900CHF", Amount(90_000, "CHF")),
        ("€ 38.400", Amount(3_840_000, "EUR")),
        ("1,234,567.89", Amount(123_456_789, "")),
        ("1.234.567,89", Amount(123_456_789, "")),
        ("1.234.567", Amount(123_456_700, "")),
        ("1 234,50 €", Amount(123_450, "EUR")),
        ("0,125", Amount(12, "")),
        ("12,9", Amount(1290, "")),
        (900, Amount(90_000, "")),
        (19.99, Amount(1999, "")),
        ("", None),
        ("zwölf", None),
        ("12.11.2026", Amount(1_211_202_600, "")),
        (float("nan"), None),
        (float("inf"), None),
        (None, None),
    ],
)
def test_amounts(cell: Cell, expected: Amount | None) -> None:
    assert amount(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "31.12.26",
        "31.12.2026",
        "31. 12. 2026",
        "31.12.2026 14:30",
        "Do, 31.12.2026",
        "2026-12-31",
        "2026-12-31T09:00:00Z",
        "31/12/2026",
        "31. Dezember 2026",
        "31 Dec 2026",
        "December 31, 2026",
        "46387",
        46387,
        46387.75,
        NOON,
        date(2026, 12, 31),
    ],
)
def test_dates(cell: Cell) -> None:
    assert day(cell) == date(2026, 12, 31)


@pytest.mark.parametrize("cell", ["31.2.2026", "2026", "bald", "", None, 5, 10**9, "12.13.2026"])
def test_what_is_no_date(cell: Cell) -> None:
    assert day(cell) is None


def test_american_dates_are_told_by_their_column() -> None:
    raw = b"Date,Customer\n01/02/2026,A\n12/31/2026,B\n"
    assert [r.sent_on for r in offers(raw, "a.csv")] == [
        date(2026, 1, 2),
        date(2026, 12, 31),
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("4,5", 270), ("4:30", 270), ("4,5 h", 270), ("3 Std.", 180), ("45 min", 45), (2, 120)],
)
def test_hours(cell: Cell, expected: int) -> None:
    assert minutes(cell) == expected


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("offen", OfferStatus.OPEN),
        ("", OfferStatus.OPEN),
        ("Auftrag", OfferStatus.WON),
        ("Auftrag erteilt", OfferStatus.WON),
        ("kein Auftrag", OfferStatus.LOST),
        ("nein, zu teuer", OfferStatus.LOST),
        ("Nein", OfferStatus.LOST),
        ("keine Einwände", None),
        ("zurückgezogen", OfferStatus.WITHDRAWN),
        ("closedlost", OfferStatus.LOST),
        ("Angebot versendet", OfferStatus.OPEN),
        ("xyz", None),
    ],
)
def test_words_for_the_status(word: str, status: OfferStatus | None) -> None:
    assert status_of(word) is status


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("Preis", NoReason.PRICE),
        ("Mitbewerber", NoReason.COMPETITOR),
        ("kein Bedarf", NoReason.NO_NEED),
        ("kein Budget", NoReason.NO_BUDGET),
        ("Zeitpunkt", NoReason.TIMING),
        ("intern gelöst", NoReason.INTERNAL),
        ("nur Vergleich", NoReason.COMPARISON_ONLY),
        ("Vertrauen", NoReason.TRUST_FIT),
        ("unbekannt", NoReason.UNKNOWN),
        ("", None),
        ("qwertz", None),
    ],
)
def test_words_for_the_reason(word: str, reason: NoReason | None) -> None:
    assert reason_of(word) is reason


@pytest.mark.parametrize(
    ("word", "region"),
    [("DE-BY", "DE-BY"), ("Bayern", "DE-BY"), ("Tirol", "AT-7"), ("ZH", "CH-ZH"), ("BE", "")],
)
def test_words_for_the_region(word: str, region: str) -> None:
    assert region_of(word) == region
