"""Worlds as they may be: parameters drawn around those that the planner believes in."""

from dataclasses import replace

import numpy as np

from nachhaken.engine.model import YES, Array, Model

# Pseudo-observations: how far the drawn worlds lie from the means. Harm has the weakest ground.
START, SYMBOLS, REPLIES, RATES, HARM = 20.0, 40.0, 30.0, 20.0, 3.0


def draw_model(model: Model, rng: np.random.Generator) -> Model:
    """Return a model drawn from the priors around `model`; what is 0 or 1 there stays so.

    Start and symbols: Dirichlet; replies: Beta; drift and unprompted messages: Gamma per rate; loss
    of goodwill and opt-outs: one Gamma factor for all levels each. Delays, hours, dates and the
    memory of contact stay.
    """
    return replace(
        model,
        start=_shares(model.start, START, rng),
        generators=_drift(model.generators, rng),
        unprompted=model.unprompted * _factors(model.unprompted.shape[2:], RATES, rng),
        goodwill_lost=_probabilities(model.goodwill_lost * rng.gamma(HARM) / HARM),
        opt_out=_probabilities(model.opt_out * rng.gamma(HARM) / HARM),
        will=_cells(model.will, rng),
        symbols=_symbols(model.symbols, rng),
    )


def _shares(means: Array, strength: float, rng: np.random.Generator) -> Array:
    """Draw Dirichlet rows [..,m]; zeros stay."""
    drawn = rng.gamma(np.maximum(means * strength, 1e-12)) * (means > 0)
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))


def _cells(means: Array, rng: np.random.Generator) -> Array:
    yes = rng.gamma(np.maximum(means * REPLIES, 1e-12))
    no = rng.gamma(np.maximum((1 - means) * REPLIES, 1e-12))
    return np.asarray(np.where((means > 0) & (means < 1), yes / (yes + no), means))


def _drift(generators: Array, rng: np.random.Generator) -> Array:
    rates = np.maximum(generators, 0.0) * _factors(generators.shape, RATES, rng)
    return np.asarray(rates - rates.sum(axis=-1)[..., None] * np.eye(4))


def _symbols(symbols: Array, rng: np.random.Generator) -> Array:
    """Draw the tables without open work; with it the same share of a yes becomes a demand."""
    drawn = _shares(symbols[0], SYMBOLS, rng)
    usual, yes = symbols[0, :, 0, YES], drawn[:, 0, YES]
    moved = np.divide(symbols[1, :, 0] - symbols[0, :, 0], usual[:, None], where=usual[:, None] > 0,
                      out=np.zeros_like(symbols[0, :, 0]))  # fmt: skip
    busy = drawn.copy()
    busy[:, 0] += yes[:, None] * moved
    return np.stack([drawn, busy])


def _factors(shape: tuple[int, ...], strength: float, rng: np.random.Generator) -> Array:
    return rng.gamma(strength, size=shape) / strength


def _probabilities(values: Array) -> Array:
    return np.minimum(values, 1.0)
