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
_SMALL = 64  # rows: with more, the largest by action is found faster without reduceat
_ROWS = 4096  # at once: what they are compared with stays near the processor


class Chooser(Protocol):
    """Chooses for beliefs [n,4] in contexts [n] at margins [n] in EUR."""

    def worths(self, beliefs: Floats, contexts: Ints, values: Floats) -> Floats:
        """Return what each action is worth [n,a], in EUR; -inf where no plan starts with it."""
        ...

    def first(
        self, of: Ints, beliefs: Floats, contexts: Ints, values: Floats
    ) -> tuple[Ints, "Choice"]:
        """Return the first place of each case at which a step beats waiting, and the choice there.

        `of` [n] ascends and tells the case of each place; cases without such a place are left out.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Worths [n,a] in EUR, the action [n] to take, and its gain over waiting [n]."""

    worths: Floats
    action: Ints
    gain: Floats

    def part(self, rows: Ints | Bools) -> "Choice":
        """Return the choices `rows`."""
        return Choice(self.worths[rows], self.action[rows], self.gain[rows])


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

    def first(
        self, of: Ints, beliefs: Floats, contexts: Ints, values: Floats
    ) -> tuple[Ints, Choice]:
        """Return as `Chooser` says; the exact step only where the plans alone want one, in turn."""
        at = np.flatnonzero(self.planner.steps(beliefs, contexts, values).action >= _FIRST_STEP)
        found = []
        while len(at):
            turn = _first_of(of[at])
            now = at[turn]
            choices = self.planner.choose(beliefs[now], contexts[now], values[now])
            acts = choices.gain > 0
            choice = Choice(choices.worths, choices.action, choices.gain).part(acts)
            found.append((now[acts], choice))
            done = np.isin(of[at], of[now[acts]])
            at = at[~turn & ~done]
        return _joined(found)


