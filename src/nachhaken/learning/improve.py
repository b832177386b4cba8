"""The M-step: the parameters that explain the counts best, the prior counted in.

Every block maximises its expected log-likelihood plus the log prior exactly, within what the model
holds true: zeros stay zeros, who is stalled hardly ever says yes, a contact more pressing loses no
less goodwill and is answered no more often. So no round of EM lowers the objective (Dempster,
Laird, Rubin 1977). A mean m of strength n0 counts like n0 observations of it.

Not learnt: money and hours, windows, how long a level or a date lasts, the immediate objection, the
rate of writing anything at all, how often mail programs answer, cautions, and what a customer's
history is worth.
"""

from dataclasses import replace

import numpy as np

from nachhaken.engine.kernel import CONTEXTS
from nachhaken.engine.model import SYMBOLS, YES, Array, Model
from nachhaken.engine.values import Symbol
from nachhaken.learning.isotonic import isotonic
from nachhaken.learning.prior import BASE, Prior, delay_groups, is_shared
from nachhaken.learning.statistics import Statistics

_AUTO = SYMBOLS.index(Symbol.AUTO_REPLY)
_STALLED = 1
_HARDLY = 0.02  # a stalled customer's yes: what tells the genuine from the stalled
_FIXED = 1e12  # an infinite strength, as a number
_NARROW = 1e-4  # variance of a log delay
_LEVELS, _DATES, _WORK = np.array(CONTEXTS).T


def improve(told: Statistics, prior: Prior) -> Model:
    """Return the model that maximises expected log-likelihood plus log prior."""
    reply, goodwill = _levels(told, prior)
    median, spread = _delays(told, prior)
    return replace(
        prior.model,
        start=_start(told, prior),
        generators=_generators(told, prior),
        unprompted=_unprompted(told, prior),
        symbols=_symbols(told, prior),
        will=_mean(told.will, prior.model.will, _n0(prior.strengths.reply)),
        reply_factor=reply,
        goodwill_lost=goodwill,
        median=median,
        spread=spread,
    )


def moves(told: Statistics) -> tuple[Array, Array]:
    """Return jumps [r,i,j] and the days [r,i,j] in which they could have come, dates pooled.

    Only who is stalled waits for a date; the other moves are the same with any r.
    """
    days = np.stack([told.days[r == _DATES].sum(axis=0) for r in range(3)])
    jumps, time = told.jumps.copy(), np.repeat(days[:, :, None], 4, axis=2)
    pooled = np.ones((4, 4), dtype=bool)
    pooled[_STALLED, 0] = False
    jumps[:, pooled] = jumps[:, pooled].sum(axis=0)
    time[:, pooled] = time[:, pooled].sum(axis=0)
    return jumps, time


def exposure(told: Statistics, model: Model) -> tuple[Array, Array]:
    """Return the factors [f,w,h,o] of level and open work, and the days [h,o] weighted by them."""
    base = model.unprompted[BASE]
    factor = np.divide(model.unprompted, base, out=np.zeros_like(model.unprompted), where=base > 0)
    return factor, np.einsum("ch,cho->ho", told.days, factor[_LEVELS, _WORK])


def answers(told: Statistics, model: Model) -> Array:
    """Return the counts [w,k,h,o]; rows that the prior holds equal share theirs."""
    counts, same = told.symbols.copy(), is_shared(model)
    counts[:, same] = counts[:, same].sum(axis=0)
    counts[..., _AUTO] = 0
    return counts


def _n0(strength: float) -> float:
    return min(strength, _FIXED)


def _mean(counts: Array, prior: Array, n0: float) -> Array:
    """Return (yes + n0 m) / (all + n0) of counts [..,2]."""
    share = np.clip((counts[..., 0] + n0 * prior) / (counts[..., 1] + n0), 0, 1)
    return np.where((prior > 0) & (prior < 1), share, prior)  # or rounding would move what is sure


