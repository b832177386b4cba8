"""The closest sequence that never falls: pooling adjacent violators."""

import numpy as np

from nachhaken.engine.model import Array


def isotonic(values: Array, weights: Array) -> Array:
    """Return the weighted least squares fit [n] to `values` [n] that never falls.

    weights [n] are above 0. Robertson, Wright, Dykstra (1988), section 1.2: the same fit maximises
    a weighted Bernoulli likelihood.
    """
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, u, m), (b, v, n) = blocks[-2:]
            blocks[-2:] = [((a * u + b * v) / (u + v), u + v, m + n)]
    return np.repeat([value for value, _, _ in blocks], [size for _, _, size in blocks])
