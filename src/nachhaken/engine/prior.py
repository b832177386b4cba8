"""What is believed on the day of the offer, before anything was heard."""

import numpy as np

from nachhaken.engine.dead_horse import genuine_at_start
from nachhaken.engine.model import Array, Model
from nachhaken.engine.values import Case


def prior_of(case: Case, model: Model) -> Array:
    """Return the belief [h] on the day of the offer, the customer's history taken in."""
    base = float(model.start[:2].sum())
    if not case.history[0]:
        return model.start
    offers, orders = case.history
    history = (orders, case.last_order, offers)
    low, high = model.genuine_range
    genuine = min(max(genuine_at_start(base, model.orders.tolist(), history), low), high)
    sides = np.repeat([genuine / base, (1 - genuine) / (1 - base)], 2)
    return np.asarray(model.start * sides)
