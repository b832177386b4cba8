"""What the pages about twins show: plain values, finished for the template."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """One of two: its name, where it is and who is there; `sums` counts what it has."""

    id: int
    name: str
    second: str
    sums: str
    has_objected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinRow:
    """Two that may be one, and why; `is_sure`: nobody would doubt it."""

    table: str
    one: SideRow
    other: SideRow
    why: str
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergerRow:
    """Two that were made one; `id` is what parts them again."""

    id: int
    table: str
    kept_id: int  # the prospect whose page shows it
    kept: str
    gone: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApartRow:
    """Two of whom a person said that they are two."""

    id: int
    one: str
    other: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A field of both sides; where they differ, one is chosen: `is_gone` says which is proposed."""

    name: str
    label: str
    one: str
    other: str
    is_gone: bool

    @property
    def differs(self) -> bool:
        """A person has to choose."""
        return bool(self.one and self.other and self.one != self.other)

    @property
    def value(self) -> str:
        """What holds where there is nothing to choose."""
        return self.one or self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinPage:
    """Two side by side, and what the one of them will be; `kept` is the side that stays."""

    row: TwinRow
    fields: tuple[FieldRow, ...]
    sums: str
    objection: str  # a sentence where one of them has objected
    back_id: int  # the prospect of the pair


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinsPage:
    """Pairs to look at, the surest first; what was merged and said to be two of late."""

    rows: tuple[TwinRow, ...]
    total: int
    page: int
    pages: int
    mergers: tuple[MergerRow, ...]
    aparts: tuple[ApartRow, ...]
