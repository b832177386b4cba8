"""Prospects and people that a table names: looked up in a few queries, the new ones gathered.

What `parties` does for one name, this does for thousands, with the same result. A walk goes block
by block: `learn` what a block names, ask for its prospects and people, `end_block`. What is new is
kept in mind until `write`, which never comes where a table is only looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Self, TypeVar

from nachhaken.desk.aliases import kept_person, kept_prospect
from nachhaken.desk.blocking import blocked_among, heed
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Filled, Person, Prospect
from nachhaken.sources.deal_row import OpportunityRow
from nachhaken.sources.offer_row import OfferRow

T = TypeVar("T")
Party = TypeVar("Party", Prospect, Person)

BLOCK = 500  # rows looked up together; SQLite takes no more than 999 values at once
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a row names."""

    customer: str
    place: str = ""
    region: str = ""
    is_consumer: bool = False
    person: str = ""
    mail: str = ""
    phone: str = ""

    @classmethod
    def by(cls, row: OfferRow | OpportunityRow) -> Self:
        """Return whom a row about an offer or an opportunity names."""
        return cls(
            customer=row.customer,
            place=row.place,
            region=row.region,
            is_consumer=row.private,
            person=row.person,
            mail=row.mail,
            phone=row.phone,
        )

    @property
    def name(self) -> str:
        """The name of the prospect as it is kept."""
        return " ".join(self.customer.split())[:200]

    @property
    def town(self) -> str:
        """The place of the prospect as it is kept."""
        return self.place.strip()[:120]

    @property
    def address(self) -> str:
        """The mail address as it is kept."""
        return self.mail.strip().casefold()


def blocks(rows: Iterable[T]) -> Iterator[list[T]]:
    """Return `rows` in blocks that are looked up together."""
    walk = iter(rows)
    while block := list(islice(walk, BLOCK)):
        yield block


@dataclass(slots=True)
class _Names:
    """Parties by what a row may call them."""

    named: dict[str, list[Prospect]] = field(default_factory=lambda: defaultdict(list))
    keyed: dict[str, Prospect] = field(default_factory=dict)
    mails: dict[str, Person] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Prospect | Person) -> None:
        """Let it be found."""
        if isinstance(row, Prospect):
            self.named[row.folded].append(row)
            self.keyed[row.key] = row
            return
        if row.mail:
            self.mails[row.mail] = row
        self.people[row.prospect.key].append(row)


