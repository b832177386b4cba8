"""How good probabilities were: scores, reliability, censoring, and how sure one can be of them.

Everywhere: chances [n] in [0, 1], outcomes [n] of False or True, weights [n] >= 0 (1 unless given;
inverse censoring weights, or how often a bootstrap drew a row). CalibrationError on anything else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

BINS = 10
ENOUGH_FOR_BINS = 200
_TINY = float(np.finfo(np.float64).eps)  # as scikit-learn keeps the logarithm finite
_ROUNDS = 50
_CLOSE = 1e-10


class CalibrationError(ValueError):
    """Chances or outcomes that no score can be given for; the message says why."""


class Rows(NamedTuple):
    """Checked columns of one length."""

    chances: Array
    outcomes: Array
    weights: Array


Metric = Callable[[Rows], float]


def rows_of(chances: ArrayLike, outcomes: ArrayLike, weights: ArrayLike | None = None) -> Rows:
    """Return the columns as arrays of floats; CalibrationError where they are not what they say."""
    p, y = np.asarray(chances, dtype=np.float64), np.asarray(outcomes, dtype=np.float64)
    w = np.ones(p.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    _demand(p.ndim == 1 and p.shape == y.shape == w.shape, "columns must have one length")
    _demand(p.size > 0, "there are no rows")
    _demand(bool(np.isfinite(np.concatenate([p, y, w])).all()), "a number is missing")
    _demand(bool(((p >= 0) & (p <= 1)).all()), "chances must lie in [0, 1]")
    _demand(bool(np.isin(y, (0.0, 1.0)).all()), "outcomes must be False or True")
    _demand(bool((w >= 0).all()) and w.sum() > 0, "weights must not be negative, nor all 0")
    return Rows(p, y, w)


def brier(rows: Rows) -> float:
    """Return the mean squared distance of chance and outcome (Brier 1950); 0 is perfect."""
    return _mean((rows.chances - rows.outcomes) ** 2, rows)


def base_brier(rows: Rows) -> float:
    """Return the Brier score of always saying the share of True: p (1 - p)."""
    share = _mean(rows.outcomes, rows)
    return share * (1 - share)


def skill(rows: Rows) -> float:
    """Return what of the base rate's Brier score is saved; 0 is no better, below 0 is worse."""
    base = base_brier(rows)
    _demand(base > 0, "both outcomes are needed")
    return 1 - brier(rows) / base


def log_loss(rows: Rows) -> float:
    """Return the mean surprise in nats; chances of 0 and 1 count as just not certain."""
    p = np.clip(rows.chances, _TINY, 1 - _TINY)
    return _mean(-np.where(rows.outcomes > 0, np.log(p), np.log1p(-p)), rows)


def auc(rows: Rows) -> float:
    """Return the chance that a True has the higher chance than a False, ties half."""
    _, ties = np.unique(rows.chances, return_inverse=True)
    true = np.bincount(ties, rows.weights * rows.outcomes)
    false = np.bincount(ties, rows.weights * (1 - rows.outcomes))
    pairs = true.sum() * false.sum()
    _demand(pairs > 0, "both outcomes are needed")
    below = false.cumsum() - false / 2
    return float((true * below).sum() / pairs)


class Bin(NamedTuple):
    """Rows of similar chance: their weight, mean chance and share of True."""

    weight: float
    chance: float
    share: float


def reliability(rows: Rows, bins: int = BINS) -> list[Bin]:
    """Return up to `bins` bins of equal weight by rising chance; equal chances stay together."""
    p, y, w = rows
    _, ties = np.unique(p, return_inverse=True)
    mass = np.bincount(ties, w)
    middle = (mass.cumsum() - mass / 2) / mass.sum()
    number = np.minimum((middle * bins).astype(np.int64), bins - 1)[ties]
    mass, chance, share = (np.bincount(number, w * x, bins) for x in (np.ones(len(p)), p, y))
    return [
        Bin(float(m), float(c / m), float(s / m))
        for m, c, s in zip(mass, chance, share, strict=True)
        if m > 0
    ]


def calibration_error(rows: Rows, bins: int = BINS) -> float:
    """Return the mean distance of chance and share over the bins (ECE).

    Chance alone gives a perfect forecast about sqrt(2/pi) mean(sqrt(p (1 - p))) sqrt(bins/n): .008
    for 20,000 rows and .11 for 100.
    """
    return sum(b.weight * abs(b.chance - b.share) for b in reliability(rows, bins)) / float(
        rows.weights.sum()
    )


class Line(NamedTuple):
    """Outcomes against the chances on the log-odds scale: 0 and 1 are right (Cox 1958).

    A slope below 1 says that the chances are too sure of themselves.
    """

    intercept: float
    slope: float