def _start(told: Statistics, prior: Prior) -> Array:
    n0 = _n0(prior.strengths.start)
    shares = told.start + n0 * prior.model.start
    return np.asarray(shares / shares.sum())


def _generators(told: Statistics, prior: Prior) -> Array:
    jumps, time = moves(told)
    possible = prior.model.generators * (1 - np.eye(4))
    rates = _rates(jumps, time, possible, _n0(prior.strengths.drift))
    rates[:, range(4), range(4)] = -rates.sum(axis=2)
    return rates


def _unprompted(told: Statistics, prior: Prior) -> Array:
    """Scale the base rates; how level and open work change them is the prior's."""
    factor, time = exposure(told, prior.model)
    base, n0 = prior.model.unprompted[BASE], _n0(prior.strengths.unprompted)
    return np.asarray(factor * _rates(told.messages, time, base, n0))


def _rates(counts: Array, time: Array, prior: Array, n0: float) -> Array:
    """Return the mode (count + n0) / (time + n0 / m); what is never possible stays so."""
    possible = prior > 0
    spread = np.divide(n0, prior, out=np.ones_like(prior), where=possible)
    return np.where(possible, (counts + n0) / (time + spread), 0.0)


def _symbols(told: Statistics, prior: Prior) -> Array:
    old, n0 = prior.model.symbols, _n0(prior.strengths.symbols)
    counts = answers(told, prior.model)
    automatic = old[..., _AUTO]
    rows = counts + n0 * np.where(np.arange(len(SYMBOLS)) == _AUTO, 0, old)
    rows *= ((1 - automatic) / np.maximum(rows.sum(axis=-1), 1e-300))[..., None]
    rows[..., _AUTO] = automatic
    bound = np.maximum(old[:, :, _STALLED, YES], _HARDLY)
    rows[:, :, _STALLED] = _bounded(rows[:, :, _STALLED], bound)
    return rows


def _bounded(rows: Array, bound: Array) -> Array:
    """Cap the share of yes; the other symbols take what is over, the automatic share aside."""
    yes = np.minimum(rows[..., YES], bound)
    free = 1 - rows[..., _AUTO]
    factor = (free - yes) / np.maximum(free - rows[..., YES], 1e-300)
    capped = rows * factor[..., None]
    capped[..., YES], capped[..., _AUTO] = yes, rows[..., _AUTO]
    return np.asarray(capped)


def _levels(told: Statistics, prior: Prior) -> tuple[Array, Array]:
    """Reply factor and goodwill per contact level, pooled over touches and monotone from level 1.

    Pooling adjacent violators of the weighted means is the exact constrained maximum (Robertson,
    Wright, Dykstra 1988). Level 0 stands apart: who has forgotten us is not pressed.
    """
    n0, model = _n0(prior.strengths.touch), prior.model
    reply = _mean(told.level, model.reply_factor, n0)
    lost = _mean(told.goodwill, model.goodwill_lost, n0)
    reply[1:] = -isotonic(-reply[1:], told.level[1:, 1] + n0)
    lost[1:] = isotonic(lost[1:], told.goodwill[1:, 1] + n0)
    return reply, lost


def _delays(told: Statistics, prior: Prior) -> tuple[Array, Array]:
    """Median and spread; touches whose delays the prior holds equal are estimated together."""
    n0, model = _n0(prior.strengths.delay), prior.model
    median, spread = model.median.copy(), model.spread.copy()
    for group in delay_groups(model):
        mu0, var0 = np.log(model.median[group[0]]), model.spread[group[0]] ** 2
        number, first, second = told.delay[group].sum(axis=0).T
        mean = (first + n0 * mu0) / (number + n0)
        square = (second + n0 * (mu0**2 + var0)) / (number + n0)
        median[group] = np.exp(mean)
        spread[group] = np.sqrt(np.maximum(square - mean**2, _NARROW))
    return median, spread
