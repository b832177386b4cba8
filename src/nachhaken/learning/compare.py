"""Is one conduct better than another? By simulation over plausible worlds, and from logs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.simulation.conducts import Values
from nachhaken.engine.simulation.play import Conduct, Decisions, World, simulate

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

CLIP = 10.0  # no single log may count for more than ten
ENOUGH = 50.0  # effective number of logs below which the figure would be noise


class CompareError(ValueError):
    """Logs or worlds that nothing can be compared by; the message says why."""


def by_simulation(
    worlds: Sequence[World],
    conducts: Mapping[str, Conduct],
    *,
    n: int,
    rng: np.random.Generator,
) -> Array:
    """Return the mean net EUR [worlds, conducts] of `n` opportunities each.

    All conducts of a world get the same random numbers to start from. CompareError without a world
    or a conduct.
    """
    if not worlds or not conducts or n < 1:
        raise CompareError("there is nothing to compare")
    seeds = rng.integers(2**63, size=len(worlds))
    return np.array(
        [
            [_mean_eur(world, conduct, n, int(seed)) for conduct in conducts.values()]
            for world, seed in zip(worlds, seeds, strict=True)
        ]
    )


@dataclass(frozen=True, slots=True)
class Lead:
    """What one conduct brings more than the best of others, over worlds, in EUR."""

    mean: float
    tenth: float
    least: float
    share: float


def lead(eur: Array, first: int, others: Sequence[int]) -> Lead:
    """Return the lead of column `first` over the best of the columns `others` in each world.

    `tenth` is the 10 % quantile, `least` the worst world, `share` that of the worlds with a lead.
    """
    more = eur[:, first] - eur[:, list(others)].max(axis=1)
    return Lead(
        float(more.mean()),
        float(np.quantile(more, 0.1)),
        float(more.min()),
        float((more > 0).mean()),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Log:
    """D decisions by case, then time, as a conduct is judged by them.

    case [D]: whose; chance [D]: with which the logged action was taken (NaN: unknown), would [D]:
    with which the conduct in question would take it; eur [D]: what came in until the next decision,
    factor [D]: what an EUR at the next decision is worth now; value [D]: what the model expects
    from here on under the conduct, worth [D]: the same, the logged action given.
    """

    case: Ints
    chance: Array
    would: Array
    eur: Array
    factor: Array
    value: Array
    worth: Array


@dataclass(frozen=True, slots=True)
class TooFew:
    """Not enough: logs hardly ever did what the conduct would; only the simulator can tell."""

    cases: int
    effective: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """EUR per case with its standard error; `effective` is the number of cases it rests on."""

    eur: float
    error: float
    cases: int
    effective: float


def from_logs(log: Log) -> Estimate | TooFew:
    """Return what the conduct would have brought in the logged cases.

    Per-decision doubly robust (Jiang and Li 2016), weights clipped at 10 and self-normalised per
    step (Thomas and Brunskill 2016). TooFew below an effective size of 50, or where a logged chance
    is unknown: deterministic logs of people have none. CompareError for an empty log, or a chance
    of 0 for what was done.
    """
    steps = _steps(log)
    cases = len(steps)
    if np.isnan(log.chance).any():
        return TooFew(cases, 0.0)
    weights = _weights(log, steps)
    effective = _effective(weights[:, -1])
    if effective < ENOUGH:
        return TooFew(cases, effective)
    surprise, factor = _filled(log, steps)
    worth_of_step = np.concatenate([np.ones((cases, 1)), factor.cumprod(axis=1)[:, :-1]], axis=1)
    shares = weights / weights.mean(axis=0)
    each = log.value[steps[:, 0]] + (worth_of_step * shares * surprise).sum(axis=1)
    return Estimate(float(each.mean()), float(each.std(ddof=1) / np.sqrt(cases)), cases, effective)


def log_of(
    decisions: Decisions,
    eur: Array,
    values: Values,
    *,
    discount: float,
) -> Log:
    """Return the log of recorded decisions for the conduct that takes the best by `values`.

    eur [N]: what each opportunity had brought in the end, in EUR of day 0; `discount` per day. The
    decisions need beliefs.
    """
    if not decisions.belief.size:
        raise CompareError("the decisions were taken without beliefs")
    q = values(decisions.belief, decisions.context)
    rows = np.arange(len(q))
    last = np.append(decisions.row[1:] != decisions.row[:-1], True)
    later = np.where(last, eur[decisions.row], np.append(decisions.eur[1:], 0.0))
    days = np.where(last, 0.0, np.diff(decisions.day, append=0.0))
    return Log(
        case=decisions.row,
        chance=decisions.chance,
        would=(q.argmax(axis=1) == decisions.action).astype(np.float64),
        eur=(later - decisions.eur) / discount**decisions.day,
        factor=discount**days,
        value=q.max(axis=1),
        worth=q[rows, decisions.action],
    )


def _mean_eur(world: World, conduct: Conduct, n: int, seed: int) -> float:
    return float(simulate(world, conduct, n=n, rng=np.random.default_rng(seed)).eur.mean())


def _steps(log: Log) -> Ints:
    """Positions [cases, steps] in the log; -1 after the last step of a case."""
    if not log.case.size:
        raise CompareError("the log is empty")
    if (log.chance <= 0).any():
        raise CompareError("what was done had a chance of 0")
    _, first, counts = np.unique(log.case, return_index=True, return_counts=True)
    number = np.arange(counts.max())
    return np.where(number < counts[:, None], first[:, None] + number, -1)


def _weights(log: Log, steps: Ints) -> Array:
    """Weights [cases, steps] up to each step; who has ended keeps his."""
    ratio = np.where(steps >= 0, (log.would / log.chance)[steps], 1.0)
    return np.asarray(np.minimum(ratio.cumprod(axis=1), CLIP))


def _effective(weights: Array) -> float:
    """Return the effective number of cases (Kish 1965)."""
    total = float(weights.sum())
    return total * total / float((weights**2).sum()) if total > 0 else 0.0


def _filled(log: Log, steps: Ints) -> tuple[Array, Array]:
    """Return what came more than expected, and the factors, [cases, steps]."""
    followed = np.append(log.case[1:] == log.case[:-1], False)
    after = np.where(followed, np.append(log.value[1:], 0.0), 0.0)
    surprise = log.eur + log.factor * after - log.worth
    taken = steps >= 0
    return np.where(taken, surprise[steps], 0.0), np.where(taken, log.factor[steps], 1.0)
