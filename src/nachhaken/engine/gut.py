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
# Tenths of a deciban, so that c + s and c - s lie on one line of odds and are looked up there.
_STRENGTHS, _BIASES, _REACH = np.arange(-200, 201), np.arange(-400, 401, 5)[:, None], 600
_ODDS = np.arange(-_REACH, _REACH + 1) / 10


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

    Only ended opportunities make pairs; an open one proves nothing.
    """
    told = Counter(hunches)
    genuine = _log_likelihood(told, _ODDS + prior_decibans, was_genuine=True)
    none = _log_likelihood(told, _ODDS - prior_decibans, was_genuine=False)
    logs = genuine[_BIASES + _STRENGTHS + _REACH] + none[_BIASES - _STRENGTHS + _REACH]
    logs -= (_STRENGTHS / (10 * _UNSURE_DECIBANS)) ** 2 / 2
    logs -= (_BIASES / (10 * _BIAS_DECIBANS)) ** 2 / 2
    strengths = prior_decibans + _STRENGTHS / 10
    shares = np.exp(logs - logs.max()).sum(axis=0)
    shares /= shares.sum()
    low, high = np.interp([0.05, 0.95], np.cumsum(shares) - shares / 2, strengths).tolist()
    right = sum(count for hunch, count in told.items() if hunch.felt_dead != hunch.was_genuine)
    return Gut(float(shares @ strengths), low, high, told.total(), right)


def _log_likelihood(told: Counter[Hunch], odds: Array, *, was_genuine: bool) -> Array:
    """Return ln P(feelings) where "felt alive" has these odds, in decibans."""
    logs = odds * (np.log(10) / 10)
    alive, dead = (told[Hunch(felt, was_genuine)] for felt in (False, True))
    # ln P(alive) = -ln(1 + e^-odds), ln P(dead) = -ln(1 + e^odds), without overflow.
    return np.asarray(-alive * np.logaddexp(0, -logs) - dead * np.logaddexp(0, logs))