class QuickChooser:
    """The plans alone, and of those only the ones that are best somewhere at such a margin."""

    def __init__(self, planner: Planner) -> None:
        self.planner, self.plans = planner, planner.plans
        self.kept: dict[int, _Kept] = {}

    def worths(self, beliefs: Floats, contexts: Ints, values: Floats) -> Floats:
        """Return [n,a] as `Chooser` says."""
        order, parts = self._scored(beliefs, contexts, values)
        best = np.full((len(ACTIONS), len(beliefs)), -np.inf, dtype=np.float32)
        for rows, kept, scores in parts:
            if scores.shape[1] < _SMALL:
                best[kept.actions, rows] = np.maximum.reduceat(scores, kept.starts)
                continue
            for action, start, end in zip(kept.actions, kept.starts, kept.ends, strict=True):
                scores[start:end].max(axis=0, out=best[action, rows])
        worths = np.empty((len(beliefs), len(ACTIONS)), dtype=np.float32)
        worths[order] = best.T
        return worths

    def first(
        self, of: Ints, beliefs: Floats, contexts: Ints, values: Floats
    ) -> tuple[Ints, Choice]:
        """Return as `Chooser` says."""
        worths = self.worths(beliefs, contexts, values)
        wait, best = worths[:, :_FIRST_STEP].max(axis=1), worths[:, _FIRST_STEP:].max(axis=1)
        at = np.flatnonzero(best > wait)
        at = at[_first_of(of[at])]
        return at, self._chosen(worths[at], beliefs[at], contexts[at])

    def _chosen(self, worths: Floats, beliefs: Floats, contexts: Ints) -> Choice:
        """Of steps of equal worth take the one that teaches most, as the desk does."""
        action = worths.argmax(axis=1)
        best, wait = worths.max(axis=1), worths[:, :_FIRST_STEP].max(axis=1)
        tied = worths > np.maximum(wait, best - self.planner.tie(best))[:, None]
        several = np.flatnonzero(tied.sum(axis=1) > 1)
        bits = self.planner.bits(beliefs[several].astype(np.float32), contexts[several])
        action[several] = np.where(tied[several], bits, -1).argmax(axis=1)
        return Choice(worths, action, best - wait)

    def _scored(
        self, beliefs: Floats, contexts: Ints, values: Floats
    ) -> tuple[Ints, Iterator[tuple[slice, "_Kept", Floats]]]:
        """Return an order, and by rows in that order the plans kept and their worth [m,rows]."""
        keys = contexts * len(_BANDS) + np.searchsorted(_BANDS, values, side="right") - 1
        order = np.argsort(keys.astype(np.int16), kind="stable")
        shares = beliefs.astype(np.float32)[order].T
        facts = np.concatenate([values.astype(np.float32)[order] * shares, shares])
        edges = np.flatnonzero(np.diff(keys[order], prepend=-1, append=-1))
        parts = (
            (slice(first, min(first + _ROWS, end)), self._keep(int(keys[order[start]])))
            for start, end in pairwise(edges.tolist())
            for first in range(start, end, _ROWS)
        )
        return order, ((part, kept, kept.scores(facts[:, part])) for part, kept in parts)

    def _keep(self, key: int) -> "_Kept":
        """Return the plans of a context that are best somewhere in a band of margins.

        Best of all, best of those that wait or act first, and best by first action.
        """
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = self._thinned(*divmod(key, len(_BANDS)))
        return found

    def _thinned(self, context: int, band: int) -> "_Kept":
        start, end = self.plans.policy.offsets[context : context + 2].tolist()
        rows = slice(start, end)
        vectors = np.hstack([self.plans.per_value[rows], self.plans.per_trouble[rows]])
        vectors = vectors.astype(np.float32)
        scores = _points(band) @ vectors.T
        actions, firsts = self.plans.first_actions(context)
        kept = [
            first + np.unique(scores[:, first:last].argmax(axis=1))
            for first, last in pairwise([*firsts.tolist(), end - start])
        ]
        edges = np.cumsum([0, *map(len, kept)]).tolist()
        return _Kept(vectors[np.concatenate(kept)], actions.tolist(), edges[:-1], edges[1:])


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Plans as vectors [m,8] (per EUR of margin, then fixed); where those of each action are."""

    vectors: NDArray[np.float32]
    actions: list[int]
    starts: list[int]
    ends: list[int]

    def scores(self, facts: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what each plan is worth [m,n] by `facts` [8,n]."""
        if facts.shape[1] == 1:  # for one column alone BLAS rounds otherwise than for several
            return (self.vectors @ np.repeat(facts, 2, axis=1))[:, :1]
        return self.vectors @ facts


def _first_of(of: Ints) -> Bools:
    """Return which are the first of each case; `of` [n] ascends."""
    return np.asarray(np.diff(of, prepend=-1) > 0)


def _joined(found: list[tuple[Ints, Choice]]) -> tuple[Ints, Choice]:
    at, choices = zip(*found, strict=True) if found else ((), ())
    parts = [[getattr(choice, name) for choice in choices] for name in ("worths", "action", "gain")]
    size = len(ACTIONS)
    empty = (np.zeros((0, size)), np.zeros(0, dtype=np.int64), np.zeros(0))
    whole = (np.concatenate([none, *part]) for none, part in zip(empty, parts, strict=True))
    return np.concatenate([empty[1], *at]), Choice(*whole)


@lru_cache(maxsize=8)
def _points(band: int) -> NDArray[np.float32]:
    """Return beliefs and margins of a band [n,8]: the corners, and what is spread between them."""
    rng = np.random.default_rng(_SEED)
    shares = [np.eye(4), *(rng.dirichlet(np.full(4, a), _POINTS // 2) for a in (0.5, 1.0))]
    beliefs = np.concatenate(shares)
    low, high = np.log(np.maximum(_BANDS, 10.0))[band : band + 2]
    margins = np.exp(rng.uniform(low, min(high, np.log(1e6)), len(beliefs)))
    return np.hstack([margins[:, None] * beliefs, beliefs]).astype(np.float32)
