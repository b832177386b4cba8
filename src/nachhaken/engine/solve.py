"""What each action is worth: QMDP values from the kernel (Littman, Cassandra, Kaelbling 1995).

After the next event the truth counts as known, so questions are valued too low; `judge` shows the
worth of asking beside it.
"""

import math
from dataclasses import dataclass

import numpy as np

from nachhaken.engine.kernel import ACTIONS, Kernel
from nachhaken.engine.model import TOUCHES, Array, Model
from nachhaken.engine.values import Action

_STOP = ACTIONS.index(Action.STOP)
_ROUNDS = 100  # about six are used


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


def solve(kernel: Kernel, model: Model, money: Money, value: float) -> Array:
    """Return Q [a,s] in EUR: act once, then best with the truth known. Policy iteration, exact."""
    rewards = _rewards(kernel, model, money, value)
    rows = np.arange(96)
    best, q = np.full(96, _STOP), rewards
    for _ in range(_ROUNDS):
        worth = np.linalg.solve(np.eye(96) - kernel.after[best, rows], rewards[best, rows])
        q = rewards + kernel.after @ worth
        # Only a real gain may change the choice, or rounding could make it go round in circles.
        better = q.max(axis=0) > q[best, rows] + 1e-9 * (1 + value)
        if not better.any():
            break
        best = np.where(better, q.argmax(axis=0), best)
    return np.asarray(q)


def _rewards(kernel: Kernel, model: Model, money: Money, value: float) -> Array:
    hours = np.zeros(len(ACTIONS))
    for touch, action in enumerate(TOUCHES):
        hours[ACTIONS.index(action)] = model.hours[touch]
    rewards = value * kernel.yes + money.opt_out_eur * kernel.opt_out
    rewards -= money.hold_eur_per_day * kernel.days + money.hour_eur * hours[:, None]
    genuine = np.tile([1.0, 1.0, 0.0, 0.0], 24)
    rewards[_STOP] = money.residual * value * genuine - money.hour_eur * money.stop_hours
    return np.asarray(rewards)
