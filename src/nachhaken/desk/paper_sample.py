"""An invented offer, to look at the own paper before the first real one."""

from datetime import date, timedelta
from typing import Any

from nachhaken.desk.pages_offers import OfferPaper, PaperLine
from nachhaken.plan.totals import line_cents, totals_of
from nachhaken.timeline import Position

_VAT = 190
_GERMAN: dict[str, Any] = {
    "title": "Balkongeländer Südseite",
    "recipient": ("Pension Alpenblick", "Rosa Huber", "Tegernseer Straße 41", "83700 Rottach"),
    "greeting": "Guten Tag Frau Huber,",
    "opening": "vielen Dank für das Gespräch. Wie besprochen bieten wir Ihnen an:",
    "closing": "Die Fertigung dauert etwa sechs Wochen nach Freigabe der Zeichnung.",
}
_ENGLISH: dict[str, Any] = {
    "title": "Balcony railing, south side",
    "recipient": ("Alpenblick Guest House", "Rosa Huber", "Tegernseer Straße 41", "83700 Rottach"),
    "greeting": "Dear Ms Huber,",
    "opening": "Thank you for talking to us. As agreed, we offer you:",
    "closing": "Making it takes about six weeks from your approval of the drawing.",
}
_WORDS = {
    "de": (
        ("Geländer, Edelstahl geschliffen\nHöhe 1.000 mm, Füllstäbe 12 mm", "m"),
        ("Montage durch zwei Monteure", "Std."),
        ("Handlauf aus geölter Eiche", "m"),
    ),
    "en": (
        ("Railing, brushed stainless steel\nheight 1,000 mm, bars 12 mm", "m"),
        ("Fitting by two workers", "h"),
        ("Handrail of oiled oak", "m"),
    ),
}
_FIGURES = ((24.5, 38_650, False), (32, 6_800, False), (24.5, 9_450, True))


def sample_offer(language: str, sender: str, on: date) -> OfferPaper:
    """Return an invented offer of day `on`, in German or English."""
    named = "en" if language == "en" else "de"
    positions = [
        Position(text=text, unit=unit, quantity=quantity, unit_cents=cents, is_optional=optional)
        for (text, unit), (quantity, cents, optional) in zip(_WORDS[named], _FIGURES, strict=True)
    ]
    words = _ENGLISH if named == "en" else _GERMAN
    return OfferPaper(
        **words,
        number=f"{on.year}-001",
        version=1,
        date=on,
        valid_until=on + timedelta(days=30),
        positions=tuple(_line(position) for position in positions),
        totals=totals_of(positions, vat_permille=_VAT),
        currency="EUR",
        language=named,
        sender=sender,
    )


def _line(position: Position) -> PaperLine:
    return PaperLine(
        text=position.text,
        quantity=position.quantity,
        unit=position.unit,
        unit_cents=position.unit_cents,
        cents=line_cents(position),
        vat_permille=_VAT,
        is_optional=position.is_optional,
    )
