"""A large, realistic set of events: seeded, vectorised, quick to make."""

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.model import SYMBOLS, standard
from nachhaken.engine.values import Symbol

MEAN_EVENTS = 12
_SOFT = 5_000
_DELAYS = [SYMBOLS.index(s) for s in (Symbol.STALLED_NAMED, Symbol.LATER_VAGUE)]
_AUTO = SYMBOLS.index(Symbol.AUTO_REPLY)


def events(n: int, rng: np.random.Generator) -> Columns:
    """Return `n` opportunities with 12 events each on average (1 to about 30).

    An offer by mail, then touches (60 %), answers (37 %, half of them read with doubt over two or
    three labels) and gut feelings, about a week apart; some delays name a date, machines a return.
    """
    counts = 1 + rng.poisson(MEAN_EVENTS - 1, n)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    total, first = int(offsets[-1]), offsets[:-1]
    kind = rng.choice(8, total, p=[0.35, 0.08, 0.08, 0.05, 0.04, 0.37, 0.02, 0.01]).astype(np.uint8)
    kind[first] = 0
    gaps = np.where(kind == HEARD, rng.lognormal(0.7, 1.2, total), rng.exponential(9.0, total))
    gaps[first] = 0.0
    passed = np.cumsum(gaps)
    day = passed - np.repeat(passed[first], counts)
    weekday = rng.integers(0, 5, n) + rng.uniform(0.3, 0.8, n)
    now_day = day[offsets[1:] - 1] + rng.exponential(10.0, n)
    labels = _labels(rng)
    label = np.where(rng.random(total) < 0.5, rng.integers(0, 10, total), 0)
    label = np.where(label == 0, rng.integers(0, len(labels), total), label).astype(np.int32)
    label[kind != HEARD] = 0
    symbol = np.where(kind == HEARD, labels.argmax(axis=1)[label], -1)
    named = np.isin(symbol, _DELAYS) & (rng.random(total) < 0.4)
    away = (symbol == _AUTO) & (rng.random(total) < 0.7)
    back = np.where(away, day + rng.integers(1, 15, total), np.nan)
    starts = np.repeat(weekday, counts)
    return Columns(
        offsets=offsets,
        day=day,
        workday=_workdays(day, starts),
        kind=kind,
        label=label,
        labels=labels,
        window=np.where(named, np.floor(day) + rng.integers(7, 90, total), np.nan),
        away_day=back,
        away_workday=_workdays(back, starts),
        start=rng.dirichlet(20 * standard().start, n),
        now_day=now_day,
        now_workday=_workdays(now_day, weekday),
    )


def _labels(rng: np.random.Generator) -> NDArray[np.float64]:
    """The ten sure labels, then doubtful ones: two or three symbols and something else."""
    doubtful = np.zeros((_SOFT, len(SYMBOLS)))
    shares = rng.dirichlet([6.0, 2.0, 1.0, 1.0], _SOFT)[:, :3]
    chosen = rng.random((_SOFT, len(SYMBOLS))).argsort(axis=1)[:, :3]
    np.put_along_axis(doubtful, chosen, shares, axis=1)
    return np.vstack([np.eye(len(SYMBOLS)), doubtful])


def _workdays(day: NDArray[np.float64], weekday: NDArray[np.float64]) -> NDArray[np.float64]:
    """Working days since day 0 when that was `weekday` (0.0 Monday midnight), without holidays."""
    at = day + weekday
    weeks = np.floor(at / 7)
    result: NDArray[np.float64] = 5 * weeks + np.minimum(at - 7 * weeks, 5.0) - weekday
    return result
