"""Expected counts per parameter: what pairs of truths at both ends of stretches say about it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nachhaken.engine.kernel import CONTEXTS
from nachhaken.engine.model import TOUCHES, Array, Model
from nachhaken.engine.values import Action
from nachhaken.learning.chain import Told
from nachhaken.learning.contexts import Ints
from nachhaken.learning.factors import Factors, Replies, days_since, standard_delay
from nachhaken.learning.integrals import between
from nachhaken.learning.stretches import Kinds
from nachhaken.learning.walk import NONE, TALK

_MAIL = TOUCHES.index(Action.MAIL)
_DATES = np.array([r for _, r, _ in CONTEXTS])


class Ways(NamedTuple):
    """Expected numbers per kind: replied and silent by the truth at the touch and at the end [G,h].

    weights [G,h0,h] are those of both ways together, drift left out.
    """

    replied_by: Array
    silent_by: Array
    replied_with: Array
    silent_with: Array
    weights: Array


def ways_of(parts: Factors, told: Told) -> Ways:
    """Return how the stretches of each kind went, as far as the chains tell."""
    jumped = parts.jump.transpose(0, 2, 1) @ told.pairs
    flown = jumped * parts.drift
    return Ways(
        replied_by=parts.reply * np.einsum("gij,gj->gi", flown, parts.says),
        silent_by=parts.silent * np.einsum("gij,gj->gi", flown, parts.writes),
        replied_with=parts.says * np.einsum("gij,gi->gj", flown, parts.reply),
        silent_with=parts.writes * np.einsum("gij,gi->gj", flown, parts.silent),
        weights=jumped * parts.ways,
    )


def drift_counts(kinds: Kinds, model: Model, table: Array, ways: Ways) -> tuple[Array, Array]:
    """Return jumps [r,i,j] and days [c,h], each piece weighted by what lies before and after it."""
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


def text_counts(kinds: Kinds, model: Model, ways: Ways) -> tuple[Array, Array]:
    """Return symbols [w,k,h,o] and messages [h,o]; what is written anyway reads like a reply."""
    symbols, messages = np.zeros_like(model.symbols), np.zeros((4, model.symbols.shape[-1]))
    answered = np.flatnonzero(kinds.answer != NONE)
    answer, level = kinds.answer[answered], kinds.level[answered]
    replied = _summed(ways.replied_with[answered], answer, len(kinds.answers))
    _, question, work = kinds.answers.T
    said = _split(replied, kinds.weights, model.symbols[work, question])
    np.add.at(symbols, (work, question), said)
    for f in range(4):
        of_level = np.flatnonzero(level == f)
        wrote = _summed(ways.silent_with[answered[of_level]], answer[of_level], len(kinds.answers))
        own, anyway = model.unprompted[f, work], model.anything * model.symbols[work, _MAIL]
        split = _split(wrote, kinds.weights, own + anyway)
        share = np.divide(own, own + anyway, out=np.zeros_like(own), where=own > 0)
        messages += (split * share).sum(axis=0)
        np.add.at(symbols[:, _MAIL], work, split * (1 - share))
    return symbols, messages


def _split(numbers: Array, weights: Array, table: Array) -> Array:
    """Split expected numbers [q,h] over the symbols [q,h,o] that a text may be."""
    each = weights[:, None, :] * table
    total = each.sum(axis=-1, keepdims=True)
    shares = np.divide(each, total, out=np.zeros_like(each), where=total > 0)
    return np.asarray(numbers[..., None] * shares)


def goodwill_counts(kinds: Kinds, parts: Factors, told: Told) -> Array:
    """Return [f,2]: how many touches of A or S lost them, and how many such touches there were."""
    inner = parts.drift * parts.ways
    # Of A and S the goodwill loses some to D and leaves the others where they are.
    to_lost = parts.jump[:, :2, 3] * np.einsum("guh,gh->gu", told.pairs[:, :2], inner[:, 3])
    stay = parts.jump[:, [0, 1], [0, 1]] * np.einsum("guh,guh->gu", told.pairs[:, :2], inner[:, :2])
    lost = to_lost.sum(axis=1)
    touch, level, _ = kinds.waits.T
    where = np.where(touch != NONE, level, 4)[kinds.waiting]
    return _summed(np.stack([lost, lost + stay.sum(axis=1)], axis=1), where, 5)[:4]


def reply_counts(kinds: Kinds, model: Model, replies: Replies, ways: Ways) -> dict[str, Array]:
    """Return will, level and delay; who is silent may never reply, or may reply later.

    Never means that the truth or the level stood in the way: two coins, both needed. Answers within
    a talk count as replies, but have no delay.
    """
    touched = np.flatnonzero(kinds.waits[:, 0] != NONE)
    touch, level, wait = kinds.waits[touched].T
    replied, silent = (
        _summed(numbers, kinds.waiting, len(kinds.waits))[touched]
        for numbers in (ways.replied_by, ways.silent_by)
    )
    q, rho = model.will[touch], model.reply_factor[level][:, None]
    open_ = silent / np.maximum(replies.silent[touched], 1e-300)
    later = open_ * (replies.willing * (1 - replies.come))[touched]
    wished = replied + later + open_ * q * (1 - rho)
    passed = replied + later + open_ * (1 - q) * rho
    log_x = np.log(days_since(kinds))[touched, None]
    mean, square = (moment[touched] for moment in _moments_beyond(kinds, model))
    timed = np.where(wait[:, None] == TALK, 0.0, replied)
    moments = [timed + later, timed * log_x + later * mean, timed * log_x**2 + later * square]
    counts = [*moments, wished, passed, replied + silent]
    cells = _summed(np.concatenate(counts, axis=1), touch, len(TOUCHES)).reshape(-1, 6, 4)
    levels = _summed(np.concatenate(counts[4:], axis=1), level, 4).reshape(4, 2, 4)
    cells = cells.transpose(0, 2, 1)
    return {"will": cells[..., [3, 5]], "level": levels.sum(axis=2), "delay": cells[..., :3]}


def _moments_beyond(kinds: Kinds, model: Model) -> tuple[Array, Array]:
    """Return E[log X], E[(log X)^2] [V,h0] of a delay longer than the wait (Mills ratio)."""
    from scipy.special import log_ndtr  # noqa: PLC0415 only who learns needs it

    touch, _, wait = kinds.waits.T
    z = np.where(wait[:, None] > 0, standard_delay(kinds, model), -np.inf)
    mu, sigma = np.log(model.median[touch]), model.spread[touch]
    finite = np.where(np.isfinite(z), z, 0.0)
    mills = np.exp(-0.5 * z * z - 0.5 * np.log(2 * np.pi) - log_ndtr(-z))
    mean = mu + sigma * mills
    spread = sigma**2 * np.maximum(1 + finite * mills - mills**2, 0.0)
    return mean, mean**2 + spread


def _summed(numbers: Array, group: Ints, length: int) -> Array:
    """Sum the rows [n,c] of each group."""
    columns = [np.bincount(group, column, minlength=length) for column in numbers.T]
    return np.stack(columns, axis=1)
