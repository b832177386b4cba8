"""How good is this seller's nose for dead horses? Decibans of the gut, learnt from his own pairs.

A pair is what the gut said and how it ended. With log-odds in decibans, bias c and strength s:

    felt alive | was genuine: c + s        felt alive | was none: c - s

So s is the weight of one feeling, and free of the base rate: who calls every horse dead is often
right and knows nothing, which shows in c. Priors: s the shipped 2 +- 2 dB, so that nineteen of
twenty guts lie between misleading (-2 dB) and good (+6 dB); c 0 +- 10 dB [E]. The posterior is
summed up on a grid, exact but for its step.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from nachhaken.engine.model import Array

_UNSURE_DECIBANS, _BIAS_DECIBANS = 2.0, 10.0
_STRENGTHS = np.linspace(-20, 20, 401)
_BIASES = np.linspace(-40, 40, 161)[:, None]


class Hunch(NamedTuple):
    """One feeling and what came of it: genuine means ordered, or stalled in earnest."""

    felt_dead: bool
    was_genuine: bool


class Gut(NamedTuple):
    """Weight of one feeling in decibans with its 90 % interval, and the pairs behind it.

    `right` of `pairs` feelings were right. A weight below 0 means that the opposite is likelier.
    """

    decibans: float
    low: float
    high: float
    pairs: int
    right: int


def gut_strength(hunches: Iterable[Hunch], *, prior_decibans: float = 2.0) -> Gut:
    """Return the weight of the seller's gut: the posterior mean, the prior while pairs are few.

    Only ended opportunities make pairs; an open one proves nothing. `prior_decibans` within +-10.
    """
    told = Counter(hunches)
    strengths = prior_decibans + _STRENGTHS
    logs = -0.5 * ((_STRENGTHS / _UNSURE_DECIBANS) ** 2 + (_BIASES / _BIAS_DECIBANS) ** 2)
    for hunch, count in sorted(told.items()):
        odds = _BIASES + (strengths if hunch.was_genuine else -strengths)
        logs = logs + count * _log_share(-odds if hunch.felt_dead else odds)
    shares = np.exp(logs - logs.max()).sum(axis=0)
    shares /= shares.sum()
    low, high = np.interp([0.05, 0.95], np.cumsum(shares) - shares / 2, strengths).tolist()
    right = sum(count for hunch, count in told.items() if hunch.felt_dead != hunch.was_genuine)
    return Gut(float(shares @ strengths), low, high, told.total(), right)


def _log_share(decibans: Array) -> Array:
    """Return ln(1 / (1 + 10^(-decibans / 10))), without overflow."""
    return np.asarray(-np.logaddexp(0.0, -decibans * (np.log(10) / 10)))
