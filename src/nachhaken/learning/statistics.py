"""The E-step: what cases tell about every parameter, as counts that simply add up."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from nachhaken.engine.columns import Columns
from nachhaken.engine.kernel import CONTEXTS
from nachhaken.engine.model import TOUCHES, Array, Model
from nachhaken.engine.values import Action
from nachhaken.learning.chain import Chains, Told, follow_chains
from nachhaken.learning.contexts import Ints
from nachhaken.learning.factors import (
    Factors,
    days_since,
    drift_of_bins,
    factors,
    matrices,
    standard_delay,
)
from nachhaken.learning.integrals import between
from nachhaken.learning.outcomes import Codes
from nachhaken.learning.stretches import Kinds, Stretches, stretches_of
from nachhaken.learning.walk import NONE

_MAIL = TOUCHES.index(Action.MAIL)
_DATES = np.array([r for _, r, _ in CONTEXTS])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statistics:
    """Expected counts under a model; the sum over parts of the cases is that of the whole.

    cases, and impossible: how many the model excludes (they count nowhere else); events: stretches;
    log_likelihood up to a constant that no parameter moves. start [h]; jumps [r,i,j] and days
    [c,h] of drift; messages [h,o] that nobody asked for; symbols [w,k,h,o] of replies; goodwill and
    level [f,2]: (lost, touches of who could be lost), (let through, touches); will [k,h,2]: (would
    reply, touches); delay [k,h,3]: replies, sum of log delays and of their squares, coming ones
    included.
    """

    cases: float
    impossible: float
    events: float
    log_likelihood: float
    start: Array
    jumps: Array
    days: Array
    messages: Array
    symbols: Array
    goodwill: Array
    level: Array
    will: Array
    delay: Array

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


def statistics(
    columns: Columns, outcomes: Codes, model: Model, *, prior: Model | None = None
) -> Statistics:
    """Return what the evidence of N cases tells under `model`.

    outcomes [N] are codes of `learning/outcomes`. `prior` is the model that `columns.start` was
    made with, `model` unless given: pass it from the second round on.
    """
    return count(stretches_of(columns, outcomes, prior or model), model)


def chains_of(stretches: Stretches, model: Model, parts: Factors | None = None) -> Chains:
    """Return the chains of the cases under `model`."""
    parts = parts or factors(stretches.kinds, model)
    start = np.where(stretches.is_new[:, None], model.start, stretches.start)
    return Chains(start, stretches.offsets, stretches.kind, matrices(parts), stretches.end)


def count(stretches: Stretches, model: Model, *, compiled: bool | None = None) -> Statistics:
    """Return the statistics of stretches that are laid out already."""
    parts = factors(stretches.kinds, model)
    chains = chains_of(stretches, model, parts)
    told = follow_chains(chains, compiled=compiled)
    possible = np.isfinite(told.log_likelihood)
    ways = _ways(parts, told)
    jumps, days = _drift(stretches.kinds, model, ways)
    symbols, messages = _texts(stretches.kinds, model, ways)
    return Statistics(
        cases=float(len(possible)),
        impossible=float((~possible).sum()),
        events=float(np.diff(stretches.offsets)[possible].sum()),
        log_likelihood=float(told.log_likelihood[possible].sum()),
        start=told.first[stretches.is_new].sum(axis=0),
        jumps=jumps,
        days=days,
        messages=messages,
        symbols=symbols,
        goodwill=_goodwill(stretches.kinds, parts, told),
        **_replies(stretches.kinds, model, parts, ways),
    )


class _Ways(NamedTuple):
    """Expected numbers per kind [G,h0,h]: replied, silent; and the weights with drift left out."""

    replied: Array
    silent: Array
    weights: Array


def _ways(parts: Factors, told: Told) -> _Ways:
    jumped = parts.jump.transpose(0, 2, 1) @ told.pairs
    flown = jumped * parts.drift
    replied = flown * parts.reply[:, :, None] * parts.says[:, None, :]
    silent = flown * parts.silent[:, :, None] * parts.writes[:, None, :]
    return _Ways(replied, silent, jumped * parts.ways)


def _drift(kinds: Kinds, model: Model, ways: _Ways) -> tuple[Array, Array]:
    """Return jumps [r,i,j] and days [c,h], each piece weighted by what lies before and after it."""
    table = drift_of_bins(kinds, model)
    summed = np.zeros((len(table), 16))
    for piece, weights in _pieces(kinds, table, ways.weights):
        flat = weights.reshape(len(piece), 16)
        for cell in range(16):
            summed[:, cell] += np.bincount(piece, flat[:, cell], minlength=len(table))
    within = between(model, kinds.bins, summed.reshape(-1, 4, 4))
    context = kinds.bins[:, 0]
    jumps, days = np.zeros((3, 4, 4)), np.zeros((24, 4))
    np.add.at(jumps, _DATES[context], within)
    np.add.at(days, context, within.diagonal(axis1=1, axis2=2))
    return jumps * model.generators * (1 - np.eye(4)), days


def _pieces(kinds: Kinds, table: Array, weights: Array) -> Iterator[tuple[Ints, Array]]:
    """Yield bins [n] and the weights [n,h0,h] of their begin and end, place by place.

    The weights of a whole stretch reach a piece through the drift before and after it.
    """
    rows = [np.flatnonzero(piece != NONE) for piece in kinds.pieces.T]
    after = _after(kinds, table, rows)
    before = weights
    for place, own in enumerate(rows):
        piece = kinds.pieces[own, place]
        here = before[own] if place == 0 else before
        more = rows[place + 1] if place + 1 < len(rows) else own[:0]
        longer = np.searchsorted(own, more)
        each = here.copy()
        each[longer] = here[longer] @ after[place]
        yield piece, each
        before = table[piece[longer]].transpose(0, 2, 1) @ here[longer]


def _after(kinds: Kinds, table: Array, rows: list[Ints]) -> list[Array]:
    """Return per place the transposed drift [n,h,h0] of all later pieces, where there are any."""
    after: list[Array] = [np.empty((0, 4, 4))]
    for place in range(len(rows) - 1, 0, -1):
        drift = table[kinds.pieces[rows[place], place]].transpose(0, 2, 1).copy()
        if place + 1 < len(rows):
            longer = np.searchsorted(rows[place], rows[place + 1])
            drift[longer] = after[0] @ drift[longer]
        after.insert(0, drift)
    return after


def _texts(kinds: Kinds, model: Model, ways: _Ways) -> tuple[Array, Array]:
    """Return symbols [w,k,h,o] and messages [h,o]; what is written anyway reads like a reply."""
    symbols, messages = np.zeros_like(model.symbols), np.zeros((4, model.symbols.shape[-1]))
    answered = np.flatnonzero(kinds.answer != NONE)
    answer, level = kinds.answer[answered], kinds.level[answered]
    replied = _per_answer(ways.replied[answered].sum(axis=1), answer, len(kinds.answers))
    _, question, work = kinds.answers.T
    said = _split(replied, kinds.weights, model.symbols[work, question])
    np.add.at(symbols, (work, question), said)
    for f in range(4):
        of_level = np.flatnonzero(level == f)
        wrote = _per_answer(
            ways.silent[answered[of_level]].sum(axis=1), answer[of_level], len(kinds.answers)
        )
        own, anyway = model.unprompted[f, work], model.anything * model.symbols[work, _MAIL]
        split = _split(wrote, kinds.weights, own + anyway)
        share = np.divide(own, own + anyway, out=np.zeros_like(own), where=own > 0)
        messages += (split * share).sum(axis=0)
        np.add.at(symbols[:, _MAIL], work, split * (1 - share))
    return symbols, messages


def _per_answer(numbers: Array, answer: Ints, length: int) -> Array:
    columns = [np.bincount(answer, numbers[:, h], minlength=length) for h in range(4)]
    return np.stack(columns, axis=1)


def _split(numbers: Array, weights: Array, table: Array) -> Array:
    """Split expected numbers [q,h] over the symbols [q,h,o] that a text may be."""
    each = weights[:, None, :] * table
    total = each.sum(axis=-1, keepdims=True)
    shares = np.divide(each, total, out=np.zeros_like(each), where=total > 0)
    return np.asarray(numbers[..., None] * shares)


def _goodwill(kinds: Kinds, parts: Factors, told: Told) -> Array:
    """Return [f,2]: how many touches of A or S lost them, and how many such touches there were."""
    inner = parts.drift * parts.ways
    to_lost = parts.jump[:, :2, 3] * np.einsum("guh,gh->gu", told.pairs[:, :2], inner[:, 3])
    moves = (told.pairs * (parts.jump @ inner))[:, :2]
    return _per_level(kinds, np.stack([to_lost.sum(axis=1), moves.sum(axis=(1, 2))], axis=1))


def _replies(kinds: Kinds, model: Model, parts: Factors, ways: _Ways) -> dict[str, Array]:
    """Return will, level and delay; who is silent may never reply, or may reply later.

    Never means that the truth or the level stood in the way: two coins, both needed.
    """
    replied, silent = ways.replied.sum(axis=2), ways.silent.sum(axis=2)
    q = model.will[kinds.touch]
    rho = model.reply_factor[kinds.touched_level][:, None]
    open_ = np.where(kinds.touch[:, None] != NONE, silent, 0) / np.maximum(parts.silent, 1e-300)
    later = open_ * parts.willing * (1 - parts.come)
    wished = replied + later + open_ * q * (1 - rho)
    passed = replied + later + open_ * (1 - q) * rho
    touches = replied + np.where(kinds.touch[:, None] != NONE, silent, 0)
    log_x = np.log(days_since(kinds))[:, None]
    mean, square = _moments_beyond(kinds, model)
    moments = [replied + later, replied * log_x + later * mean, replied * log_x**2 + later * square]
    return {
        "will": _per_touch(kinds, np.stack([wished, touches], axis=-1)),
        "level": _per_level(kinds, np.stack([passed.sum(axis=1), touches.sum(axis=1)], axis=1)),
        "delay": _per_touch(kinds, np.stack(moments, axis=-1)),
    }


def _moments_beyond(kinds: Kinds, model: Model) -> tuple[Array, Array]:
    """Return E[log X], E[(log X)^2] [G,h0] of a delay longer than the wait (Mills ratio)."""
    from scipy.special import log_ndtr  # noqa: PLC0415 only who learns needs it

    z = np.where(kinds.wait[:, None] > 0, standard_delay(kinds, model), -np.inf)
    mu, sigma = np.log(model.median[kinds.touch]), model.spread[kinds.touch]
    finite = np.where(np.isfinite(z), z, 0.0)
    mills = np.exp(-0.5 * z * z - 0.5 * np.log(2 * np.pi) - log_ndtr(-z))
    mean = mu + sigma * mills
    spread = sigma**2 * np.maximum(1 + finite * mills - mills**2, 0.0)
    return mean, mean**2 + spread


def _per_touch(kinds: Kinds, numbers: Array) -> Array:
    """Sum [G,h,n] over the kinds of each touch [k,h,n]."""
    summed = np.zeros((len(TOUCHES), *numbers.shape[1:]))
    touched = np.flatnonzero(kinds.touch != NONE)
    np.add.at(summed, kinds.touch[touched], numbers[touched])
    return summed


def _per_level(kinds: Kinds, numbers: Array) -> Array:
    """Sum [G,n] over the kinds of touches at each level [f,n]."""
    summed = np.zeros((4, numbers.shape[1]))
    touched = np.flatnonzero(kinds.touch != NONE)
    np.add.at(summed, kinds.touched_level[touched], numbers[touched])
    return summed
