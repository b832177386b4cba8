"""What can have happened with an opportunity: frozen facts, one kind per class."""

from dataclasses import dataclass
from datetime import date, datetime

from nachhaken.terms import Channel, Intent, NoReason, OutcomeKind, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An inquiry or a first talk: the opportunity begins."""

    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSent:
    """A priced document went out; a higher version revises the one before."""

    number: str
    version: int = 1
    net_cents: int | None = None
    currency: str = "EUR"
    valid_until: date | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """We made contact. `step` is what it was for, where known; `reached` is None for writing."""

    channel: Channel
    step: StepKind = StepKind.MAIL
    reached: bool | None = None
    text: str = ""
    subject: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a person says a reply means; it stands above any machine reading."""

    intent: Intent
    callback: tuple[date, date] | None = None
    condition: str | None = None
    no_reason: NoReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The customer said something. `text` is the new text, without quoted mail and signature."""

    channel: Channel
    text: str = ""
    subject: str = ""
    person_id: int | None = None
    automatic: bool = False
    statement: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortSpent:
    """Own work before the decision."""

    minutes: int
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A meeting or site visit that took place or is agreed."""

    title: str
    ends_at: datetime | None = None


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
class Snoozed:
    """A person moved the next step to a later day, with a reason."""

    until: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GutFelt:
    """The seller's own feeling about the prospect."""

    dead_horse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut:
    """No further contact with this person, or this prospect; absolute."""

    scope: str = "prospect"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The opportunity ended."""

    outcome: OutcomeKind
    no_reason: NoReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A closed opportunity lives again."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A person corrects the reading of the reply in entry `entry_id`."""

    entry_id: int
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Entry `entry_id` does not count any more; undoing an `Undone` brings it back."""

    entry_id: int


Fact = (
    Opened
    | OfferSent
    | Touched
    | Replied
    | EffortSpent
    | Met
    | Promised
    | PromiseSettled
    | Snoozed
    | GutFelt
    | OptedOut
    | Closed
    | Reopened
    | Restated
    | Undone
)
