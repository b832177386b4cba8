"""What each action is worth from here: one exact step by the kernel, then the best plan.

One opportunity is a batch of one. Beliefs are b [n,h], contexts c [n], margins `values` [n] in EUR.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from nachhaken.engine.kernel import ACTIONS, CONTEXTS, Kernel, context_index, echoing
from nachhaken.engine.model import SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.policies import Policy, Priced, kernel_of, policy_for
from nachhaken.engine.solve import Floats, Ints, Money
from nachhaken.engine.tables import FELT
from nachhaken.engine.tracks import Tracks
from nachhaken.engine.values import Action

TIE_SHARE = 0.01
TIE_HOURS = 1 / 15  # 5 EUR where an hour costs 75
_FIRST_STEP = 2  # of `ACTIONS`: before it there are the waits
_EVEN = 1e-6  # of the value: below it a step is not better than waiting but equal
_PLAIN = context_index(1, 0, 0)
_TINY = 1e-30  # whose share of a surprise is nothing, also in float32
_BLOCK = 2_000_000  # numbers at once: some megabytes, so they stay near the processor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steps:
    """The best first action of N opportunities, in EUR.

    action, second [N]: axis `ACTIONS`; value, second_value [N]: what the best plan that starts
    with it is worth. `second` is -1 and its value -inf where no plan starts otherwise.
    """

    action: Ints
    value: Floats
    second: Ints
    second_value: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """What to do in N cases, in EUR.

    worths [n,a]: what each action is worth; action [n]: the step to take; gain [n]: what the best
    step is worth more than waiting, 0 where it is not; tied [n,a]: the steps of equal worth.
    """

    worths: Floats
    action: Ints
    gain: Floats
    tied: NDArray[np.bool_]


@lru_cache(maxsize=8)
def planner_for(model: Model, money: Money, stored: Policy | None = None) -> "Planner":
    """Return the planner by the `stored` plans if they are for `model`, else by the shipped."""
    return Planner(kernel_of(model), policy_for(model, money, stored), money)


def with_echo(tracks: Tracks, contexts: ArrayLike, day: Floats) -> Ints:
    """Return the contexts [N,..] on `day` [N,..] with the echo that the last answers left."""
    heard = np.where((tracks.said >= 0) & (tracks.said < FELT), tracks.said_day, -np.inf)
    last, rows = heard.argmax(axis=0), np.arange(len(tracks))
    recent = (day.T - heard[last, rows] <= tracks.model.repeat_days).T
    touch, symbol = np.divmod(tracks.said[last, rows].astype(np.int64), 12)
    touch = np.where(recent.T, touch, len(TOUCHES)).T
    return echoing(contexts, touch, np.broadcast_to(symbol, day.T.shape).T)


class _Ahead(NamedTuple):
    """The branches k of all actions in one context, by the context after them.

    targets: each next context with its first k and the one after its last; moves [h,k*h'];
    action [k,a]: 1 where branch k is one of action a.
    """

    targets: list[tuple[int, int, int]]
    moves: Floats
    action: Floats


class Planner:
    """The worth of actions by one kernel and one set of plans at one money."""

    def __init__(self, kernel: Kernel, plans: Priced, money: Money) -> None:
        self.kernel, self.plans, self.money = kernel, plans, money
        self.per_value = kernel.rewards @ money.per_value()
        self.per_trouble = kernel.rewards @ money.per_trouble()
        self._sizes = np.diff(plans.policy.offsets).tolist()
        self._found: dict[tuple[int, str], _Ahead] = {}
        self._entropies: dict[tuple[int, str], tuple[Floats, Floats]] = {}

    def worths(self, beliefs: Floats, contexts: ArrayLike, values: ArrayLike) -> Floats:
        """Return Q [n,a] in EUR: the action, then the best plan for what is heard.

        Or the best plan that starts with it, if that is more: both can be carried out. In the
        precision of `beliefs`; about .3 ms per belief by the shipped plans.
        """
        c, margins = np.asarray(contexts), np.asarray(values, dtype=beliefs.dtype)
        q = np.empty((len(beliefs), len(ACTIONS)), dtype=beliefs.dtype)
        for context, rows in _by_context(c):
            q[rows] = self._worths_in(context, beliefs[rows], margins[rows])
        if not self.plans.is_bound:
            return q
        return np.maximum(q, self._first_worths(beliefs, c, margins))

    def steps(self, beliefs: Floats, contexts: ArrayLike, values: ArrayLike) -> Steps:
        """Return the best first actions by the plans alone, about a hundred times faster.

        The value is the same lower bound as without the exact step. For continuing silence call it
        with the beliefs and contexts of the days in question.
        """
        margins = np.asarray(values, dtype=beliefs.dtype)
        return _two_best(self._first_worths(beliefs, np.asarray(contexts), margins))

    def choose(self, beliefs: Floats, contexts: ArrayLike, values: ArrayLike) -> Choices:
        """Return the best steps; of steps that are worth the same the one that teaches most.

        Steps are worth the same within 1 % or 5 EUR (at 75 an hour), as long as they beat waiting.
        Where waiting is best, the better wait is the action, and the gain 0.
        """
        q = self.worths(beliefs, contexts, values)
        wait, best = q[:, :_FIRST_STEP].max(axis=1), q[:, _FIRST_STEP:].max(axis=1)
        gain = np.where(
            best - wait > _EVEN * np.maximum(np.abs(best), np.abs(wait)), best - wait, 0
        )
        near = np.maximum(best - self.tie(best), np.nextafter(wait, np.inf))
        tied = (gain > 0)[:, None] & (q >= near[:, None])
        tied[:, :_FIRST_STEP] = False
        teaches, several = tied.astype(beliefs.dtype), np.flatnonzero(tied.sum(axis=1) > 1)
        if len(several):
            bits = self.bits(beliefs[several], np.asarray(contexts)[several])
            teaches[several] = np.where(tied[several], bits, -1)
        action = np.where(gain > 0, teaches.argmax(axis=1), q[:, :_FIRST_STEP].argmax(axis=1))
        return Choices(worths=q, action=action, gain=gain, tied=tied)

    def value(self, belief: Array, context: int, value: float) -> float:
        """Return the value in EUR by the plans alone: a lower bound if `plans.is_bound`."""
        return float((self.plans.at(context, value) @ belief).max())

    def worth_of_knowing(self, belief: Array, context: int, value: float) -> float:
        """Return EVPI in EUR: what it is worth to know the truth now."""
        vectors = self.plans.at(context, value)
        return max(0.0, float(vectors.max(axis=0) @ belief - (vectors @ belief).max()))

    def worth_of_answer(
        self, action: Action, belief: Array, context: int, *, value: float
    ) -> float:
        """Return EVSI in EUR: the best plan for each answer, against one plan for all of them.

        The answer's content alone counts, not what it changes: afterwards the context is a plain
        one (answered, no date), demanded work as before.
        """
        a = ACTIONS.index(action)
        symbol = self.kernel.symbol[a, context]
        said = (symbol >= 0) & (symbol < len(SYMBOLS))
        after = belief @ self.kernel.by[a, context][said]
        vectors = self.plans.at(_PLAIN + context % len(CONTEXTS) % 2, value)
        known = (after @ vectors.T).max(axis=1).sum()
        return max(0.0, float(known - (vectors @ after.sum(axis=0)).max()))

    def bits(self, beliefs: Floats, contexts: ArrayLike) -> Floats:
        """Return [n,a] the mutual information of what is heard next and the truth now, in bits."""
        c, found = np.asarray(contexts), np.zeros((len(beliefs), len(ACTIONS)), beliefs.dtype)
        for context, rows in _by_context(c):
            heard, known = self._heard(context, beliefs.dtype)
            chance = (beliefs[rows] @ heard).reshape(len(rows), len(ACTIONS), -1)
            open_ = (chance * np.log2(np.maximum(chance, _TINY))).sum(axis=2)
            found[rows] = np.maximum(beliefs[rows] @ known - open_, 0)
        return found

    def _heard(self, c: int, dtype: DTypeLike) -> tuple[Floats, Floats]:
        """Return P(o|h) [h,a*o] in context c, and what of its surprise is known [h,a]; in bits."""
        key = (c, np.dtype(dtype).char)
        if key not in self._entropies:
            heard = self.kernel.heard[:, c].swapaxes(0, 1)
            known = (heard * np.log2(np.maximum(heard, _TINY))).sum(axis=2)
            self._entropies[key] = heard.reshape(4, -1).astype(dtype), known.astype(dtype)
        return self._entropies[key]

    def tie(self, best: Floats) -> Floats:
        """Return the differences in EUR below which two steps are worth the same."""
        return np.maximum(TIE_SHARE * np.abs(best), TIE_HOURS * self.money.hour_eur)

    def _first_worths(self, beliefs: Floats, c: NDArray[Any], margins: Floats) -> Floats:
        """Return [n,a] the best plan that starts with each action; -inf where there is none."""
        best = np.full((len(beliefs), len(ACTIONS)), -np.inf, dtype=beliefs.dtype)
        one = _only(margins)
        for context, rows in _by_context(c):
            actions, first = self.plans.first_actions(context)
            for block in _blocks(rows, self._sizes[context]):
                value = margins[block] if one is None else one
                scores = self._scores(context, beliefs[block], value)
                best[block[:, None], actions] = np.maximum.reduceat(scores, first, axis=1)
        return best

    def _worths_in(self, c: int, b: Floats, margins: Floats) -> Floats:
        dtype = b.dtype
        q = margins[:, None] * (b @ self.per_value[:, c].T.astype(dtype))
        q += b @ self.per_trouble[:, c].T.astype(dtype)
        ahead = self._ahead(c, dtype)
        after = (b @ ahead.moves).reshape(len(b), len(ahead.action), 4)
        best, one = np.empty(after.shape[:2], dtype=dtype), _only(margins)
        for target, start, end in ahead.targets:
            for rows in _blocks(np.arange(len(b)), (end - start) * self._sizes[target]):
                heard = after[rows, start:end].reshape(-1, 4)
                value = margins[rows].repeat(end - start) if one is None else one
                scores = self._scores(target, heard, value)
                best[rows, start:end] = scores.max(axis=1).reshape(len(rows), -1)
        return np.asarray(q + best @ ahead.action)

    def _ahead(self, c: int, dtype: DTypeLike) -> _Ahead:
        """Return what may follow in context c; found once."""
        key = (c, np.dtype(dtype).char)
        if key not in self._found:
            a, n = np.nonzero(self.kernel.symbol[:, c] >= 0)
            to = self.kernel.to[a, c, n]
            order = np.argsort(to, kind="stable")
            a, n, to = a[order], n[order], to[order]
            edges = np.flatnonzero(np.diff(to, prepend=-1, append=-1)).tolist()
            self._found[key] = _Ahead(
                [(int(to[start]), start, end) for start, end in pairwise(edges)],
                self.kernel.by[a, c, n].astype(dtype).transpose(1, 0, 2).reshape(4, -1),
                (a[:, None] == np.arange(len(ACTIONS))).astype(dtype),
            )
        return self._found[key]

    def _scores(self, context: int, b: Floats, value: Floats | float) -> Floats:
        """Return what every plan of a context is worth [n,m], at margins [n] or at one for all."""
        if isinstance(value, float):
            vectors = self.plans.at(context, value).T
            return np.asarray(b @ vectors.astype(b.dtype, copy=False))
        per_value, per_trouble = self.plans.parts(context, b.dtype)
        return np.asarray(value[:, None] * (b @ per_value.T) + b @ per_trouble.T)


def _only(margins: Floats) -> float | None:
    """Return the margin of all; None where they differ."""
    return float(margins[0]) if len(margins) and margins.min() == margins.max() else None


def _by_context(c: NDArray[Any]) -> Iterator[tuple[int, Ints]]:
    """Yield each context in c [n] with its rows."""
    if len(c) == 1:  # a single judgement need not sort
        yield int(c[0]), np.zeros(1, dtype=np.int64)
        return
    order = np.argsort(c, kind="stable")
    edges = np.flatnonzero(np.diff(c[order], prepend=-1, append=-1))
    for start, end in pairwise(edges.tolist()):
        yield int(c[order[start]]), order[start:end]


def _blocks(rows: Ints, width: int) -> Iterator[Ints]:
    count = max(1, _BLOCK // max(width, 1))
    return (rows[start : start + count] for start in range(0, len(rows), count))


def _two_best(best: Floats) -> Steps:
    rows, action = np.arange(len(best)), best.argmax(axis=1)
    value = best[rows, action]
    best[rows, action] = -np.inf
    second = best.argmax(axis=1)
    other = best[rows, second]
    second = np.where(np.isfinite(other), second, -1)
    return Steps(action=action, value=value, second=second, second_value=other)
