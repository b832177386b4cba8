"""The words that people and programs write above their columns, by what the rows are."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from nachhaken.sources.fields import FIELDS, About, Field

_Words = Mapping[Field, tuple[str, ...]]

_COMMON: _Words = {
    Field.NUMBER: (
        "angebot", "angebotsnummer", "angebotsnr", "angebot nr", "angebots id", "offerte",
        "offertnummer", "offerten nr", "offert nr", "angebots nr", "ang nr", "nummer", "nr",
        "belegnummer", "belegnr", "beleg nr", "vorgang", "vorgangsnummer", "quote",
        "quote number", "quote no", "quote id", "quotation", "offer", "offer number", "offer no",
        "number", "no", "id", "record id", "deal id", "document number", "reference", "referenz",
        "dokumentnummer", "laufende nr", "lfd nr", "quote name",
    ),
    Field.VERSION: ("fassung", "version", "revision", "rev", "variante"),
    Field.SENT_ON: (
        "datum", "angebotsdatum", "angebot vom", "vom", "versendet am", "versandt am",
        "gesendet am", "versanddatum", "abgegeben am", "abgabe", "angebotsabgabe", "angeboten am",
        "belegdatum", "erstellt am", "erstellt", "verschickt am", "offertdatum", "date", "sent on",
        "sent", "sent at", "quote date", "offer date", "issue date", "created", "created on",
        "create date", "created at", "deal created", "date sent", "offeriert am", "raus am",
        "dokumentdatum", "erstelldatum", "proposal date", "quote sent",
    ),
    Field.CUSTOMER: (
        "kunde", "kundenname", "firma", "firmenname", "unternehmen", "organisation", "auftraggeber",
        "interessent", "bauherr", "customer", "customer name", "company", "company name", "client",
        "organization", "account", "account name", "associated company", "prospect", "kundin",
        "kunde firma", "firma kunde", "unternehmensname", "empfaenger", "name kunde",
        "organisationsname", "accountname", "name des unternehmens", "kunden", "besteller",
        "organization name",
    ),
    Field.PERSON: (
        "ansprechpartner", "ansprechpartnerin", "kontakt", "kontaktperson", "name", "person",
        "zu haenden", "contact", "contact name", "contact person", "associated contact",
        "full name", "kontaktname", "z hd", "zhd", "ap", "vollstaendiger name", "ansprechperson",
        "vor und nachname", "person name",
    ),
    Field.FIRST_NAME: ("vorname", "first name", "given name", "firstname"),
    Field.LAST_NAME: ("nachname", "familienname", "last name", "surname", "lastname", "zuname"),
    Field.MAIL: (
        "e mail", "email", "mail", "e mail adresse", "mailadresse", "email adresse",
        "email address", "contact email", "e mail address", "e mail 1", "email 1", "work email",
        "e mail geschaeftlich", "email work", "e mail arbeit",
    ),
    Field.PHONE: (
        "telefon", "tel", "telefonnummer", "telefonnr", "mobil", "mobiltelefon", "handy", "phone",
        "phone number", "mobile", "mobile phone", "contact phone", "telefon 1", "festnetz",
        "rufnummer", "telefon geschaeftlich", "phone work", "work phone", "natel",
        "telefon arbeit",
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
        "bauvorhaben", "vorhaben", "gegenstand", "was", "project", "title", "subject", "deal name",
        "opportunity", "opportunity name", "description", "deal", "deal title", "bv",
        "projektname", "gewerk", "thema", "projektbezeichnung", "kommission",
    ),
    Field.NET: (
        "netto", "nettobetrag", "betrag netto", "summe netto", "gesamtnetto", "nettosumme",
        "angebotssumme", "summe", "betrag", "wert", "angebotswert", "preis", "gesamtbetrag",
        "gesamt", "volumen", "auftragswert", "net", "net amount", "amount", "value", "deal value",
        "total", "net total", "price", "deal amount", "amount in company currency", "subtotal",
        "angebotsvolumen", "offertsumme", "nettopreis", "auftragssumme", "netto eur",
        "betrag eur", "netto chf", "summe eur", "wert eur", "betrag in eur", "preis netto",
    ),
    Field.CURRENCY: ("waehrung", "currency", "deal currency code", "currency code"),
    Field.VALID_UNTIL: (
        "gueltig bis", "gueltig", "bindefrist", "angebot gueltig bis", "ablaufdatum", "valid until",
        "valid to", "expires", "expires on", "expiry date", "expiration date", "valid through",
        "gueltigkeitsdatum", "bindung bis", "gueltigkeit", "zuschlagsfrist", "valid till",
    ),
    Field.STATUS: (
        "status", "stand der dinge", "ergebnis", "phase", "zustand", "stage", "deal stage",
        "outcome", "angebotsstatus", "pipeline stage", "result", "stand",
    ),
    Field.DECIDED_ON: (
        "entschieden am", "entscheidung am", "entscheidungsdatum", "abgeschlossen am", "auftrag am",
        "beauftragt am", "abschlussdatum", "abgesagt am", "decided on", "close date", "closed on",
        "closed date", "closed at", "won time", "won date", "decision date", "auftrag vom",
        "auftragsdatum", "bestellt am", "absage am",
    ),
    Field.REASON: (
        "grund", "absagegrund", "verlustgrund", "ablehnungsgrund", "begruendung", "reason",
        "lost reason", "loss reason", "closed lost reason", "reason lost",
    ),
    Field.HOURS: (
        "stunden", "aufwand", "aufwand h", "std", "vorleistung", "arbeitszeit", "zeitaufwand",
        "hours", "effort", "effort hours", "time spent", "hours spent",
    ),
    Field.PLANNED: (
        "stunden geplant", "geplante stunden", "soll stunden", "stunden soll", "plan stunden",
        "kalkulierte stunden", "stunden kalkuliert", "planned hours", "hours planned",
        "estimated hours",
    ),
    Field.WORKED: (
        "stunden gebraucht", "gebrauchte stunden", "ist stunden", "stunden ist",
        "tatsaechliche stunden", "worked hours", "hours worked", "actual hours",
    ),
    Field.MARGIN: (
        "deckungsbeitrag", "db", "rohertrag", "rohgewinn", "was uebrig blieb", "gross profit",
        "contribution margin", "margin amount",
    ),
    Field.AGAIN: ("gerne wieder", "wieder", "wuerde ich wieder", "again", "gladly again"),
}  # fmt: skip

# What the same word means where the rows are something else; these go first.
_INSTEAD: Mapping[About, _Words] = {
    About.OFFERS: {},
    About.OPPORTUNITIES: {
        Field.ID: (
            "id", "record id", "deal id", "opportunity id", "nr", "nummer", "datensatz id",
            "chancen id", "vorgangsnummer",
        ),
        Field.TITLE: (
            "name", "chance", "verkaufschance", "opportunity", "deal", "anfrage",
            "name der chance", "deal titel",
        ),
        Field.OPENED_ON: (
            "datum", "erstellt am", "erstellt", "erstelldatum", "erstellungsdatum", "date",
            "created", "created on", "create date", "created at", "created date", "created time",
            "deal created", "anfrage vom", "anfragedatum", "eingang", "eingegangen am",
            "angelegt am", "angelegt",
        ),
        Field.STAGE: (
            "phase", "stage", "deal stage", "dealphase", "pipeline stage", "verkaufsphase",
            "vertriebsphase", "stufe",
        ),
        Field.DECIDED_ON: ("schlusstermin", "closing date", "geschlossen am"),
    },
    About.CONTACTS: {
        Field.SALUTATION: ("anrede", "salutation", "geschlecht", "prefix", "briefanrede"),
        Field.ROLE: (
            "position", "funktion", "rolle", "jobtitel", "berufsbezeichnung", "job title", "title",
            "role", "jobbezeichnung", "stellenbezeichnung", "taetigkeit",
        ),
        Field.MOBILE: (
            "mobil", "mobiltelefon", "handy", "mobile", "mobile phone", "mobile phone number",
            "mobilnummer", "natel", "handynummer", "mobiltelefonnummer", "mobil 1",
        ),
        Field.STREET: (
            "strasse", "strasse hausnummer", "strasse nr", "anschrift", "adresse", "street",
            "street address", "address", "mailing street", "billing street", "strasse und nr",
            "strasse und hausnummer", "adresse 1", "address 1", "mailing address",
        ),
        Field.POSTCODE: (
            "plz", "postleitzahl", "zip", "zip code", "postal code", "postcode", "mailing zip",
            "billing zip", "zip postal code", "mailing zip postal code", "billing zip postal code",
            "billing code",
        ),
        Field.PLACE: ("mailing city", "billing city", "stadt ort"),
        Field.REGION: ("mailing state", "billing state", "mailing state province"),
        Field.COUNTRY: (
            "land", "country", "mailing country", "billing country", "country region",
            "staat", "land region",
        ),
        Field.OBJECTED: (
            "werbesperre", "kontaktsperre", "keine werbung", "nicht anrufen", "do not call",
            "email opt out", "unsubscribed from all email", "do not contact", "opt out",
            "widerspruch", "abgemeldet", "gesperrt",
        ),
    },
    About.ACTIVITIES: {
        Field.ID: ("id", "record id", "activity id", "datensatz id", "nr"),
        Field.KIND: (
            "art", "typ", "type", "aktivitaet", "aktivitaetstyp", "activity type", "kontaktart",
            "activity", "kanal", "channel", "aktivitaetsart", "kategorie", "task subtype",
            "task type", "medium", "weg",
        ),
        Field.DAY: (
            "datum", "date", "am", "faellig am", "faelligkeitsdatum", "due date", "activity date",
            "aktivitaetsdatum", "zeitpunkt", "wann", "kontakt am", "datum uhrzeit", "start",
            "beginn", "gesendet am", "vom", "created time", "erstellt am",
        ),
        Field.CLOCK: ("uhrzeit", "zeit", "time", "due time", "faellig um", "um", "startzeit"),
        Field.SUBJECT: (
            "betreff", "thema", "subject", "titel", "title", "was", "ueberschrift", "note title",
            "anlass",
        ),
        Field.TEXT: (
            "notiz", "notizen", "text", "inhalt", "bemerkung", "bemerkungen", "beschreibung",
            "gespraechsnotiz", "note", "notes", "body", "comments", "description", "kommentar",
            "protokoll", "note content", "full comments",
        ),
        Field.DIRECTION: (
            "richtung", "direction", "ein aus", "eingehend", "call type", "anruftyp", "von wem",
            "call direction",
        ),
        Field.RESULT: (
            "ergebnis", "erreicht", "resultat", "outcome", "result", "call result", "call outcome",
            "anrufergebnis", "disposition",
        ),
        Field.DONE: ("erledigt", "done", "status", "abgeschlossen", "completed"),
        Field.TITLE: (
            "deal", "projekt", "chance", "opportunity", "vorgang", "deal name", "related to",
            "verkaufschance", "deal titel", "bezug", "zu", "regarding", "bauvorhaben",
        ),
    },
}  # fmt: skip

# A header that says by itself what the rows are.
_TELLING: Mapping[About, tuple[str, ...]] = {
    About.OFFERS: (
        "angebot", "angebotsnummer", "angebotsnr", "angebot nr", "angebots nr", "ang nr",
        "angebotsdatum", "angebot vom", "angebotssumme", "angebotswert", "angebotsstatus",
        "offerte", "offertnummer", "offertdatum", "offertsumme", "quote", "quote number",
        "quote date", "belegnummer", "belegdatum", "gueltig bis", "bindefrist", "fassung",
        "offer number", "versendet am", "versandt am", "verschickt am", "netto", "nettobetrag",
    ),
    About.OPPORTUNITIES: (
        "deal", "deal name", "deal stage", "dealphase", "deal titel", "deal title", "pipeline",
        "opportunity", "opportunity name", "stage", "phase", "verkaufsphase", "vertriebsphase",
        "chance", "verkaufschance", "wahrscheinlichkeit", "probability", "close date",
        "closing date", "schlusstermin", "expected close date", "anfrage vom", "anfragedatum",
    ),
    About.CONTACTS: (
        "anrede", "salutation", "vorname", "first name", "nachname", "last name", "position",
        "funktion", "job title", "plz", "postleitzahl", "strasse", "street", "mobil", "mobile",
        "mobile phone number", "fax", "webseite", "website", "geburtstag", "mailing street",
        "billing street", "homepage", "abteilung", "department",
    ),
    About.ACTIVITIES: (
        "aktivitaet", "aktivitaetstyp", "activity type", "activity date", "faellig am", "due date",
        "uhrzeit", "due time", "gespraechsnotiz", "notiz", "note", "kontaktart", "richtung",
        "erledigt", "done", "erreicht", "call result", "call type", "art", "typ", "type",
        "zeitpunkt", "call duration", "dauer",
    ),
}  # fmt: skip

_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_TOLD, _KNOWN = 3, 1


@lru_cache(maxsize=4096)
def folded(header: str) -> str:
    """Return a header for comparison: lower case, ä as ae, only letters and digits."""
    composed = unicodedata.normalize("NFC", header[:200]).casefold()
    plain = unicodedata.normalize("NFKD", composed.translate(_UMLAUTS))
    return "".join(c for c in plain if c.isalnum())


def words_of(about: About) -> dict[str, Field]:
    """Return the field of each folded header where the rows are `about`."""
    return _WORDS[about]


def is_known(header: str) -> bool:
    """Whether a header is one of the words for any kind of table."""
    return folded(header) in _ALL


def likeness(headers: tuple[str, ...], about: About) -> int:
    """Return how much a header row speaks for rows of this kind; 0 where it says nothing."""
    names = {folded(header) for header in headers} - {""}
    fields = {_WORDS[about][name] for name in names if name in _WORDS[about]}
    return _KNOWN * len(fields) + _TOLD * len(names & _TOLD_BY[about])


def _merged(about: About) -> dict[str, Field]:
    allowed = set(FIELDS[about])
    common = {folded(w): f for f, words in _COMMON.items() if f in allowed for w in words}
    return common | {folded(w): f for f, words in _INSTEAD[about].items() for w in words}


_WORDS = {about: _merged(about) for about in About}
_TOLD_BY = {about: frozenset(map(folded, words)) for about, words in _TELLING.items()}
_ALL = frozenset(word for words in _WORDS.values() for word in words)
