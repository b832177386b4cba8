"""What is pursued with a customer: promises, consents, goals, rhythm, and key points."""

from dataclasses import dataclass
from datetime import date

from nachhaken.terms import Channel, ConsentScope, Form, StepKind

LONGEST_PAUSE = 250  # working days: a year
MOST_IMPORTANT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A checkable promise by either side."""

    by_us: bool
    what: str
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSettled:
    """The promise of entry `promise_id` was kept, or broken."""

    promise_id: int
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMoved:
    """The promise of entry `promise_id` is due on another day; None: no day is agreed."""

    promise_id: int
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """The customer agreed to be contacted, in these `words`, said over `heard_on`.

    `channel` is the one that they agreed to, None for every one. `window` is when they agreed to
    hear from us: a consent with a window ends with it. `evidence` says what proves it, `rule` the
    law's rule that asked for it (country and row).
    """

    words: str
    heard_on: Channel
    channel: Channel | None = None
    scope: ConsentScope = ConsentScope.FOLLOW_UP
    window: tuple[date, date] | None = None
    person_id: int | None = None
    evidence: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn:
    """The consent of entry `consent_id` holds no more."""

    consent_id: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSet:
    """What the seller wants to reach here, and at least; empty: what the step says."""

    goal: str = ""
    minimum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """The seller fixed the next step and its day; it stands until the next contact."""

    step: StepKind
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceSet:
    """The seller's own rhythm: working days to the first, second … further touch after an offer.

    Empty: the desk's plan holds again.
    """

    workdays: tuple[int, ...]

    def __post_init__(self) -> None:
        if not all(0 < days <= LONGEST_PAUSE for days in self.workdays):
            raise ValueError("a cadence counts working days, from 1 to 250")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPointSet:
    """What the customer shall keep in mind; `importance` is relative to the other points."""

    text: str
    importance: float = 1.0

    def __post_init__(self) -> None:
        if not (self.text.strip() and 0 < self.importance <= MOST_IMPORTANT):
            raise ValueError("a key point needs words and an importance from above 0 to 10")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPointDropped:
    """The key point of entry `key_point_id` is not to be repeated any more."""

    key_point_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conveyed:
    """A contact brought these key points (entry ids) in a form; `two_way`: as a talk."""

    key_points: tuple[int, ...]
    form: Form
    two_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """What the customer told about themselves."""

    what: str
