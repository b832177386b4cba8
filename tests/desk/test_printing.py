"""What stands on the paper: read back from the PDF page by page."""

from datetime import date

import pytest

from nachhaken.desk.documents import keep_document
from nachhaken.desk.letterhead import Letterhead, missing
from nachhaken.desk.models import User
from nachhaken.desk.paper_words import TONGUES, grouped
from nachhaken.desk.printing import LetterPaper, PrintingError, letter_pdf, offer_pages, offer_pdf
from nachhaken.timeline import Position
from tests import cast
from tests.papers import BRANDT, RAILING, STEPS, offer
from tests.pdf_text import pages_of

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="60" height="20"><rect width="60" height="20" fill="#2A44A6"/></svg>'
)


def test_an_offer_says_everything_in_german() -> None:
    (page,) = pages_of(offer_pdf(offer(), BRANDT))
    for words in (
        "Metallbau Brandt GmbH · Gewerbestraße 12 · 83714 Miesbach",
        "83700 Rottach",
        "Angebot Nr.\nAN-1412\nFassung\n2\nDatum\n24.\xa0November\xa02026",
        "Gültig bis\n31.\xa0Dezember\xa02026",
        "Balkongeländer, Edelstahl V2A, geschliffen\nPfosten 42,4 mm, Füllstäbe 12 mm",
        "Füllstäbe 12 mm\n24,5\xa0m\n386,50\n9.469,25",
        "mit 7\xa0% MwSt.",
        "Summe netto\n12.295,25\xa0€",
        "zuzüglich 19\xa0% MwSt. auf 11.645,25\xa0€\n2.212,60\xa0€",
        "zuzüglich 7\xa0% MwSt. auf 650,00\xa0€\n45,50\xa0€",
        "Gesamtbetrag\n14.553,35\xa0€",
        "gültig bis einschließlich 31.\xa0Dezember\xa02026.",
        "Mit freundlichen Grüßen\nKatharina Brandt\nMetallbau Brandt GmbH",
        "IBAN\xa0DE02\xa01203\xa00000\xa00000\xa02020\xa051",
        "Seite 1 von 1",
    ):
        assert words in page


def test_an_optional_position_is_marked_and_not_counted() -> None:
    (page,) = pages_of(offer_pdf(offer(RAILING[2:]), BRANDT))
    assert "Wahlposition\nHandlauf aus geölter Eiche\n" in page
    assert "24,5\xa0m\n94,50\n(2.315,25)" in page
    assert "Summe netto\n650,00\xa0€" in page
    assert "im Gesamtbetrag nicht enthalten" in page


def test_sixty_positions_carry_their_sum_over_three_pages() -> None:
    first, second, third = pages_of(offer_pdf(offer(STEPS), BRANDT))
    assert "Übertrag" not in first
    for page in (second, third):
        assert "Pos.\nBezeichnung\nMenge\nEinzelpreis\nGesamt €" in page
        assert "Angebot AN-1412 · Pension Alpenblick" in page
        begun = int(page.partition("Stufe ")[2].split()[0])
        before = sum(10_000 + place for place in range(1, begun) if place != 17)
        carried = f"{before / 100:,.2f}".translate(str.maketrans(",.", ".,"))
        assert f"Übertrag\n{carried}\n{begun}\nStufe {begun}" in page
    assert "Mit freundlichen Grüßen" in third


def test_a_swiss_offer_is_an_offerte_in_francs() -> None:
    paper = offer(RAILING[:2], vat=81, currency="CHF")
    (page,) = pages_of(offer_pdf(paper, BRANDT))
    assert "Offerte Nr." in page
    assert "Gesamt CHF" in page
    assert "zuzüglich 8.1\xa0% MWST\nCHF\xa0943.27" in page
    assert "Gesamtbetrag\nCHF\xa012’588.52" in page
    assert "gültig bis einschliesslich" in page
    assert "ß" not in page.partition("Guten Tag")[2].partition("Seite 1")[0]


def test_an_english_offer_is_english() -> None:
    paper = offer(language="en", greeting="Dear Ms Huber,")
    (page,) = pages_of(offer_pdf(paper, BRANDT))
    assert "Offer no.\nAN-1412\nVersion\n2\nDate\n24 November 2026" in page
    assert "Total\n€14,553.35" in page
    assert "valid until the end of 31 December 2026" in page


def test_without_vat_or_positions_only_what_is_known_is_said() -> None:
    (page,) = pages_of(offer_pdf(offer((), vat=None, net_cents=1_240_000), BRANDT))
    assert "Summe netto\n12.400,00\xa0€" in page
    assert "zuzüglich der gesetzlichen Mehrwertsteuer" in page
    assert "Gesamtbetrag" not in page
    assert "Bezeichnung" not in page


