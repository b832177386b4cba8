"""The passes of `learning/chain`, one chain after the other: compiled by numba (extra `fast`)."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nachhaken.engine.model import Array
from nachhaken.learning.chain import Chains

Ints = NDArray[np.int64]


@njit(cache=True, error_model="numpy")
def one_by_one(
    chains: Chains,
) -> tuple[Array, Array, Array]:
    """Return log P [N], the truths at the start [N,4] and the pairs [G,4,4]."""
    start, offsets, kind, matrices, end = chains
    log_p, first, pairs = np.zeros(len(start)), np.zeros((len(start), 4)), np.zeros(matrices.shape)
    longest = 0
    for i in range(len(start)):
        longest = max(longest, offsets[i + 1] - offsets[i])
    alphas, scales, beta = np.zeros((longest + 1, 4)), np.zeros(longest + 1), np.zeros(4)
    for i in range(len(start)):
        kinds = kind[offsets[i] : offsets[i + 1]]
        n = len(kinds)
        total = _forward((start[i], kinds, matrices), alphas, scales)
        at_end = 0.0
        for h in range(4):
            at_end += alphas[n, h] * end[i, h]
        if total == -math.inf or at_end <= 0:
            log_p[i] = -math.inf
            continue
        log_p[i] = total + math.log(at_end)
        for h in range(4):
            beta[h] = end[i, h] / at_end
        _backward((kinds, matrices, alphas, scales), beta, pairs)
        for h in range(4):
            first[i, h] = alphas[0, h] * beta[h]
    return log_p, first, pairs


@njit(cache=True, error_model="numpy")
def _forward(chain: tuple[Array, Ints, Array], alphas: Array, scales: Array) -> float:
    """Fill alpha before each stretch and its scale; return the log of all scales."""
    start, kinds, matrices = chain
    total, whole = 0.0, 0.0
    for h in range(4):
        whole += start[h]
    for h in range(4):
        alphas[0, h] = start[h] / whole
    for k in range(len(kinds)):
        scale = 0.0
        for h in range(4):
            value = 0.0
            for u in range(4):
                value += alphas[k, u] * matrices[kinds[k], u, h]
            alphas[k + 1, h] = value
            scale += value
        if scale <= 0:
            return -math.inf
        scales[k] = scale
        total += math.log(scale)
        for h in range(4):
            alphas[k + 1, h] /= scale
    return total


@njit(cache=True, error_model="numpy")
def _backward(chain: tuple[Ints, Array, Array, Array], beta: Array, pairs: Array) -> None:
    """Take beta from the end to the start and add up the pairs on the way."""
    kinds, matrices, alphas, scales = chain
    before = np.zeros(4)
    for k in range(len(kinds) - 1, -1, -1):
        g = kinds[k]
        for h in range(4):
            beta[h] /= scales[k]
        for u in range(4):
            value = 0.0
            for h in range(4):
                pairs[g, u, h] += alphas[k, u] * beta[h]
                value += matrices[g, u, h] * beta[h]
            before[u] = value
        for h in range(4):
            beta[h] = before[h]
