"""What no plan can exceed: the value with the truth known, and the fast informed bound.

Hauskrecht, Value-function approximations for POMDPs, JAIR 2000.
"""

import numpy as np

from nachhaken.engine.kernel import Kernel
from nachhaken.engine.model import Array


def known_truth(kernel: Kernel, prices: Array, *, precision: float = 1e-6) -> Array:
    """Return V [c,h] in EUR if the truth were always known (MDP), from below, to `precision`."""
    rewards = kernel.rewards @ prices
    value, better = np.full_like(rewards[-1], -np.inf), rewards[-1]
    while np.abs(better - value).max() >= precision:
        value = better
        better = (rewards + np.einsum("acnhj,acnj->ach", kernel.by, value[kernel.to])).max(axis=0)
    return np.asarray(better)


def known_next(kernel: Kernel, prices: Array) -> Array:
    """Return Q [a,c,h] in EUR: act once, then best with the truth known (QMDP).

    Littman, Cassandra, Kaelbling 1995. A bound from above; a conduct by it never pays to learn.
    """
    known = known_truth(kernel, prices)
    after = np.einsum("acnhj,acnj->ach", kernel.by, known[kernel.to])
    return np.asarray(kernel.rewards @ prices + after)


def informed(kernel: Kernel, prices: Array, *, precision: float = 1e-6) -> Array:
    """Return Q [a,c,h] in EUR if the truth were known one action later (FIB), from above.

    A belief b in context c is worth at most max_a b.Q[a,c]; never more than with `known_truth`.
    """
    rewards = kernel.rewards @ prices
    q, tighter = np.full_like(rewards, np.inf), known_next(kernel, prices)
    while np.abs(tighter - q).max() >= precision:
        q = tighter
        after = np.einsum("acnhj,eacnj->eacnh", kernel.by, q[:, kernel.to])
        tighter = rewards + after.max(axis=0).sum(axis=2)
    return np.asarray(tighter)
