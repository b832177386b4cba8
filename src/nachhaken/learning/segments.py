"""Do parts of the business differ, and how much may each believe its own cases? Two levels.

The global parameters are the mean of a segment's prior; how much they weigh, m pseudo-observations
per block, is what makes the segments' counts most probable (type-II maximum likelihood on a grid;
Minka 2000). Alike segments give a large m, and every segment is the global one. Counts are those
expected under the global model, which are a little too alike: m errs on the side of the global.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import Columns
from nachhaken.engine.model import Array, Model, Strengths, strengths
from nachhaken.learning.em import estimate
from nachhaken.learning.improve import answers, exposure, moves
from nachhaken.learning.outcomes import Codes, LearningError, is_closed
from nachhaken.learning.prior import BASE, MOVES, Prior, is_shared
from nachhaken.learning.statistics import Statistics, count
from nachhaken.learning.stretches import stretches_of, subset

LEAST_CLOSED = 20
_GRID = np.geomspace(5, 500, 25)

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """One model per segment, the cases that ended in each, and what the global one weighs (m).

    A block of infinite strength is the same in every segment.
    """

    models: Mapping[int, Model]
    closed: Mapping[int, int]
    strengths: Strengths


def learn_segments(
    columns: Columns, outcomes: Codes, segments: Labels, *, learnt: Model, prior: Model
) -> Segments:
    """Return the model of each segment, shrunk towards the global `learnt` one.

    segments [N] are numbers; `prior` is the model that `columns.start` was made with. A segment
    with fewer than 20 cases that ended is the global one. Contact levels and delays are shared.
    LearningError where the lengths differ.
    """
    if segments.shape != outcomes.shape:
        raise LearningError(f"outcomes of shape {outcomes.shape}, segments {segments.shape}")
    whole = stretches_of(columns, outcomes, prior)
    rows = {int(s): np.flatnonzero(segments == s) for s in np.unique(segments)}
    closed = {s: int(is_closed(outcomes[own]).sum()) for s, own in rows.items()}
    told = [count(subset(whole, own), learnt) for own in rows.values()]
    weight = between_segments(told, learnt)
    models = {
        s: estimate(subset(whole, own), Prior(model=learnt, strengths=weight)).model
        if closed[s] >= LEAST_CLOSED
        else learnt
        for s, own in rows.items()
    }
    return Segments(models=models, closed=closed, strengths=weight)


def between_segments(told: Sequence[Statistics], model: Model) -> Strengths:
    """Return m per block, 5 to 500, from the counts of each segment under the global model."""
    return replace(
        strengths(),
        touch=np.inf,
        delay=np.inf,
        start=_best(lambda m: sum(_rows(m, t.start, model.start) for t in told)),
        symbols=_best(lambda m: sum(_answers(m, t, model) for t in told)),
        reply=_best(lambda m: sum(_coins(m, t.will, model.will) for t in told)),
        drift=_best(lambda m: sum(_moves(m, t, model) for t in told)),
        unprompted=_best(lambda m: sum(_messages(m, t, model) for t in told)),
    )


def _best(evidence: Callable[[float], float]) -> float:
    return float(max(_GRID, key=lambda m: evidence(float(m))))


def _answers(m: float, told: Statistics, model: Model) -> float:
    counts, same = answers(told, model), is_shared(model)
    own = _rows(m, counts[1][~same], model.symbols[1][~same])
    return _rows(m, counts[0], model.symbols[0]) + own


def _moves(m: float, told: Statistics, model: Model) -> float:
    jumps, time = moves(told)
    return _events(m, jumps[MOVES], time[MOVES], model.generators[MOVES])


def _messages(m: float, told: Statistics, model: Model) -> float:
    _, time = exposure(told, model)
    base = model.unprompted[BASE]
    possible = base > 0
    return _events(m, told.messages[possible], time[possible], base[possible])


def _rows(m: float, counts: Array, mean: Array) -> float:
    """Return the log probability of Dirichlet-multinomial rows [..,o] with mean and weight m."""
    from scipy.special import gammaln  # noqa: PLC0415 only who learns needs it

    a = np.where(mean > 0, m * mean, 1.0)
    cells = np.where(mean > 0, gammaln(a + counts) - gammaln(a), 0.0)
    total = counts.sum(axis=-1)
    return float(cells.sum() + (gammaln(m) - gammaln(m + total)).sum())


def _coins(m: float, counts: Array, mean: Array) -> float:
    """Return the same for Beta cells: counts [..,2] are (yes, all)."""
    yes, every = counts[..., 0], counts[..., 1]
    return _rows(m, np.stack([yes, every - yes], -1), np.stack([mean, 1 - mean], -1))


def _events(m: float, counts: Array, time: Array, rate: Array) -> float:
    """Return the log probability of Poisson counts whose rate is Gamma(m, m / rate)."""
    from scipy.special import gammaln  # noqa: PLC0415 only who learns needs it

    inverse = m / rate
    return float(
        (
            gammaln(m + counts)
            - gammaln(m)
            + m * np.log(inverse)
            - (m + counts) * np.log(inverse + time)
        ).sum()
    )
