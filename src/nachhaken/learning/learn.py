"""Are the user's own numbers better than the prior? Learn them, test them, and say how sure.

Learnt values are used only if they foretell cases that they have not seen better than the prior
does, and only from enough cases that customers themselves ended.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import Columns
from nachhaken.engine.model import Array, Model
from nachhaken.learning.em import estimate, held_out
from nachhaken.learning.moved import moved
from nachhaken.learning.outcomes import Codes, LearningError, is_closed
from nachhaken.learning.prior import Prior, shipped_prior
from nachhaken.learning.stretches import Stretches, stretches_of, subset

LEAST_CLOSED = 50
_FOLDS = 5
_NORMAL_95 = 1.96

Customers = NDArray[np.int64]


class Gain(NamedTuple):
    """Held-out log-likelihood per case, learnt minus prior, in nats; low and high bound 95 %."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learnt:
    """What was learnt and whether to believe it.

    model: the one to use; learnt: the one the cases alone would suggest. closed: cases that ended
    in a yes or a no; effective: what those are worth once cases of one customer are not taken for
    independent. gain: None where there are too few customers to hold any out. moved: how far each
    block went from the prior (`learning/moved`).
    """

    model: Model
    learnt: Model
    is_used: bool
    closed: int
    effective: float
    gain: Gain | None
    moved: Mapping[str, float]


def learn(
    columns: Columns,
    outcomes: Codes,
    customers: Customers,
    *,
    model: Model,
    rng: np.random.Generator,
    prior: Prior | None = None,
) -> Learnt:
    """Return the parameters of N cases and whether they may replace `model`.

    outcomes [N] are codes of `learning/outcomes`, customers [N] numbers that tell customers apart;
    `model` is the one that `columns.start` was made with and the prior's mean. `rng` deals the
    customers into five folds. LearningError where the lengths differ.
    """
    prior = prior or shipped_prior(model)
    if customers.shape != outcomes.shape:
        raise LearningError(f"outcomes of shape {outcomes.shape}, customers {customers.shape}")
    stretches = stretches_of(columns, outcomes, prior.model)
    found = estimate(stretches, prior).model
    gain = cross_validate(stretches, customers, prior, rng)
    closed = is_closed(outcomes)
    enough = int(closed.sum()) >= LEAST_CLOSED
    is_used = enough and gain is not None and gain.low > 0
    return Learnt(
        model=found if is_used else prior.model,
        learnt=found,
        is_used=is_used,
        closed=int(closed.sum()),
        effective=effective_number(customers[closed]),
        gain=gain,
        moved=moved(prior.model, found),
    )


def effective_number(customers: Customers) -> float:
    """Return (sum n_c)^2 / sum n_c^2: Kish's size of a sample whose customers come in clusters."""
    _, each = np.unique(customers, return_counts=True)
    return float(each.sum() ** 2 / (each**2).sum()) if len(each) else 0.0


def cross_validate(
    stretches: Stretches, customers: Customers, prior: Prior, rng: np.random.Generator
) -> Gain | None:
    """Return what learning gains on cases of customers whom it has not seen; None below five.

    Cases that the prior or the learnt model excludes count in neither.
    """
    better = np.zeros(len(customers))
    who = np.unique(customers)
    if len(who) < _FOLDS:
        return None
    for held in _folds(customers, who, rng):
        learnt = estimate(subset(stretches, np.flatnonzero(~held)), prior).model
        part = subset(stretches, np.flatnonzero(held))
        new, old = held_out(part, learnt), held_out(part, prior.model)
        possible = np.isfinite(new) & np.isfinite(old)
        better[held] = np.subtract(new, old, out=np.zeros_like(new), where=possible)
    return _gain(better, customers)


def _folds(
    customers: Customers, who: Customers, rng: np.random.Generator
) -> Iterator[NDArray[np.bool_]]:
    deal = np.empty(len(who), dtype=np.int64)
    deal[rng.permutation(len(who))] = np.arange(len(who)) % _FOLDS
    fold = deal[np.searchsorted(who, customers)]
    for n in range(_FOLDS):
        yield fold == n


def _gain(better: Array, customers: Customers) -> Gain:
    """Mean per case with the interval of a ratio over customers, who are independent."""
    _, customer, sizes = np.unique(customers, return_inverse=True, return_counts=True)
    mean = float(better.mean())
    off = np.bincount(customer, better) - mean * sizes
    count = len(sizes)
    error = math.sqrt(float((off**2).sum()) * count / (count - 1)) / len(better)
    return Gain(mean, mean - _NORMAL_95 * error, mean + _NORMAL_95 * error)
