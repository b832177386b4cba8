"""Houses and people of the desk as they are compared, and whom newcomers are taken for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nachhaken.desk.models import Person, Prospect
from nachhaken.desk.preferences import preferences
from nachhaken.desk.twin_words import why
from nachhaken.sources.freemail import house_domain
from nachhaken.sources.likeness import (
    SAME,
    House,
    Pair,
    Somebody,
    alike,
    like_known_houses,
    like_known_people,
)
from nachhaken.sources.names import house_key

FEW = 300
Told = tuple[str, str, str]  # name, mail and phone of a person


@dataclass(frozen=True, slots=True)
class Likely:
    """A newcomer, whom they may be, in which house (0: none of the desk's), and why."""

    name: str
    known: str
    prospect_id: int
    why: str


class Houses:
    """The houses of the desk by what a contact may tell of one."""

    def __init__(self) -> None:
        self._known: dict[int, House] = {}
        self._named: dict[str, set[int]] = defaultdict(set)
        self._at: dict[str, set[int]] = defaultdict(set)
        for house in houses_of(Prospect.objects.here().filter(merged_into=None)):
            self.add(house)

    def __contains__(self, number: int) -> bool:
        return number in self._known

    def add(self, house: House) -> None:
        """Let it be found by its name, and by the domains of its mails that are its own."""
        self._known[house.id] = house
        self._named[house_key(house.name)].add(house.id)
        for mail in () if house.is_consumer else house.mails:
            if domain := house_domain(mail):
                self._at[domain].add(house.id)

    def reach(self, number: int, mails: Sequence[str]) -> None:
        """Let it be found by these mails as well."""
        if (house := self._known.get(number)) and not set(mails) <= set(house.mails):
            self.add(replace(house, mails=(*house.mails, *mails)))

    def same_as(self, asked: House) -> int | None:
        """Return the house that `asked` is without a doubt: by name and place, number or domain."""
        found = set(self._named.get(house_key(asked.name), ()))
        for mail in asked.mails:
            found |= self._at.get(house_domain(mail), set())
        pairs = ((pk, alike(asked, self._known[pk])) for pk in found)
        strength, pk = max(((pair.strength, -pk) for pk, pair in pairs if pair), default=(0.0, 0))
        return -pk if strength >= SAME else None

    def of_domain(self, mail: str) -> int | None:
        """Return the only house that has mails of this domain; None for freemail."""
        found = self._at.get(house_domain(mail), set())
        return next(iter(found)) if len(found) == 1 else None


def likely_among(houses: Sequence[Prospect], people: Sequence[Person]) -> tuple[Likely, ...]:
    """Return of newcomers, written or not, who may be one with somebody known: one line each."""
    if not (houses or people):
        return ()
    fresh = {row.key for row in houses}
    at_known = [row for row in people if row.prospect.key not in fresh]
    return (*_like_houses(houses, people), *_like_people(at_known))


def houses_of(rows: Iterable[Prospect]) -> list[House]:
    """Return these prospects with what is known of their people."""
    found = list(rows)
    people: dict[int, list[Told]] = defaultdict(list)
    known = Person.objects.here()
    if len(found) <= FEW + 1:
        known = known.filter(prospect__in=[row.pk for row in found])
    for house, *told in known.values_list("prospect_id", "name", "mail", "phone"):
        people[house].append((told[0], told[1], told[2]))
    at_home = preferences().region[:2] or "DE"
    return [house_of(row, row.pk, people[row.pk], at_home) for row in found]


def house_of(row: Prospect, number: int, people: Iterable[Told], at_home: str) -> House:
    """Return the prospect under this number with these people, as it is compared."""
    people = list(people)
    return House(
        id=number,
        name=row.name,
        place=row.place,
        address=row.address,
        region=row.region[:2] or at_home,
        is_consumer=row.is_consumer,
        people=tuple(name for name, _mail, _phone in people if name),
        mails=tuple(mail for _name, mail, _phone in people if mail),
        phones=tuple(phone for _name, _mail, phone in people if phone),
    )


def somebodies(rows: Iterable[Person]) -> list[Somebody]:
    """Return these people as they are compared."""
    region = preferences().region[:2] or "DE"
    return [_somebody(row, row.pk, region) for row in rows]


def _somebody(row: Person, number: int, region: str) -> Somebody:
    return Somebody(
        id=number,
        house=row.prospect_id,
        name=row.name,
        mail=row.mail,
        phone=row.phone,
        region=region,
    )


def _like_houses(houses: Sequence[Prospect], people: Sequence[Person]) -> tuple[Likely, ...]:
    told: dict[str, list[Told]] = defaultdict(list)
    for row in people:
        told[row.prospect.key].append((row.name, row.mail, row.phone))
    at_home = preferences().region[:2] or "DE"
    fresh = [house_of(row, -n, told[row.key], at_home) for n, row in enumerate(houses, 1)]
    written = [row.pk for row in houses if row.pk]
    rows = Prospect.objects.here().filter(merged_into=None).exclude(pk__in=written)
    names = {row.pk: row.name for row in rows}
    pairs = like_known_houses(fresh, houses_of(rows))
    return tuple(
        Likely(houses[-pair.first - 1].name, names[pair.second], pair.second, why(pair.signs))
        for pair in _best(pairs)
    )


def _like_people(people: Sequence[Person]) -> tuple[Likely, ...]:
    """People who are new in a house that is known: of the same name, or the same number."""
    region = preferences().region[:2] or "DE"
    fresh = [_somebody(row, -n, region) for n, row in enumerate(people, 1)]
    written = [row.pk for row in people if row.pk]
    houses = {row.prospect_id for row in people}
    rows = Person.objects.here().filter(merged_into=None, prospect__in=houses)
    known = {row.pk: row for row in rows.exclude(pk__in=written)}
    pairs = like_known_people(fresh, somebodies(known.values()))
    return tuple(
        Likely(
            str(people[-pair.first - 1]),
            str(known[pair.second]),
            known[pair.second].prospect_id,
            why(pair.signs),
        )
        for pair in _best(pairs)
    )


def _best(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the surest pair of each newcomer, in the order in which they came."""
    best: dict[int, Pair] = {}
    for pair in pairs:
        best.setdefault(pair.first, pair)
    return [best[number] for number in sorted(best, reverse=True)]
