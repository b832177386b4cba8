"""Prospects and people that a table names: looked up in a few queries, the new ones gathered.

What `parties` does for one name, this does for thousands, with the same result. A walk goes block
by block: `learn` what a block names, ask for its prospects and people, then `write` the new ones,
or, where the table is only looked at, `forget` what is known and keep in mind what would be new.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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

BLOCK = 500  # rows looked up and written together; SQLite takes no more than 999 values at once


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
    """Return `rows` in blocks that are looked up and written together."""
    walk = iter(rows)
    while block := list(islice(walk, BLOCK)):
        yield block


class Parties:
    """The parties of one import."""

    def __init__(self, arrival: Arrival, *, dry_run: bool) -> None:
        self._arrival, self._dry_run = arrival, dry_run
        self._named: dict[str, list[Prospect]] = defaultdict(list)
        self._keyed: dict[str, Prospect] = {}
        self._mails: dict[str, Person] = {}
        self._people: dict[str, list[Person]] = defaultdict(list)
        self._by_pk: dict[int, Prospect] = {}
        self._kept: dict[tuple[str, int], Prospect | Person] = {}
        self._new: list[Prospect] = []
        self._new_people: list[Person] = []
        self._reached: list[Person] = []
        self._filled: dict[tuple[str, int], dict[str, str]] = {}
        self._changed: dict[tuple[str, int], Prospect | Person] = {}
        self.changes = 0

    @property
    def news(self) -> int:
        """How many prospects and people are new in this block."""
        return len(self._new) + len(self._new_people)

    def learn(self, named: Sequence[Named]) -> None:
        """Look up all that is known of these."""
        names = {fold(one.name)[:200] for one in named}
        keys = {key for one in named for key in _keys(one)}
        rows = list(Prospect.objects.filter(folded__in=names).order_by("pk"))
        rows += Prospect.objects.filter(key__in=keys).exclude(folded__in=names)
        fresh, self._named = self._named, defaultdict(list)
        held = {row.pk: self._with_filled("prospect", row) for row in rows}
        self._by_pk = held
        for row in held.values():
            self._named[row.folded].append(row)
            self._keyed[row.key] = row
        for name, new in fresh.items():
            self._named[name] += new
        self._learn_people({one.address for one in named} - {""}, held)

    def _learn_people(self, mails: set[str], held: dict[int, Prospect]) -> None:
        rows = {row.pk: row for row in Person.objects.filter(mail__in=mails)}
        at_these = Person.objects.filter(prospect_id__in=_kept_ids(held.values()))
        rows |= {row.pk: row for row in at_these}
        strange = {row.prospect_id for row in rows.values()} - held.keys()
        held |= Prospect.objects.in_bulk(list(strange))
        for _, row in sorted(rows.items()):
            row.prospect = held[row.prospect_id]
            self._keep(self._with_filled("person", row))

    def _keep(self, row: Person) -> None:
        if row.mail:
            self._mails[row.mail] = row
        self._people[row.prospect.key].append(row)

    def prospect(self, named: Named, *, by_mail: bool = False) -> Prospect:
        """Return the prospect of this name in this place, else a new one.

        With `by_mail` also that of the address: where the name is no more than a person's.
        """
        town = fold(named.town)
        same = self._named.get(fold(named.name)[:200], [])
        for row in same:
            if not town or not row.place or town == fold(row.place):
                return self._house(row)
        if by_mail and not same and (person := self._mails.get(named.address)):
            return self._house(self._somebody(person).prospect)
        key = _keys(named)[1 if same else 0]
        return self._house(self._keyed[key]) if key in self._keyed else self._begun(named, key)

    def _house(self, row: Prospect) -> Prospect:
        """The one as which a merged twin lives on; the same value for each who asks."""
        if row.merged_into_id is None:
            return row
        kept = self._with_filled("prospect", kept_prospect(row))
        found = self._kept.setdefault(("prospect", kept.pk), self._by_pk.get(kept.pk, kept))
        return found if isinstance(found, Prospect) else kept

    def _somebody(self, row: Person) -> Person:
        if row.merged_into_id is None:
            return row
        kept = self._with_filled("person", kept_person(row))
        found = self._kept.setdefault(("person", kept.pk), kept)
        return found if isinstance(found, Person) else kept

    def _begun(self, named: Named, key: str) -> Prospect:
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
        self._named[row.folded].append(row)
        self._keyed[key] = row
        return row

    def person(self, prospect: Prospect, named: Named) -> Person | None:
        """Return the person of this address or name at the prospect, made where there is none."""
        name, mail, phone = named.person.strip()[:200], named.address, named.phone.strip()[:50]
        if known := self._mails.get(mail) if mail else None:
            kept = self._somebody(known)
            self._reach(kept, name=name, phone=phone)
            return kept
        if not (name or mail or phone):
            return None
        at_house = self._people.get(prospect.key, [])
        # The number of a house has no name, and is one all the same.
        alike = (row for row in at_house if row.name == name and (name or row.phone == phone))
        same = next(alike, None) if name or not mail else None
        if same:
            same = self._somebody(same)
        if same and not (mail and same.mail):
            self._reach(same, mail=mail, phone=phone)
            return same
        row = Person(prospect=prospect, name=name, mail=mail, phone=phone, run=self._arrival.run)
        self._new_people.append(row)
        self._keep(row)
        return row

    def _reach(self, row: Person, **told: str) -> None:
        if self.fill(row, **told):
            self._reached.append(row)
            if row.mail:
                self._mails.setdefault(row.mail, row)

    def fill(self, row: Prospect | Person, **told: str) -> bool:
        """Fill in what was not known; what is known stays. Returns whether something was new."""
        fresh = {field: text for field, text in told.items() if text and not getattr(row, field)}
        for field, text in fresh.items():
            setattr(row, field, text)
        self.changes += bool(fresh) and not self._is_of_block(row)
        if fresh and row.pk:
            self._changed[_table(row), row.pk] = row
            self._filled.setdefault((_table(row), row.pk), {}).update(fresh)
        return bool(fresh)

    def _is_of_block(self, row: Prospect | Person) -> bool:
        # By identity: what is not written yet has no number.
        return any(row is new for new in (self._new, self._new_people)[isinstance(row, Person)])

    def _with_filled(self, table: str, row: T) -> T:
        """Where nothing is written, what would be filled in is kept in mind."""
        if self._dry_run and isinstance(row, Prospect | Person):
            for field, text in self._filled.get((table, row.pk), {}).items():
                setattr(row, field, text)
        return row

    def end_block(self) -> None:
        """Write what is new, or keep it in mind, and forget the rest."""
        if self._dry_run:
            self._count_objecting()
        else:
            self._write()
        self._new, self._new_people, self._reached, self._changed = [], [], [], {}
        self._kept, self._by_pk = {}, {}
        self._forget()

    def _write(self) -> None:
        Prospect.objects.bulk_create(self._new)
        self._save_filled()
        arrival = self._arrival
        parties = [(row, None) for row in self._new]
        met = [(row.prospect, row) for row in [*self._new_people, *self._reached]]
        blocked = blocked_among([*parties, *met])
        for index in sorted(i for i in blocked if i < len(parties)):
            heed(self._new[index], actor=arrival.actor, now=arrival.now)
        touchy = {met[i - len(parties)][0].key for i in blocked if i >= len(parties)}
        easy = [row for row in self._new_people if row.prospect.key not in touchy]
        Person.objects.bulk_create(easy)
        # In the order of the rows: who is known first at a house speaks for it.
        for row in [*self._new_people, *self._reached]:
            if row.prospect.key in touchy:
                if not row.pk:
                    row.save()
                heed(row.prospect, row, actor=arrival.actor, now=arrival.now)

    def _save_filled(self) -> None:
        run = self._arrival.run
        people = [row for row in self._changed.values() if isinstance(row, Person)]
        houses = [row for row in self._changed.values() if isinstance(row, Prospect)]
        Person.objects.bulk_update(people, ["name", "mail", "phone", "role", "salutation"])
        for house in houses:
            house.refold()
        Prospect.objects.bulk_update(houses, ["place", "region", "address", "folded", "search"])
        own = {key for key, row in self._changed.items() if run and row.run_id == run.pk}
        Filled.objects.bulk_create(
            Filled(run=run, table=table, row=pk, field=field, after=text)
            for (table, pk), fields in self._filled.items()
            for field, text in fields.items()
            if run and (table, pk) not in own
        )
        self._filled.clear()

    def _count_objecting(self) -> None:
        met = [(row.prospect, row) for row in [*self._new_people, *self._reached]]
        parties = [*((row, None) for row in self._new), *met]
        found = {parties[index][0].key for index in blocked_among(parties)}
        self._arrival.objecting += len(found)

    def _forget(self) -> None:
        new = {name: [r for r in rows if not r.pk] for name, rows in self._named.items()}
        people = {key: [r for r in rows if not r.pk] for key, rows in self._people.items()}
        if not self._dry_run:
            new, people = {}, {}
        self._named = defaultdict(list, {name: rows for name, rows in new.items() if rows})
        self._people = defaultdict(list, {key: rows for key, rows in people.items() if rows})
        self._keyed = {row.key: row for rows in self._named.values() for row in rows}
        held = (row for rows in self._people.values() for row in rows)
        self._mails = {row.mail: row for row in held if row.mail}


def _keys(named: Named) -> tuple[str, str]:
    """The key of a name that is the only one of its kind, and of one beside others."""
    name = fold(named.name)
    return name, f"{name}|{fold(named.town)}"


def _table(row: Prospect | Person) -> str:
    return "prospect" if isinstance(row, Prospect) else "person"


def _kept_ids(rows: Iterable[Prospect]) -> set[int]:
    """Return the prospects with those as whom merged ones live on."""
    return {pk for row in rows for pk in (row.pk, row.merged_into_id) if pk is not None}
