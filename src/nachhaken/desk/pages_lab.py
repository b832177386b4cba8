"""What the workshop shows: other numbers and what they would change, and ways to follow up.

The rules of `pages` hold here, too.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from nachhaken.desk.charts.values import Bars
from nachhaken.learning.insight.values import Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The user's own numbers: margin in per cent, the rest in EUR."""

    margin: int
    hour_eur: int
    hold_eur_per_day: float
    opt_out_eur: int


class Turn(StrEnum):
    """How a step changes under other numbers, in the order in which it is shown."""

    LET_GO = "let_go"
    GO_ON = "go_on"
    OTHER = "other"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNow:
    """A step in words, its day (None: none), and what it is worth more than waiting, in cents."""

    step: str
    due: date | None
    gain_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedRow:
    """A matter whose step changes."""

    id: int
    prospect: str
    title: str
    before: StepNow
    after: StepNow


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedGroup:
    """The matters whose step changes in the same way."""

    turn: Turn
    rows: tuple[TurnedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfPage:
    """What other numbers would change: `looked_at` of `open_total` open matters were judged.

    `gain_before` and `gain_after` are what their steps are worth together, in cents.
    """

    looked_at: int
    open_total: int
    groups: tuple[TurnedGroup, ...]
    gain_before: int
    gain_after: int
    is_same: bool

    @property
    def changed(self) -> int:
        return sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """What one way to follow up brings in a matter, each figure with its 90 % interval."""

    name: str
    about: str
    is_best: bool
    eur: Measured
    yes: Measured
    early_no: Measured
    late_no: Measured
    hours: Measured
    annoyed: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class WinRow:
    """In how many of the drawn worlds a way brings most."""

    name: str
    wins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPage:
    """The comparison of ways: not begun, under way (`done` of `total` parts), or there.

    `says` is the answer, `robust` how it holds where customers are otherwise; `value_cents` the
    margin of an order that was reckoned with, from `offers` own offers (0: a usual one).
    `may_lose`: the span of a way reaches below nothing.
    """

    value_cents: int
    offers: int
    is_own: bool
    is_under_way: bool = False
    done: int = 0
    total: int = 0
    rows: tuple[WayRow, ...] = ()
    wins: tuple[WinRow, ...] = ()
    worlds: int = 0
    eur: Bars | None = None
    may_lose: bool = False
    ahead: Bars | None = None
    says: str = ""
    robust: str = ""
