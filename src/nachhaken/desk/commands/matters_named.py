"""The matters of those whom rows name: by address, by house, by the name of a person."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from nachhaken.desk.aliases import kept_person, kept_prospect
from nachhaken.desk.commands.matters import Matters, matters_of
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Opportunity, Person, Prospect


class Whom(NamedTuple):
    """Whom a row is about; "" where it does not say."""

    customer: str
    person: str
    mail: str
    title: str = ""


class Place(NamedTuple):
    """The prospects that a row may be about, and the person where that is sure."""

    prospects: tuple[int, ...]
    person: Person | None


def matters_named(whom: Sequence[Whom]) -> tuple[Matters, list[Place]]:
    """Return the matters of all of these, and where each belongs; nobody is made known."""
    people = Person.objects.select_related("prospect")
    mails = {one.mail.strip().casefold() for one in whom} - {""}
    by_mail = {row.mail: _kept(row) for row in people.filter(mail__in=mails)}
    names = {fold(one.customer)[:200] for one in whom if one.customer}
    houses: dict[str, list[Prospect]] = defaultdict(list)
    for row in Prospect.objects.filter(folded__in=names).order_by("pk"):
        houses[row.folded].append(kept_prospect(row))
    alone = {one.person for one in whom if one.person and not one.customer}
    by_name: dict[str, list[Person]] = defaultdict(list)
    at_houses = people.filter(prospect__in=[p.pk for rows in houses.values() for p in rows])
    for person in [*people.filter(name__in=alone), *at_houses]:
        by_name[person.name].append(_kept(person))
    titles = {one.title for one in whom if one.title and not any(one[:3])}
    of_title: dict[str, list[Prospect]] = defaultdict(list)
    for matter in Opportunity.objects.filter(title__in=titles).select_related("prospect"):
        of_title[matter.title].append(matter.prospect)
    places = [_place(one, by_mail, houses, by_name) for one in whom]
    places = [
        Place(tuple({row.pk for row in of_title[one.title]}), None) if not any(one[:3]) else place
        for one, place in zip(whom, places, strict=True)
    ]
    met = {row.pk: row for rows in houses.values() for row in rows}
    met |= {row.pk: row for rows in of_title.values() for row in rows}
    met |= {row.prospect.pk: row.prospect for row in by_mail.values()}
    met |= {row.prospect.pk: row.prospect for rows in by_name.values() for row in rows}
    return matters_of(list(met.values()), own=()), places


def _place(
    one: Whom,
    by_mail: dict[str, Person],
    houses: dict[str, list[Prospect]],
    by_name: dict[str, list[Person]],
) -> Place:
    if person := by_mail.get(one.mail.strip().casefold()):
        return Place((person.prospect_id,), person)
    named = by_name.get(one.person, []) if one.person else []
    if one.customer:
        ids = tuple(dict.fromkeys(row.pk for row in houses.get(fold(one.customer)[:200], [])))
        here = [row for row in named if row.prospect_id in ids]
        return Place(ids, here[0] if here else None)
    ids = tuple(dict.fromkeys(row.prospect_id for row in named))
    return Place(ids, named[0] if len(ids) == 1 else None)


def _kept(row: Person) -> Person:
    return kept_person(row) if row.merged_into_id is not None else row
