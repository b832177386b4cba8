"""A table of contacts into prospects and people: who is new, and what was not known yet.

What stands at the desk is not overwritten. Where the table says something else, the row counts as
doubtful and its sentence says what differs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from nachhaken.desk import labels
from nachhaken.desk.commands.arriving import Arrival, bring_back, stem_of
from nachhaken.desk.commands.bulk import Named, Parties, blocks
from nachhaken.desk.commands.parties import named_again
from nachhaken.desk.commands.pending import Pending
from nachhaken.desk.digests import region_of
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Event, ImportRun, Person, Prospect
from nachhaken.desk.objections import PERSON
from nachhaken.desk.records import encode
from nachhaken.sources.card_phones import e164, readable
from nachhaken.sources.contact_row import ContactRow
from nachhaken.sources.phones import dialled
from nachhaken.timeline import OptedOut


@dataclass(frozen=True, slots=True)
class _Objecting:
    """Who wants no contact, as the table says."""

    key: str
    prospect: Prospect
    person: Person | None


def import_contacts(arrival: Arrival, rows: Sequence[ContactRow], pending: Pending) -> None:
    """Take in contacts; `new` counts rows that made somebody known, `changed` completed ones."""
    done = 0
    for block in blocks(rows):
        _take(arrival, block, pending)
        done += len(block)
        arrival.progress("write", done, len(rows))


def _take(arrival: Arrival, block: list[ContactRow], pending: Pending) -> None:
    parties = pending.parties
    named = [_named(row) for row in block]
    parties.learn(named)
    met: list[Prospect] = []
    people: list[Person] = []
    objecting: dict[str, _Objecting] = {}
    gone = _runs_taken_back()
    for row, one in zip(block, named, strict=True):
        news, changes = parties.news, parties.changes
        place = parties.prospect(one, by_mail=not row.customer)
        person = _complete(row, place, parties, arrival)
        if row.has_objected:
            found = _Objecting(_key(row), place, person)
            objecting.setdefault(found.key, found)
        if parties.news > news or gone & {place.run_id, person.run_id if person else None}:
            arrival.new += 1
        elif parties.changes > changes:
            arrival.changed += 1
        else:
            arrival.same += 1
        met.append(place)
        people += [person] if person else []
    parties.end_block()
    arrival.prospects |= {place.pk for place in met if place.pk}
    pending.then(partial(_settle, arrival, met, people, objecting))


def _settle(
    arrival: Arrival,
    met: Sequence[Prospect],
    people: Sequence[Person],
    objecting: dict[str, _Objecting],
) -> None:
    arrival.prospects |= {place.pk for place in met}
    if _runs_taken_back():
        named_again(Prospect.objects.filter(pk__in=[row.pk for row in met]), arrival.run)
        named_again(Person.objects.filter(pk__in=[row.pk for row in people]), arrival.run)
    if objecting:
        _object(arrival, objecting)


def _runs_taken_back() -> set[int]:
    """Whom these alone brought is kept for the history's sake, and not known any more."""
    gone = ImportRun.objects.filter(state=ImportRun.State.REVERTED)
    return set(gone.values_list("pk", flat=True))


def _named(row: ContactRow) -> Named:
    return Named(
        customer=row.customer or row.person or row.mail,
        place=row.place,
        region=row.region,
        is_consumer=row.private,
        person=row.person,
        mail=row.mail,
    )


def _complete(
    row: ContactRow, place: Prospect, parties: Parties, arrival: Arrival
) -> Person | None:
    """Fill in what the row knows and the desk does not; tell what differs."""
    parties.fill(place, address=row.address, place=row.place, region=row.region)
    region = region_of(place)
    phone = readable(e164(row.phone, region)) if row.phone else ""
    person = parties.person(place, replace(_named(row), phone=phone))
    if person is None:
        return None
    parties.fill(person, phone=phone, role=row.role, salutation=row.salutation)
    differing = [*_differing(row, person, phone, region)]
    if differing:
        arrival.doubtful += 1
        arrival.faults += differing
    return person


def _differing(row: ContactRow, person: Person, phone: str, region: str) -> Iterator[str]:
    if phone and _dialled(person.phone, region) != _dialled(phone, region):
        yield labels.text("differs_phone", row=row.row, name=str(person), known=person.phone)
    if row.role and fold(row.role) != fold(person.role):
        yield labels.text("differs_role", row=row.row, name=str(person), known=person.role)


def _dialled(phone: str, region: str) -> str:
    return dialled(phone, region) or "".join(filter(str.isdigit, phone))


def _key(row: ContactRow) -> str:
    who = row.mail or f"{fold(row.customer)}|{fold(row.person)}"
    return stem_of("table-objection", who)


def _object(arrival: Arrival, objecting: dict[str, _Objecting]) -> None:
    """Note the objections; what a person undid stays undone."""
    known = set(
        Event.objects.filter(source_key__in=list(objecting)).values_list("source_key", flat=True)
    )
    bring_back(arrival, known)
    fresh = [one for key, one in objecting.items() if key not in known]
    Event.objects.bulk_create(_event(arrival, one) for one in fresh)


def _event(arrival: Arrival, one: _Objecting) -> Event:
    reason = labels.text("objected_in_table")
    fact = OptedOut(reason=reason)
    if one.person:
        fact = OptedOut(scope=PERSON, person_id=one.person.pk, reason=reason)
    return Event(
        kind="opted_out",
        prospect=one.prospect,
        person=one.person,
        occurred_at=arrival.now,
        recorded_at=arrival.now,
        actor=arrival.actor,
        run=arrival.run,
        source_key=one.key,
        payload=encode(fact),
    )
