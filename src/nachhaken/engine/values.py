"""What goes into the engine and what comes out: acts, answers, a case, a judgement.

Everything here is numbers: days are floats counted from the first offer (day 0), money is euros.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Action(StrEnum):
    """What the seller can do, in the axis order of the tables."""

    WAIT7 = "wait7"
    WAIT30 = "wait30"
    MAIL = "mail"
    CALL = "call"
    ASK_WHAT = "ask_what"
    CLARIFY = "clarify"
    INVEST = "invest"
    STOP = "stop"


class Symbol(StrEnum):
    """What the customer can answer, in the axis order of the tables."""

    YES = "yes"
    ENGAGED = "engaged"
    STALLED_NAMED = "stalled_named"
    LATER_VAGUE = "later_vague"
    NONCOMMITTAL = "noncommittal"
    NO = "no"
    REQUOTE = "requote"
    OPT_OUT = "opt_out"
    REFERRAL = "referral"
    AUTO_REPLY = "auto_reply"


class Moment(NamedTuple):
    """A point in time: calendar days and working days since day 0 (both may be fractional)."""

    day: float
    workday: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """We touched the customer at `at`; `ref` is the timeline entry."""

    at: Moment
    action: Action
    ref: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The customer answered at `at`.

    `symbols` maps symbols to probabilities in [0, 1]; what is missing to 1 is "something else"
    (likelihood 1 for every truth). `window` is the agreed call-back time in days since day 0;
    `away_until` is the return day that an automatic reply gives.
    """

    at: Moment
    symbols: Mapping[Symbol, float]
    ref: int
    window: tuple[float, float] | None = None
    away_until: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """The seller's gut feeling: weak evidence for or against a dead horse."""

    at: Moment
    dead_horse: bool
    ref: int


Evidence = Acted | Heard | Felt


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One open opportunity: what happened until `now`, and the days ahead that a plan may use.

    `history` is the customer's earlier (offers, orders); `value` the contribution margin in EUR.
    `ahead` are the coming moments at which a step would be possible, in order, `now` first.
    """

    evidence: tuple[Evidence, ...]
    now: Moment
    ahead: tuple[Moment, ...]
    value: float
    history: tuple[int, int] = (0, 0)
    last_order: int = 0


class Belief(NamedTuple):
    """Probabilities of the four truths; they sum to 1."""

    genuine: float
    stalled: float
    pretend: float
    lost: float


class Weight(NamedTuple):
    """What one event did to "genuine" (genuine or stalled), in decibans.

    `what` is "prior", "history", "acted", "heard", "felt" or "time"; `ref` the timeline entry, 0
    for none; `until` the moment up to which this line counts. `silence` is the part of a "time"
    that silence alone accounts for; the rest is that truths change.
    """

    what: str
    ref: int
    decibans: float
    until: Moment
    silence: float = 0.0


class Point(NamedTuple):
    """The belief at a moment, for the course over time."""

    at: Moment
    belief: Belief


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the engine thinks now, what each action is worth, and when to act.

    `values` are expected EUR per action from now on; `due` indexes `Case.ahead`: the first moment
    at which some action beats waiting under continuing silence (None: within the horizon nothing
    does); `action` is the best one then, `gain` what it is worth more than waiting, `runner_up` the
    next best; `tied_with` are the steps of equal worth that teach less. `weights` sum to the
    present log-odds of "genuine" (telescoping, exact). For now hold: `bits`, what each action's
    answer tells about the truth; in EUR `worth_of_knowing` the truth, `worth_of_asking` openly (the
    answer alone) and `cost_of_asking`.
    """

    belief: Belief
    course: tuple[Point, ...]
    weights: tuple[Weight, ...]
    values: Mapping[Action, float]
    due: int | None
    action: Action
    gain: float
    runner_up: tuple[Action, float] | None
    tied_with: tuple[Action, ...]
    bits: Mapping[Action, float]
    worth_of_knowing: float
    worth_of_asking: float
    cost_of_asking: float
