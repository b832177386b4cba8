from datetime import date

import pytest

from nachhaken.reading import Window, read

# The day of the reply is Wednesday, 2026-10-07.
REFERENCE = date(2026, 10, 7)


def window(start: str, end: str) -> Window:
    return Window(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Rufen Sie in 10 Tagen wieder an.", "2026-10-17", "2026-10-17"),
        ("In drei Wochen bitte wieder melden.", "2026-10-28", "2026-11-03"),
        ("In zwei Monaten bitte wieder melden.", "2026-12-07", "2026-12-20"),
        ("Melden Sie sich in einem halben Jahr.", "2027-04-07", "2027-04-20"),
        ("Melden Sie sich in einem Vierteljahr.", "2027-01-07", "2027-01-20"),
        ("Melden Sie sich in einem Jahr nochmal.", "2027-10-07", "2027-11-06"),
        ("Rufen Sie in 2-3 Monaten an.", "2026-12-07", "2027-01-07"),
        ("in zwei, drei Wochen wieder", "2026-10-21", "2026-10-28"),
        ("In ein paar Wochen nochmal.", "2026-10-21", "2026-11-04"),
        ("Heute in einer Woche wieder.", "2026-10-14", "2026-10-14"),
        ("Freitag in einer Woche", "2026-10-16", "2026-10-16"),
        ("WV KW 48", "2026-11-23", "2026-11-29"),
        ("WV KW 12", "2027-03-22", "2027-03-28"),
        ("Anfang nächster Woche melden", "2026-10-12", "2026-10-13"),
        ("Mitte nächster Woche melden", "2026-10-13", "2026-10-15"),
        ("Ende nächster Woche melden", "2026-10-15", "2026-10-16"),
        ("Anfang Februar wieder", "2027-02-01", "2027-02-10"),
        ("Mitte Februar wieder", "2027-02-11", "2027-02-20"),
        ("Ende Jänner wieder", "2027-01-21", "2027-01-31"),
        ("Ende des Quartals nochmal melden", "2026-12-01", "2026-12-31"),
        ("Anfang nächsten Jahres wieder", "2027-01-01", "2027-02-28"),
        ("Im Frühjahr wieder.", "2027-03-01", "2027-05-31"),
        ("Spätherbst", "2026-11-01", "2026-11-30"),
        ("Q1/27 passt", "2027-01-01", "2027-03-31"),
        ("im zweiten Halbjahr 2027", "2027-07-01", "2027-12-31"),
        ("ab Mai wieder", "2027-05-01", "2027-05-31"),
        ("nicht vor Februar", "2027-02-01", "2027-02-28"),
        ("ab dem 15.11. wieder anrufen", "2026-11-15", "2026-11-28"),
        ("nach dem 15.11. wieder anrufen", "2026-11-16", "2026-11-29"),
        ("Vom 12.10. bis 23.10. bin ich nicht im Haus.", "2026-10-24", "2026-11-06"),
        ("nach Ostern", "2027-03-30", "2027-04-12"),
        ("nach Pfingsten", "2027-05-18", "2027-05-31"),
        ("nach Karneval", "2027-02-10", "2027-02-23"),
        ("nach Auffahrt", "2027-05-07", "2027-05-20"),
        ("zwischen den Jahren", "2026-12-27", "2026-12-31"),
        ("im neuen Jahr", "2027-01-01", "2027-01-31"),
        ("Dieses Jahr nicht mehr.", "2027-01-01", "2027-01-31"),
        ("Rufen Sie mich bis Freitag an.", "2026-10-08", "2026-10-09"),
        ("Okt/Nov wieder ansprechen", "2026-10-01", "2026-11-30"),
        ("Der Gemeinderat tagt am 12.11., danach nachfragen.", "2026-11-13", "2026-11-26"),
        ("Der Gemeinderat tagt am 12.11.", "2026-11-12", "2026-11-12"),
        ("Please call back in six weeks.", "2026-11-18", "2026-11-24"),
        ("Try me again in early December.", "2026-12-01", "2026-12-10"),
        ("Not before February, please.", "2027-02-01", "2027-02-28"),
        ("Call me next Monday.", "2026-10-12", "2026-10-12"),
        ("The week after next is fine.", "2026-10-19", "2026-10-25"),
    ],
)
def test_expression_gives_its_window(text: str, start: str, end: str) -> None:
    assert read(text, reference=REFERENCE).callback == window(start, end)


@pytest.mark.parametrize(
    "text",
    [
        "Das Angebot vom 4. Mai habe ich erhalten.",
        "Ihre Rechnung vom 12.9. liegt vor.",
        "Fragen Sie Herrn März.",
        "Wir melden uns bis Ende November.",
        "Nach der Messe gern.",
        "Das kostet 1.200,50 € netto.",
        "Am 4. Oktober 2025 war die Sitzung.",
        "Vor zwei Wochen kam Ihre Mail.",
        "Guten Morgen Herr Vogt, noch nichts Neues.",
        "We'll get back to you by Friday.",
    ],
)
def test_other_dates_and_numbers_give_none(text: str) -> None:
    assert read(text, reference=REFERENCE).callback is None


@pytest.mark.parametrize(
    ("region", "start"),
    [
        ("DE-NW", "2026-09-02"),
        ("DE-BY", "2026-09-15"),
        ("DE", "2026-09-15"),
        ("AT-9", "2026-09-07"),
        ("CH", "2026-09-01"),
    ],
)
def test_school_holidays_end_by_region(region: str, start: str) -> None:
    found = read("nach den Sommerferien", reference=date(2026, 5, 20), region=region).callback
    assert found is not None
    assert found.start == date.fromisoformat(start)


def test_span_holds_the_window_with_its_operator() -> None:
    text = "Grüße! Bitte melden Sie sich nach Ostern nochmal."
    span = read(text, reference=REFERENCE).callback_span
    assert span is not None
    assert text[span.start : span.end] == "nach Ostern"
