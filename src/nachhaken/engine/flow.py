"""How truths drift while nothing happens, and how far a reply is due: the two clocks.

Drift without message is exp((Q_r - Lambda_f,w) x), x in calendar days; the delay of a reply is
lognormal in working days. Both come from `engine/model`.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from nachhaken.engine.model import Array, Model
from nachhaken.engine.tables import drift_of, tables_of

_TERMS = 40
_REACH = 5.0  # Poisson(5) has less than 1e-20 beyond 40 terms
_NEVER = 1e-100  # working days: the logarithm wants more than 0
_REACHED = ((0, 0), (0, 1), (0, 3), (1, 0), (1, 1), (1, 3), (2, 2), (2, 3), (3, 3))


def matrix_exponential(generator: Array) -> Array:
    """Return exp(generator) of a matrix with non-negative off-diagonal; never negative.

    A Poisson mix of powers, squared up for large rates: only sums of what is not negative.
    """
    rate = max(float(-generator.diagonal().min()), 1e-12)
    doublings = max(0, math.ceil(math.log2(rate / _REACH)))
    reach = rate / 2**doublings
    step = np.eye(len(generator)) + generator / rate
    power = result = math.exp(-reach) * np.eye(len(generator))
    for term in range(1, _TERMS):
        power = power @ step * (reach / term)
        result = result + power
    return np.linalg.matrix_power(result, 2**doublings)


def drift(model: Model, contexts: ArrayLike, days: Array) -> Array:
    """Return [n,h,h']: change of truth and no message over `days` [n] >= 0 in `contexts` [n]."""
    tables, places = tables_of(model), np.asarray(contexts, dtype=np.intp)
    result = np.zeros((len(days), 4, 4))
    for (h, then), cell in zip(_REACHED, drift_of(tables, places, days), strict=True):
        result[:, h, then] = cell
    return np.asarray(result * np.exp(-tables.slowest[places] * days)[:, None, None])


def reached(model: Model, touch: int, workdays: Array) -> Array:
    """Return F [n,h]: the share of coming replies that is there after `workdays` [n]; 0 before."""
    x = np.maximum(workdays, _NEVER)[:, None]
    z = np.log(x / model.median[touch]) / (model.spread[touch] * -math.sqrt(2))
    shares = [0.5 * math.erfc(value) for value in z.ravel().tolist()]
    return np.array(shares).reshape(z.shape)
