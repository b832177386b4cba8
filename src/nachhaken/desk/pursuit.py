"""What a page shows of persistence: the goal, the path, open points, key points and consents.

The rules of `pages` hold here, too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from nachhaken.terms import Channel, ConsentScope, Form, StepKind


class PointState(StrEnum):
    """What became of an open point."""

    OPEN = "open"
    OVERDUE = "overdue"
    KEPT = "kept"
    BROKEN = "broken"


class ConsentState(StrEnum):
    """Whether a consent stands, and why not; `UNDONE`: it was noted by mistake."""

    STANDS = "stands"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRow:
    """A step of the path, its day, and why then."""

    kind: StepKind
    step: str
    on: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRow:
    """The step that the seller fixed; `entry_id` is what is taken back to loosen it."""

    entry_id: int
    step: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """Something that either side owes, or a condition in the customer's words."""

    id: int
    what: str
    by_us: bool
    due: date | None
    state: PointState
    is_condition: bool

    @property
    def is_open(self) -> bool:
        """Somebody still owes it."""
        return self.state in {PointState.OPEN, PointState.OVERDUE}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPointRow:
    """What the customer shall keep in mind, and about which share of it they do.

    `conveyed` says in what form and when it was said, the newest first; `again` in what form it is
    worth saying again, None while enough of it is in mind.
    """

    id: int
    text: str
    in_mind: float
    conveyed: tuple[tuple[Form, date], ...]
    again: Form | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """A consent that stands: words, the day, how it was heard, for what contact, in which days."""

    id: int
    on: date
    words: str
    heard_on: Channel
    channel: Channel | None
    scope: ConsentScope
    window: tuple[date, date] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """A consent as evidence, whether it stands or not; moments are in the user's zone.

    `ended_at` is when it was withdrawn, objected to or taken back; `ended_words` what was said.
    """

    id: int
    opportunity_id: int | None
    opportunity: str
    person: str
    words: str
    at: datetime
    heard_on: Channel
    channel: Channel | None
    scope: ConsentScope
    window: tuple[date, date] | None
    evidence: str
    rule: str
    noted_by: str
    noted_at: datetime
    state: ConsentState
    ended_at: datetime | None
    ended_by: str
    ended_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pursuit:
    """What is pursued in an opportunity, and what both sides agreed on.

    `goal` and `minimum` are the seller's own, or the step's. `cadence` counts working days, empty
    for the desk's own. `ground` says on what ground the law allows a call now, or why not.
    """

    goal: str
    minimum: str
    pin: PinRow | None
    cadence: tuple[int, ...]
    points: tuple[PointRow, ...]
    key_points: tuple[KeyPointRow, ...]
    consents: tuple[ConsentRow, ...]
    may_call: bool
    ground: str

    @property
    def open_points(self) -> tuple[PointRow, ...]:
        """The points that somebody still owes, what is due first before what has no day."""
        waiting = [point for point in self.points if point.is_open]
        return tuple(sorted(waiting, key=lambda p: (p.due or date.max, p.id)))

    @property
    def settled_points(self) -> tuple[PointRow, ...]:
        """The points that were kept or broken, the newest first."""
        return tuple(point for point in reversed(self.points) if not point.is_open)
