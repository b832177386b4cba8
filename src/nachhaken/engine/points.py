"""At which beliefs to plan: the corners, the start, draws, and what histories lead to."""

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.kernel import ACTIONS, ALL_CONTEXTS, CONTEXTS, Kernel, context_index
from nachhaken.engine.model import Array, Model
from nachhaken.engine.values import Action

_STOP = ACTIONS.index(Action.STOP)


def plan_points(
    kernel: Kernel, model: Model, rng: np.random.Generator, *, drawn: int, reached: int
) -> list[Array]:
    """Return beliefs [n,h] per context.

    The corners and the start, `drawn` of a Dirichlet(1/2) and (1) and up to `reached` of random
    histories; where there is an echo only those, for it is always the result of a history.
    """
    visited = _visited(kernel, model, rng)
    points = []
    for c in range(ALL_CONTEXTS):
        own = visited[c][rng.permutation(len(visited[c]))[:reached]]
        base = [np.eye(4), model.start[None], own]
        if c < len(CONTEXTS):
            base += [rng.dirichlet(np.full(4, shape), drawn // 2) for shape in (0.5, 1.0)]
        points.append(np.concatenate(base))
    return points


def _visited(kernel: Kernel, model: Model, rng: np.random.Generator) -> list[Array]:
    """Return the beliefs [n,h] per context that random actions lead to, without near doubles."""
    count, steps = 300, 15
    b = np.tile(model.start, (count, 1))
    c = np.array([context_index(level, 0, 0) for level in (0, 1)]).repeat(count // 2)
    seen: list[tuple[NDArray[np.int64], Array]] = []
    for _ in range(steps):
        a = rng.integers(0, _STOP, len(b))
        after = np.einsum("ih,inhj->inj", b, kernel.by[a, c])
        chances = after.sum(axis=-1)
        alive = rng.random(len(b)) < chances.sum(axis=1)
        n = (rng.random((len(b), 1)) * chances.sum(axis=1)[:, None] > chances.cumsum(axis=1)).sum(1)
        n = np.minimum(n, chances.shape[1] - 1)[alive]
        rows = np.flatnonzero(alive)
        b, c = after[rows, n], kernel.to[a[rows], c[rows], n]
        b = b / b.sum(axis=-1, keepdims=True)
        seen.append((c, b))
    contexts = np.concatenate([c for c, _ in seen])
    beliefs = np.concatenate([b for _, b in seen])
    return [_distinct(beliefs[contexts == c]) for c in range(ALL_CONTEXTS)]


def _distinct(beliefs: Array) -> Array:
    _, first = np.unique(np.round(beliefs * 50), axis=0, return_index=True)
    return beliefs[first]
