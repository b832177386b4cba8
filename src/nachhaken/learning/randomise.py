"""Which of steps worth the same is proposed, sometimes by lot, so that it can be compared later.

What a touch causes is not learnt from what was observed: sellers write to those who look promising,
so who was written to differs from who was not. P(answer | touch, truth) may be learnt, because the
whole timeline that the seller saw is recorded; whether one more touch pays may not. Only a step
drawn by lot, stored with its chance, answers that. So whoever agrees lets one proposal in twenty be
drawn among steps of equal worth: it costs next to nothing and can be judged by intention to treat.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from nachhaken.engine.values import Action

SHARE = 0.05
_NEAR_EUR, _NEAR_SHARE = 5.0, 0.01


class Drawn(NamedTuple):
    """A step, and the probability in (0, 1] with which just this one came out: its propensity."""

    action: Action
    probability: float


def tied(values: Mapping[Action, float]) -> tuple[Action, ...]:
    """Return the actions within 5 EUR or 1 % of the best (EUR each), the best first."""
    best = max(values.values())
    near = max(_NEAR_EUR, _NEAR_SHARE * abs(best))
    order = sorted(values, key=lambda action: -values[action])
    return tuple(action for action in order if best - values[action] <= near)


def draw(
    preferred: Action,
    tie: tuple[Action, ...],
    rng: np.random.Generator,
    *,
    share: float = SHARE,
) -> Drawn:
    """Return `preferred`, but with chance `share` any one of the tie, the preferred among them.

    Without a tie there is nothing to draw and the probability is 1. ValueError for a share outside
    [0, 1] or a preferred step that is not in the tie.
    """
    if preferred not in tie:
        raise ValueError(f"{preferred} is not in the tie")
    if not 0 <= share <= 1:
        raise ValueError(f"share {share} is not in [0, 1]")
    each = share / len(tie)
    by_lot = rng.random() < share
    action = tie[int(rng.integers(len(tie)))] if by_lot else preferred
    return Drawn(action, each + (1 - share) * (action is preferred))
