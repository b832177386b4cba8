"""Which way to follow up brings more? Four ways played through in one's own model, and in others.

Shy: one mail after a week, then nothing until it is dropped at day 90. Fixed: eight mails in two
months whatever is heard. Pushy: a mail every three days, and every wish for a new version is served
at once. Nachhaken: what the engine proposes. The simulator plays by the very assumptions that the
engine plans by, so it shows what follows from them, not that they are true.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from nachhaken.engine.model import Array, Model
from nachhaken.engine.planner import planner_for
from nachhaken.engine.policies import Policy
from nachhaken.engine.simulation.conducts import (
    EIGHT_TOUCHES,
    every,
    following,
    scheduled,
    serving,
)
from nachhaken.engine.simulation.play import Conduct, End, Results, World, simulate
from nachhaken.engine.simulation.values import Ints
from nachhaken.engine.simulation.worlds import draw_model
from nachhaken.engine.solve import Money
from nachhaken.learning.compare import by_simulation, lead
from nachhaken.learning.insight.values import Measured

SEED = 20_261  # the same model and numbers are played the same
MATTERS = 4_000  # of each way, in the own model
WORLDS, MATTERS_EACH = 20, 1_500
_DROP = 90.0  # days
_NINETY = 1.645  # standard errors to either side of a 90 % interval


class Way(StrEnum):
    """A way to follow up."""

    SHY = "shy"
    FIXED = "fixed"
    PUSHY = "pushy"
    NACHHAKEN = "nachhaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What one way brings in a matter, each with its 90 % interval.

    `eur`: discounted net of own hours; `yes`, `early_no`, `late_no`, `annoyed`: shares of matters,
    late being more than 45 days or 4 own hours, or open after a year; `hours`: own hours.
    """

    way: Way
    eur: Measured
    yes: Measured
    early_no: Measured
    late_no: Measured
    hours: Measured
    annoyed: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Robust:
    """How the ways fare where customers are other than believed.

    `wins`: in how many of `worlds` each way brings most; `best` wins most often, and brings `least`
    to `most` EUR a matter more than the best of the others (below 0: less), `mean` on average.
    """

    worlds: int
    wins: Mapping[Way, int]
    best: Way
    least: float
    mean: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The ways in the own model, and in worlds that differ from it."""

    ways: tuple[Played, ...]
    robust: Robust


def compare_ways(
    model: Model,
    money: Money,
    *,
    value: float,
    policy: Policy | None = None,
    matters: int = MATTERS,
    worlds: int = WORLDS,
    each: int = MATTERS_EACH,
    seed: int = SEED,
    done: Callable[[int, int], None] = lambda _done, _all: None,
) -> Compared:
    """Return what each way brings for a contribution margin of `value` EUR.

    `done` is told after each part how many of how many are done. The same arguments give the same
    result. CompareError where there is nothing to play.
    """
    conducts = _conducts(model, money, value, policy)
    total = len(conducts) + worlds
    played = []
    for index, (way, conduct) in enumerate(conducts.items(), 1):
        rng = np.random.default_rng(seed)
        world = _world(model, money, value)
        played.append(_played(way, simulate(world, conduct, n=matters, rng=rng)))
        done(index, total)
    rng, eur = np.random.default_rng(seed), []
    names = {way.value: conduct for way, conduct in conducts.items()}
    for index in range(worlds):
        drawn = _world(draw_model(model, rng), money, value)
        eur.append(by_simulation([drawn], names, n=each, rng=rng)[0])
        done(len(conducts) + index + 1, total)
    return Compared(ways=tuple(played), robust=_robust(np.array(eur), list(conducts)))


def _conducts(
    model: Model, money: Money, value: float, policy: Policy | None
) -> dict[Way, Conduct]:
    planner = planner_for(model, money, policy)

    def actions(beliefs: Array, contexts: Ints) -> Ints:
        return planner.steps(beliefs, contexts, np.full(len(beliefs), value)).action

    return {
        Way.SHY: scheduled((7.0,), _DROP),
        Way.FIXED: scheduled(EIGHT_TOUCHES, _DROP),
        Way.PUSHY: serving(every()),
        Way.NACHHAKEN: following(actions, model),
    }


def _world(model: Model, money: Money, value: float) -> World:
    """Return the world as the planner has it: nobody writes beyond his rates."""
    quiet = replace(model, anything=1e-9)
    return World(model=quiet, money=money, value=value)


def _played(way: Way, results: Results) -> Played:
    yes = results.end == End.YES
    return Played(
        way=way,
        eur=_measured(results.eur),
        yes=_measured(yes),
        early_no=_measured(~yes & ~results.is_late),
        late_no=_measured(results.is_late),
        hours=_measured(results.hours),
        annoyed=_measured(results.end == End.OPT_OUT),
    )


def _measured(each: object) -> Measured:
    values = np.asarray(each, dtype=np.float64)
    mean = float(values.mean())
    error = _NINETY * float(values.std()) / float(np.sqrt(len(values)))
    return Measured(value=mean, low=mean - error, high=mean + error)


def _robust(eur: Array, ways: list[Way]) -> Robust:
    wins = np.bincount(eur.argmax(axis=1), minlength=len(ways))
    best = int(wins.argmax())
    others = [index for index in range(len(ways)) if index != best]
    ahead = lead(eur, best, others)
    most = float((eur[:, best] - eur[:, others].max(axis=1)).max())
    return Robust(
        worlds=len(eur),
        wins={way: int(n) for way, n in zip(ways, wins, strict=True)},
        best=ways[best],
        least=ahead.least,
        mean=ahead.mean,
        most=most,
    )
