"""Who chooses the steps of many: the desk's planner, or its plans alone, a thousand times faster.

The plans alone are what the planner's exact step starts from. Their value is a lower bound, too,
some EUR below; among steps of almost equal worth they may choose another one than the desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.model import Model
from nachhaken.engine.planner import Planner, planner_for
from nachhaken.engine.solve import Floats, Ints, Money

Bools = NDArray[np.bool_]

_FIRST_STEP = 2  # of `ACTIONS`: before it there are the waits
_BANDS = np.array([0.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0, 100_000.0, 1e12])
_POINTS, _SEED = 400, 6
_ROWS = 4096  # at once: what they are compared with stays near the processor


class Chooser(Protocol):
    """Chooses for beliefs [n,4] in contexts [n] at margins [n] in EUR."""

    def worths(self, beliefs: Floats, contexts: Ints, values: Floats) -> Floats:
        """Return what each action is worth [n,a], in EUR; -inf where no plan starts with it."""
        ...

    def wants(self, beliefs: Floats, contexts: Ints, values: Floats) -> Bools:
        """Return whether a step comes into question [n]: no plan that waits first is better."""
        ...

    def choose(self, beliefs: Floats, contexts: Ints, values: Floats) -> "Choice":
        """Return the steps to take where one beats waiting."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Worths [n,a] in EUR, the action [n] to take, and its gain over waiting [n], 0 for none."""

    worths: Floats
    action: Ints
    gain: Floats


@lru_cache(maxsize=8)
def chooser_for(model: Model, money: Money, *, exact: bool) -> Chooser:
    """Return the desk's way of choosing, or the quick one."""
    planner = planner_for(model, money)
    return ExactChooser(planner) if exact else QuickChooser(planner)


@dataclass(frozen=True, slots=True, eq=False)
class ExactChooser:
    """The desk's planner."""

    planner: Planner

    def worths(self, beliefs: Floats, contexts: Ints, values: Floats) -> Floats:
        """Return [n,a] as `Chooser` says."""
        return self.planner.worths(beliefs, contexts, values)

    def wants(self, beliefs: Floats, contexts: Ints, values: Floats) -> Bools:
        """Return [n] as `Chooser` says."""
        return np.asarray(self.planner.steps(beliefs, contexts, values).action >= _FIRST_STEP)

    def choose(self, beliefs: Floats, contexts: Ints, values: Floats) -> Choice:
        """Return the desk's choices."""
        choices = self.planner.choose(beliefs, contexts, values)
        return Choice(choices.worths, choices.action, choices.gain)


