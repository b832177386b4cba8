"""Whom the desk knows, as far as it concerns a few mails or meetings: what matching works on."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Max, Min, Q

from nachhaken.desk.models import Event, Opportunity, Person
from nachhaken.sources.match import Directory, KnownOpportunity


def directory_of(
    addresses: Collection[str], *, own: frozenset[str], threads: Mapping[str, int]
) -> Directory:
    """Return what is known about `addresses` and about others of the same domains."""
    domains = {f"@{address.rpartition('@')[2]}" for address in addresses if "@" in address}
    condition = Q(mail__in=addresses)
    for domain in domains - {f"@{mine.rpartition('@')[2]}" for mine in own}:
        condition |= Q(mail__endswith=domain)
    people = list(Person.objects.filter(condition).exclude(mail=""))
    return Directory(
        own=own,
        people={person.mail: person.pk for person in people},
        opportunities=_opportunities([person for person in people if person.mail in addresses]),
        threads=threads,
    )


def _opportunities(people: list[Person]) -> dict[int, tuple[KnownOpportunity, ...]]:
    rows = list(
        Opportunity.objects.filter(
            Q(prospect__in={person.prospect_id for person in people})
            | Q(person__in=[person.pk for person in people])
        ).order_by("pk")
    )
    spans = _spans([row.pk for row in rows])
    numbers = _numbers([row.pk for row in rows])
    known = {
        row.pk: KnownOpportunity(
            id=row.pk,
            title=row.title,
            offer_numbers=tuple(sorted(numbers[row.pk])),
            first_at=spans.get(row.pk, (row.created_at, row.created_at))[0],
            last_at=spans.get(row.pk, (row.created_at, row.created_at))[1],
        )
        for row in rows
    }
    return {
        person.pk: tuple(
            known[row.pk]
            for row in rows
            if row.prospect_id == person.prospect_id or row.person_id == person.pk
        )
        for person in people
    }


def _spans(ids: list[int]) -> dict[int, tuple[datetime, datetime]]:
    rows = Event.objects.filter(opportunity_id__in=ids).values_list("opportunity_id")
    found = rows.annotate(first=Min("occurred_at"), last=Max("occurred_at"))
    return {pk: (first, last) for pk, first, last in found.order_by() if pk}


def _numbers(ids: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Event.objects.filter(opportunity_id__in=ids, kind="offer_sent")
    for pk, payload in rows.values_list("opportunity_id", "payload"):
        if pk and payload["number"]:
            found[pk].add(payload["number"])
    return found
