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
_WORTH_COMPILING = 200_000  # stretches: below it loading the compiler takes longer than NumPy
_BLOCK = 8_192  # chains whose matrices of one step stay in the cache


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
    """NumPy: the longest chains first, so the k-th stretches of some thousand are one step."""
    length = np.diff(chains.offsets)
    order = np.argsort(-length, kind="stable")
    log_p, first = np.empty(len(order)), np.empty((len(order), 4))
    alphas, betas = np.empty((2, len(chains.kind), 4))
    for begin in range(0, len(order), _BLOCK):
        rows = order[begin : begin + _BLOCK]
        block = _Block(chains, rows, length[rows])
        log_p[rows] = block.forward(alphas)
        first[rows] = block.backward(betas)
    return Told(log_p, first, _pairs(chains, alphas, betas))


class _Block:
    """Chains side by side, the longest first: stretch k is a slice of those that are that long."""

    def __init__(self, chains: Chains, rows: Ints, length: Ints) -> None:
        alive = [int((length > k).sum()) for k in range(int(length[0]))]
        self.slots = [chains.offsets[rows[:n]] + k for k, n in enumerate(alive)]
        self.kinds = [chains.kind[slot] for slot in self.slots]
        self.flat = chains.matrices.reshape(-1, 16)
        self.start = chains.start[rows] / chains.start[rows].sum(axis=1, keepdims=True)
        self.end = chains.end[rows]
        self.scales: list[Array] = []

    def forward(self, alphas: Array) -> Array:
        """Write alpha before each stretch [S,4]; return log P [n]."""
        alpha, log_p = self.start.copy(), np.zeros(len(self.start))
        for slot, kind in zip(self.slots, self.kinds, strict=True):
            n = len(slot)
            alphas[slot] = alpha[:n]
            moved = np.einsum("nu,nuh->nh", alpha[:n], self._matrices(kind))
            scale = moved.sum(axis=1)
            log_p[:n] += _log(scale)
            self.scales.append(np.where(scale > 0, scale, 1))
            alpha[:n] = moved / self.scales[-1][:, None]
        total = (alpha * self.end).sum(axis=1)
        # A chain that cannot be ends with weight 0 and so counts nowhere on the way back.
        self.end = np.divide(self.end, total[:, None], where=total[:, None] > 0, out=self.end * 0)
        return np.asarray(log_p + _log(total))

    def backward(self, betas: Array) -> Array:
        """Write beta after each stretch [S,4], scaled; return the truths at the start [n,4]."""
        beta = self.end.copy()
        for slot, kind, scale in zip(
            reversed(self.slots), reversed(self.kinds), reversed(self.scales), strict=True
        ):
            n = len(slot)
            betas[slot] = beta[:n] / scale[:, None]
            beta[:n] = np.einsum("nuh,nh->nu", self._matrices(kind), betas[slot])
        return np.asarray(self.start * beta)

    def _matrices(self, kind: Ints) -> Array:
        return self.flat.take(kind, axis=0).reshape(-1, 4, 4)


def _pairs(chains: Chains, alphas: Array, betas: Array) -> Array:
    """Sum alpha x beta per kind."""
    kinds = len(chains.matrices)
    columns = [
        np.bincount(chains.kind, alphas[:, u] * betas[:, h], minlength=kinds)
        for u in range(4)
        for h in range(4)
    ]
    return np.asarray(np.stack(columns, axis=1).reshape(kinds, 4, 4), dtype=np.float64)


def _log(values: Array) -> Array:
    return np.asarray(np.log(values, out=np.full_like(values, -np.inf), where=values > 0))
