"""How truths drift while nothing happens, and how far a reply is due: the two clocks.

Drift without message is exp((Q_r - Lambda_f,w) x), x in calendar days; the delay of a reply is
lognormal in working days. Both come from `engine/model`.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from nachhaken.engine.model import Array, Model

_TERMS = 40
_REACH = 5.0  # Poisson(5) has less than 1e-20 beyond 40 terms
_NEVER = 1e-100  # working days: the logarithm wants more than 0
_SHORTEST = 1 / 8  # working days: nobody's answer is timed closer, and a density at 0 is 0


def matrix_exponential(generator: Array) -> Array:
    """Return exp(generator) of a matrix with non-negative off-diagonal; never negative."""
    rate = max(float(-generator.diagonal().min()), 1e-12)
    powers = _powers(np.eye(len(generator)) + generator / rate)
    return np.asarray(_uniformised(powers[None], rate, np.ones(1))[0])


def drift(model: Model, contexts: Sequence[int], days: Array) -> Array:
    """Return [n,h,h']: change of truth and no message over `days` [n] >= 0 in `contexts` [n]."""
    powers, rate = _tables(model)
    return _uniformised(powers[contexts], rate, days)


def reached(model: Model, touch: int, workdays: Array) -> Array:
    """Return F [n,h]: the share of coming replies that is there after `workdays` [n]; 0 before."""
    x = np.maximum(workdays, _NEVER)[:, None]
    z = np.log(x / model.median[touch]) / (model.spread[touch] * -math.sqrt(2))
    shares = [0.5 * math.erfc(value) for value in z.ravel().tolist()]
    return np.array(shares).reshape(z.shape)


def arrival(model: Model, touch: int, workdays: float) -> Array:
    """Return f [h]: the density of replies per day at `workdays`."""
    x = max(workdays, _SHORTEST)
    spread = model.spread[touch]
    z = np.log(x / model.median[touch]) / spread
    return np.asarray(np.exp(-0.5 * z * z) / (x * spread * math.sqrt(2 * math.pi)))


@lru_cache(maxsize=8)
def _tables(model: Model) -> tuple[Array, float]:
    """Return powers [c,k,h,h'] of I + A/rate for the 24 contexts, and the common rate."""
    silent = model.unprompted.sum(axis=-1)
    generators = np.stack(
        [
            model.generators[r] - np.diag(silent[f, w])
            for f in range(4)
            for r in range(3)
            for w in range(2)
        ]
    )
    rate = float(-generators.diagonal(axis1=1, axis2=2).min())
    return _powers(np.eye(4) + generators / rate), rate


def _powers(step: Array) -> Array:
    powers = [np.broadcast_to(np.eye(step.shape[-1]), step.shape)]
    for _ in range(_TERMS - 1):
        powers.append(powers[-1] @ step)
    return np.stack(powers, axis=-3)


def _uniformised(powers: Array, rate: float, days: Array) -> Array:
    """Poisson mix of the powers, squared up for long times: only sums of what is not negative."""
    longest = rate * float(days.max(initial=0.0))
    doublings = max(0, math.ceil(math.log2(longest / _REACH))) if longest > 0 else 0
    reach = rate * days / 2**doublings
    weights = np.exp(-reach)[:, None] * reach[:, None] ** _ORDER / _FACTORIALS
    n, terms, size, _ = powers.shape
    flat = weights[:, None, :] @ powers.reshape(n, terms, size * size)
    result = flat.reshape(n, size, size)
    for _ in range(doublings):
        result = result @ result
    return np.asarray(result)


_ORDER = np.arange(_TERMS)
_FACTORIALS = np.array([math.factorial(k) for k in range(_TERMS)], dtype=np.float64)
