"""What the pages of the imports show: plain values, finished for the template."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """Where an import is, as its page tells it."""

    LOOKING = "looking"
    SEEN = "seen"
    REFUSED = "refused"
    RUNNING = "running"
    STOPPED = "stopped"
    PLANNING = "planning"
    DONE = "done"
    FAILED = "failed"
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """How far it is: `stage` is look, read, write or plan; `total` 0 where nobody knows."""

    stage: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Whole per cent of this stage."""
        return min(100 * self.done // self.total, 100) if self.total else 0

    @property
    def left(self) -> int:
        """How many are still to come."""
        return max(self.total - self.done, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One import in the list."""

    id: int
    name: str
    kind: str
    about: str
    at: datetime
    actor: str
    stage: Stage
    new: int
    changed: int
    same: int
    unmatched: int
    faults: int
    progress: ProgressView | None
    is_revertible: bool

    @property
    def is_moving(self) -> bool:
        """Something is being done just now."""
        return self.stage in {Stage.LOOKING, Stage.RUNNING, Stage.PLANNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column with its header, the field that it is taken for, and examples."""

    index: int
    header: str
    field: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultView:
    """What is wrong in one place; `row` None where it is about the whole."""

    row: int | None
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyView:
    """Somebody new who may be somebody known, at the prospect with this number, and why."""

    name: str
    known: str
    prospect_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """What a look found. `refused` and `missing` are sentences: no table, or a column short.

    `likely` are newcomers who may be somebody known. `first` are the first rows as they would be
    read, cells below `heads`.
    """

    refused: str = ""
    missing: str = ""
    about: str = ""
    program: str = ""
    profile: str = ""
    columns: tuple[ColumnView, ...] = ()
    fields: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    first: tuple[tuple[str, ...], ...] = ()
    new: int = 0
    changed: int = 0
    same: int = 0
    unmatched: int = 0
    skipped: int = 0
    doubtful: int = 0
    objecting: int = 0
    left_out: int = 0
    faults: tuple[FaultView, ...] = ()
    notes: tuple[FaultView, ...] = ()
    likely: tuple[LikelyView, ...] = ()
    likely_count: int = 0

    @property
    def brings(self) -> bool:
        """There is something to take in."""
        return bool(self.new or self.changed or self.unmatched)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """One import, from the look to what can be taken back.

    `earlier` is when the same file was taken in before; `until` when taking back ends; `following`
    is the next upload of the user that waits.
    """

    row: ImportRow
    size: int
    is_table: bool
    look: LookView | None
    skipped: int
    doubtful: int
    sentences: tuple[str, ...]
    has_left: bool
    is_settled: bool
    earlier: datetime | None
    until: datetime | None
    reverted_at: datetime | None
    reverted_by: str
    following: ImportRow | None = None
    lacks_mailbox: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportList:
    """Imports, the newest first, paged; `waiting` are uploads of the user that nobody took in."""

    rows: tuple[ImportRow, ...]
    waiting: tuple[ImportRow, ...]
    total: int
    page: int
    pages: int
    lacks_mailbox: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StayingRow:
    """An opportunity that stays, and why: "worked" by people, "other" import."""

    id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalPage:
    """What taking an import back does: what goes, by kind, and what stays."""

    row: ImportRow
    opportunities: int
    entries: int
    fields: int
    unmatched: int
    staying: tuple[StayingRow, ...]
    staying_total: int
    until: datetime | None

    @property
    def contacts(self) -> int:
        """How many contacts the import brought, where it brought nothing else."""
        others = self.opportunities or self.entries or self.unmatched or self.staying_total
        return 0 if others else self.row.new
