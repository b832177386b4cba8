"""The model as the filter reads it: everything that depends on the parameters alone, once.

Silence drifts the truths by exp((Q_r - Lambda_f,w) x). The chain moves A <-> S, any truth to D and
nothing else, so the exponential is closed in four decay rates: the two eigenvalues of the block
A, S and the rates at which P and D are left. Only ratios matter to a belief, so the slowest rate is
taken out: ten thousand days later the largest weight is still 1.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.model import SYMBOLS, TOUCHES, Array, Model
from nachhaken.engine.values import Action, Symbol

UNASKED = len(TOUCHES)
"""The touch that is none: nothing is due, what comes was written of its own accord."""

NO_TOUCH = 4 * UNASKED
"""Code of an open touch that is none; the others are 4 * touch + contact level at the touch."""

FLOOR = 1e-9
"""90 dB: nothing is ever quite excluded, so every later evidence still counts."""

SHORTEST = 1 / 8
"""Working days: nobody's answer is timed closer, and a density at 0 is 0.

What is said within a talk is not timed at all: of those who answer, all do within this time.
"""

EARLY = 1e-300
"""Working days: the logarithm wants more than 0."""

AUTO = SYMBOLS.index(Symbol.AUTO_REPLY)

ELSE = len(SYMBOLS)
"""The place of "something else" after the symbols."""

FELT = 12 * (UNASKED + 1)
"""What was said has the key 12 * touch + symbol; from here on it is the two feelings."""

_NEAR = 1e-8  # per day: closer rates count as this far apart, an error below 1e-6 in a year
_MAIL = TOUCHES.index(Action.MAIL)


class Tables(NamedTuple):
    """Arrays by context c, level f, work w, open touch t (code), touch k (with UNASKED), h, o.

    slowest [c], rates [4,c] and mixes [8,c]: the drift (`drift_of`); will [h,t]: replies at all;
    log_median, sharpness (1 / spread) [h,k]; says [h,wko], writes [h,fwo] per day, the last axes in
    one; hints [w,k,o,h], news [f,w,o,h]: the same relative to the start; start [h]; stay [f] days,
    infinite at level 0; window [k] days, -inf unasked.
    """

    slowest: Array
    rates: Array
    mixes: Array
    will: Array
    log_median: Array
    sharpness: Array
    says: Array
    writes: Array
    hints: Array
    news: Array
    start: Array
    stay: Array
    window: Array
    delay: float
    date_reached: float
    repeat_days: float
    repeat_factor: float
    cap: float
    gut: float


@lru_cache(maxsize=8)
def tables_of(model: Model) -> Tables:
    """Return the tables of `model`."""
    says = _with_unasked(model.symbols, axis=1).swapaxes(-1, -2)
    writes = model.unprompted + model.anything * model.symbols[:, _MAIL]
    slowest, rates, mixes = _drift(model)
    factors = np.multiply.outer(model.will, model.reply_factor).swapaxes(1, 2)
    return Tables(
        slowest=slowest,
        rates=rates,
        mixes=mixes,
        will=_by_truth(np.vstack([factors.reshape(-1, 4), np.zeros(4)])),
        log_median=_by_truth(_with_unasked(np.log(model.median), axis=0)),
        sharpness=_by_truth(_with_unasked(1 / model.spread, axis=0)),
        says=_by_truth(says),
        writes=_by_truth(writes.swapaxes(-1, -2)),
        hints=_relative(says, model.start),
        news=_relative(writes.swapaxes(-1, -2), model.start),
        start=model.start,
        stay=np.array([np.inf, *model.stay]),
        window=np.array([*model.window, -np.inf]),
        delay=1 / model.date_rate,
        date_reached=float(model.date_reached),
        repeat_days=float(model.repeat_days),
        repeat_factor=float(model.repeat_factor),
        cap=_odds(model.cap_decibans),
        gut=_odds(model.gut_decibans),
    )


def drift_of(tables: Tables, context: NDArray[np.integer[Any]], days: Array) -> list[Array]:
    """Return the cells of the drift [9][n] over `days` [n] in `context` [n].

    Cells AA, AS, AD, SA, SS, SD, PP, PD, DD; the factor exp(-slowest days) is left out.
    """
    rates = tables.rates.take(context, axis=1)
    rates *= days
    slow, fast, left, lost = np.exp(np.negative(rates, out=rates), out=rates)
    share, a_s, sa, slow_a, fast_a, slow_s, fast_s, by_left = tables.mixes.take(context, axis=1)
    apart, slower, faster = slow - fast, slow - lost, fast - lost
    within = share * apart
    return [
        fast + within,
        a_s * apart,
        np.maximum(slow_a * slower + fast_a * faster, 0.0),
        sa * apart,
        slow - within,
        np.maximum(slow_s * slower + fast_s * faster, 0.0),
        left,
        np.maximum(by_left * (left - lost), 0.0),
        lost,
    ]


def _odds(decibans: float) -> float:
    """Return the factor on the odds; 2,000 decibans are as good as infinite."""
    return float(10 ** (min(decibans, 2000.0) / 10))


def _with_unasked(table: Array, axis: int) -> Array:
    """Return the table by touch with one more row: what is unasked reads like one to a mail."""
    return np.concatenate([table, np.take(table, [_MAIL], axis=axis)], axis=axis)


def _by_truth(table: Array) -> Array:
    """Return the table [..,h] as [h,n]."""
    return np.ascontiguousarray(table.reshape(-1, 4).T)


def _relative(says: Array, start: Array) -> Array:
    """Return `says` relative to how common it is at the start; 1 where the tables exclude it."""
    common = (says @ start)[..., None]
    return np.divide(says, common, out=np.ones_like(says), where=common > 0)


def _drift(model: Model) -> tuple[Array, Array, Array]:
    """Return the slowest rate [c], rates [4,c] beyond it (A-S slow and fast, P, D), mixes [8,c]."""
    silent = model.unprompted.sum(axis=-1)
    contexts = ((f, r, w) for f in range(4) for r in range(3) for w in range(2))
    rows = [_closed(model.generators[r] - np.diag(silent[f, w])) for f, r, w in contexts]
    table = np.array(rows).T
    slowest = table[:4].min(axis=0)
    return slowest, table[:4] - slowest, np.ascontiguousarray(table[4:])


def _closed(generator: Array) -> list[float]:
    """Return the decay rates and mixes of one generator: see `drift_of` for their use."""
    block, lost = generator[:2, :2], generator[:2, 3]
    middle = (block[0, 0] + block[1, 1]) / 2
    gap = (block[0, 0] - block[1, 1]) / 2
    half = max(float(np.sqrt(gap**2 + block[0, 1] * block[1, 0])), _NEAR)
    slow, fast, left = middle + half, middle - half, float(generator[3, 3])
    while min(abs(left - other) for other in (slow, fast, generator[2, 2])) < _NEAR:
        left -= 2 * _NEAR
    share = (block - fast * np.eye(2)) / (slow - fast)
    by_slow, by_fast = share @ lost / (slow - left), (lost - share @ lost) / (fast - left)
    mixes = [share[0, 0], share[0, 1], share[1, 0], by_slow[0], by_fast[0], by_slow[1], by_fast[1]]
    decays = [-slow, -fast, -float(generator[2, 2]), -left]
    return [*decays, *mixes, generator[2, 3] / (generator[2, 2] - left)]
