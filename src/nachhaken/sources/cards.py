"""A vCard file as plain cards: who somebody is, where they work, and how to reach them.

vCard 2.1, 3.0 and 4.0 as programs and telephones write them. Photos, notes, birthdays and
relatives are not read at all: nobody needs them to follow up an offer.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nachhaken.sources.card_lines import Line, lines_of
from nachhaken.sources.card_phones import e164
from nachhaken.sources.cells import mail_address
from nachhaken.sources.faults import EmptyFile, Fault, NotACardFile

MOST_CARDS = 100_000
ELSEWHERE = "ZZ"
"""A country with telephone numbers of its own; so Google's tables call the unknown one."""
_MOST_LINES = 2_000  # of one card, photos apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One contact; `number` is its place in the file, from 1. What a card does not say is empty.

    `mails` are lower case and `phones` in E.164 where that is possible, both the preferred first.
    `salutation` is "frau", "herr" or "". `address` is street, postcode and town as they stand on a
    letter; `country` is "DE", "AT", "CH", ELSEWHERE, or "" where the card does not say.
    """

    number: int
    name: str = ""
    organisation: str = ""
    role: str = ""
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    salutation: str = ""
    address: str = ""
    place: str = ""
    country: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody could be found or reached by it."""
        return not (self.name or self.organisation or self.mails or self.phones)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The cards of a file in its order, what could not be read, and how many name groups only."""

    cards: tuple[Card, ...]
    faults: tuple[Fault, ...]
    groups: int = 0


def read_cards(raw: bytes, name: str = "", *, region: str = "DE") -> Cards:
    """Return the cards in a .vcf file; a broken one is a fault and the next one is read.

    `region` is the country of telephone numbers without a code. Raises `EmptyFile` and
    `NotACardFile`.
    """
    if not raw.strip():
        raise EmptyFile(Fault(file=name, code="empty"))
    cards: list[Card] = []
    faults: list[Fault] = []
    groups = number = 0
    for number, (rows, is_whole) in enumerate(_split(raw), 1):
        if number > MOST_CARDS:
            params = {"limit": MOST_CARDS}
            faults.append(Fault(file=name, code="too_many_cards", params=params))
            break
        lines = list(lines_of(rows))
        card = _card(number, lines, region)
        if any(line.name in _KINDS and line.text.casefold() == "group" for line in lines):
            groups += 1
        elif not is_whole or card.is_empty:
            code = "empty_card" if is_whole else "cut_card"
            faults.append(Fault(file=name, code=code, row=number))
        else:
            cards.append(card)
    if not number:
        raise NotACardFile(Fault(file=name, code="no_cards"))
    return Cards(cards=tuple(cards), faults=tuple(faults), groups=groups)


_KINDS = {"KIND", "X-ADDRESSBOOKSERVER-KIND"}
_BEGIN = re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*\Z", re.IGNORECASE)
_END = re.compile(rb"\s*END\s*:\s*VCARD\s*\Z", re.IGNORECASE)
_AGENT = re.compile(rb"(?:[\w-]+\.)?AGENT\b[^:]*:\s*\Z", re.IGNORECASE)
_DROPPED = re.compile(
    rb"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY|NOTE|X-MS-CARDPICTURE)[;:]", re.IGNORECASE
)


def _split(raw: bytes) -> Iterator[tuple[list[bytes], bool]]:
    """Yield the lines of each card, and whether it ends: the next one may begin before."""
    rows: list[bytes] | None = None
    agents, before = 0, b""
    for row in _without_pictures(raw):
        if _BEGIN.match(row):
            if rows is not None and _AGENT.match(before):
                agents += 1  # a card within a card, as vCard 2.1 writes somebody's assistant
            else:
                if rows is not None:
                    yield rows, False
                rows, agents = [], 0
        elif _END.match(row) and agents:
            agents -= 1
        elif _END.match(row):
            if rows is not None:
                yield rows, True
            rows = None
        elif rows is not None and not agents and len(rows) < _MOST_LINES:
            rows.append(row)
        before = row
    if rows is not None:
        yield rows, False


def _without_pictures(raw: bytes) -> Iterator[bytes]:
    """Yield the lines without those that hold a picture: it may be most of the file."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode()
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    is_dropped = False
    for row in io.BytesIO(raw.removeprefix(b"\xef\xbb\xbf")):
        line = row.rstrip(b"\r\n")
        if is_dropped and (line[:1] in {b" ", b"\t"} or _is_within(line)):
            continue
        is_dropped = _DROPPED.match(line) is not None
        if not is_dropped:
            yield line


def _is_within(line: bytes) -> bool:
    """Whether a line without a blank before it goes on with what is dropped all the same."""
    return b":" not in line


