"""The own letterhead is filled in, looked at and printed; what cannot be printed is said."""

import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nachhaken.desk import commands
from nachhaken.desk.letterhead import Letterhead, is_legible, letterhead
from nachhaken.desk.logos import LogoError, media_type_of
from nachhaken.desk.models import Document, Opportunity, Preference, User
from nachhaken.desk.paper_sample import sample_offer
from nachhaken.desk.printing import offer_pdf
from tests import cast
from tests.desk.shown import page_of
from tests.papers import BRANDT
from tests.pdf_text import pages_of

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
FILLED = {"name": "Metallbau Brandt", "accent": "#1D6542", "address": " Gewerbestr. 1 \n\nMiesbach"}


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\x00" + b"\x7f" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def file(raw: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo", raw)


def test_what_is_filled_in_stands_on_the_paper(desk: Client) -> None:
    answer = desk.post("/settings/letterhead", FILLED | {"iban": "de02 1203 0000 0000 2020 51"})
    assert answer.status_code == 302
    paper = letterhead()
    assert (paper.address, paper.iban) == ("Gewerbestr. 1\nMiesbach", "DE02120300000000202051")
    page = page_of(desk, "/settings/letterhead")
    assert "fehlt noch: <b>Telefon, E-Mail, Steuernummer oder USt-IdNr.</b>" in page.replace(
        "</b>.", "</b>"
    )
    (printed,) = pages_of(desk.get("/settings/letterhead.pdf").content)
    assert "Metallbau Brandt · Gewerbestr. 1 · Miesbach" in printed
    picture = desk.get("/settings/letterhead.png")
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_without_a_letterhead_the_name_of_the_business_stands(desk: Client, owner: User) -> None:
    commands.prefer(actor=owner, now=cast.NOW, company="Metallbau Brandt")
    assert letterhead() == Letterhead(name="Metallbau Brandt")
    assert "Anschrift, Telefon" in page_of(desk, "/settings/letterhead")
    (printed,) = pages_of(desk.get("/settings/letterhead.pdf").content)
    assert printed.startswith("Metallbau Brandt\n")


@pytest.mark.parametrize("raw", [png(40, 20), SVG])
def test_a_logo_is_kept_until_it_is_taken_away(desk: Client, raw: bytes) -> None:
    desk.post("/settings/letterhead", FILLED | {"logo": file(raw)})
    kept = letterhead().logo
    assert Document.objects.get(sha256=kept).size == len(raw)
    assert desk.get("/settings/letterhead.pdf").status_code == 200
    desk.post("/settings/letterhead", FILLED)
    assert letterhead().logo == kept
    desk.post("/settings/letterhead", FILLED | {"without_logo": "on"})
    assert letterhead().logo == ""


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"GIF89a", "weder PNG noch JPEG noch SVG"),
        (png(4, 4)[:40], "nicht zeichnen"),
        (png(9000, 1), "mehr als 5000 Bildpunkte"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "nicht zeichnen"),
        (SVG + bytes(2**20), "größer als 1 MB"),
        (SVG.replace(b"/>", b'><image href="/etc/hostname"/></svg>'), "keine anderen Dateien"),
        (b"%PDF-1.7", "weder PNG"),
    ],
)
def test_what_is_no_logo_is_said_in_words(raw: bytes, said: str) -> None:
    with pytest.raises(LogoError, match=said):
        media_type_of(raw)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("iban", "DE03 1203 0000 0000 2020 51", "Prüfziffer passt nicht"),
        ("accent", "#FFF3B0", "schlecht zu lesen"),
        ("accent", "red", "errors"),
        ("logo", "GIF89a", "weder PNG noch JPEG noch SVG"),
        ("name", "", "errors"),
    ],
)
def test_a_wrong_entry_changes_nothing(desk: Client, field: str, value: str, said: str) -> None:
    given: Any = file(value.encode()) if field == "logo" else value
    answer = desk.post("/settings/letterhead", FILLED | {field: given})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Gewerbestr. 1" in answer.content.decode()
    assert not Preference.objects.filter(key="letterhead").exists()


def test_a_colour_on_white_can_be_read() -> None:
    assert is_legible("#2A44A6")
    assert not is_legible("#DCA63E")
    with pytest.raises(ValueError, match="colour"):
        Letterhead(accent="blue")


def test_the_sample_speaks_english_too() -> None:
    (page,) = pages_of(offer_pdf(sample_offer("en", "Katharina", cast.NOW.date()), BRANDT))
    assert "Offer no.\n2026-001" in page


def test_a_prospect_gets_its_postal_address(desk: Client, alpenblick: int) -> None:
    pk = Opportunity.objects.get(pk=alpenblick).prospect_id
    address = f"/prospects/{pk}/postal-address"
    assert "Noch keine Anschrift" in page_of(desk, f"/prospects/{pk}/")
    answer = desk.post(address, {"address": " Tegernseer Straße  41\r\n\r\n83700 Rottach-Egern "})
    assert answer.status_code == 302
    assert "Tegernseer Straße 41<br>83700 Rottach-Egern" in page_of(desk, f"/prospects/{pk}/")
    assert desk.post(address, {"address": "x" * 600}).status_code == 422
    assert desk.get("/prospects/999/postal-address").status_code == 404


def test_who_is_not_logged_in_sees_no_paper(owner: User, client: Client) -> None:
    for address in ("", ".png", ".pdf"):
        assert client.get(f"/settings/letterhead{address}").status_code == 302
