"""The planner played out in its own kernel: what a conduct brings on average, by sampling."""

import numpy as np

from nachhaken.engine.kernel import Kernel
from nachhaken.engine.model import Array
from nachhaken.engine.planner import Planner
from nachhaken.engine.solve import Ints

_LONGEST = 400  # actions; nobody is followed that long


def played(planner: Planner, start: Array, value: float, *, n: int, seed: int) -> Array:
    """Return EUR [n] of opportunities from a fresh offer, the truth drawn and never shown.

    A branch's discount is the chance that the play goes on, so the sum needs none.
    """
    rng, kernel = np.random.default_rng(seed), planner.kernel
    rewards = value * planner.per_value + planner.per_trouble
    truth, eur = rng.choice(4, size=n, p=start), np.zeros(n)
    belief, context, rows = np.tile(start, (n, 1)), np.full(n, 6), np.arange(n)
    for _ in range(_LONGEST):
        now = context[rows]
        margins = np.full(len(rows), value, dtype=np.float32)
        action = planner.worths(belief[rows].astype(np.float32), now, margins).argmax(axis=1)
        eur[rows] += rewards[action, now, truth[rows]]
        branch, heard = _drawn(kernel, (action, now, truth[rows]), rng.random(len(rows)))
        goes_on = branch < kernel.to.shape[2]
        rows, action, now, branch = (x[goes_on] for x in (rows, action, now, branch))
        if not rows.size:
            return eur
        after = np.einsum("nh,nhj->nj", belief[rows], kernel.by[action, now, branch])
        belief[rows] = after / after.sum(axis=1, keepdims=True)
        context[rows], truth[rows] = kernel.to[action, now, branch], heard[goes_on]
    raise AssertionError("an opportunity never ended")


def _drawn(kernel: Kernel, at: tuple[Ints, Ints, Ints], luck: Array) -> tuple[Ints, Ints]:
    """Return the branch (one too high: the end) and the truth after it."""
    action, context, truth = at
    moves = kernel.by[action, context][np.arange(len(luck)), :, truth]
    ranks = (luck[:, None] > moves.reshape(len(luck), -1).cumsum(axis=1)).sum(axis=1)
    return ranks // 4, ranks % 4
