"""The learnt shape of orders against the published donation data, and the strength of its prior."""

import math
from collections import Counter

import numpy as np
import pytest

from nachhaken.engine import standard
from nachhaken.engine.dead_horse import Shape, alive, log_likelihood, next_order
from nachhaken.engine.model import Array, strengths
from nachhaken.engine.orders import (
    _LOOSENESS,
    History,
    _imaginary,
    _score,
    _terms,
    estimate_orders,
)
from tests.reference.test_engine_reference import _DONATIONS

HISTORIES = {History(x, last, 6): people for x, last, people in _DONATIONS}
PRIOR = standard().orders.tolist()


def test_the_donations_give_the_published_shape() -> None:
    """SciPy with a numeric gradient and lifetimes 0.11.3 find the same four numbers."""
    learnt = estimate_orders(HISTORIES, PRIOR, n0=0)
    assert learnt.shape == pytest.approx((1.20352, 0.74971, 0.65672, 2.78345), abs=1e-3)
    assert learnt.log_likelihood == pytest.approx(-33225.5813, abs=1e-3)
    assert (learnt.customers, learnt.offers, learnt.trust) == (11104, 66624, 1.0)


@pytest.mark.parametrize(
    ("x", "last", "expected"),
    [(0, 0, 0.1081), (1, 1, 0.0695), (1, 6, 0.9304), (3, 3, 0.0950), (3, 6, 0.9304),
     (6, 6, 0.9304)],
)  # fmt: skip
def test_the_donors_live_as_published_by_the_learnt_shape(
    x: int, last: int, expected: float
) -> None:
    shape = estimate_orders(HISTORIES, PRIOR, n0=0).shape
    assert alive(shape, x, last, 6) == pytest.approx(expected, abs=1e-4)


def test_thousands_of_customers_drown_the_prior() -> None:
    learnt = estimate_orders(HISTORIES, PRIOR)
    assert learnt.log_likelihood > -33225.5813 - 0.1
    assert learnt.trust > 0.99
    assert alive(learnt.shape, 0, 0, 6) == pytest.approx(0.1081, abs=0.003)


def test_the_prior_is_as_sure_as_it_says() -> None:
    """A first offer becomes an order with .32 +- .07: the delta method on the curvature."""
    n0 = strengths().orders
    assert estimate_orders(HISTORIES, PRIOR) == estimate_orders(HISTORIES, PRIOR, n0=n0)
    assert next_order(PRIOR, 0, 0, 0) == pytest.approx(0.32, abs=0.005)
    slope = _differences(lambda logs: next_order(np.exp(logs).tolist(), 0, 0, 0))
    terms = _terms(_imaginary(tuple(PRIOR), n0))
    information = np.array(_differences(lambda logs: -_score(terms, np.exp(logs))[1]))
    covariance = np.linalg.inv(information + n0 / _LOOSENESS * np.eye(4))
    assert math.sqrt(slope @ covariance @ slope) == pytest.approx(0.07, abs=0.005)


def _differences(function: object) -> Array:
    assert callable(function)
    centre, steps = np.log(PRIOR), 1e-5 * np.eye(4)
    rows = [(function(centre + h) - function(centre - h)) / 2e-5 for h in steps]
    return np.array(rows)


def test_the_slope_is_the_difference_quotient() -> None:
    terms = _terms({**HISTORIES, History(2, 0, 5): 7, History(0, 0, 1): 9})
    logs = np.log([1.1, 0.9, 0.6, 3.0])
    steps = 1e-6 * np.eye(4)
    found = _score(terms, np.exp(logs))[1]
    expected = [
        (_score(terms, np.exp(logs + h))[0] - _score(terms, np.exp(logs - h))[0]) / 2e-6
        for h in steps
    ]
    assert found == pytest.approx(np.array(expected), rel=1e-6)


def test_thirty_customers_teach_more_than_the_prior_or_they_alone_know() -> None:
    """Sellers whose customers differ from the prior by a factor of two; judged on others."""
    rng, gains = np.random.default_rng(5), []
    for _ in range(25):
        truth = np.array(PRIOR) * np.exp(rng.normal(0, math.log(2), 4))
        known, others = _drawn(truth, 30, rng), _drawn(truth, 200, rng)
        own, alone = (estimate_orders(known, PRIOR, n0=n0).shape for n0 in (20, 0))
        gains.append([_mean_log_likelihood(own, others) - _mean_log_likelihood(shape, others)
                      for shape in (PRIOR, alone)])  # fmt: skip
    over_prior, over_data = np.mean(gains, axis=0)
    assert over_prior > 0.05
    assert over_data > 0.005


def _drawn(shape: Array, customers: int, rng: np.random.Generator) -> Counter[History]:
    a, b, c, d = shape
    return Counter(_history(rng.beta(a, b), rng.beta(c, d), rng) for _ in range(customers))


def _history(orders: float, dies: float, rng: np.random.Generator) -> History:
    offers = 1 + int(rng.geometric(0.35))
    lives = min(offers, int(rng.geometric(dies)) - 1)
    places = np.flatnonzero(rng.random(lives) < orders) + 1
    return History(len(places), int(places.max(initial=0)), offers)


def _mean_log_likelihood(shape: Shape, others: Counter[History]) -> float:
    total = sum(count * log_likelihood(shape, *history) for history, count in others.items())
    return total / others.total()
