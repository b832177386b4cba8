"""The likelihood of many chains of hidden truths, and what they tell: scaled forward-backward.

A chain is a start, one 4x4 matrix per stretch and weights at the end. Matrices are shared by kind,
so what leaves here is one 4x4 table per kind, however many chains there are (Rabiner 1989; the
tables are Baum's expected counts divided by the matrix).
"""

from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.model import Array

Ints = NDArray[np.int64]
_WORTH_COMPILING = 50_000  # stretches: below it loading the compiler takes longer than NumPy


class Chains(NamedTuple):
    """N chains: start [N,4], offsets [N+1] into kind [S], matrices [G,4,4], end [N,4]."""

    start: Array
    offsets: Ints
    kind: Ints
    matrices: Array
    end: Array


class Told(NamedTuple):
    """What chains tell.

    log_likelihood [N], -inf for a chain that cannot be, which then counts nowhere; first [N,4] the
    truths at the start given everything; pairs [G,4,4]: sums over the stretches of a kind of
    alpha_u beta_h / P(chain), so pairs * matrices are the expected numbers of moves from u to h.
    """

    log_likelihood: Array
    first: Array
    pairs: Array


def follow_chains(chains: Chains, *, compiled: bool | None = None) -> Told:
    """Return what the chains tell; compiled where numba is there and it pays, unless said."""
    if compiled is None:
        compiled = len(chains.kind) >= _WORTH_COMPILING and find_spec("numba") is not None
    return _one_by_one(chains) if compiled else _in_step(chains)


def log_likelihood(chains: Chains, *, compiled: bool | None = None) -> Array:
    """Return log P [N] of each chain, -inf for one that cannot be."""
    return follow_chains(chains, compiled=compiled).log_likelihood


def _one_by_one(chains: Chains) -> Told:
    from nachhaken.learning.chain_compiled import one_by_one  # noqa: PLC0415 numba is optional

    return Told(*one_by_one(Chains._make(np.ascontiguousarray(part) for part in chains)))


def _in_step(chains: Chains) -> Told:
    """NumPy: the longest chains first, so the k-th stretches of all are one slice."""
    length = np.diff(chains.offsets)
    order = np.argsort(-length, kind="stable")
    alive = [int((length > k).sum()) for k in range(int(length.max(initial=0)))]
    slots = [np.asarray(chains.offsets[order[:n]] + k) for k, n in enumerate(alive)]
    alphas, scales, log_p = _forward(chains, order, slots)
    ends, betas = _backward(chains, order, (slots, scales))
    possible = np.isfinite(log_p)
    first = np.where(possible[:, None], chains.start[order] * ends, 0)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Told(log_p[back], _shares(first)[back], _pairs(chains, alphas, betas))


def _forward(chains: Chains, order: Ints, slots: list[Ints]) -> tuple[Array, Array, Array]:
    """Return alpha before [S,4] and scale after [S] each stretch, and log P [N] in `order`."""
    alpha = chains.start[order] / chains.start[order].sum(axis=1, keepdims=True)
    log_p = np.zeros(len(order))
    alphas, scales = np.empty((len(chains.kind), 4)), np.empty(len(chains.kind))
    for slot in slots:
        n = len(slot)
        alphas[slot] = alpha[:n]
        moved = np.einsum("nu,nuh->nh", alpha[:n], chains.matrices[chains.kind[slot]])
        scale = moved.sum(axis=1)
        log_p[:n] += _log(scale)
        scales[slot] = np.where(scale > 0, scale, 1)
        alpha[:n] = moved / scales[slot][:, None]
    return alphas, scales, log_p + _log((alpha * chains.end[order]).sum(axis=1))


def _backward(chains: Chains, order: Ints, passed: tuple[list[Ints], Array]) -> tuple[Array, Array]:
    """Return beta at the start [N,4] in `order`, and beta after each stretch [S,4], unscaled."""
    slots, scales = passed
    beta = chains.end[order].copy()
    betas = np.empty((len(chains.kind), 4))
    for slot in reversed(slots):
        n = len(slot)
        betas[slot] = beta[:n] / scales[slot][:, None]
        beta[:n] = np.einsum("nuh,nh->nu", chains.matrices[chains.kind[slot]], betas[slot])
    return beta, betas


def _pairs(chains: Chains, alphas: Array, betas: Array) -> Array:
    """Sum alpha x beta per kind, each chain weighted by what makes it count once."""
    once = np.einsum("su,suh,sh->s", alphas, chains.matrices[chains.kind], betas)
    weighted = np.divide(alphas, once[:, None], out=np.zeros_like(alphas), where=once[:, None] > 0)
    kinds = len(chains.matrices)
    columns = [
        np.bincount(chains.kind, weighted[:, u] * betas[:, h], minlength=kinds)
        for u in range(4)
        for h in range(4)
    ]
    return np.asarray(np.stack(columns, axis=1).reshape(kinds, 4, 4), dtype=np.float64)


def _shares(weights: Array) -> Array:
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0))


def _log(values: Array) -> Array:
    return np.asarray(np.log(values, out=np.full_like(values, -np.inf), where=values > 0))
