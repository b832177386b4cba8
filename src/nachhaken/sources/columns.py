"""Which column of a table holds what: by its header, and by what its cells look like."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nachhaken.sources.cells import Cell, amount, day, mail_address, text_of


class Field(StrEnum):
    """What a column of an offer table can hold."""

    NUMBER = "number"
    VERSION = "version"
    SENT_ON = "sent_on"
    CUSTOMER = "customer"
    PERSON = "person"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    MAIL = "mail"
    PHONE = "phone"
    PLACE = "place"
    REGION = "region"
    PRIVATE = "private"
    TITLE = "title"
    NET = "net"
    CURRENCY = "currency"
    VALID_UNTIL = "valid_until"
    STATUS = "status"
    DECIDED_ON = "decided_on"
    REASON = "reason"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file: its position from 0, header, guessed field, and up to three examples.

    `confidence` in [0, 1] is 0 where no field was found.
    """

    index: int
    header: str
    field: Field | None
    examples: tuple[str, ...]
    confidence: float


SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.NUMBER: (
        "angebot", "angebotsnummer", "angebotsnr", "angebot nr", "angebots id", "offerte",
        "offertnummer", "offerten nr", "nummer", "nr", "belegnummer", "belegnr", "vorgang",
        "vorgangsnummer", "quote", "quote number", "quote no", "quote id", "quotation",
        "offer", "offer number", "offer no", "number", "no", "id", "record id", "deal id",
        "document number", "reference", "referenz",
    ),
    Field.VERSION: ("fassung", "version", "revision", "rev", "variante"),
    Field.SENT_ON: (
        "datum", "angebotsdatum", "angebot vom", "vom", "versendet am", "versandt am",
        "gesendet am",
        "belegdatum", "erstellt am", "erstellt", "verschickt am", "offertdatum", "date", "sent on",
        "sent", "sent at", "quote date", "offer date", "issue date", "created", "created on",
        "create date", "created at", "deal created", "date sent",
    ),
    Field.CUSTOMER: (
        "kunde", "kundenname", "firma", "firmenname", "unternehmen", "organisation", "auftraggeber",
        "interessent", "bauherr", "customer", "customer name", "company", "company name", "client",
        "organization", "account", "account name", "associated company", "prospect",
    ),
    Field.PERSON: (
        "ansprechpartner", "ansprechpartnerin", "kontakt", "kontaktperson", "name", "person",
        "zu haenden", "contact", "contact name", "contact person", "associated contact",
        "full name",
    ),
    Field.FIRST_NAME: ("vorname", "first name", "given name", "firstname"),
    Field.LAST_NAME: ("nachname", "familienname", "last name", "surname", "lastname"),
    Field.MAIL: (
        "e mail", "email", "mail", "e mail adresse", "mailadresse", "email adresse",
        "email address", "contact email", "e mail address",
    ),
    Field.PHONE: (
        "telefon", "tel", "telefonnummer", "telefonnr", "mobil", "mobiltelefon", "handy", "phone",
        "phone number", "mobile", "mobile phone", "contact phone",
    ),
    Field.PLACE: (
        "ort", "stadt", "wohnort", "plz ort", "adresse", "city", "town", "place", "location",
    ),
    Field.REGION: (
        "region", "bundesland", "land", "kanton", "state", "state region", "province", "country",
    ),
    Field.PRIVATE: (
        "privat", "privatkunde", "verbraucher", "private", "consumer", "is consumer", "b2c",
        "privatperson",
    ),
    Field.TITLE: (
        "projekt", "bezeichnung", "betreff", "titel", "leistung", "beschreibung", "objekt",
        "bauvorhaben", "gegenstand", "was", "project", "title", "subject", "deal name",
        "opportunity", "opportunity name", "description", "deal", "deal title",
    ),
    Field.NET: (
        "netto", "nettobetrag", "betrag netto", "summe netto", "gesamtnetto", "nettosumme",
        "angebotssumme", "summe", "betrag", "wert", "angebotswert", "preis", "gesamtbetrag",
        "gesamt", "volumen", "auftragswert", "net", "net amount", "amount", "value", "deal value",
        "total", "net total", "price", "deal amount", "amount in company currency", "subtotal",
    ),
    Field.CURRENCY: ("waehrung", "currency", "deal currency code", "currency code"),
    Field.VALID_UNTIL: (
        "gueltig bis", "gueltig", "bindefrist", "angebot gueltig bis", "ablaufdatum", "valid until",
        "valid to", "expires", "expires on", "expiry date", "expiration date", "valid through",
    ),
    Field.STATUS: (
        "status", "stand der dinge", "ergebnis", "phase", "zustand", "stage", "deal stage",
        "outcome", "angebotsstatus", "pipeline stage", "result",
    ),
    Field.DECIDED_ON: (
        "entschieden am", "entscheidung am", "entscheidungsdatum", "abgeschlossen am", "auftrag am",
        "beauftragt am", "abschlussdatum", "abgesagt am", "decided on", "close date", "closed on",
        "closed date", "closed at", "won time", "won date", "decision date",
    ),
    Field.REASON: (
        "grund", "absagegrund", "verlustgrund", "ablehnungsgrund", "begruendung", "reason",
        "lost reason", "loss reason", "closed lost reason", "reason lost",
    ),
    Field.HOURS: (
        "stunden", "aufwand", "aufwand h", "std", "vorleistung", "arbeitszeit", "zeitaufwand",
        "hours", "effort", "effort hours", "time spent", "hours spent",
    ),
}  # fmt: skip