def reliability_line(rows: Rows) -> Line:
    """Return the logistic regression of the outcome on the log-odds of the chance.

    CalibrationError where it has no finite answer: one outcome only, one chance only, or the two
    outcomes apart.
    """
    p = np.clip(rows.chances, _TINY, 1 - _TINY)
    x = np.stack([np.ones(len(p)), np.log(p) - np.log1p(-p)], axis=1)
    beta = np.array([0.0, 1.0])
    for _ in range(_ROUNDS):
        mean = 1 / (1 + np.exp(-np.clip(x @ beta, -500, 500)))
        gradient = x.T @ (rows.weights * (rows.outcomes - mean))
        curvature = (x.T * (rows.weights * mean * (1 - mean))) @ x
        _demand(np.linalg.cond(curvature) < 1 / _TINY, "the outcomes have no finite line")
        step = np.linalg.solve(curvature, gradient)
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            return Line(float(beta[0]), float(beta[1]))
    raise CalibrationError("the outcomes have no finite line")


def staying(durations: ArrayLike, ended: ArrayLike, at: ArrayLike) -> Array:
    """Return the Kaplan-Meier share that has not ended just before each of `at` [m].

    durations [n] until the end, or until the row was lost from sight; ended [n]: which of the two.
    """
    time, is_end = np.asarray(durations, dtype=np.float64), np.asarray(ended, dtype=np.bool_)
    _demand(time.size > 0 and time.shape == is_end.shape, "there are no rows")
    _demand(bool(np.isfinite(time).all()), "a duration is missing")
    moments, counts = np.unique(time[is_end], return_counts=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), moments)
    curve = np.concatenate([[1.0], np.cumprod(1 - counts / np.maximum(at_risk, 1))])
    return np.asarray(curve[np.searchsorted(moments, np.asarray(at, dtype=np.float64))])


def censoring_weights(durations: ArrayLike, ended: ArrayLike, horizon: float) -> Array:
    """Return what each row [n] counts for "within `horizon` days", so that nobody is dropped.

    A row whose answer is known (it ended, or was seen for the whole horizon) stands for those like
    it that were lost from sight: 1 / P(still in sight); an unknown one counts 0. The censoring must
    not depend on the outcome (Graf et al. 1999).
    """
    time, is_end = np.asarray(durations, dtype=np.float64), np.asarray(ended, dtype=np.bool_)
    until = np.minimum(time, horizon)
    known = is_end | (time >= horizon)
    in_sight = staying(time, ~is_end, until)
    return np.where(known, 1 / np.maximum(in_sight, _TINY), 0.0)


class Interval(NamedTuple):
    """A figure with the bounds between which nine of ten bootstrap figures lie."""

    value: float
    low: float
    high: float


def interval(
    metric: Metric,
    rows: Rows,
    customers: ArrayLike,
    *,
    rng: np.random.Generator,
    rounds: int = 200,
) -> Interval:
    """Return `metric` with its 5 and 95 % quantiles when whole customers are drawn anew.

    customers [n]: whose row it is. Draws for which the metric has no value are left out;
    CalibrationError where that is all of them.
    """
    _, owner = np.unique(np.asarray(customers), return_inverse=True)
    _demand(owner.shape == rows.chances.shape, "every row needs its customer")
    people = int(owner.max()) + 1
    drawn = rng.multinomial(people, np.full(people, 1 / people), size=rounds)
    figures = []
    for counts in drawn:
        weights = rows.weights * counts[owner]
        try:
            figures.append(metric(rows_of(rows.chances, rows.outcomes, weights)))
        except CalibrationError:
            continue
    _demand(bool(figures), "no draw has both outcomes")
    low, high = np.quantile(figures, [0.05, 0.95]).tolist()
    return Interval(metric(rows), low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """All figures of one forecast. `error` from 200 rows on, the line below that; else None."""

    n: int
    customers: int
    share: float
    brier: Interval
    base_brier: float
    skill: Interval
    log_loss: Interval
    auc: Interval
    error: float | None
    line: Line | None


def calibration(rows: Rows, customers: ArrayLike, *, rng: np.random.Generator) -> Calibration:
    """Return all figures of `rows`; CalibrationError where they have one outcome only."""
    known = int((rows.weights > 0).sum())
    enough = known >= ENOUGH_FOR_BINS
    spread = [interval(m, rows, customers, rng=rng) for m in (brier, skill, log_loss, auc)]
    return Calibration(
        n=known,
        customers=len(np.unique(np.asarray(customers))),
        share=_mean(rows.outcomes, rows),
        brier=spread[0],
        base_brier=base_brier(rows),
        skill=spread[1],
        log_loss=spread[2],
        auc=spread[3],
        error=calibration_error(rows) if enough else None,
        line=None if enough else _line_or_none(rows),
    )


def _line_or_none(rows: Rows) -> Line | None:
    try:
        return reliability_line(rows)
    except CalibrationError:
        return None


def _mean(values: Array, rows: Rows) -> float:
    return float(values @ rows.weights / rows.weights.sum())


def _demand(holds: bool, what: str) -> None:  # noqa: FBT001
    if not holds:
        raise CalibrationError(what)
