"""How far learnt parameters went from the prior, block by block, in units that can be felt."""

from collections.abc import Mapping

import numpy as np

from nachhaken.engine.model import Array, Model


def moved(prior: Model, learnt: Model) -> Mapping[str, float]:
    """Return the largest move of each block.

    start, symbols: total variation of a row (share of answers that changed their label); reply,
    touch: difference of a probability or factor; drift, unprompted, delay: factor by which a time
    or rate changed, at least 1.
    """
    return {
        "start": _variation(prior.start, learnt.start),
        "drift": _factor(prior.generators, learnt.generators),
        "unprompted": _factor(prior.unprompted, learnt.unprompted),
        "touch": max(
            _difference(prior.reply_factor, learnt.reply_factor),
            _difference(prior.goodwill_lost, learnt.goodwill_lost),
        ),
        "reply": _difference(prior.will, learnt.will),
        "delay": _factor(prior.median, learnt.median),
        "symbols": _variation(prior.symbols, learnt.symbols),
    }


def _variation(a: Array, b: Array) -> float:
    return float(abs(a - b).sum(axis=-1).max() / 2)


def _difference(a: Array, b: Array) -> float:
    return float(abs(a - b).max())


def _factor(a: Array, b: Array) -> float:
    possible = (a > 0) & (b > 0)
    return float(np.exp(abs(np.log(a[possible] / b[possible])).max(initial=0.0)))
