"""Two that may be one: how alike houses and people are, with the grounds, over many at once.

Nobody is compared with everybody: only those who share a word of the name, a domain, a number or an
address are (blocking), so the work grows with the number of rows and not with its square.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

from nachhaken.sources.freemail import house_domain
from nachhaken.sources.names import (
    HOUSE_LIKE,
    PERSON_LIKE,
    house_likeness,
    house_name,
    person_likeness,
    person_name,
)
from nachhaken.sources.phones import dialled
from nachhaken.sources.spelling import fold

LARGEST_BLOCK = 40
"""What more rows than this share tells nothing: half a town is called "Bau"."""

SAME = 0.9
"""From this strength on two are said to be the same without a doubt."""

ALIKE = 0.6
"""From this strength on a person is asked."""


class Sign(StrEnum):
    """What two have in common, or what tells them apart."""

    NAME = "name"
    LIKE_NAME = "like_name"
    PLACE = "place"
    ADDRESS = "address"
    DOMAIN = "domain"
    PHONE = "phone"
    PERSON = "person"
    OTHER_PLACE = "other_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is known of an organisation or a private customer; `phones` and `mails` of its people.

    `region` is where its numbers are dialled ("DE", "AT", "CH").
    """

    id: int
    name: str
    place: str = ""
    address: str = ""
    region: str = "DE"
    is_consumer: bool = False
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """What is known of a person of a house."""

    id: int
    house: int
    name: str
    mail: str = ""
    phone: str = ""
    region: str = "DE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two that may be one; `first` is the smaller id. `strength` is from `ALIKE` to 1."""

    first: int
    second: int
    strength: float
    signs: tuple[Sign, ...]


def like_houses(rows: Sequence[House]) -> tuple[Pair, ...]:
    """Return the pairs of houses that may be one, the most alike first."""
    return _ordered(_pair(a, b, *_houses(a, b)) for a, b in _blocked(rows, _house_keys))


def like_people(rows: Sequence[Somebody]) -> tuple[Pair, ...]:
    """Return the pairs of people of one house who may be one, the most alike first."""
    return _ordered(_pair(a, b, *_people(a, b)) for a, b in _blocked(rows, _person_keys))


def like_known_houses(fresh: Sequence[House], known: Sequence[House]) -> tuple[Pair, ...]:
    """Return the pairs of a new house and a known one that may be one, the most alike first."""
    found = _between(fresh, _blocked([*fresh, *known], _house_keys))
    return _ordered(_pair(a, b, *_houses(a, b)) for a, b in found)


def like_known_people(fresh: Sequence[Somebody], known: Sequence[Somebody]) -> tuple[Pair, ...]:
    """Return the pairs of a new person and a known one of the house, the most alike first."""
    found = _between(fresh, _blocked([*fresh, *known], _person_keys))
    return _ordered(_pair(a, b, *_people(a, b)) for a, b in found)


def alike(one: House, other: House) -> Pair | None:
    """Return two houses as a pair, None where nothing says that they are one."""
    first, second = sorted((one, other), key=lambda row: row.id)
    return _pair(first, second, *_houses(first, second))


def alike_people(one: Somebody, other: Somebody) -> Pair | None:
    """Return two people as a pair, None where nothing says that they are one."""
    first, second = sorted((one, other), key=lambda row: row.id)
    return _pair(first, second, *_people(first, second))


_Row = House | Somebody
_RowT = TypeVar("_RowT", House, Somebody)


def _pair(a: _Row, b: _Row, strength: float, signs: tuple[Sign, ...]) -> Pair | None:
    if strength < ALIKE:
        return None
    return Pair(first=a.id, second=b.id, strength=strength, signs=signs)


def _ordered(found: Iterable[Pair | None]) -> tuple[Pair, ...]:
    pairs = [pair for pair in found if pair]
    return tuple(sorted(pairs, key=lambda pair: (-pair.strength, pair.first, pair.second)))


