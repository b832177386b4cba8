"""How likely is an opportunity to be won, judged by the ratings of the first talk, from few cases?

A Gaussian process on categories (Rasmussen & Williams 2006, ch. 3): two opportunities are alike by
the ratings that they share, each on its own and together (Hamming kernel). How much ratings count
is what foretells each case best from all others, held to a prior; Laplace's evidence would choose
too weak ones (Kuss & Rasmussen 2005). Without cases the chance is the rate that was given; a rating
that is missing says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import e, log, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.learning.logistic import logistic
from nachhaken.learning.outcomes import LearningError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Ratings = Mapping[str, str | None]

UNKNOWN = frozenset({"", "Unknown"})
ROWS_FOR_STRENGTHS = 400
_MISSING, _NEW = -1, -2
_BASE = 1.0  # variance of the log-odds around those of the rate
_DECIBANS = 10 * log10(e)  # per unit of natural log-odds
_ROUNDS, _CLOSE = 50, 1e-6


class Strengths(NamedTuple):
    """Variances of the log-odds that one rating and all together bring; fading per difference."""

    single: float = 0.1
    together: float = 1.0
    fading: float = 0.8


_CHOICES = {
    "together": (0.3, 1.0, 3.0, 10.0),
    "single": (0.03, 0.1, 0.3),
    "fading": (0.4, 0.8, 1.6),
}


@dataclass(frozen=True, slots=True, eq=False)
class Qualifier:
    """What outcomes taught about ratings.

    categories: the code of each known rating by feature, in a fixed order; known [n, features];
    pull [n]: how much each case pulls the log-odds of those like it, > 0 where it was won.
    """

    rate: float
    unknown: frozenset[str]
    categories: Mapping[str, Mapping[str, int]]
    known: Codes
    pull: Array
    strengths: Strengths

    def chance(self, row: Ratings) -> float:
        """Return the chance in (0, 1) that it is won; features that were never seen are ignored."""
        decibans = self.base + sum(self.weights(row).values())
        return float(logistic(np.array(decibans / _DECIBANS)))

    @property
    def base(self) -> float:
        """What is said of an opportunity of which nothing is known, in decibans for a win."""
        alone = _BASE + _together(np.zeros(1), len(self.categories), self.strengths)[0]
        return _DECIBANS * (_log_odds(self.rate) + float(alone * self.pull.sum()))

    def weights(self, row: Ratings) -> dict[str, float]:
        """Return what each rating brings, in decibans for a win; base and all make the chance.

        What ratings bring together is shared by Shapley's rule, which is exact here: equally among
        those that two cases share. A rating that is missing or was never seen brings 0.
        """
        told = _coded([row], self.categories, self.unknown)[0]
        same = (told == self.known) & (told != _MISSING)
        count = same.sum(1)
        rise = _together(count, len(self.categories), self.strengths)
        rise -= _together(np.zeros(1), len(self.categories), self.strengths)
        each = self.strengths.single + rise / np.maximum(count, 1)
        decibans = _DECIBANS * (self.pull * each) @ same
        return dict(zip(self.categories, decibans.tolist(), strict=True))


def learn(
    rows: Sequence[Ratings],
    outcomes: Sequence[bool],
    *,
    rate: float = 0.3,
    unknown: frozenset[str] = UNKNOWN,
) -> Qualifier:
    """Return what `outcomes` (won or not) of `rows` teach, from no row on to some thousands.

    rate in (0, 1) is believed without cases; `unknown` ratings, None and absent ones are missing.
    The work grows with the cube of the rows; how much ratings count is judged by 400 of them,
    evenly taken. LearningError where the lengths differ, or the rate is none.
    """
    if len(rows) != len(outcomes) or not 0 < rate < 1:
        raise LearningError(f"{len(rows)} rows, {len(outcomes)} outcomes, rate {rate}")
    categories = _categories(rows, unknown)
    known = _coded(rows, categories, unknown)
    won = np.array(outcomes, dtype=np.float64)
    some = np.unique(np.linspace(0, len(won) - 1, min(len(won), ROWS_FOR_STRENGTHS)).astype(int))
    strengths = _strengths(_alike(known[some]), won[some], rate, len(categories))
    covariance = _covariance(_alike(known), len(categories), strengths)
    pull = _pull(covariance, won, rate)
    return Qualifier(rate, unknown, categories, known, pull, strengths)


def _categories(rows: Sequence[Ratings], unknown: frozenset[str]) -> dict[str, dict[str, int]]:
    features = sorted({feature for row in rows for feature in row})
    return {
        feature: {
            rating: code
            for code, rating in enumerate(
                sorted({row.get(feature) or "" for row in rows} - unknown)
            )
        }
        for feature in features
    }


def _coded(
    rows: Sequence[Ratings], categories: Mapping[str, Mapping[str, int]], unknown: frozenset[str]
) -> Codes:
    codes = [
        [_code(row.get(feature), ratings, unknown) for feature, ratings in categories.items()]
        for row in rows
    ]
    return np.array(codes, dtype=np.int64).reshape(len(rows), len(categories))


def _code(rating: str | None, ratings: Mapping[str, int], unknown: frozenset[str]) -> int:
    if rating is None or rating in unknown:
        return _MISSING
    return ratings.get(rating, _NEW)


def _alike(known: Codes) -> Array:
    """How many ratings each two cases share [n, n]; what is missing is shared with nobody."""
    shared = np.zeros((len(known), len(known)))
    for column in known.T:
        shared += (column[:, None] == column) & (column[:, None] != _MISSING)
    return shared


def _together(shared: Array | Codes, features: int, strengths: Strengths) -> Array:
    return np.asarray(strengths.together * np.exp(-strengths.fading * (features - shared)))


def _covariance(shared: Array, features: int, strengths: Strengths) -> Array:
    return _BASE + strengths.single * shared + _together(shared, features, strengths)


def _strengths(shared: Array, won: Array, rate: float, features: int) -> Strengths:
    """The best choice of each in turn; all are log-normal around the default (sd 1)."""

    def worth(strengths: Strengths) -> float:
        covariance = _covariance(shared, features, strengths)
        away = np.log(np.array(strengths) / np.array(Strengths()))
        return _left_out(covariance, won, rate) - float(away @ away) / 2

    best = Strengths()
    for name, choices in _CHOICES.items():
        best = max((best._replace(**{name: choice}) for choice in choices), key=worth)
    return best


def _pull(covariance: Array, won: Array, rate: float) -> Array:
    """The mode: log-odds are K pull above those of the rate (Rasmussen & Williams, alg. 3.1)."""
    pull = f = np.zeros(len(won))
    for _ in range(_ROUNDS):
        p = logistic(_log_odds(rate) + f)
        root = np.sqrt(p * (1 - p))
        b = root**2 * f + won - p
        pull = b - root * np.linalg.solve(_inner(covariance, root), root * (covariance @ b))
        f, old = covariance @ pull, f
        if np.abs(f - old).max(initial=0) < _CLOSE:
            break
    return pull


def _left_out(covariance: Array, won: Array, rate: float) -> float:
    """The log-likelihood of each case foretold by all others, by taking its own pull back."""
    pull = _pull(covariance, won, rate)
    z = _log_odds(rate) + covariance @ pull
    p = logistic(z)
    root = np.sqrt(p * (1 - p))
    left = np.linalg.inv(_inner(covariance, root)).diagonal()
    without = z - (won - p) * (1 - left) / (root**2 * left)
    return float(won @ without - np.logaddexp(0, without).sum())


def _inner(covariance: Array, root: Array) -> Array:
    return np.eye(len(root)) + root[:, None] * covariance * root


def _log_odds(chance: float) -> float:
    return log(chance / (1 - chance))