class Parties:
    """The parties of one import."""

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        # What the database holds of this block's, and what is new since the first block.
        self._held, self._begun = _Names(), _Names()
        self._by_pk: dict[int, Prospect] = {}
        self._kept: dict[tuple[str, int], Prospect | Person] = {}
        self._new: list[Prospect] = []
        self._new_people: list[Person] = []
        self._reached: list[Person] = []
        self._of_block: set[int] = set()
        self._houses: list[Prospect] = []
        self._easy: list[Person] = []
        self._blocked: list[Prospect] = []
        self._touchy: list[Person] = []
        self._filled: dict[tuple[str, int], dict[str, str]] = {}
        self._changed: dict[tuple[str, int], Prospect | Person] = {}
        self.changes = 0

    @property
    def news(self) -> int:
        """How many prospects and people are new in this block."""
        return len(self._new) + len(self._new_people)

    @property
    def newcomers(self) -> tuple[list[Prospect], list[Person]]:
        """The prospects and people that the blocks so far make known."""
        people = [row for row in (*self._easy, *self._touchy) if not row.pk]
        return self._houses, people

    def learn(self, named: Sequence[Named]) -> None:
        """Look up all that is known of these."""
        names = {fold(one.name)[:200] for one in named}
        keys = {key for one in named for key in _keys(one)}
        rows = list(Prospect.objects.filter(folded__in=names).order_by("pk"))
        rows += Prospect.objects.filter(key__in=keys).exclude(folded__in=names)
        held = {row.pk: self._as_changed("prospect", row) for row in rows}
        self._by_pk, self._held = held, _Names()
        for row in held.values():
            self._held.add(row)
        self._learn_people({one.address for one in named} - {""}, held)

    def _learn_people(self, mails: set[str], held: dict[int, Prospect]) -> None:
        rows = {row.pk: row for row in Person.objects.filter(mail__in=mails)}
        at_these = Person.objects.filter(prospect_id__in=_kept_ids(held.values()))
        rows |= {row.pk: row for row in at_these}
        strange = {row.prospect_id for row in rows.values()} - held.keys()
        held |= Prospect.objects.in_bulk(list(strange))
        for _, found in sorted(rows.items()):
            row = self._as_changed("person", found)
            row.prospect = held[row.prospect_id]
            self._held.add(row)

    def prospect(self, named: Named, *, by_mail: bool = False) -> Prospect:
        """Return the prospect of this name in this place, else a new one.

        With `by_mail` also that of the address: where the name is no more than a person's.
        """
        town, name = fold(named.town), fold(named.name)[:200]
        same = [*self._held.named.get(name, ()), *self._begun.named.get(name, ())]
        for row in same:
            if not town or not row.place or town == fold(row.place):
                return self._house(row)
        if by_mail and not same and (person := self._of_mail(named.address)):
            return self._house(self._somebody(person).prospect)
        key = _keys(named)[1 if same else 0]
        held = self._held.keyed.get(key) or self._begun.keyed.get(key)
        return self._house(held) if held else self._begin(named, key)

    def _of_mail(self, mail: str) -> Person | None:
        return self._held.mails.get(mail) or self._begun.mails.get(mail) if mail else None

    def _house(self, row: Prospect) -> Prospect:
        """The one as which a merged twin lives on; the same value for each who asks."""
        if row.merged_into_id is None:
            return row
        kept = self._as_changed("prospect", kept_prospect(row))
        found = self._kept.setdefault(("prospect", kept.pk), self._by_pk.get(kept.pk, kept))
        return found if isinstance(found, Prospect) else kept

    def _somebody(self, row: Person) -> Person:
        if row.merged_into_id is None:
            return row
        kept = self._as_changed("person", kept_person(row))
        found = self._kept.setdefault(("person", kept.pk), kept)
        return found if isinstance(found, Person) else kept

    def _begin(self, named: Named, key: str) -> Prospect:
        row = Prospect(
            name=named.name,
            place=named.town,
            region=named.region,
            is_consumer=named.is_consumer,
            created_at=self._arrival.now,
            key=key,
            run=self._arrival.run,
        )
        row.refold()
        self._new.append(row)
        self._of_block.add(id(row))
        self._begun.add(row)
        return row

    def person(self, prospect: Prospect, named: Named) -> Person | None:
        """Return the person of this address or name at the prospect, made where there is none."""
        name, mail, phone = named.person.strip()[:200], named.address, named.phone.strip()[:50]
        if known := self._of_mail(mail):
            kept = self._somebody(known)
            self._reach(kept, name=name, phone=phone)
            return kept
        if not (name or mail or phone):
            return None
        key = prospect.key
        at_house = [*self._held.people.get(key, ()), *self._begun.people.get(key, ())]
        same = _same(at_house, name=name, phone=phone) if name or not mail else None
        if same:
            same = self._somebody(same)
        if same and not (mail and same.mail):
            self._reach(same, name=name, mail=mail, phone=phone)
            return same
        row = Person(prospect=prospect, name=name, mail=mail, phone=phone, run=self._arrival.run)
        self._new_people.append(row)
        self._of_block.add(id(row))
        self._begun.add(row)
        return row

    def _reach(self, row: Person, **told: str) -> None:
        if self.fill(row, **told):
            self._reached.append(row)
            if row.mail:
                self._begun.mails.setdefault(row.mail, row)

    def fill(self, row: Prospect | Person, **told: str) -> bool:
        """Fill in what was not known; what is known stays. Returns whether something was new."""
        fresh = {name: text for name, text in told.items() if text and not getattr(row, name)}
        for name, text in fresh.items():
            setattr(row, name, text)
        # By identity: what is not written yet has no number.
        self.changes += bool(fresh) and id(row) not in self._of_block
        if fresh and isinstance(row, Prospect):
            row.refold()
        if fresh and row.pk:
            self._changed[_table(row), row.pk] = row
            self._filled.setdefault((_table(row), row.pk), {}).update(fresh)
        return bool(fresh)

    def _as_changed(self, table: str, row: Party) -> Party:
        """Return the row with what an earlier block filled in and nobody has written yet."""
        changed = self._changed.get((table, row.pk), row)
        return changed if isinstance(changed, type(row)) else row

    def end_block(self) -> None:
        """Keep what is new until it is written, and forget what was looked up."""
        houses = [(row, None) for row in self._new]
        met = [(row.prospect, row) for row in [*self._new_people, *self._reached]]
        parties = [*houses, *met]
        blocked = sorted(blocked_among(parties))
        self._arrival.objecting += len({parties[index][0].key for index in blocked})
        self._blocked += [self._new[index] for index in blocked if index < len(houses)]
        touchy = {parties[index][0].key for index in blocked if index >= len(houses)}
        # In the order of the rows: who is known first at a house speaks for it.
        self._touchy += [row for house, row in met if house.key in touchy]
        self._easy += [row for row in self._new_people if row.prospect.key not in touchy]
        self._houses += self._new
        self._new, self._new_people, self._reached = [], [], []
        self._of_block, self._kept, self._by_pk, self._held = set(), {}, {}, _Names()

    def write(self) -> None:
        """Write all that is new or was completed, and heed the block list."""
        arrival = self._arrival
        Prospect.objects.bulk_create(self._houses, batch_size=_AT_ONCE)
        self._save_filled()
        for house in self._blocked:
            heed(house, actor=arrival.actor, now=arrival.now)
        Person.objects.bulk_create(self._easy, batch_size=_AT_ONCE)
        for row in self._touchy:
            if not row.pk:
                row.save()
            heed(row.prospect, row, actor=arrival.actor, now=arrival.now)

    def _save_filled(self) -> None:
        run = self._arrival.run
        people = [row for row in self._changed.values() if isinstance(row, Person)]
        houses = [row for row in self._changed.values() if isinstance(row, Prospect)]
        told = ["name", "mail", "phone", "role", "salutation"]
        Person.objects.bulk_update(people, told, batch_size=_AT_ONCE)
        told = ["place", "region", "address", "folded", "search"]
        Prospect.objects.bulk_update(houses, told, batch_size=_AT_ONCE)
        own = {key for key, row in self._changed.items() if run and row.run_id == run.pk}
        filled = [
            Filled(run=run, table=table, row=pk, field=name, after=text)
            for (table, pk), fields in self._filled.items()
            for name, text in fields.items()
            if run and (table, pk) not in own
        ]
        Filled.objects.bulk_create(filled, batch_size=_AT_ONCE)


def _same(at_house: Iterable[Person], *, name: str, phone: str) -> Person | None:
    """Return who is meant: of this name, else of this number where one of both has no name."""
    some = list(at_house)
    named = (row for row in some if name and row.name == name)
    numbered = (
        row
        for row in some
        if phone and row.phone == phone and not (name and (row.name or row.mail))
    )
    return next(named, None) or next(numbered, None)


def _keys(named: Named) -> tuple[str, str]:
    """The key of a name that is the only one of its kind, and of one beside others."""
    name = fold(named.name)
    return name, f"{name}|{fold(named.town)}"


def _table(row: Prospect | Person) -> str:
    return "prospect" if isinstance(row, Prospect) else "person"


def _kept_ids(rows: Iterable[Prospect]) -> set[int]:
    """Return the prospects with those as whom merged ones live on."""
    return {pk for row in rows for pk in (row.pk, row.merged_into_id) if pk is not None}
