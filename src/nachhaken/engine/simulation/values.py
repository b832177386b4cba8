"""What a simulation is made of: a world, what a seller sees and does in it, what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import Columns
from nachhaken.engine.model import Array, Model
from nachhaken.engine.solve import Money

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LATE_DAYS, LATE_HOURS = 45.0, 4.0


class End(IntEnum):
    """How an opportunity ended within the horizon."""

    OPEN = 0
    YES = 1
    NO = 2
    OPT_OUT = 3
    STOPPED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How the customers are, whatever the planner believes.

    `value` is the margin of an order in EUR, `horizon` in days. `weeks`: delays of replies count
    Monday to Friday; otherwise every day is a working day, as for the planner. `offered`: the offer
    on day 0 is a mail to a cold customer, as the plan tells it to the engine; otherwise day 0 finds
    the customer fresh and nobody asked, as in the planner's first context. `echoes`: whoever is
    asked again what he has just answered vaguely may merely repeat himself, as the planner has it;
    otherwise all answers are independent, given the truth.
    """

    model: Model
    money: Money = field(default_factory=Money)
    value: float = 4000.0
    horizon: float = 365.0
    weeks: bool = False
    offered: bool = False
    echoes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """What is known of the n opportunities that a conduct is asked about, each on its own day.

    rows [n]: which; day [n]; level, date, work, echo [n]: the context; named [n]: first day of the
    named date, inf for none; symbol [n]: the message since the last question, -1 where only time
    has come; touched, heard [n]: day of the last touch (-inf: none) and of the last message (0:
    none); unanswered [n]: touches since the last message; messages [n,o]: how often each symbol
    came; belief [n,h] by the conduct's own model, [n,0] where it has none. `truth` [n] is for the
    oracle alone.
    """

    rows: Ints
    day: Array
    level: Ints
    date: Ints
    work: Ints
    echo: Ints
    named: Array
    symbol: Ints
    touched: Array
    heard: Array
    unanswered: Ints
    messages: Ints
    belief: Array
    truth: Ints

    @property
    def context(self) -> Ints:
        """Position [n] on the planner's axis of contexts."""
        return ((self.echo * 4 + self.level) * 3 + self.date) * 2 + self.work


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """What is done now: actions [n] by the axis of `ACTIONS`, and when to be asked again.

    until [n]: the day, after now; a message or a reached date asks on its next morning. chance [n]:
    with which probability this action was chosen, for estimates from logs.
    """

    action: Ints
    until: Array
    chance: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """A way to act; `model` is the one by which beliefs are followed for it, if it wants any."""

    choose: Callable[[View], Choice]
    model: Model | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """D decisions by opportunity, then time.

    row, day, context, action [D]; belief [D,h] ([D,0] without a model); truth [D]; chance [D]: of
    the action; eur [D]: what had come in before it, in EUR of day 0.
    """

    row: Ints
    day: Array
    context: Ints
    belief: Array
    truth: Ints
    action: Ints
    chance: Array
    eur: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Results:
    """What came of N opportunities.

    eur [N]: discounted net value; gross [N]: undiscounted, before own hours; hours, day [N]: own
    hours, and the day of the end; end [N]: codes of `End`; seen [W,N]: the truth on the days that
    were asked for, -1 where the matter had ended.
    """

    eur: Array
    gross: Array
    hours: Array
    day: Array
    end: Ints
    seen: Ints

    @property
    def is_late(self) -> Bools:
        """Whether [N] an end without order took long or much work; an open one always has."""
        late = (self.day > LATE_DAYS) | (self.hours > LATE_HOURS)
        return np.asarray((self.end == End.OPEN) | ((self.end != End.YES) & late))


class Record(NamedTuple):
    """Results with the evidence, until the end of each matter, and the decisions.

    workdays [W,N]: the working days until each of the days that were asked for.
    """

    results: Results
    evidence: Columns
    decisions: Decisions
    workdays: Array
