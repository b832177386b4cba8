"""Offers as they are printed, for the tests: plain values, without a database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from nachhaken.desk.letterhead import Letterhead
from nachhaken.desk.pages_offers import OfferPaper, PaperLine
from nachhaken.plan.totals import line_cents, totals_of
from nachhaken.timeline import Position

BRANDT = Letterhead(
    name="Metallbau Brandt GmbH",
    line="Geländer, Treppen, Tore seit 1978",
    address="Gewerbestraße 12\n83714 Miesbach",
    phone="08025 555 48-0",
    mail="angebot@metallbau-brandt.example",
    web="www.metallbau-brandt.example",
    tax_number="139/123/45678",
    vat_id="DE123456789",
    bank="Sparkasse Miesbach-Tegernsee",
    iban="DE02120300000000202051",
    bic="BYLADEM1001",
    register="Amtsgericht München HRB 123456",
    directors="Geschäftsführerin: Katharina Brandt",
)
RAILING = (
    Position(
        text="Balkongeländer, Edelstahl V2A, geschliffen\nPfosten 42,4 mm, Füllstäbe 12 mm",
        unit_cents=38_650,
        quantity=24.5,
        unit="m",
    ),
    Position(
        text="Montage vor Ort durch zwei Monteure", unit_cents=6_800, quantity=32, unit="Std."
    ),
    Position(
        text="Handlauf aus geölter Eiche",
        unit_cents=9_450,
        quantity=24.5,
        unit="m",
        is_optional=True,
    ),
    Position(text="Statischer Nachweis", unit_cents=65_000, vat_permille=70),
)
STEPS = tuple(
    Position(text=f"Stufe {place}", unit_cents=10_000 + place, is_optional=place == 17)
    for place in range(1, 61)
)


def offer(
    positions: Sequence[Position] = RAILING,
    *,
    vat: int | None = 190,
    net_cents: int | None = None,
    **other: Any,
) -> OfferPaper:
    """Return an offer to Pension Alpenblick, with what is `other` about it."""
    usual: dict[str, Any] = {
        "number": "AN-1412",
        "version": 2,
        "date": date(2026, 11, 24),
        "valid_until": date(2026, 12, 31),
        "title": "Balkongeländer Südseite",
        "recipient": ("Pension Alpenblick", "Rosa Huber", "Tegernseer Str. 41", "83700 Rottach"),
        "greeting": "Guten Tag Frau Huber,",
        "opening": "vielen Dank für das Gespräch am Montag.",
        "positions": tuple(_line(position, vat) for position in positions),
        "totals": totals_of(positions, net_cents=net_cents, vat_permille=vat),
        "closing": "Die Fertigung dauert sechs Wochen.\n\nRufen Sie mich gern an.",
        "currency": "EUR",
        "language": "de",
        "sender": "Katharina Brandt",
    }
    return OfferPaper(**(usual | other))


def _line(position: Position, vat: int | None) -> PaperLine:
    return PaperLine(
        text=position.text,
        quantity=position.quantity,
        unit=position.unit,
        unit_cents=position.unit_cents,
        cents=line_cents(position),
        vat_permille=vat if position.vat_permille is None else position.vat_permille,
        is_optional=position.is_optional,
    )
