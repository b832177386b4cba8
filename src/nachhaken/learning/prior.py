"""What is believed before the data: means, and how many observations each is worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.model import Array, Model, Strengths, strengths

# Four moves do not depend on the date, one does: A>S, A>D, S>D, P>D and S>A for r = 0, 1, 2.
MOVES = ((0, 0, 0, 0, 0, 1, 2), (0, 0, 1, 2, 1, 1, 1), (1, 3, 3, 3, 0, 0, 0))
BASE = (1, 0)  # contact level and open work at which the rates of messages are what they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is believed before the data: the means and how many observations they are worth."""

    model: Model
    strengths: Strengths


def shipped_prior(model: Model) -> Prior:
    """Return `model` with the strengths of the shipped parameters."""
    return Prior(model=model, strengths=strengths())


def is_shared(model: Model) -> NDArray[np.bool_]:
    """Return which rows [k,h] the prior holds equal whether work is open or not."""
    return np.asarray((model.symbols[0] == model.symbols[1]).all(axis=-1))


def delay_groups(model: Model) -> list[NDArray[np.int64]]:
    """Return the touches k whose delays the prior holds equal, group by group."""
    rows = np.concatenate([model.median, model.spread], axis=1)
    _, group = np.unique(rows, axis=0, return_inverse=True)
    return [np.flatnonzero(group == g) for g in range(int(group.max()) + 1)]


def log_prior(model: Model, prior: Prior) -> float:
    """Return the log prior density of `model` up to a constant; blocks of infinite strength: 0."""
    n0, m = prior.strengths, prior.model
    rates, base = model.generators[MOVES], m.generators[MOVES]
    own, first = model.unprompted[BASE], m.unprompted[BASE]
    groups = delay_groups(m)
    parts = [
        (n0.start, _cross(m.start, model.start)),
        (n0.drift, _gamma(base, rates)),
        (n0.unprompted, _gamma(first, own)),
        (n0.symbols, _rows_once(m, _cross(m.symbols, model.symbols, axis=-1))),
        (n0.reply, _coin(m.will, model.will)),
        (n0.touch, _coin(m.reply_factor, model.reply_factor)),
        (n0.touch, _coin(m.goodwill_lost, model.goodwill_lost)),
        (n0.delay, sum(_lognormal(m, model, group[0]) for group in groups)),
    ]
    return float(sum(weight * value for weight, value in parts if np.isfinite(weight)))


def _cross(mean: Array, value: Array, axis: int | None = None) -> Array:
    """Return sum m log(value), nothing where the mean is 0."""
    logs = np.log(np.where(mean > 0, value, 1))
    return np.asarray((mean * logs).sum(axis=axis))


def _rows_once(model: Model, rows: Array) -> Array:
    """Sum rows [w,k,h], shared ones once."""
    return np.asarray(rows[0].sum() + rows[1][~is_shared(model)].sum())


def _coin(mean: Array, value: Array) -> Array:
    return np.asarray(_cross(mean, value) + _cross(1 - mean, 1 - value))


def _gamma(mean: Array, value: Array) -> Array:
    possible = mean > 0
    return np.asarray((np.log(value[possible]) - value[possible] / mean[possible]).sum())


def _lognormal(prior: Model, model: Model, touch: int) -> float:
    mu0, mu = np.log(prior.median[touch]), np.log(model.median[touch])
    sigma = model.spread[touch]
    distance = ((mu - mu0) ** 2 + prior.spread[touch] ** 2) / (2 * sigma**2)
    return float((-np.log(sigma) - distance).sum())
