"""What does the fit of a seller and a customer change? A factor of worth, and hours no plan has.

Fit is between this seller and this customer: another seller has other marks. Every number here is
about the seller's own past, and says on how many of his jobs it rests.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist, fmean

from nachhaken.engine.worth import LEAST_FIT, MOST_FIT

POINTS = (-1, 0, 1)
NEUTRAL = 1.0
# Known answers that pull as strongly towards 1 as they pull away: one answer is a hunch [E].
PULL_TO_NEUTRAL = 2
# From one clear answer on more than one other, a fit is called poor or good [E].
POOR_BELOW, GOOD_ABOVE = 0.8, 1.2

LEAST_JOBS = 5  # own finished jobs whose figure is known: below, nothing is claimed [E]
LEAST_OF_LEVEL = 2  # of these, jobs of the level that is asked about [E]
JOBS_OF_PRIOR = 4  # what the prior weighs, in jobs: the variance of a job over that of sellers [E]
JOBS_OF_SELLER = (
    3  # what his own mean weighs for a level: variance of a job over that of levels [E]
)

NINE_OF_TEN = NormalDist().inv_cdf(0.95)


class FitError(ValueError):
    """Marks or jobs that cannot be; the message names them."""


class Level(StrEnum):
    """How well a seller and a customer fit, in three words."""

    POOR = "poor"
    MIXED = "mixed"
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One own finished job: how it had fitted (None: nobody said), and what it took.

    `hours` are worked hours beyond the planned ones, below 0 where it went quicker; `margin` is
    what was left of the price, a share of at most 1, below 0 for a loss. None is not known.
    """

    level: Level | None
    hours: float | None = None
    margin: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean as it is expected next time, the own jobs behind it, and how many were of the level.

    In the unit of what was asked: hours, or a share of the price. `low` and `high` hold the mean in
    nine cases of ten; a single job strays further.
    """

    mean: float
    low: float
    high: float
    jobs: int
    of_level: int


def fit_factor(marks: Iterable[int], energy: int | None = None) -> float:
    """Return what the fit makes of the worth of a yes: .5 (costs strength) to 1.5 (a dream).

        factor = 1 + m/2 x n / (n + 2)

    m is the mean of the `n` answers that are known, each -1, 0 or 1; the seller's energy after the
    talk is one answer among them. The last term shrinks it to 1 where little is known: one answer
    moves it by a third of what it says, six by three quarters [E]. Nothing known is 1 exactly.
    FitError for other points.
    """
    known = [*marks, *([] if energy is None else [energy])]
    if any(points not in POINTS for points in known):
        raise FitError(f"points must be among {POINTS}")
    if not known:
        return NEUTRAL
    pull = len(known) / (len(known) + PULL_TO_NEUTRAL)
    return NEUTRAL + (MOST_FIT - LEAST_FIT) / 2 * fmean(known) * pull


def level_of(factor: float) -> Level:
    """Return the word for a factor: poor below .8, good above 1.2, between them mixed."""
    if factor < POOR_BELOW:
        return Level.POOR
    return Level.GOOD if factor > GOOD_ABOVE else Level.MIXED


def hidden_hours(jobs: Iterable[Job], level: Level, *, prior: float = 0.0) -> Estimate | None:
    """Return the hours beyond the plan that a job of this level takes; None: too few own jobs.

    `prior` is what holds before any job: that the plan is kept. See `pooled`. Below 0 is quicker.
    """
    known = [(job.level, job.hours) for job in jobs if job.hours is not None]
    return pooled(known, level, prior=prior)


def margin_left(jobs: Iterable[Job], level: Level, *, prior: float) -> Estimate | None:
    """Return the share of the price that a job of this level leaves; None: too few own jobs.

    `prior` is the share that the seller reckons with. See `pooled`. Below 0 is a loss.
    """
    known = [(job.level, job.margin) for job in jobs if job.margin is not None]
    return pooled(known, level, prior=prior)


def pooled(
    known: Sequence[tuple[Level | None, float]], level: Level, *, prior: float
) -> Estimate | None:
    """Return the mean of a level, partially pooled; None where too little is known to claim one.

        own   = (n x mean of all + 4 x prior) / (n + 4)
        level = (n_level x mean of the level + 3 x own) / (n_level + 3)

    Both lines are the posterior mean of a normal mean under a normal prior, with known ratios of
    the variances: Gelman, Hill (2007), Data Analysis Using Regression and Multilevel Models,
    eq. 12.1; the same shrinkage as Efron, Morris (1977), Stein's paradox in statistics. With v the
    variance of a job, the second line's mean has the posterior variance

        v / (n_level + 3) + (3 / (n_level + 3))^2 x v / (n + 4)

    and `low` and `high` are its 5 and 95 per cent, taken as normal. v is the sample variance of all
    his jobs, which counts the difference of the levels as chance and so errs to the wide side.
    Hours are those of a job and not of a euro: by price, ten hours lost on a small job would make
    hundreds of a large one, and a handful of jobs cannot tell how hours grow with size. Levels need
    not ascend: a poor fit that went well is allowed to say so. A job without a level (None) counts
    for the own mean alone. At least 5 jobs, 2 of them of the level. FitError for what is no number.
    """
    figures = [figure for _level, figure in known]
    of_level = [figure for found, figure in known if found is level]
    if not all(map(math.isfinite, figures)):
        raise FitError("a job's figures must be finite")
    if len(figures) < LEAST_JOBS or len(of_level) < LEAST_OF_LEVEL:
        return None
    own = (sum(figures) + JOBS_OF_PRIOR * prior) / (len(figures) + JOBS_OF_PRIOR)
    mean = (sum(of_level) + JOBS_OF_SELLER * own) / (len(of_level) + JOBS_OF_SELLER)
    pull = len(of_level) + JOBS_OF_SELLER
    spread = 1 / pull + (JOBS_OF_SELLER / pull) ** 2 / (len(figures) + JOBS_OF_PRIOR)
    beside = NINE_OF_TEN * math.sqrt(_variance(figures) * spread)
    return Estimate(
        mean=mean,
        low=mean - beside,
        high=mean + beside,
        jobs=len(figures),
        of_level=len(of_level),
    )


def _variance(figures: Sequence[float]) -> float:
    # Plain floats: `statistics.variance` reckons in fractions, a thousand times as long.
    mean = sum(figures) / len(figures)
    return sum((figure - mean) * (figure - mean) for figure in figures) / (len(figures) - 1)
