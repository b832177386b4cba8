"""What a stretch says under a model: the factors of the filter as one 4x4 matrix per kind.

With h0 the truth at the touch (after the goodwill jump J), x working days and D the drift,

    M[u,h] = sum_h0 J[u,h0] ( q rho f(x)[h0] D[h0,h] says[h] + S(x)[h0] D[h0,h] writes[h] )

for an answer, and only the second part, with writes = 1, where the stretch is censored
(S = 1 - q rho F). Exact for gaps of any length, as in `engine/tracks`. Within a talk f is the same
for all truths: there the symbols and the chance to answer at all teach, and the delay does not.
"""

from typing import NamedTuple

import numpy as np

from nachhaken.engine.flow import drift
from nachhaken.engine.kernel import goodwill
from nachhaken.engine.model import TOUCHES, Array, Model
from nachhaken.engine.tables import SHORTEST
from nachhaken.engine.values import Action
from nachhaken.learning.contexts import GRID, Ints
from nachhaken.learning.stretches import Kinds
from nachhaken.learning.walk import NONE, TALK

_MAIL = TOUCHES.index(Action.MAIL)


class Replies(NamedTuple):
    """Per row of the waits [V,h0]: willing q rho, coming f(x) per working day, and come F(x)."""

    willing: Array
    coming: Array
    come: Array

    @property
    def silent(self) -> Array:
        """Return S(x) [V,h0]."""
        return np.asarray(1 - self.willing * self.come)


class Factors(NamedTuple):
    """Per kind [G]: jump J [u,h0], drift [h0,h], reply and silent [h0], says and writes [h].

    reply is q rho f(x), silent is S(x); ways [h0,h] weigh both ways in which a stretch can end,
    drift left out. Per row of the waits `replies`, per bin [U] `flow` [h,h'].
    """

    jump: Array
    drift: Array
    reply: Array
    silent: Array
    says: Array
    writes: Array
    ways: Array
    replies: Replies
    flow: Array


def factors(kinds: Kinds, model: Model) -> Factors:
    """Return the factors of each kind under `model`."""
    touch, level, _ = kinds.waits.T
    jumps = np.stack([*(goodwill(model, f) for f in range(4)), np.eye(4)])
    replies = _replies(kinds, model)
    says, writes = _texts(kinds, model)
    answered = kinds.answer[:, None] != NONE
    reply = np.where(answered, (replies.willing * replies.coming)[kinds.waiting], 0)
    silent = replies.silent[kinds.waiting]
    flow = drift(model, kinds.bins[:, 0].tolist(), kinds.bins[:, 1] / GRID)
    return Factors(
        jump=jumps[np.where(touch != NONE, level, 4)[kinds.waiting]],
        drift=_drifts(kinds, flow),
        reply=reply,
        silent=silent,
        says=says,
        writes=writes,
        ways=reply[:, :, None] * says[:, None, :] + silent[:, :, None] * writes[:, None, :],
        replies=replies,
        flow=flow,
    )


def matrices(parts: Factors) -> Array:
    """Return M [G,u,h]."""
    return np.asarray(parts.jump @ (parts.drift * parts.ways))


def days_since(kinds: Kinds) -> Array:
    """Return x [V], at least the shortest time in which an answer is timed."""
    return np.maximum(kinds.waits[:, 2] / GRID, SHORTEST)


def standard_delay(kinds: Kinds, model: Model) -> Array:
    """Return z = (log x - mu) / sigma [V,h0]."""
    touch = kinds.waits[:, 0]
    mu, sigma = np.log(model.median[touch]), model.spread[touch]
    return np.asarray((np.log(days_since(kinds))[:, None] - mu) / sigma)


def _replies(kinds: Kinds, model: Model) -> Replies:
    """Return what a touch makes of a wait; nothing comes at x = 0, nor without a touch."""
    from scipy.special import ndtr  # noqa: PLC0415 only who learns needs it

    touch, level, wait = kinds.waits.T
    z, x = standard_delay(kinds, model), days_since(kinds)[:, None]
    willing = model.will[touch] * model.reply_factor[level][:, None]
    coming = np.exp(-0.5 * z * z) / (x * model.spread[touch] * np.sqrt(2 * np.pi))
    return Replies(
        willing=np.where(touch[:, None] != NONE, willing, 0),
        coming=np.where(wait[:, None] == TALK, 1 / SHORTEST, coming),
        come=np.where(wait[:, None] > 0, ndtr(z), 0.0),
    )


def _drifts(kinds: Kinds, flow: Array) -> Array:
    table = np.concatenate([flow, np.eye(4)[None]])
    whole = table[kinds.pieces[:, 0]]
    for piece in kinds.pieces.T[1:]:
        more = np.flatnonzero(piece != NONE)
        whole[more] = whole[more] @ table[piece[more]]
    return np.asarray(whole)


def _texts(kinds: Kinds, model: Model) -> tuple[Array, Array]:
    """Return P(text|h) of a reply, and the rate of writing it unprompted [G,h]; 0 and 1 without."""
    _, question, work = kinds.answers.T
    says = np.einsum("qo,qho->qh", kinds.weights, model.symbols[work, question])
    moved = np.stack([unprompted_rates(model, f, work) for f in range(4)])
    writes = np.einsum("qo,fqho->fqh", kinds.weights, moved)
    none = kinds.answer[:, None] == NONE
    said = np.zeros((len(kinds.answer), 4)) if not len(says) else says[kinds.answer]
    wrote = said if not len(says) else writes[kinds.level, kinds.answer]
    return np.where(none, 0, said), np.where(none, 1, wrote)


def unprompted_rates(model: Model, f: int, work: Ints) -> Array:
    """Return messages per day [q,h,o] that nobody asked for at level f."""
    return np.asarray(model.unprompted[f, work] + model.anything * model.symbols[work, _MAIL])
