"""Twins that were merged: which of them is kept, wherever the other one is named."""

from collections.abc import Iterable, Mapping

from nachhaken.desk.models import Event, Person, Prospect


def kept_prospect(row: Prospect) -> Prospect:
    """Return the prospect in which `row` lives on; itself where it was never merged."""
    while row.merged_into_id is not None:
        row = Prospect.objects.get(pk=row.merged_into_id)
    return row


def kept_person(row: Person) -> Person:
    """Return the person as whom `row` lives on; themselves where they were never merged."""
    while row.merged_into_id is not None:
        row = Person.objects.select_related("prospect").get(pk=row.merged_into_id)
    return row


def kept_people(rows: Iterable[Person]) -> dict[int, Person]:
    """Return for each person the one who is kept for them."""
    return {row.pk: kept_person(row) for row in rows}


def aliases_of(people: Iterable[Person]) -> dict[int, int]:
    """Return the numbers of who was merged with the numbers of whom they live on as.

    `people` are all of a prospect, so that a chain is followed without asking anew.
    """
    into = {row.pk: row.merged_into_id for row in people if row.merged_into_id is not None}
    return {pk: _end_of(pk, into) for pk in into}


def aliases_in(events: Iterable[Event]) -> dict[int, int]:
    """Return the same for the people whom facts about people name, asked for only where needed.

    Whom a touch or reply is about stands beside it; what is compared by number are objections and
    consents.
    """
    named = {
        event.payload.get("person_id")
        for event in events
        if event.kind in {"opted_out", "consented", "bounced"}
    }
    into: dict[int, int] = {}
    while named - {None}:
        rows = Person.objects.filter(pk__in=named - {None}, merged_into__isnull=False)
        found = {row.pk: row.merged_into_id for row in rows.only("merged_into")}
        into |= {pk: kept for pk, kept in found.items() if kept is not None}
        named = set(found.values()) - into.keys()
    return {pk: _end_of(pk, into) for pk in into}


def _end_of(pk: int, into: Mapping[int, int]) -> int:
    while pk in into:
        pk = into[pk]
    return pk