class QuickChooser:
    """The plans alone, and of those only the ones that are best somewhere at such a margin."""

    def __init__(self, planner: Planner) -> None:
        self.planner, self.plans = planner, planner.plans
        self.kept: dict[tuple[int, bool], _Kept] = {}

    def worths(self, beliefs: Floats, contexts: Ints, values: Floats) -> Floats:
        """Return [n,a] as `Chooser` says."""
        best = np.full((len(beliefs), len(ACTIONS)), -np.inf, dtype=np.float32)
        for rows, kept, scores in self._scored(beliefs, contexts, values, all_actions=True):
            best[rows[:, None], kept.actions] = np.maximum.reduceat(scores, kept.starts, axis=1)
        return best

    def wants(self, beliefs: Floats, contexts: Ints, values: Floats) -> Bools:
        """Return [n] as `Chooser` says."""
        wanted = np.zeros(len(beliefs), dtype=bool)
        for rows, kept, scores in self._scored(beliefs, contexts, values, all_actions=False):
            waits = kept.waits
            if waits == scores.shape[1] or not waits:
                wanted[rows] = not waits
            else:
                wanted[rows] = scores[:, waits:].max(axis=1) > scores[:, :waits].max(axis=1)
        return wanted

    def choose(self, beliefs: Floats, contexts: Ints, values: Floats) -> Choice:
        """Return the best steps; of those of equal worth the one that teaches most, as the desk."""
        worths = self.worths(beliefs, contexts, values)
        action = worths.argmax(axis=1)
        best, wait = worths.max(axis=1), worths[:, :_FIRST_STEP].max(axis=1)
        gain = np.where(action >= _FIRST_STEP, best - wait, 0)
        tied = (worths > wait[:, None]) & (worths >= (best - self.planner.tie(best))[:, None])
        several = np.flatnonzero((gain > 0) & (tied.sum(axis=1) > 1))
        bits = self.planner.bits(beliefs[several].astype(np.float32), contexts[several])
        action[several] = np.where(tied[several], bits, -1).argmax(axis=1)
        return Choice(worths, action, gain)

    def _scored(
        self, beliefs: Floats, contexts: Ints, values: Floats, *, all_actions: bool
    ) -> Iterator[tuple[Ints, "_Kept", Floats]]:
        """Yield rows with the plans kept for them and what each of those is worth [rows,m]."""
        keys = contexts * len(_BANDS) + np.searchsorted(_BANDS, values, side="right") - 1
        order = np.argsort(keys.astype(np.int16), kind="stable")
        shares = beliefs.astype(np.float32)[order]
        facts = np.concatenate([values.astype(np.float32)[order, None] * shares, shares], axis=1)
        edges = np.flatnonzero(np.diff(keys[order], prepend=-1, append=-1))
        for start, end in pairwise(edges.tolist()):
            kept = self._keep(int(keys[order[start]]), all_actions=all_actions)
            for first in range(start, end, _ROWS):
                part = slice(first, min(first + _ROWS, end))
                yield order[part], kept, facts[part] @ kept.vectors

    def _keep(self, key: int, *, all_actions: bool) -> "_Kept":
        """Return the plans of a context that are best somewhere in a band of margins.

        Best of all, best of those that wait or act first, and if asked for, best by first action.
        """
        found = self.kept.get((key, all_actions))
        if found is None:
            context, band = divmod(key, len(_BANDS))
            found = self.kept[key, all_actions] = self._thinned(context, band, all_actions)
        return found

    def _thinned(self, context: int, band: int, all_actions: bool) -> "_Kept":  # noqa: FBT001
        rows = slice(*self.plans.policy.offsets[context : context + 2].tolist())
        action = self.plans.policy.plans.action[rows]
        vectors = np.hstack([self.plans.per_value[rows], self.plans.per_trouble[rows]])
        vectors = vectors.astype(np.float32)
        scores = _points(band) @ vectors.T
        classes = action if all_actions else (action >= _FIRST_STEP)
        kept = [np.unique(scores.argmax(axis=1))]
        for one in np.unique(classes).tolist():
            own = np.flatnonzero(classes == one)
            kept.append(own[np.unique(scores[:, own].argmax(axis=1))])
        best = np.unique(np.concatenate(kept))
        actions, starts = np.unique(action[best], return_index=True)
        waits = int((action[best] < _FIRST_STEP).sum())
        return _Kept(np.ascontiguousarray(vectors[best].T), actions, starts, waits)


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Plans as vectors [8,m] (per EUR of margin, then fixed), by action; the waits come first."""

    vectors: NDArray[np.float32]
    actions: Ints
    starts: Ints
    waits: int


def _points(band: int) -> NDArray[np.float32]:
    """Return beliefs and margins of a band [n,8]: the corners, and what is spread between them."""
    rng = np.random.default_rng(_SEED)
    shares = [np.eye(4), *(rng.dirichlet(np.full(4, a), _POINTS // 2) for a in (0.5, 1.0))]
    beliefs = np.concatenate(shares)
    low, high = np.log(np.maximum(_BANDS, 10.0))[band : band + 2]
    margins = np.exp(rng.uniform(low, min(high, np.log(1e6)), len(beliefs)))
    return np.hstack([margins[:, None] * beliefs, beliefs]).astype(np.float32)
