"""How long it takes until it is clear: shares of yes and no by day, open matters censored.

Days are whole. Those who end on a day are at risk on it; who is still open on day d is censored
after the ends of that day, as usual (Kaplan and Meier 1958).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nachhaken.learning.insight.values import Clarity, ClarityPoint, Measured
from nachhaken.learning.shares import Share

Array = NDArray[np.float64]

Z = 1.6448536269514722
"""The normal quantile of an interval that holds in nine of ten cases."""

MOST_POINTS = 200
_HALF = 0.5
_TAIL = 0.05
_NONE = 1e-9  # a share this near to 0 or 1 is what rounding left of it


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """By day [d] from 0: how many are at risk, what is still open (`staying`), and yes and no.

    `risk` [d] are those open at the beginning of the day; `staying` [d] is the Kaplan-Meier share
    still open after it, `greenwood` [d] the sum under its variance; `shares` and `variances` [2,d]
    are the cumulative incidences of yes and no with theirs.
    """

    risk: Array
    staying: Array
    greenwood: Array
    shares: Array
    variances: Array


def clarity(
    yes: Mapping[int, int], no: Mapping[int, int], still_open: Mapping[int, int]
) -> Clarity:
    """Return the curves of so many by days (from 0): ended with yes, with no, and still open."""
    cases = sum(yes.values()) + sum(no.values()) + sum(still_open.values())
    open_cases = sum(still_open.values())
    if not yes and not no:
        return Clarity(points=(), cases=cases, open_cases=open_cases, median_days=None)
    found = curves(yes, no, still_open)
    return Clarity(
        points=tuple(_point(found, day) for day in _days_shown(yes, no, found)),
        cases=cases,
        open_cases=open_cases,
        median_days=_median(found),
    )


def curves(yes: Mapping[int, int], no: Mapping[int, int], still_open: Mapping[int, int]) -> Curves:
    """Return the estimates for every day up to the last one on which anybody ended or was open.

    Kaplan-Meier S(d) = prod(1 - e/n) with Greenwood's sum e/(n (n - e)); Aalen-Johansen
    F_k(d) = sum S(d-1) e_k/n (Aalen and Johansen 1978), which add up with S to 1. The variance of
    F_k by the delta method (Marubini and Valsecchi 1995, 10.2):
    sum (F_k(t)-F_k(d))^2 e/(n (n-e)) + sum S(d-1)^2 (n-e_k) e_k/n^3
    - 2 sum (F_k(t)-F_k(d)) S(d-1) e_k/n^2.
    """
    last = max((*yes, *no, *still_open))
    causes = np.stack([_column(yes, last), _column(no, last)])
    gone = causes.sum(axis=0) + _column(still_open, last)
    risk = gone.sum() - np.concatenate([[0.0], np.cumsum(gone)[:-1]])
    ends = causes.sum(axis=0)
    at_risk = np.maximum(risk, 1)
    staying = np.cumprod(1 - ends / at_risk)
    before = np.concatenate([[1.0], staying[:-1]])
    shares = np.cumsum(before * causes / at_risk, axis=1)
    # Where all end at once nothing is left to be unsure of.
    left = np.where(risk > ends, at_risk * (at_risk - ends), np.inf)
    terms = ends / left
    variances = np.stack(
        [_variance(f, k, (before, at_risk, terms)) for f, k in zip(shares, causes, strict=True)]
    )
    return Curves(risk, staying, np.cumsum(terms), shares, variances)


def bounds(share: float, deviation: float) -> tuple[float, float]:
    """Return the 90 % interval of a share in (0, 1) by its standard deviation, on log(-log).

    Kalbfleisch and Prentice 2002, 1.4: it stays in (0, 1), and holds for few cases, too.
    """
    power = Z * deviation / (share * abs(np.log(share)))
    one, other = share ** np.exp(power), share ** np.exp(-power)
    return float(min(one, other)), float(max(one, other))


def _variance(share: Array, ends: Array, shared: tuple[Array, Array, Array]) -> Array:
    """The three sums at every t, with (F(t) - F(d)) multiplied out so that each is cumulative."""
    before, risk, terms = shared
    own = np.cumsum(before**2 * (risk - ends) * ends / risk**3)
    cross = before * ends / risk**2
    spread = (
        share**2 * np.cumsum(terms)
        - 2 * share * np.cumsum(terms * share)
        + np.cumsum(terms * share**2)
    )
    mixed = share * np.cumsum(cross) - np.cumsum(cross * share)
    return np.maximum(spread + own - 2 * mixed, 0.0)


def _column(counts: Mapping[int, int], last: int) -> Array:
    column = np.zeros(last + 1)
    for day, count in counts.items():
        column[day] += count
    return column


def _days_shown(yes: Mapping[int, int], no: Mapping[int, int], found: Curves) -> list[int]:
    """The days on which somebody ended; of very many as many as a line can show, and the last."""
    days = sorted({*yes, *no})
    step = -(-len(days) // MOST_POINTS)
    shown = {0, *days[::step], days[-1]}
    return sorted(day for day in shown if found.risk[day] > 0)


def _point(found: Curves, day: int) -> ClarityPoint:
    yes, no = (_share(found, which, day) for which in (0, 1))
    return ClarityPoint(day=day, yes=yes, no=no)


def _share(found: Curves, which: int, day: int) -> Share:
    value = float(found.shares[which, day])
    deviation = float(np.sqrt(found.variances[which, day]))
    if _NONE < value < 1 - _NONE and deviation > 0:
        return Share(value, *bounds(value, deviation))
    # None, or all: what the binomial with as many cases still allows (the rule of three).
    open_side = 1 - _TAIL ** (1 / float(found.risk[day]))
    return Share(value, max(0.0, value - open_side), min(1.0, value + open_side))


def _median(found: Curves) -> Measured | None:
    """The first day by which half is clear, and by which the bounds of S say so.

    Brookmeyer and Crowley 1982, on log(-log). The upper bound is the last known day where even
    the longest known time does not tell.
    """
    below = np.flatnonzero(found.staying <= _HALF)
    if not len(below):
        return None
    day, last = int(below[0]), len(found.staying) - 1
    low, high = day, last
    for on in range(last, -1, -1):
        share = float(found.staying[on])
        if _NONE < share < 1 - _NONE:
            lower, upper = bounds(share, share * float(np.sqrt(found.greenwood[on])))
            low = on if lower <= _HALF else low
            high = on if upper <= _HALF else high
    return Measured(value=float(day), low=float(min(low, day)), high=float(max(high, day)))
