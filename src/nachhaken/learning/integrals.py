"""How long and how often: expected time in a truth and jumps between truths within a gap.

For weights B[h0,h] of "h0 at its begin, h at its end" (drift left out) the table

    I = integral_0^x  exp(G s)^T B exp(G (x-s))^T ds

holds the expected time in i on its diagonal and, times Q[i,j], the expected jumps from i to j
(Van Loan 1978; Hobolth and Jensen 2011). Summed by uniformisation, so nothing negative cancels.
"""

import math

import numpy as np

from nachhaken.engine.model import Array, Model
from nachhaken.learning.contexts import GRID, Ints

_TERMS = 26
_REACH = 2.0  # Poisson(2) has less than 1e-19 beyond 26 terms


def generators(model: Model) -> Array:
    """Return [c,h,h']: drift without message in the 24 contexts, messages taken as losses."""
    silent = model.unprompted.sum(axis=-1)
    return np.stack(
        [
            model.generators[r] - np.diag(silent[f, w])
            for f in range(4)
            for r in range(3)
            for w in range(2)
        ]
    )


def between(model: Model, bins: Ints, weights: Array) -> Array:
    """Return I [U,i,j] of the bins [U,2] (context, eighths of a day) for the weights [U,h0,h]."""
    flow = generators(model).transpose(0, 2, 1)
    rate = max(float(-flow.diagonal(axis1=1, axis2=2).min()), 1e-12)
    days = bins[:, 1] / GRID
    longest = rate * float(days.max(initial=0.0))
    doublings = max(0, math.ceil(math.log2(longest / _REACH))) if longest > 0 else 0
    step = (np.eye(4) + flow / rate)[bins[:, 0]]
    moved, summed = _short(step, rate * days / 2**doublings, weights)
    for _ in range(doublings):
        summed = moved @ summed + summed @ moved
        moved = moved @ moved
    return np.asarray(summed / rate)


def _short(step: Array, reach: Array, weights: Array) -> tuple[Array, Array]:
    """Return exp and the integral (times the rate) over a reach [U] of at most `_REACH` jumps."""
    chance = np.exp(-reach)
    power = np.broadcast_to(np.eye(4), step.shape)
    moved, summed = np.zeros_like(weights), np.zeros_like(weights)
    term = weights
    for n in range(_TERMS):
        moved = moved + chance[:, None, None] * power
        chance = chance * reach / (n + 1)
        summed = summed + chance[:, None, None] * term
        power = power @ step
        term = step @ term + weights @ power
    return moved, summed