def test_who_charges_no_vat_says_why() -> None:
    small = Letterhead(name="Brandt", vat_note="Nach § 19 UStG wird keine Umsatzsteuer berechnet.")
    (page,) = pages_of(offer_pdf(offer(RAILING[:2], vat=0), small))
    assert "Nach § 19 UStG" in page


def test_a_text_is_never_markup() -> None:
    evil = '#read("/etc/passwd") *a* _b_ $c$ @d <e> \\ // ` = "'
    (page,) = pages_of(offer_pdf(offer([Position(text=evil, unit_cents=100)], title=evil), BRANDT))
    assert page.count(evil) == 2


def test_signs_that_no_font_has_are_left_out() -> None:
    said = "Danke 😀 für 👩‍🔧 Ihren 🇩🇪 Anruf.\x00\x07 Łódź, Ωμέγα"
    (page,) = pages_of(offer_pdf(offer(opening=said), BRANDT))
    assert "Danke für Ihren Anruf. Łódź, Ωμέγα" in page.replace("\n", "")


def test_a_long_address_stays_in_its_window_and_a_long_word_on_its_line() -> None:
    lines = [
        "Hallwachs Weinbau, Kellerei und Destillerie Aktiengesellschaft " * 2,
        *"abcdefg",
        "Ende",
    ]
    paper = offer(recipient=tuple(lines), opening="x" * 300)
    page, *_ = pages_of(offer_pdf(paper, BRANDT))
    assert "\ng\nEnde\n" in page
    longest = max((line for line in page.split("\n") if set(line) <= {"x", "\u200b"}), key=len)
    assert len(longest) < 150


def test_the_same_offer_is_the_same_file_and_can_be_archived() -> None:
    first, again = offer_pdf(offer(), BRANDT), offer_pdf(offer(), BRANDT)
    assert first == again
    assert b"<pdfaid:part>2</pdfaid:part>" in first
    assert b"<pdfuaid:part>1</pdfuaid:part>" in first
    assert offer_pdf(offer(number="AN-1413"), BRANDT) != first


def test_the_pages_can_be_looked_at() -> None:
    pages = offer_pages(offer(STEPS), BRANDT, ppi=20)
    assert len(pages) == 3
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_without_a_letterhead_it_is_still_an_offer() -> None:
    bare = Letterhead(name="Metallbau Brandt")
    (page,) = pages_of(offer_pdf(offer(), bare))
    assert page.startswith("Metallbau Brandt\n")
    assert "None" not in page
    assert missing(bare) == (
        "Anschrift", "Telefon", "E-Mail", "Steuernummer oder USt-IdNr.", "Bankverbindung",
    )  # fmt: skip
    assert missing(BRANDT) == ()
    assert pages_of(offer_pdf(offer(recipient=(), number="", sender=""), Letterhead()))


def test_a_letter_stands_on_the_same_paper() -> None:
    letter = LetterPaper(
        date=date(2026, 11, 24),
        recipient=("Pension Alpenblick", "Rosa Huber"),
        subject="Ihre Anfrage zu den Balkonen",
        text="Guten Tag Frau Huber,\n\nwas fehlt noch?\nBis bald.\n\nFreundliche Grüße",
        sender="Katharina Brandt",
    )
    (page,) = pages_of(letter_pdf(letter, BRANDT))
    assert "Guten Tag Frau Huber,\nwas fehlt noch?\nBis bald.\nFreundliche Grüße" in page
    assert "Metallbau Brandt GmbH · Gewerbestraße 12" in page


def test_a_logo_takes_the_place_of_the_name(owner: User) -> None:
    row = keep_document(
        SVG.encode(), name="l.svg", media_type="image/svg+xml", actor=owner, now=cast.NOW
    )
    with_logo = Letterhead(name="Brandt", address="Miesbach", logo=row.sha256)
    (page,) = pages_of(offer_pdf(offer(), with_logo))
    assert page.startswith("Miesbach\n")
    lost = Letterhead(name="Brandt", address="Miesbach", logo="0" * 64)
    assert pages_of(offer_pdf(offer(), lost))[0].startswith("Brandt\n")


def test_a_logo_reads_no_other_file(owner: User) -> None:
    raw = SVG.replace("<rect", '<image xlink:href="/etc/hostname" width="9" height="9"/><rect')
    row = keep_document(
        raw.encode(), name="l.svg", media_type="image/svg+xml", actor=owner, now=cast.NOW
    )
    with pytest.raises(PrintingError):
        offer_pdf(offer(), Letterhead(name="Brandt", logo=row.sha256))


def test_every_tongue_says_the_same_things() -> None:
    german = TONGUES["de"].words
    for tongue in TONGUES.values():
        assert tongue.words.keys() == german.keys()
    assert "ß" not in "".join(TONGUES["de-CH"].words.values())


def test_an_iban_is_read_in_fours() -> None:
    assert grouped("de02 1203 00000000202051") == "DE02\xa01203\xa00000\xa00000\xa02020\xa051"
