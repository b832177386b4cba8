"""What the page of a week shows: what got clear, what is stuck, what to let go and to push.

The rules of `pages` hold here, too.
"""

from dataclasses import dataclass, field
from datetime import date

from nachhaken.desk.pursuit import PointRow
from nachhaken.desk.rows import StepRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week from Monday to Sunday; `name` is its number as in an address: 2026-W47."""

    name: str
    number: int
    monday: date
    sunday: date
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearRow:
    """A matter that ended: how, on which day, after which own work, and whether late."""

    id: int
    prospect: str
    title: str
    status: str
    is_won: bool
    is_late: bool
    on: date
    days: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckRow:
    """An open matter that does not move, what it waits for, and what the desk proposes."""

    id: int
    prospect: str
    title: str
    points: tuple[PointRow, ...]
    step: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGoRow:
    """A matter in which going on costs more than it brings, or hardly less: in words."""

    id: int
    prospect: str
    title: str
    why: str
    worth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRow:
    """A promise that was given up in the week, or fell due in it and stands open."""

    opportunity_id: int
    prospect: str
    title: str
    point: PointRow


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclearRow:
    """What an open matter of which it is not clear took in the week, in own minutes and cents."""

    id: int
    prospect: str
    title: str
    minutes: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """The work of the week in matters that are not clear; the costliest first."""

    minutes: int = 0
    cents: int = 0
    matters: int = 0
    rows: tuple[UnclearRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One week on one page; the totals count what is cut, too; `late` counts noes.

    What is stuck, to let go and to push is as things stand today, whatever the week.
    """

    week: Week
    today: date
    owner: int | None
    owners: tuple[tuple[int, str], ...]
    clear: tuple[ClearRow, ...]
    clear_total: int
    won: int
    late: int
    clear_minutes: int
    stuck: tuple[StuckRow, ...]
    stuck_total: int
    let_go: tuple[LetGoRow, ...]
    push: tuple[StepRow, ...]
    broken: tuple[BrokenRow, ...]
    unclear: Unclear = field(default_factory=Unclear)

    @property
    def is_empty(self) -> bool:
        """Nothing happened, and nothing is to be done."""
        return not (
            self.clear
            or self.stuck
            or self.let_go
            or self.push
            or self.broken
            or self.unclear.minutes
        )
