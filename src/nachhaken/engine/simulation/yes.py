"""How likely an order is from here on, under a given conduct: a table by simulation.

The belief is about the truth; whether the truth becomes an order depends on what the seller does.
So the chance is averaged over many matters that follow the conduct: by truth and context, which the
simulation knows, and then over the belief.
"""

import numpy as np

from nachhaken.engine.model import Array
from nachhaken.engine.simulation.play import Conduct, End, World, record
from nachhaken.engine.simulation.values import Ints

_WEIGHT = 20.0  # decisions that a rarely met context borrows from the other contexts


def yes_table(
    world: World, conduct: Conduct, *, within: float, n: int, rng: np.random.Generator
) -> Array:
    """Return [c,h]: the share of orders within so many days of a decision in context c, truth h.

    Contexts are counted without their echo.

    Decisions whose `within` would end after the horizon are left out. A context that is hardly met
    takes the share over all contexts.
    """
    results, _, log, _ = record(world, conduct, n=n, rng=rng)
    whole = log.day + within <= world.horizon
    days = results.day[log.row] - log.day
    came = (results.end[log.row] == End.YES) & (days <= within)
    cell = (log.context % 24 * 4 + log.truth)[whole]
    met = np.bincount(cell, minlength=96).reshape(24, 4).astype(np.float64)
    orders = np.bincount(cell, came[whole], minlength=96).reshape(24, 4)
    usual = (orders.sum(axis=0) + 0.5) / (met.sum(axis=0) + 1)
    return np.asarray((orders + _WEIGHT * usual) / (met + _WEIGHT))


def chance_of_yes(table: Array, beliefs: Array, contexts: Ints) -> Array:
    """Return [n] for beliefs [n,h] in contexts [n]."""
    return np.asarray((table[contexts % 24] * beliefs).sum(axis=1))
