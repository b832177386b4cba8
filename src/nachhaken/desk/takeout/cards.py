"""People as vCards, for the address book of a telephone or a mail program.

Version 3.0: Outlook, Apple, Google and Thunderbird all read it, which is not true of 4.0.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from nachhaken.desk.content_lines import escaped, folded
from nachhaken.desk.models import Event, Person
from nachhaken.desk.objections import PERSON
from nachhaken.desk.takeout.scope import Rows, Scope

_AT_ONCE = 1_000
_TOWN = re.compile(r"(?:(?:D|A|CH)[- ])?(\d{4,5})\s+(.+)")
_TITLES = {"frau": "Frau", "herr": "Herr"}


def cards(scope: Scope) -> Iterator[bytes]:
    """Return a card for each person, twins within one.

    Whoever wants no contact stays out of the whole desk's file: an address book would not know. In
    the copy for a customer they are in, for it is theirs.
    """
    rows = scope.present("people").filter(merged_into=None).select_related("prospect")
    for batch in _batches(rows):
        twins = _twins(batch)
        unwelcome = _unwelcome(batch) if scope.prospects is None else set()
        for person in batch:
            if person.pk not in unwelcome:
                yield "".join(map(folded, _card(person, twins[person.pk]))).encode()


def _batches(rows: Rows) -> Iterator[list[Person]]:
    walk = rows.iterator(chunk_size=_AT_ONCE)
    while batch := list(islice(walk, _AT_ONCE)):
        yield batch


def _twins(people: Iterable[Person]) -> defaultdict[int, list[Person]]:
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for twin in Person.objects.here().filter(merged_into__in=[p.pk for p in people]).order_by("pk"):
        found[twin.merged_into_id or 0].append(twin)
    return found


def _unwelcome(people: Iterable[Person]) -> set[int]:
    said = Event.objects.filter(kind="opted_out", payload__scope=PERSON).standing()
    mine = said.filter(prospect__in={person.prospect_id for person in people})
    alone = {payload.get("person_id") for payload in mine.values_list("payload", flat=True)}
    return {p.pk for p in people if p.prospect.opted_out_at or p.pk in alone}


def _card(person: Person, twins: list[Person]) -> Iterator[str]:
    prospect = person.prospect
    first, _, last = person.name.rpartition(" ")
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield f"FN:{escaped(person.name or person.mail or prospect.name)}"
    yield f"N:{escaped(last)};{escaped(first)};;{_TITLES.get(person.salutation, '')};"
    if not prospect.is_consumer:
        yield f"ORG:{escaped(prospect.name)}"
    if person.role:
        yield f"TITLE:{escaped(person.role)}"
    for mail in _each(person.mail, *(twin.mail for twin in twins)):
        yield f"EMAIL;TYPE=INTERNET:{escaped(mail)}"
    for phone in _each(person.phone, *(twin.phone for twin in twins)):
        yield f"TEL;TYPE=VOICE:{escaped(phone)}"
    if prospect.address or prospect.place:
        yield f"ADR;TYPE=WORK:{_address(prospect.address or prospect.place)}"
    yield "CATEGORIES:Nachhaken"
    yield f"UID:nachhaken-person-{person.pk}"
    yield "END:VCARD"


def _each(*values: str) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _address(text: str) -> str:
    """Return box, more, street, town, region, postcode, country; each as far as it is known."""
    *street, last = text.replace("\r\n", "\n").strip().split("\n")
    town = _TOWN.fullmatch(last.strip())
    code, name = town.groups() if town else ("", last.strip())
    return f";;{escaped(', '.join(street))};{escaped(name)};;{code};"
