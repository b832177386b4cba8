"""Contacts into people: who is known is completed, and who is new at a firm becomes known.

An address book holds friends, doctors and neighbours as well. Therefore a card without a firm only
completes somebody who is known already, unless the user asks for everybody; and notes, birthdays
and photos never come in. What stands at the desk is not overwritten: a person typed it, or will
rather trust what they saw there before.
"""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from django.db import transaction

from nachhaken.desk.aliases import kept_person, kept_prospect
from nachhaken.desk.blocking import heed
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.parties import Party, here_again, prospect_named
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Filled, Person, Prospect
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import language
from nachhaken.desk.twins import Houses
from nachhaken.sources.card_phones import readable
from nachhaken.sources.cards import ELSEWHERE, Card, read_cards
from nachhaken.sources.faults import say
from nachhaken.sources.likeness import House

_EVERY = 50


class Strangers(StrEnum):
    """Which contacts of nobody that the desk knows are taken in."""

    NONE = "none"
    FIRMS = "firms"
    ALL = "all"


def import_cards(
    arrival: Arrival, raw: bytes, name: str, *, strangers: Strangers = Strangers.FIRMS
) -> None:
    """Take in the contacts of a .vcf file, all or none; raises what `read_cards` raises.

    `arrival.new` counts people and houses that became known, `changed` those that were completed,
    and `skipped` contacts that are nobody's business here.
    """
    found = read_cards(raw, name, region=preferences().region)
    # Who names no house is looked for last: by then all houses of the file are known.
    cards = sorted(found.cards, key=lambda card: not card.organisation)
    arrival.faults += [say(fault, language()) for fault in found.faults if not fault.is_note]
    arrival.skipped += found.groups
    with transaction.atomic():
        houses = Houses()
        for done, card in enumerate(cards, 1):
            _count(arrival, _Taking(arrival, card, strangers, houses).run())
            if done % _EVERY == 0 or done == len(cards):
                arrival.progress("write", done, len(cards))


def _count(arrival: Arrival, what: str) -> None:
    setattr(arrival, what, getattr(arrival, what) + 1)


