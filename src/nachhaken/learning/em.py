"""The most probable parameters given the cases: EM from the prior, and only from the prior.

A random start could swap the names of the hidden truths; the prior, the zeros it holds and the
known ends (won was genuine, lost is lost) keep them.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from nachhaken.engine.model import Array, Model
from nachhaken.learning.chain import log_likelihood
from nachhaken.learning.improve import improve
from nachhaken.learning.prior import Prior, log_prior
from nachhaken.learning.statistics import Statistics, chains_of, count
from nachhaken.learning.stretches import Stretches


class Estimate(NamedTuple):
    """The model after the last round, and the objective (LL + log prior) before each round."""

    model: Model
    objective: tuple[float, ...]


def estimate(
    stretches: Stretches, prior: Prior, *, rounds: int = 50, tolerance: float = 1e-4
) -> Estimate:
    """Return the MAP model; ends when a round gains less than `tolerance` per case, at `rounds`."""
    return climb(lambda model: count(stretches, model), prior, rounds=rounds, tolerance=tolerance)


def climb(
    tell: Callable[[Model], Statistics],
    prior: Prior,
    *,
    rounds: int = 50,
    tolerance: float = 1e-4,
) -> Estimate:
    """Return the same where `tell` gives the statistics of all cases under a model.

    They may come from anywhere: statistics of parts add up.
    """
    model, objective = prior.model, list[float]()
    for _ in range(rounds):
        told = tell(model)
        objective.append(told.log_likelihood + log_prior(model, prior))
        if _has_settled(objective, tolerance * max(1.0, told.cases)):
            break
        model = improve(told, prior)
    return Estimate(model, tuple(objective))


def held_out(stretches: Stretches, model: Model) -> Array:
    """Return log P [N] of each case under `model`; -inf where it excludes a case."""
    return log_likelihood(chains_of(stretches, model))


def _has_settled(objective: Sequence[float], least: float) -> bool:
    return len(objective) > 1 and bool(np.diff(objective[-2:])[0] < least)
