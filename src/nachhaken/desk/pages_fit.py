"""The values of the pages about fit: a rating as it is asked for and shown, and a finished job."""

from dataclasses import dataclass
from datetime import datetime

from nachhaken.engine.fit import Level

FIRST, AGAIN = "first", "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """Friction or warmth in a reply: what it is, in whose words, and for what it may count.

    `value` names reply and kind; `criterion` is the key of what it speaks to, "" for nothing that
    is asked; `points` are -1 or 1.
    """

    value: str
    entry_id: int
    what: str
    words: str
    criterion: str
    points: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A criterion as it is asked for; `points` are those of the seller's last rating."""

    key: str
    name: str
    points: int | None
    evidence: tuple[EvidenceRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPage:
    """What the page that rates needs; `rest` is evidence for nothing that is asked."""

    id: int
    prospect: str
    title: str
    asked: tuple[AskedRow, ...]
    energy: int | None
    note: str
    rest: tuple[EvidenceRow, ...]

    @property
    def evidence(self) -> tuple[EvidenceRow, ...]:
        """All of it."""
        return (*(one for row in self.asked for one in row.evidence), *self.rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """An answer: the criterion's name and its points."""

    name: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRow:
    """A seller's rating of a customer: in a word, its marks, whose and when."""

    seller_id: int
    seller: str
    level: Level
    marks: tuple[MarkRow, ...]
    energy: int | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """How a won job went: minutes beyond the plan, what was left, and which limits held."""

    minutes: int | None
    margin_cents: int | None
    currency: str
    again: bool | None
    limits: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSection:
    """Fit on the page of an opportunity: that of whom it belongs to, and what it changes.

    `offered` is "first" after a first talk that was not rated, "again" after a later one. `job` is
    how it went; `asks_job` that it was won some weeks ago and nobody said.
    """

    row: FitRow | None
    changes: tuple[str, ...]
    offered: str
    job: JobRow | None
    may_finish: bool
    asks_job: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """What the page of a finished job needs: the limits agreed on, and what was said last."""

    id: int
    prospect: str
    title: str
    currency: str
    limits: tuple[str, ...]
    planned_minutes: int | None
    worked_minutes: int | None
    margin_cents: int | None
    again: bool | None
    kept: tuple[bool, ...]
    note: str
