"""What an early no saved: the work that comparable noes took from the same day on.

Compared are noes of the same price band that were still open after that day, whatever day they
ended on. What a yes took is not compared: it was paid for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from nachhaken.learning.insight.values import Band, Ending, Measured, Saved

LEAST = 5
"""Fewer comparable matters carry no number."""

_NOES = frozenset({Ending.EARLY_NO, Ending.LATE_NO})
_UPPER = 0.95  # of a two-sided 90 % interval

Minutes = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """An ended matter: how, after how many days, and the own work on which day since its begin.

    `work` are pairs of day (since the first offer; below zero before it) and minutes.
    """

    ending: Ending
    days: float
    band: Band = Band.UNKNOWN
    work: tuple[tuple[float, int], ...] = ()

    def after(self, day: float) -> int:
        """Return the minutes of own work later than `day`."""
        return sum(minutes for at, minutes in self.work if at > day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What one early no saved, and how that was reckoned.

    `compared` noes of `band` (None: of any, as the band had fewer than `least`) went on beyond
    `day` and took `minutes` more from there, on average. None where there are fewer than `least`.
    """

    minutes: Measured | None
    compared: int
    band: Band | None
    day: int
    least: int = LEAST


def rest_after(days: float, band: Band, matters: Sequence[Matter]) -> Rest:
    """Return the work that a matter of `band` which ended after `days` would still have taken.

    The interval is Student's t for the mean over the compared matters, cut at zero.
    """
    day = _whole(days)
    compared, of = _beyond(day, band, matters)
    rests = _rests(compared, day)
    spread = _deviations(rests) if len(rests) >= LEAST else None
    return Rest(
        minutes=None if spread is None else _measured(float(rests.mean()), spread),
        compared=len(compared),
        band=of,
        day=day,
    )


def saved(matters: Sequence[Matter]) -> Saved:
    """Return what all early noes among `matters` saved together.

    Those without `LEAST` comparable matters add nothing, so the sum says rather too little. Its
    interval takes into account that the same matter is compared with many: each one's share of
    the error is summed before it is squared (the infinitesimal jackknife; Efron and Tibshirani
    1993, 11.5), with n/(n-1) and Student's t as for a single mean.
    """
    early = Counter(
        (_whole(one.days), one.band) for one in matters if one.ending is Ending.EARLY_NO
    )
    shares: dict[int, float] = {}
    total = 0.0
    for (day, band), count in early.items():
        compared, _of = _beyond(day, band, matters)
        if len(compared) < LEAST:
            continue
        rests = _rests(compared, day)
        total += count * float(rests.mean())
        for one, share in zip(compared, _deviations(rests), strict=True):
            shares[id(one)] = shares.get(id(one), 0.0) + count * float(share)
    errors = np.array(list(shares.values()))
    return Saved(
        minutes=_measured(total, errors) if shares else None,
        early=early.total(),
        compared=len(shares),
        least=LEAST,
    )


def _whole(days: float) -> int:
    """The day that has passed: what happened on the day of the end itself is not counted."""
    return max(0, ceil(days))


def _beyond(
    day: int, band: Band, matters: Sequence[Matter]
) -> tuple[Sequence[Matter], Band | None]:
    went_on = [one for one in matters if one.ending in _NOES and one.days > day]
    same = [one for one in went_on if one.band is band]
    return (same, band) if len(same) >= LEAST else (went_on, None)


def _rests(compared: Sequence[Matter], day: int) -> Minutes:
    return np.array([one.after(day) for one in compared], dtype=np.float64)


def _deviations(rests: Minutes) -> Minutes:
    """What each of the compared adds to the error of their mean."""
    return np.asarray((rests - rests.mean()) / len(rests))


def _measured(value: float, errors: Minutes) -> Measured:
    from scipy.special import stdtrit  # noqa: PLC0415 a page need not wait for SciPy

    n = len(errors)
    half = float(stdtrit(n - 1, _UPPER)) * sqrt(float((errors**2).sum()) * n / (n - 1))
    return Measured(value=value, low=max(0.0, value - half), high=value + half)