def _blocked(
    rows: Sequence[_RowT], keys: Callable[[_RowT], Iterable[Hashable]]
) -> Iterator[tuple[_RowT, _RowT]]:
    """Yield each two rows once that share a key which few have."""
    blocks: dict[Hashable, list[_RowT]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        for key in set(keys(row)):
            blocks[key].append(row)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) > LARGEST_BLOCK:
            continue
        for a, b in combinations(block, 2):
            if (a.id, b.id) not in seen:
                seen.add((a.id, b.id))
                yield a, b


def _between(
    fresh: Sequence[_RowT], pairs: Iterable[tuple[_RowT, _RowT]]
) -> Iterator[tuple[_RowT, _RowT]]:
    ours = {row.id for row in fresh}
    return ((a, b) for a, b in pairs if (a.id in ours) != (b.id in ours))


def _house_keys(row: House) -> Iterator[Hashable]:
    name = house_name(row.name)
    yield "name", "".join(sorted(name.split()))
    for town in _towns(row) or {""}:
        for word in name.split():
            if len(word) >= _SHORTEST_WORD:
                yield "near", word[:_SHORTEST_WORD], town
    for domain in _domains(row):
        yield "domain", domain
    for phone in _phones(row):
        yield "phone", phone
    if street := _street(row.address):
        yield "street", street, *sorted(_postcodes(row))


def _person_keys(row: Somebody) -> Iterator[Hashable]:
    # A house has few people: there everybody is compared with everybody.
    yield row.house


def _houses(a: House, b: House) -> tuple[float, tuple[Sign, ...]]:
    """Weigh the names first: what else two have in common confirms them, or stands for them."""
    name = _name_likeness(a, b)
    if _has_other_number(a.name, b.name) or (a.is_consumer != b.is_consumer and name < 1):
        return 0.0, ()
    shared = _shared(a, b)
    is_near = bool({Sign.PLACE, Sign.ADDRESS} & set(shared))
    is_reached = bool({Sign.DOMAIN, Sign.PHONE} & set(shared))
    named: tuple[Sign, ...] = (Sign.NAME,) if name == 1 else (Sign.LIKE_NAME,) if name else ()
    is_far = Sign.OTHER_PLACE in shared
    if name == 1:
        strength = _one_name(
            is_consumer=a.is_consumer, is_near=is_near, is_far=is_far, is_reached=is_reached
        )
    elif name:
        strength = (0.7 if is_far else 0.92) if is_reached else (0.72 if is_near else 0.4)
    else:
        strength = _without_name(set(shared))
    return strength, (*named, *shared)


def _one_name(*, is_consumer: bool, is_near: bool, is_far: bool, is_reached: bool) -> float:
    if is_reached:
        return 0.8 if is_far else 0.97
    if is_far:
        return 0.3
    if is_near:
        return 0.9 if is_consumer else 0.95
    return 0.65 if is_consumer else 0.85


def _without_name(shared: set[Sign]) -> float:
    """Two names that have nothing in common: a house that changed its name, or two in one hall."""
    if Sign.PERSON in shared and shared & {Sign.DOMAIN, Sign.PHONE, Sign.ADDRESS}:
        return 0.7
    return 0.65 if len(shared & {Sign.DOMAIN, Sign.PHONE, Sign.ADDRESS}) > 1 else 0.0


def _name_likeness(a: House, b: House) -> float:
    """Return 1 for one name, from 0.6 to 1 for like ones, 0 else."""
    if a.is_consumer and b.is_consumer:
        people = person_likeness(a.name, b.name)
        return people if people >= PERSON_LIKE else 0.0
    likeness = house_likeness(a.name, b.name)
    return likeness if likeness >= HOUSE_LIKE else _contained(a.name, b.name)


def _contained(one: str, other: str) -> float:
    """The shorter name stands in the longer one: Huber, Metallbau Huber."""
    few, many = sorted((set(house_name(one).split()), set(house_name(other).split())), key=len)
    is_in = bool(few) and few < many and any(len(word) >= _SHORTEST_WORD for word in few)
    return 0.6 if is_in else 0.0


