"""What the desk would have said 14 days after the offer, with only what was known by then.

Said with the shipped parameters: those that a desk learnt know how its matters ended. So the same
past gives the same chances whenever it is asked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

import numpy as np

from nachhaken.engine import Money, standard
from nachhaken.engine.bounds import known_next
from nachhaken.engine.model import Array
from nachhaken.engine.policies import kernel_of
from nachhaken.engine.simulation.conducts import best_of, known_truth
from nachhaken.engine.simulation.values import World
from nachhaken.engine.simulation.yes import yes_table
from nachhaken.learning.insight.reliable import SAID_ON
from nachhaken.learning.replay import WITHIN_DAYS, chances_of_yes, snapshots
from nachhaken.plan.values import Preferences, Story

_PLAYED = 3_000  # matters: the shares of the table are then right to about one per cent
_SEED = 20_260_101
_VALUE_EUR = 4_000.0  # of an order: what it is worth moves the conduct, and hardly the chance


class Chance(NamedTuple):
    """The chance of an order within 180 days, in [0, 1], and whether one came."""

    chance: float
    won: bool


def chances_of(
    stories: Sequence[Story], *, preferences: Preferences, until: datetime
) -> Mapping[int, Chance]:
    """Return the chances of one customer's stories by their place; none of what ended before."""
    found = snapshots(
        stories, preferences=preferences, until=until, days=(SAID_ON,), model=standard()
    )
    chances = chances_of_yes(found, _table()).tolist()
    return {
        one.story: Chance(chance, one.won and one.followed <= WITHIN_DAYS)
        for one, chance in zip(found, chances, strict=True)
    }


@cache
def _table() -> Array:
    model = standard()
    values = known_truth(known_next(kernel_of(model), Money().prices(_VALUE_EUR)))
    return yes_table(
        World(model=model),
        best_of(values, model),
        within=WITHIN_DAYS,
        n=_PLAYED,
        rng=np.random.default_rng(_SEED),
    )
