"""What bars a period from being a call-back: names, documents, past things, measures."""

from datetime import date, timedelta

from nachhaken.reading.atoms import Atom, Line, When
from nachhaken.reading.atoms_words import value

_TITLES = {
    "herr", "herrn", "hr", "frau", "fr", "mr", "mrs", "ms", "familie", "fam", "firma", "fa", "dr",
    "lieber", "liebe", "hallo", "hi", "hey", "moin", "servus", "werte", "werter", "kollege",
    "kollegin", "prof", "ing", "mag", "dear", "familien", "kanzlei", "studio", "agentur", "dame",
    "geehrter", "geehrte", "verehrter", "verehrte",
}  # fmt: skip
_DOCUMENTS = {"dated", "datiert", "seit", "since", "stand", "gesendet", "sent"}
_PAST = {"letzten", "letzter", "letztes", "letzte", "letztem", "vergangenen", "vergangene",
         "vorigen", "vorige", "last"}  # fmt: skip
_UNITS = {
    "%", "€", "$", "euro", "eur", "chf", "uhr", "stueck", "mm", "cm", "qm", "kg", "prozent",
    "stunden", "personen", "grad", "zoll", "kw", "kwh", "reifen", "dienst",
}  # fmt: skip
_PAPERS = (
    "angebot", "offert", "anbot", "mail", "email", "schreiben", "rechnung", "brief", "anfrage",
    "nachricht", "telefonat", "kostenvoranschlag", "letter", "quote", "gespraech", "entwurf",
    "termin", "besuch", "treffen", "protokoll", "bescheid", "vertrag", "auftrag", "bestellung",
)  # fmt: skip
_LONG = timedelta(days=150)
_WISHES = {
    "schoenen", "schoenes", "schoene", "schoen", "schoeni", "frohe", "frohes", "gesegnete", "gutes",
    "gesegnetes", "guten", "nice", "happy", "merry", "good", "lovely", "great", "gueti", "guets",
}  # fmt: skip
_WISHED = {"weekday", "weekend", "feast", "new year", "season", "week", "day word"}
_RANGES = {"range", "day range", "ordinal range"}
_NAMED = {"month", "season", "weekday"}


def is_barred(line: Line, atom: Atom, when: When) -> bool:
    """Whether the period at this place can be no call-back."""
    if atom.period.end < when.reference:
        return not atom.rule.endswith("range")
    before = [word for word in line.words[max(0, atom.first - 3) : atom.first] if word != "."]
    after = line.words[atom.last : atom.last + 1]
    if after and after[0] in _UNITS:
        return True
    if atom.rule in {"bare offset", "half span"} and _is_no_delay(line, atom):
        return True
    if atom.rule in _NAMED and _is_name(atom, before):
        return True
    if atom.rule in _WISHED and before and before[-1] in _WISHES:
        return True
    return _is_dated(atom, before, when.reference)


def _is_no_delay(line: Line, atom: Atom) -> bool:
    """Whether a span lies behind, or is longer than anybody waits: an age, a warranty."""
    lead = line.kinds[max(0, atom.first - 2) : atom.first].rstrip("~")
    words = line.words[atom.first : atom.last]
    far = atom.rule == "bare offset" and any(value(word) == "year" for word in words)
    return lead.endswith(("v", "s")) or far


def _is_name(atom: Atom, before: list[str]) -> bool:
    """Whether "März", "Sommer" or "Freitag" is somebody's name here."""
    return atom.last - atom.first <= 2 and bool(before) and before[-1] in _TITLES  # noqa: PLR2004


def _is_dated(atom: Atom, before: list[str], reference: date) -> bool:
    """Whether the day is that of a document or lies behind: "Angebot vom 3.5.", "seit Mai"."""
    if atom.rule in _RANGES:
        return False
    words = [word for word in before if word not in {"den", "dem", "der", "ca", "the"}]
    if words and words[-1] in {"vom", "of"} and not atom.has_year:
        # "Ihr Angebot vom 4. Mai", said in November, is half a year old, and not of next May.
        is_of_paper = len(words) > 1 and words[-2].startswith(_PAPERS)
        return is_of_paper or atom.period.start - reference > _LONG
    return bool(words) and words[-1] in _DOCUMENTS | _PAST