def _shared(a: House, b: House) -> tuple[Sign, ...]:
    found = []
    here, there = _towns(a) | _postcodes(a), _towns(b) | _postcodes(b)
    street = _street(a.address)
    if street and street == _street(b.address) and (not here or not there or here & there):
        found.append(Sign.ADDRESS)
    elif here & there:
        found.append(Sign.PLACE)
    elif here and there:
        found.append(Sign.OTHER_PLACE)
    if _domains(a) & _domains(b):
        found.append(Sign.DOMAIN)
    if _phones(a) & _phones(b):
        found.append(Sign.PHONE)
    if any(person_likeness(p, q) == 1 for p in a.people for q in b.people):
        found.append(Sign.PERSON)
    return tuple(found)


def _people(a: Somebody, b: Somebody) -> tuple[float, tuple[Sign, ...]]:
    if a.house != b.house:
        return 0.0, ()
    one, other = _told_name(a), _told_name(b)
    is_phone = bool(a.phone) and dialled(a.phone, a.region) == dialled(b.phone, b.region) != ""
    phone = (Sign.PHONE,) if is_phone else ()
    if not (one and other):
        # A number without a name beside it: the switchboard's belongs to everybody.
        return (0.65, phone) if is_phone else (0.0, ())
    name = person_likeness(one, other)
    if name == 1 and person_name(one).is_full:
        return 0.97 if is_phone else 0.93, (Sign.NAME, *phone)
    if name >= PERSON_LIKE:
        return 0.92 if is_phone else 0.75, (Sign.LIKE_NAME, *phone)
    if name > 0:
        return 0.85 if is_phone else 0.62, (Sign.LIKE_NAME, *phone)
    return 0.0, ()


def _told_name(row: Somebody) -> str:
    """The name, or what the address tells of it: "hans.mueller@"."""
    if row.name:
        return row.name
    pieces = re.split(r"[._-]", row.mail.partition("@")[0])
    is_told = len(pieces) > 1 and all(piece.isalpha() for piece in pieces)
    return " ".join(pieces) if is_told else ""


def _has_other_number(one: str, other: str) -> bool:
    """The one is Kita 1, the other Kita 2."""
    a, b = (set(re.findall(r"\d+", name)) for name in (one, other))
    return bool(a and b and a != b)


def _domains(row: House) -> set[str]:
    return {domain for mail in row.mails if (domain := house_domain(mail))}


def _phones(row: House) -> set[str]:
    return {number for phone in row.phones if (number := dialled(phone, row.region))}


def _towns(row: House) -> frozenset[str]:
    return _towns_in(row.place, row.address)


def _postcodes(row: House) -> frozenset[str]:
    return _postcodes_in(f"{row.place} {row.address}")


@lru_cache(maxsize=100_000)
def _towns_in(place: str, address: str) -> frozenset[str]:
    last = address.strip().rpartition("\n")[2]
    text = place or (last if re.search(r"\d{4,5}", last) else "")
    return frozenset(re.findall(r"[^\W\d_]{3,}", fold(text))) - _IN_TOWNS


@lru_cache(maxsize=100_000)
def _postcodes_in(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<!\d)\d{4,5}(?!\d)", text))


@lru_cache(maxsize=100_000)
def _street(address: str) -> str:
    """Return street and number: "hauptstr 12a" for Hauptstraße 12 a; "" where there is none."""
    found = _STREET.search(fold(address).replace("\n", " "))
    if found is None:
        return ""
    name = re.sub(r"stra(?:sse|ss)\b|str\b\.?", "str", found["name"]).strip()
    return f"{re.sub(r'[^a-z]', '', name)} {found['number'].replace(' ', '')}"


_SHORTEST_WORD = 4
_IN_TOWNS = frozenset({"bei", "bad", "sankt", "der", "den", "des", "dem", "main", "ober", "unter"})
_STREET = re.compile(
    r"(?P<name>[^\W\d_][^\d,;]*?)[\s.]+(?P<number>\d{1,4}(?:\s?[a-z](?![a-z]))?)(?=\W|$)"
)
