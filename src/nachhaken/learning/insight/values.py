"""What is shown of the own past: plain values, each with how many cases it rests on.

Minutes are own work before the decision; money is integer cents by currency, never added across
currencies. A figure that the cases do not carry is None, and the page says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nachhaken.learning.shares import Share
from nachhaken.terms import NoReason, OurReason

LATE_DAYS = 45
"""Later than this after the first offer (the first inquiry where there is none) is late."""

LATE_MINUTES = 240
"""And so is what took more own work than this; shared/engine.md, 2.5."""

Cents = Mapping[str, int]
"""Integer cents by currency (ISO 4217)."""


class Segment(StrEnum):
    """Whom one sells to."""

    BUSINESS = "business"
    CONSUMER = "consumer"


class Band(StrEnum):
    """The net amount of the newest offer: below 1,000, 5,000 and 20,000 of its currency, above."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"
    UNKNOWN = "unknown"


class OfferType(StrEnum):
    """Is it the customer's first offer, or did we make them offers before?"""

    FIRST = "first"
    AGAIN = "again"


class Ending(StrEnum):
    """How a matter became clear."""

    EARLY_YES = "early_yes"
    LATE_YES = "late_yes"
    EARLY_NO = "early_no"
    LATE_NO = "late_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One of the four fields: how many, what they took (`minutes`, `sunk`) and were about."""

    count: int = 0
    minutes: int = 0
    sunk: Cents
    amount: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An estimated figure with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The minutes not spent thanks to early noes, against comparable matters that went on.

    None where fewer than `least` matters went on beyond the day on which these ended.
    """

    minutes: Measured | None
    early: int
    compared: int
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarityPoint:
    """By day `day`, which share had a yes, and which a no (Aalen-Johansen)."""

    day: int
    yes: Share
    no: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarity:
    """How long it takes until it is clear; `open_cases` are censored where they stand today.

    `median_days` is None where less than half become clear in the time that is known.
    """

    points: tuple[ClarityPoint, ...]
    cases: int
    open_cases: int
    median_days: Measured | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What the `nth` follow-up brought; `annoyed` of its settled `cases` annoyed somebody.

    `won` is None where none of the answered ones has ended.
    """

    nth: int
    cases: int
    answered: Share
    won: Share | None
    annoyed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason for a no, ours or theirs (None: not said), with what the offers were about."""

    reason: NoReason | OurReason | None
    is_ours: bool
    count: int
    amount: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Of `cases` to which the desk gave about this `chance`, the share that came true."""

    chance: float
    share: Share
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was said `day` days after the offer; `skill`: how much better than the base rate."""

    day: int
    bins: tuple[Bin, ...]
    cases: int
    skill: Measured | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Were the probabilities true? Of the look that is drawn, and of every look.

    Chances of an order within 180 days, with what was known then: `said` on average, and the share
    that `came` (None of none). `looked_back` of the cases were told late, by an import.
    """

    bins: tuple[Bin, ...]
    cases: int
    looked_back: int
    said: float
    came: Share | None
    skill: Measured | None
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideGut:
    """Of `cases` that the gut called alike: orders, and the desk's mean `chance` in [0, 1]."""

    cases: int = 0
    won: int = 0
    chance: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nose:
    """The gut: of `dead` matters that it called dead `dead_right` were, and so for the living.

    `beside_dead` and `beside_alive` are those of them for which the desk had a chance, too.
    """

    dead: int
    dead_right: int
    alive: int
    alive_right: int
    beside_dead: BesideGut = BesideGut()
    beside_alive: BesideGut = BesideGut()


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a line of the playbook led to; `key` and `version` name it."""

    key: str
    version: str
    cases: int
    answered: Share
    won: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """Everything that the page Auswertung shows of one period, person and segment."""

    decided: int
    open_cases: int
    fields: Mapping[Ending, Field]
    saved: Saved
    clarity: Clarity
    follow_ups: tuple[FollowUp, ...]
    reasons: tuple[Reason, ...]
    reliability: Reliability
    nose: Nose
    used: tuple[Used, ...]
