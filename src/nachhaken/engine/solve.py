"""What each action is worth: point-based value iteration in batch (Pineau, Gordon, Thrun 2003).

Every vector is the value of a plan that can be carried out: act, then follow the vector that was
chosen for what is heard. So the best vector at a belief never overstates what it is worth. A plan
keeps its value by component (`kernel.COMPONENTS`), linear in money: it can be valued at any other
amounts, and stays a lower bound there.

Each belief point owns one plan. A round improves them all, points before which contexts were
improved profiting at once, and then values the chosen plans over again, which costs little and
spares most of the rounds (modified policy iteration, Puterman and Shin 1978).
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.kernel import (
    ACTIONS,
    COMPONENTS,
    DAYS,
    HOURS,
    LEFT,
    OPT_OUTS,
    STOPS,
    YES,
    Kernel,
)
from nachhaken.engine.model import Array
from nachhaken.engine.values import Action

Floats = NDArray[np.floating[Any]]
Floats32 = NDArray[np.float32]
Ints = NDArray[np.int64]

PRECISION_EUR = 0.1  # a round that gains less at every point is the last, at 75 EUR an hour
_STOP = ACTIONS.index(Action.STOP)
_ROUNDS = 60
_VALUATIONS = 5


class MoneyError(ValueError):
    """An amount that cannot be planned with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What time and trouble cost, in EUR.

    `residual` is the share of the value that a genuine customer still brings after our stop,
    `stop_hours` the work of stopping.
    """

    hour_eur: float = 75.0
    hold_eur_per_day: float = 2.0
    opt_out_eur: float = -150.0
    residual: float = 0.12
    stop_hours: float = 0.1

    def __post_init__(self) -> None:
        amounts = (self.hour_eur, self.hold_eur_per_day, self.opt_out_eur, self.stop_hours)
        if not all(math.isfinite(amount) for amount in (*amounts, self.residual)):
            raise MoneyError("amounts must be finite")
        if min(self.hour_eur, self.hold_eur_per_day, self.stop_hours) < 0 or self.opt_out_eur > 0:
            raise MoneyError("hours and holding cost, an opt-out never pays")
        if not 0 <= self.residual <= 1:
            raise MoneyError("residual must lie in [0, 1]")

    def prices(self, value: float) -> Array:
        """Return EUR per unit of each component [k] for a contribution margin of `value` EUR."""
        return value * self.per_value() + self.per_trouble()

    def per_value(self) -> Array:
        """Return the share of the margin that a unit of each component [k] brings."""
        prices = np.zeros(len(COMPONENTS))
        prices[[YES, LEFT]] = 1, self.residual
        return prices

    def per_trouble(self) -> Array:
        """Return EUR per unit of each component [k], the margin apart."""
        prices = np.zeros(len(COMPONENTS))
        prices[STOPS], prices[HOURS] = -self.hour_eur * self.stop_hours, -self.hour_eur
        prices[DAYS], prices[OPT_OUTS] = -self.hold_eur_per_day, self.opt_out_eur
        return prices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plans:
    """Plans by context: those of context c are offsets[c]:offsets[c+1].

    action [n]: the first action (axis `ACTIONS`); parts [n,h,k]: what the plan brings from each
    truth, by component.
    """

    offsets: Ints
    action: NDArray[np.int8]
    parts: Floats32


def solve(
    kernel: Kernel, points: list[Array], prices: Array, *, precision: float = PRECISION_EUR
) -> Plans:
    """Return the plans that win at one of the belief `points` [c][n,h], at `prices` [k] EUR."""
    search = _Search(kernel, points, prices)
    for _ in range(_ROUNDS):
        if search.improve() < precision:
            break
        search.value_plans()
    return search.winners()


def winners(offsets: Ints, values: Array, points: list[Array]) -> Ints:
    """Return the rows of `values` [n,h] that are best at some point of their context."""
    rows = []
    for c, b in enumerate(points):
        start, end = offsets[c], offsets[c + 1]
        if len(b) and end > start:
            rows.append(start + np.unique((b @ values[start:end].T).argmax(axis=1)))
    return np.concatenate(rows)


class _Search:
    """One plan per belief point: its action, the plan after each branch, and its value."""

    def __init__(self, kernel: Kernel, points: list[Array], prices: Array) -> None:
        self.kernel, self.points, self.prices = kernel, points, prices
        sizes = [len(b) for b in points]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)])
        self.context = np.repeat(np.arange(len(points)), sizes)
        self.beliefs = np.concatenate(points)
        self.action = np.full(len(self.beliefs), _STOP)
        self.then = np.zeros((len(self.beliefs), kernel.to.shape[2]), dtype=np.int64)
        self.parts = kernel.rewards[_STOP, self.context]
        self.rewards = kernel.rewards @ prices
        self.futures = [_futures(kernel, c, b) for c, b in enumerate(points)]

    def improve(self) -> float:
        """Give every point its best action and sequel; return the greatest gain in EUR."""
        values = self.parts @ self.prices
        now = (self.beliefs * values).sum(axis=1)
        best = winners(self.offsets, values, self.points)
        at = np.searchsorted(best, self.offsets)
        sets = [
            (best[a:b], values[best[a:b]].T.astype(np.float32)) for a, b in pairwise(at.tolist())
        ]
        gains = [
            self._improve_context(c, sets, now[self.offsets[c] : self.offsets[c + 1]])
            for c in range(len(self.points))
        ]
        return max(gains)

    def _improve_context(self, c: int, sets: list[tuple[Ints, Floats32]], now: Array) -> float:
        b, branches = self.points[c], self.kernel.to.shape[2]
        worth = self.rewards[:, c] @ b.T
        then = np.zeros((len(ACTIONS), branches, len(b)), dtype=np.int64)
        for target, actions, branch, beliefs in self.futures[c]:
            rows, vectors = sets[target]
            scores = beliefs @ vectors
            best = scores.argmax(axis=1)
            top = scores[np.arange(len(best)), best].reshape(len(actions), len(b))
            np.add.at(worth, actions, top)
            then[actions, branch] = rows[best].reshape(len(actions), len(b))
        action = worth.argmax(axis=0)
        gain = worth[action, np.arange(len(b))] - now
        up = np.flatnonzero(gain > 0)
        self.action[self.offsets[c] + up] = action[up]
        self.then[self.offsets[c] + up] = then[action[up], :, up]
        return float(gain.max(initial=0.0))

    def value_plans(self) -> None:
        """Value every plan by its action and sequel; where that is worse the old value stays."""
        chosen, count = (self.action, self.context), len(self.action)
        moves = self.kernel.by[chosen].transpose(0, 2, 1, 3).reshape(count, 4, -1)
        rewards = self.kernel.rewards[chosen]
        for _ in range(_VALUATIONS):
            after = self.parts[self.then].reshape(count, -1, len(COMPONENTS))
            parts = rewards + moves @ after
            gain = (self.beliefs * ((parts - self.parts) @ self.prices)).sum(axis=1)
            self.parts = np.where((gain >= 0)[:, None, None], parts, self.parts)

    def winners(self) -> Plans:
        """Return the plans that are best somewhere."""
        rows = winners(self.offsets, self.parts @ self.prices, self.points)
        return Plans(
            offsets=np.searchsorted(rows, self.offsets),
            action=self.action[rows].astype(np.int8),
            parts=self.parts[rows].astype(np.float32),
        )


_Future = tuple[int, Ints, Ints, Floats32]


def _futures(kernel: Kernel, c: int, b: Array) -> list[_Future]:
    """Return per next context the (action, branch) pairs and the unnormalised beliefs after."""
    found = []
    there = kernel.symbol[:, c] >= 0
    for target in np.unique(kernel.to[:, c][there]):
        a, n = np.nonzero(there & (kernel.to[:, c] == target))
        after = np.einsum("bh,khj->kbj", b, kernel.by[a, c, n])
        found.append((int(target), a, n, after.reshape(-1, 4).astype(np.float32)))
    return found
