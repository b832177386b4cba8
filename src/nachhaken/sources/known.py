"""What matching works on: whom the desk knows, and by what they are recognised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from nachhaken.sources.freemail import house_domain
from nachhaken.sources.names import house_key, person_name

K = TypeVar("K")
V = TypeVar("V")


class Direction(StrEnum):
    """Whether a customer wrote to us, we to a customer, or neither."""

    IN = "in"
    OUT = "out"
    UNRELATED = "unrelated"


class MatchReason(StrEnum):
    """What decided, or who might be meant. The first block is certain, the second doubtful."""

    THREAD = "thread"
    OFFER_NUMBER = "offer_number"
    TITLE = "title"
    ONLY_OPPORTUNITY = "only_opportunity"
    LATEST_OPPORTUNITY = "latest_opportunity"
    NUMBER_AND_DOMAIN = "number_and_domain"
    NUMBER_AND_NAME = "number_and_name"
    PERSON_ONLY = "person_only"

    NUMBER_NAMED = "number_named"
    SAME_PHONE = "same_phone"
    SAME_DOMAIN = "same_domain"
    SAME_HOUSE = "same_house"
    SAME_NAME = "same_name"
    UNKNOWN = "unknown"


DOUBTFUL = frozenset({
    MatchReason.NUMBER_NAMED, MatchReason.SAME_PHONE, MatchReason.SAME_DOMAIN,
    MatchReason.SAME_HOUSE, MatchReason.SAME_NAME,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOpportunity:
    """What can be recognised of an opportunity, and from when to when something happened in it."""

    id: int
    title: str
    offer_numbers: tuple[str, ...] = ()
    first_at: datetime
    last_at: datetime
    prospect_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody by name and number; `phone` as the whole world dials it, "" where unknown."""

    id: int
    prospect_id: int
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Whom the desk knows. Addresses and message ids are lower case without angle brackets.

    `people` maps each address to its person, `opportunities` a person to those of the prospect,
    `threads` a message id to the opportunity that the message belongs to. `strangers` are people
    who are told from others by name, number or domain alone, `houses` their prospects' names, and
    `numbers` the opportunities by the offer numbers that the mails may name (see `squeezed`).
    """

    own: frozenset[str]
    people: Mapping[str, int]
    opportunities: Mapping[int, tuple[KnownOpportunity, ...]]
    threads: Mapping[str, int] = field(default_factory=dict)
    strangers: tuple[KnownPerson, ...] = ()
    houses: Mapping[int, str] = field(default_factory=dict)
    numbers: Mapping[str, tuple[KnownOpportunity, ...]] = field(default_factory=dict)
    by_domain: Mapping[str, tuple[int, ...]] = field(init=False, repr=False)
    by_last_name: Mapping[str, tuple[KnownPerson, ...]] = field(init=False, repr=False)
    by_phone: Mapping[str, tuple[KnownPerson, ...]] = field(init=False, repr=False)
    by_house: Mapping[str, tuple[int, ...]] = field(init=False, repr=False)
    house_of: Mapping[int, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = self.strangers
        domains = ((house_domain(address), person) for address, person in self.people.items())
        last_names = ((person_name(one.name).last, one) for one in known)
        houses = ((house_key(name), pk) for pk, name in self.houses.items())
        for name, found in (
            ("by_domain", _grouped(domains)),
            ("by_last_name", _grouped(last_names)),
            ("by_phone", _grouped((one.phone, one) for one in known)),
            ("by_house", _grouped(houses)),
            ("house_of", {one.id: one.prospect_id for one in known}),
        ):
            object.__setattr__(self, name, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why somebody may be meant; `what` is the domain, number or name that says so."""

    reason: MatchReason
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody, and perhaps something, that the mail may be about.

    `prospect_id` is the house, None where only the person is known. `strength` is from 0 to 1: the
    share of mails with these grounds that belong there, as far as a person would guess.
    """

    person_id: int | None = None
    opportunity_id: int | None = None
    prospect_id: int | None = None
    grounds: tuple[Ground, ...] = ()
    strength: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where a mail belongs; `candidates` are for a person to choose from where that is open."""

    direction: Direction
    person_id: int | None
    opportunity_id: int | None
    reason: MatchReason
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Nobody knows whose it is, but somebody may be meant."""
        return self.reason in DOUBTFUL


def squeezed(number: str) -> str:
    """Return an offer number as `Directory.numbers` has it: small letters and digits alone."""
    return "".join(char for char in number.casefold() if char.isalnum())


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        if key:
            found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