def _card(number: int, lines: list[Line], region: str) -> Card:
    found = {name: [one for one in lines if one.name == name] for name in _READ}
    named = found["N"][0].fields if found["N"] else ()
    organisation = _first(one.fields[0] for one in found["ORG"] if one.fields)
    said = _first(one.text for one in found["FN"])
    address, place, country = _where(found["ADR"])
    name = _name(named, said)
    return Card(
        number=number,
        name="" if name.casefold() == organisation.casefold() else name[:200],
        organisation=(organisation or _house(lines, said))[:200],
        role=_first(one.text for one in [*found["TITLE"], *found["ROLE"]])[:120],
        mails=_mails(found["EMAIL"]),
        phones=_phones(found["TEL"], country or region),
        salutation=_salutation(named, said),
        address=address,
        place=place,
        country=country,
    )


_READ = ("N", "FN", "ORG", "TITLE", "ROLE", "EMAIL", "TEL", "ADR")


def _first(texts: Iterator[str]) -> str:
    return next((text for text in texts if text), "")


def _house(lines: list[Line], said: str) -> str:
    """Return the name of a card that is a house itself, not somebody at one."""
    is_house = any(
        (line.name == "KIND" and line.text.casefold() == "org")
        or (line.name == "X-ABSHOWAS" and line.text.casefold() == "company")
        for line in lines
    )
    return said if is_house else ""


_FAMILY, _GIVEN, _PREFIX = 0, 1, 3
_SALUTATIONS = {
    "frau": "frau", "fr": "frau", "mrs": "frau", "ms": "frau", "miss": "frau", "madame": "frau",
    "mme": "frau", "signora": "frau", "herr": "herr", "herrn": "herr", "hr": "herr", "mr": "herr",
    "monsieur": "herr", "signor": "herr",
}  # fmt: skip


def _name(named: tuple[str, ...], said: str) -> str:
    """Return "Dr. Ines Hallwachs": title, given and family name, or what the card shows."""
    parts = [*named, "", "", "", ""]
    titles = [word for word in parts[_PREFIX].split() if not _salutation_of(word)]
    name = " ".join([*titles, *parts[_GIVEN].split(), *parts[_FAMILY].split()])
    words = said.split()
    while words and _salutation_of(words[0]):
        words = words[1:]
    return name if parts[_FAMILY] or parts[_GIVEN] else " ".join(words)


def _salutation(named: tuple[str, ...], said: str) -> str:
    prefix = named[_PREFIX].split() if len(named) > _PREFIX else []
    words = [*prefix, *said.split()[:1]]
    return _first(_salutation_of(word) for word in words)


def _salutation_of(word: str) -> str:
    return _SALUTATIONS.get(word.casefold().rstrip("."), "")


def _mails(lines: list[Line]) -> tuple[str, ...]:
    ordered = sorted(lines, key=lambda one: (-one.preference, "WORK" not in one.types))
    found = [mail_address(one.text.removeprefix("mailto:")[:500]) for one in ordered]
    return tuple(dict.fromkeys(mail for mail in found if mail))


_NOT_SPOKEN = {"FAX", "PAGER", "MODEM", "BBS", "TLX"}


def _phones(lines: list[Line], region: str) -> tuple[str, ...]:
    spoken = [one for one in lines if not one.types & _NOT_SPOKEN]
    ordered = sorted(spoken, key=lambda one: (-one.preference, _rank(one.types)))
    found = [e164(re.sub(r"\Atel:", "", one.text.strip()), region) for one in ordered]
    return tuple(dict.fromkeys(phone for phone in found if re.search(r"\d{3}|\d\D+\d\D+\d", phone)))


def _rank(types: frozenset[str]) -> int:
    return next((at for at, kind in enumerate(("WORK", "CELL")) if kind in types), 2)


_STREET, _TOWN, _POSTCODE, _COUNTRY = 2, 3, 5, 6
_COUNTRIES = {
    "deutschland": "DE", "germany": "DE", "allemagne": "DE", "de": "DE",
    "österreich": "AT", "oesterreich": "AT", "austria": "AT", "autriche": "AT", "at": "AT",
    "schweiz": "CH", "switzerland": "CH", "suisse": "CH", "svizzera": "CH", "ch": "CH",
}  # fmt: skip


def _where(lines: list[Line]) -> tuple[str, str, str]:
    """Return address, town and country: of the work, else the preferred, else the first."""
    ordered = sorted(lines, key=lambda one: ("WORK" not in one.types, -one.preference))
    for one in ordered:
        parts = [*one.fields, *[""] * 7]
        street = " ".join(parts[_STREET].split()).rstrip(",")
        town = " ".join(f"{parts[_POSTCODE]} {parts[_TOWN]}".split())
        if street and town:
            named = parts[_COUNTRY].strip().casefold()
            country = _COUNTRIES.get(named, ELSEWHERE) if named else ""
            return f"{street}\n{town}"[:500], " ".join(parts[_TOWN].split())[:120], country
    return "", "", ""
