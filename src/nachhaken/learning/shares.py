"""Shares of few cases with honest intervals: what is likely, and between which bounds."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nachhaken.engine.model import Array

_BOUNDS = (0.05, 0.95)
_STEPS = 400  # of each factor's quantiles; the product is then right to a thousandth


class Share(NamedTuple):
    """A posterior mean in [0, 1] with its equal-tailed 90 % interval."""

    value: float
    low: float
    high: float


@lru_cache(maxsize=512)
def share(count: int, cases: int, *, mean: float, weight: float) -> Share:
    """Return the share of `count` in `cases`, with a prior of this mean that weighs so many cases.

    Beta posterior: Beta(weight mean + count, weight (1 - mean) + cases - count).
    """
    return _share(*_posterior(count, cases, mean, weight))


def jeffreys(count: int, cases: int) -> Share:
    """Return the share with Jeffreys' prior Beta(1/2, 1/2) (Brown, Cai, DasGupta 2001)."""
    return share(count, cases, mean=0.5, weight=1.0)


@lru_cache(maxsize=512)
def share_of_share(
    first: tuple[int, int, float], second: tuple[int, int, float], *, weight: float
) -> Share:
    """Return the product of two independent shares, each as (count, cases, prior mean).

    The interval is taken from the product of both posteriors' quantiles, each at its steps' middle.
    """
    shapes = [_posterior(*one, weight) for one in (first, second)]
    middles = (np.arange(_STEPS) + 0.5) / _STEPS
    one, other = (_quantiles(a, b, middles) for a, b in shapes)
    low, high = np.quantile(np.outer(one, other), _BOUNDS).tolist()
    value = float(np.prod([a / (a + b) for a, b in shapes]))
    return Share(value, low, high)


@lru_cache(maxsize=512)
def ratio_of_shares(
    first: tuple[int, int], second: tuple[int, int], *, mean: float, weight: float
) -> Share:
    """Return how many times as large the first share is as the second, each as (count, cases).

    Both have the same prior, so without cases the ratio is about 1. `value` is the quotient of the
    posterior means; the 90 % interval is taken as in `share_of_share`. A mean of 0 or 1 is refused
    by ValueError: nothing could differ.
    """
    if not 0 < mean < 1:
        raise ValueError(f"mean must lie between 0 and 1, not {mean}")
    (a, b), (c, d) = (_posterior(*one, mean, weight) for one in (first, second))
    middles = (np.arange(_STEPS) + 0.5) / _STEPS
    quotients = np.divide.outer(_quantiles(a, b, middles), _quantiles(c, d, middles))
    low, high = np.quantile(quotients, _BOUNDS).tolist()
    return Share(a / (a + b) / (c / (c + d)), low, high)


def _posterior(count: int, cases: int, mean: float, weight: float) -> tuple[float, float]:
    return weight * mean + count, weight * (1 - mean) + cases - count


def _share(a: float, b: float) -> Share:
    low, high = _quantiles(a, b, np.array(_BOUNDS)).tolist()
    return Share(a / (a + b), low, high)


def _quantiles(a: float, b: float, at: Array) -> Array:
    from scipy.special import betaincinv  # noqa: PLC0415 a page need not wait for SciPy

    return np.asarray(betaincinv(a, b, at))
