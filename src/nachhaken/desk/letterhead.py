"""What stands on the own paper: name, address, bank, tax numbers, logo and colour."""

import re
from dataclasses import asdict, dataclass, fields

from django.utils.translation import gettext_lazy as _

from nachhaken.desk.documents import MissingFileError, bytes_of
from nachhaken.desk.models import Document
from nachhaken.desk.preferences import company, stored

KEY = "letterhead"
ACCENT = "#2A44A6"
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CONTRAST = 3  # to 1, for large text
# What a letter of a business should not go without, in the order of the form.
_WANTED = {
    "name": _("Name des Betriebs"),
    "address": _("Anschrift"),
    "phone": _("Telefon"),
    "mail": _("E-Mail"),
    "tax": _("Steuernummer oder USt-IdNr."),
    "iban": _("Bankverbindung"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The own paper. `address` has lines; `logo` is the SHA-256 of its document, "" for none.

    `vat_note` is said where an offer carries no VAT, such as § 19 UStG.
    """

    name: str = ""
    line: str = ""
    address: str = ""
    phone: str = ""
    mail: str = ""
    web: str = ""
    tax_number: str = ""
    vat_id: str = ""
    bank: str = ""
    iban: str = ""
    bic: str = ""
    register: str = ""
    directors: str = ""
    vat_note: str = ""
    logo: str = ""
    accent: str = ACCENT

    def __post_init__(self) -> None:
        if not COLOUR.fullmatch(self.accent):
            raise ValueError("a colour is written as #2A44A6")


def letterhead() -> Letterhead:
    """Return what is set; at least the name of the business, where that is known."""
    known = {field.name for field in fields(Letterhead)}
    kept = {name: value for name, value in stored().get(KEY, {}).items() if name in known}
    return Letterhead(**{**kept, "name": kept.get("name") or company()})


def missing(paper: Letterhead) -> tuple[str, ...]:
    """Return what is not filled in yet and belongs on an offer, in the user's words."""
    there = asdict(paper) | {"tax": paper.tax_number or paper.vat_id}
    return tuple(str(name) for field, name in _WANTED.items() if not there[field].strip())


def is_legible(colour: str) -> bool:
    """Say whether large text in `colour` can be read on white, by WCAG 2.2."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (1 + 0.05) / (luminance + 0.05) >= _CONTRAST


def logo_of(paper: Letterhead) -> tuple[str, bytes] | None:
    """Return the logo's media type and bytes, None where there is none or its file is lost."""
    row = Document.objects.filter(sha256=paper.logo).first() if paper.logo else None
    try:
        return (row.media_type, bytes_of(row)) if row else None
    except MissingFileError:
        return None


def _linear(part: float) -> float:
    """Return the light of a part of a colour, both from 0 to 1 (sRGB)."""
    return float(((part + 0.055) / 1.055) ** 2.4)