class _Taking:
    """One card on its way into the desk."""

    def __init__(self, arrival: Arrival, card: Card, strangers: Strangers, houses: Houses) -> None:
        self.arrival, self.card, self.strangers, self.houses = arrival, card, strangers, houses
        self.is_new = self.is_changed = False

    def run(self) -> str:
        """Take the card in and return what to count: "new", "changed", "same" or "skipped"."""
        person = next(_people_at(self.card.mails), None)
        prospect = person.prospect if person else self._house()
        if prospect is None:
            prospect = self._stranger()
        if prospect is None:
            return "skipped"
        self._meet(prospect)
        if self.card.organisation:
            self.houses.reach(prospect.pk, self.card.mails)
        self._complete(prospect, address=self.card.address, place=self.card.place)
        if person := person or self._person(prospect):
            self._meet(person)
            self._tell(person)
        if self.is_new or self.is_changed:
            self.arrival.prospects.add(prospect.pk)
        return "new" if self.is_new else "changed" if self.is_changed else "same"

    def _meet(self, row: Party) -> None:
        """Who went with an import that was taken back is here again, and counts as new."""
        before = row.run_id
        self.is_new |= here_again(row, self.arrival.run).run_id != before

    def _house(self) -> Prospect | None:
        """Return the known house of the card: of this name, in this town where several have it.

        Else the one that it is without a doubt, or, where it names none, that of its mail's domain.
        """
        if not self.card.organisation:
            mail = next(iter(self.card.mails), "")
            return self._numbered(self.houses.of_domain(mail))
        named = Prospect.objects.filter(folded=fold(self.card.organisation)[:200]).order_by("pk")
        same = [kept_prospect(row) for row in named]
        town = fold(self.card.place)
        there = [row for row in same if not (town and row.place) or fold(row.place) == town]
        if there:
            return there[0]
        return self._numbered(self.houses.same_as(self._as_house())) if not same else None

    def _numbered(self, house: int | None) -> Prospect | None:
        return None if house is None else Prospect.objects.get(pk=house)

    def _as_house(self) -> House:
        card = self.card
        return House(
            id=0,
            name=card.organisation,
            place=card.place,
            address=card.address,
            people=(card.name,) if card.name else (),
            mails=card.mails,
            phones=card.phones,
        )

    def _stranger(self) -> Prospect | None:
        """Return a new prospect where the card is taken in, else None."""
        card = self.card
        is_firm = bool(card.organisation)
        is_wanted = self.strangers is Strangers.ALL or (
            is_firm and self.strangers is Strangers.FIRMS
        )
        if not (is_wanted and (card.organisation or card.name) and (card.mails or card.phones)):
            return None
        self.is_new = True
        row = prospect_named(
            card.organisation or card.name,
            actor=self.arrival.actor,
            now=self.arrival.now,
            place=card.place,
            region="" if card.country == ELSEWHERE else card.country,
            is_consumer=not is_firm,
            run=self.arrival.run,
        )
        if row.pk not in self.houses:
            self.arrival.houses.append(row)
            known = replace(self._as_house(), id=row.pk, name=row.name, is_consumer=not is_firm)
            self.houses.add(replace(known, phones=card.phones[:1]))
        return row

    def _person(self, prospect: Prospect) -> Person | None:
        """Return the person of this name at the house, made where there is none."""
        card = self.card
        if not (card.name or card.mails or card.phones):
            return None
        people = Person.objects.filter(prospect=prospect, merged_into=None).order_by("pk")
        named = [row for row in people if row.name and fold(row.name) == fold(card.name)]
        if named:
            return named[0]
        if not (card.name or card.mails) and any(row.phone for row in people):
            return None  # the number of a house that has people with numbers of their own
        self.is_new = True
        person = Person.objects.create(
            prospect=prospect,
            name=card.name,
            mail=card.mails[0] if card.mails else "",
            run=self.arrival.run,
        )
        self.arrival.people.append(person)
        heed(prospect, person, actor=self.arrival.actor, now=self.arrival.now)
        return person

    def _tell(self, person: Person) -> None:
        """Fill in what the card knows of the person and the desk does not."""
        card, fresh = self.card, list(self._unknown())
        mail = fresh.pop(0) if fresh and not person.mail else ""
        phone = readable(card.phones[0]) if card.phones else ""
        told = {"mail": mail, "phone": phone, "role": card.role, "salutation": card.salutation}
        is_reached = bool((mail and not person.mail) or (phone and not person.phone))
        self._complete(person, name=card.name, **told)
        if is_reached:
            self._heed(person)
        for address in fresh:
            self._alias(person, address)

    def _unknown(self) -> Iterator[str]:
        known = set(Person.objects.filter(mail__in=self.card.mails).values_list("mail", flat=True))
        return (mail for mail in self.card.mails if mail not in known)

    def _alias(self, person: Person, address: str) -> None:
        """A further address is a twin of the person: what comes from there is theirs, too."""
        Person.objects.create(
            prospect=person.prospect,
            name=person.name,
            mail=address,
            merged_into=person,
            run=self.arrival.run,
        )
        self.is_changed = True
        # An objection from this address is one of the person, whatever the address is called.
        self._heed(Person(pk=person.pk, prospect=person.prospect, name=person.name, mail=address))

    def _heed(self, person: Person) -> None:
        heed(person.prospect, person, actor=self.arrival.actor, now=self.arrival.now)

    def _complete(self, row: Person | Prospect, **told: str) -> None:
        """Fill what is empty, and keep what was filled in, so that it can be taken out again."""
        fresh = {field: text for field, text in told.items() if text and not getattr(row, field)}
        if not fresh:
            return
        for field, text in fresh.items():
            setattr(row, field, text)
        if isinstance(row, Prospect):
            row.refold()
            row.save(update_fields=[*fresh, "folded", "search"])
        else:
            row.save(update_fields=list(fresh))
        self.is_changed = True
        run = self.arrival.run
        if run is None or row.run_id == run.pk:
            return
        Filled.objects.bulk_create(
            Filled(run=run, table=_table(row), row=row.pk, field=field, after=text)
            for field, text in fresh.items()
        )


def _table(row: Person | Prospect) -> str:
    return "prospect" if isinstance(row, Prospect) else "person"


def _people_at(mails: tuple[str, ...]) -> Iterator[Person]:
    """Yield who is known under these addresses, in the order of the card."""
    rows = {row.mail: row for row in Person.objects.filter(mail__in=mails)}
    return (kept_person(rows[mail]) for mail in mails if mail in rows)
