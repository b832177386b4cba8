"""What our paper says by itself, and how it writes money, days and quantities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as write
from django.utils.translation import override

NARROW, FIXED = "\u202f", "\u00a0"
_CENTS = 100

_GERMAN = {
    "offer": "Angebot",
    "number": "Angebot Nr.",
    "version": "Fassung",
    "date": "Datum",
    "until": "Gültig bis",
    "by": "Bearbeitet von",
    "phone": "Telefon",
    "mail": "E-Mail",
    "place": "Pos.",
    "what": "Bezeichnung",
    "quantity": "Menge",
    "price": "Einzelpreis",
    "sum": "Gesamt",
    "optional": "Wahlposition",
    "vat_line": "mit {rate} MwSt.",
    "carried": "Übertrag",
    "net": "Summe netto",
    "vat": "zuzüglich {rate} MwSt. auf {net}",
    "vat_one": "zuzüglich {rate} MwSt.",
    "rounding": "Rundung",
    "gross": "Gesamtbetrag",
    "net_only": "Alle Preise verstehen sich zuzüglich der gesetzlichen Mehrwertsteuer.",
    "optional_note": "Wahlpositionen stehen in Klammern und sind im Gesamtbetrag nicht enthalten.",
    "validity": "Dieses Angebot ist gültig bis einschließlich {day}.",
    "regards": "Mit freundlichen Grüßen",
    "page": "Seite",
    "of": "von",
    "tax_number": "Steuernummer",
    "vat_id": "USt-IdNr.",
}
_SWISS = _GERMAN | {
    "offer": "Offerte",
    "number": "Offerte Nr.",
    "vat_line": "mit {rate} MWST",
    "vat": "zuzüglich {rate} MWST auf {net}",
    "vat_one": "zuzüglich {rate} MWST",
    "net_only": "Alle Preise verstehen sich exklusive Mehrwertsteuer.",
    "validity": "Diese Offerte ist gültig bis einschliesslich {day}.",
    "regards": "Freundliche Grüsse",
    "tax_number": "Steuernummer",
    "vat_id": "MWST-Nr.",
}
_ENGLISH = {
    "offer": "Offer",
    "number": "Offer no.",
    "version": "Version",
    "date": "Date",
    "until": "Valid until",
    "by": "Prepared by",
    "phone": "Phone",
    "mail": "E-mail",
    "place": "Item",
    "what": "Description",
    "quantity": "Quantity",
    "price": "Unit price",
    "sum": "Amount",
    "optional": "Optional",
    "vat_line": "at {rate} VAT",
    "carried": "Carried forward",
    "net": "Net total",
    "vat": "plus {rate} VAT on {net}",
    "vat_one": "plus {rate} VAT",
    "rounding": "Rounding",
    "gross": "Total",
    "net_only": "All prices are net of VAT.",
    "optional_note": "Optional items are in brackets and not included in the total.",
    "validity": "This offer is valid until the end of {day}.",
    "regards": "Kind regards",
    "page": "Page",
    "of": "of",
    "tax_number": "Tax number",
    "vat_id": "VAT ID",
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A way of writing: words, marks of a number, and where the currency stands."""

    language: str
    region: str
    words: Mapping[str, str]
    thousands: str
    decimal: str
    is_sign_first: bool = False

    def number(self, value: float, *, most: int = 3) -> str:
        """Return a quantity without needless zeros: 2,5 or 1.200."""
        return self._marked(f"{value:,.{most}f}".rstrip("0").removesuffix("."))

    def plain(self, cents: int) -> str:
        """Return an amount for a column whose currency stands elsewhere: 1.234,50."""
        sign = "−" if cents < 0 else ""
        return sign + self._marked(f"{abs(cents) / _CENTS:,.2f}")

    def money(self, cents: int, currency: str) -> str:
        """Return an amount with its currency: 1.234,50 €, CHF 1'234.50, €1,234.50."""
        amount, sign = self.plain(cents), "€" if currency == "EUR" else currency
        if self.language == "en" and sign == "€":
            return f"{sign}{amount}"
        return f"{sign}{FIXED}{amount}" if self.is_sign_first else f"{amount}{FIXED}{sign}"

    def rate(self, permille: int) -> str:
        """Return a rate of VAT: 19 %, 8.1 %."""
        return f"{self.number(permille / 10)}{'' if self.language == 'en' else FIXED}%"

    def day(self, on: date) -> str:
        """Return a day in full: 24. November 2026."""
        with override(self.language):
            return write(on, "j F Y" if self.language == "en" else f"j.{FIXED}F{FIXED}Y")

    def _marked(self, text: str) -> str:
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})


TONGUES = {
    "de": Tongue("de", "DE", _GERMAN, ".", ","),
    "de-CH": Tongue("de", "CH", _SWISS, "’", ".", is_sign_first=True),
    "en": Tongue("en", "GB", _ENGLISH, ",", ".", is_sign_first=True),
}


def tongue_of(language: str, currency: str) -> Tongue:
    """Return how a customer of this language is written to; German in francs is Swiss."""
    if language == "de" and currency == "CHF":
        return TONGUES["de-CH"]
    return TONGUES.get(language, TONGUES["de"])


def grouped(iban: str) -> str:
    """Return an IBAN in groups of four that stay together on a line."""
    plain = "".join(iban.split()).upper()
    return FIXED.join(plain[start : start + 4] for start in range(0, len(plain), 4))
