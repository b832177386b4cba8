"""What stands on the own paper: name, address, bank, tax numbers, logo and colour."""

import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nachhaken.desk.access import allow
from nachhaken.desk.documents import MissingFileError, bytes_of
from nachhaken.desk.models import Document, Preference, User
from nachhaken.desk.preferences import company

KEY = "letterhead"
ACCENT = "#2A44A6"
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
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
        if not _COLOUR.fullmatch(self.accent):
            raise ValueError("a colour is written as #2A44A6")


def letterhead() -> Letterhead:
    """Return what is set; at least the name of the business, where that is known."""
    row = Preference.objects.filter(key=KEY).first()
    known = {field.name for field in fields(Letterhead)}
    kept = {name: value for name, value in (row.value if row else {}).items() if name in known}
    return Letterhead(**{**kept, "name": kept.get("name") or company()})


def set_letterhead(paper: Letterhead, *, actor: User, now: datetime) -> None:
    """Keep the own paper as it is from now on."""
    Preference.objects.update_or_create(
        key=KEY, defaults={"value": asdict(paper), "set_at": now, "set_by": allow(actor)}
    )


def missing(paper: Letterhead) -> tuple[str, ...]:
    """Return what is not filled in yet and belongs on an offer, in the user's words."""
    there = asdict(paper) | {"tax": paper.tax_number or paper.vat_id}
    return tuple(str(name) for field, name in _WANTED.items() if not there[field].strip())


def logo_of(paper: Letterhead) -> tuple[str, bytes] | None:
    """Return the logo's media type and bytes, None where there is none or its file is lost."""
    row = Document.objects.filter(sha256=paper.logo).first() if paper.logo else None
    try:
        return (row.media_type, bytes_of(row)) if row else None
    except MissingFileError:
        return None