_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}


@lru_cache(maxsize=4096)
def folded(header: str) -> str:
    """Return a header for comparison: lower case, ä as ae, only letters and digits."""
    spelled = header.casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", spelled)
    return "".join(c for c in plain if c.isalnum())


_BY_HEADER = {folded(word): field for field, words in SYNONYMS.items() for word in words}
_SURE, _SIMILAR, _BY_CONTENT, _DOUBTFUL = 1.0, 0.7, 0.5, 0.3
_HALF = 0.5
_SHORTEST_PIECE = 4


def is_known(header: str) -> bool:
    """Whether a header is one of the synonyms, word for word."""
    return folded(header) in _BY_HEADER


def guess(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """Return the columns with the fields that fit best; no field is given twice."""
    samples = [[row[i] for row in rows if i < len(row)] for i in range(len(headers))]
    filled = [[cell for cell in sample if text_of(cell)] for sample in samples]
    scores = sorted(
        (
            (score, -i, field)
            for i, header in enumerate(headers)
            for field, score in _scores(header, filled[i]).items()
        ),
        reverse=True,
    )
    given: dict[int, tuple[Field, float]] = {}
    for score, minus, field in scores:
        if -minus not in given and field not in {f for f, _ in given.values()}:
            given[-minus] = (field, score)
    return tuple(_column(i, header, filled[i], given) for i, header in enumerate(headers))


def _column(
    index: int, header: str, cells: Sequence[Cell], given: Mapping[int, tuple[Field, float]]
) -> Column:
    field, score = given.get(index, (None, 0.0))
    examples = tuple(dict.fromkeys(text_of(cell)[:80] for cell in cells))[:3]
    return Column(index=index, header=header, field=field, examples=examples, confidence=score)


def _scores(header: str, cells: Sequence[Cell]) -> dict[Field, float]:
    scores = {field: _BY_CONTENT * share for field, share in _shares(cells).items()}
    name = folded(header)
    if name in _BY_HEADER:
        scores = {_BY_HEADER[name]: _SURE}
    elif name:
        scores |= _similar(name)
    return {field: s * _doubt(field, cells) for field, s in scores.items() if s > 0}


def _similar(name: str) -> dict[Field, float]:
    pieces = [(word, field) for word, field in _BY_HEADER.items() if len(word) >= _SHORTEST_PIECE]
    found = [(len(word), field) for word, field in pieces if word in name]
    if not found:
        return {}
    length, field = max(found)
    return {field: _SIMILAR * (0.7 + 0.3 * length / len(name))}


def _doubt(field: Field, cells: Sequence[Cell]) -> float:
    """A header that says "Datum" above cells without any date is hardly to be believed."""
    looks = _LOOKS.get(field)
    if looks is None or not cells:
        return 1.0
    share = sum(map(looks, cells[:50])) / len(cells[:50])
    return 1.0 if share >= _HALF else _DOUBTFUL + (1 - _DOUBTFUL) * share


def _shares(cells: Sequence[Cell]) -> dict[Field, float]:
    """What the cells alone let expect; only looks that are rarely mistaken count."""
    sample = cells[:50]
    if not sample:
        return {}
    shares = {field: sum(map(looks, sample)) / len(sample) for field, looks in _TELLING.items()}
    return {field: share for field, share in shares.items() if share > _HALF}


def _is_date(cell: Cell) -> bool:
    return day(cell) is not None


def _is_amount(cell: Cell) -> bool:
    return amount(cell) is not None


def _is_mail(cell: Cell) -> bool:
    return mail_address(cell) is not None


def _is_written_date(cell: Cell) -> bool:
    # A five-digit amount would pass for one of Excel's day numbers.
    return not isinstance(cell, int | float) and not text_of(cell).isdigit() and _is_date(cell)


def _is_money(cell: Cell) -> bool:
    is_exact = isinstance(cell, str) and re.search(r"\d[.,]\d\d\b|€|EUR|CHF", cell) is not None
    return (is_exact or isinstance(cell, float)) and _is_amount(cell) and not _is_date(cell)


def _is_phone(cell: Cell) -> bool:
    return re.fullmatch(r"(?:\+|00?)[1-9][\d /()-]{5,18}", text_of(cell)) is not None


def _is_number(cell: Cell) -> bool:
    return re.fullmatch(r"[A-Z]{1,4}[-/ ]?\d[\d/-]{0,12}", text_of(cell)) is not None


_LOOKS: dict[Field, Callable[[Cell], bool]] = {
    Field.SENT_ON: _is_date,
    Field.VALID_UNTIL: _is_date,
    Field.DECIDED_ON: _is_date,
    Field.NET: _is_amount,
    Field.MAIL: _is_mail,
}
_TELLING: dict[Field, Callable[[Cell], bool]] = {
    Field.SENT_ON: _is_written_date,
    Field.NET: _is_money,
    Field.MAIL: _is_mail,
    Field.PHONE: _is_phone,
    Field.NUMBER: _is_number,
}
