"""What a seller's own customers teach about ordering, from none to thousands."""

import math

import pytest

from nachhaken.engine import ModelError
from nachhaken.engine.dead_horse import alive, log_likelihood, next_order
from nachhaken.engine.orders import History, Orders, estimate_orders

PRIOR = (1.0, 1.8, 0.7, 6.0)
FIRST = next_order(PRIOR, 0, 0, 0)


def _first(orders: Orders) -> float:
    return next_order(orders.shape, 0, 0, 0)


@pytest.mark.parametrize("histories", [{}, {History(0, 0, 0): 7}, {History(0, 0, 4): 0}])
def test_without_offers_the_prior_stands(histories: dict[History, int]) -> None:
    learnt = estimate_orders(histories, PRIOR)
    assert learnt == Orders(shape=PRIOR, customers=0, offers=0, log_likelihood=0.0, trust=0.0)


def test_a_single_customer_moves_little_and_to_the_right_side() -> None:
    ordered = _first(estimate_orders({History(1, 1, 1): 1}, PRIOR))
    declined = _first(estimate_orders({History(0, 0, 1): 1}, PRIOR))
    assert FIRST - 0.02 < declined < FIRST < ordered < FIRST + 0.02


def test_nobody_ever_ordered() -> None:
    learnt = estimate_orders({History(0, 0, 5): 10_000}, PRIOR)
    assert 0 < _first(learnt) < 0.01


def test_everybody_always_ordered() -> None:
    learnt = estimate_orders({History(5, 5, 5): 10_000}, PRIOR)
    assert 0.99 < _first(learnt) < 1
    assert alive(learnt.shape, 5, 5, 5) > 0.99


@pytest.mark.parametrize("history", [History(0, 0, 5), History(5, 5, 5), History(0, 0, 1)])
def test_data_alone_that_want_a_share_of_0_or_1_still_give_numbers(history: History) -> None:
    learnt = estimate_orders({history: 3}, PRIOR, n0=0)
    assert all(0.999e-3 <= value <= 1.001e4 for value in learnt.shape)
    assert 0 <= _first(learnt) <= 1


def test_the_more_imaginary_customers_the_nearer_to_the_prior() -> None:
    histories = {History(0, 0, 3): 40}
    found = [_first(estimate_orders(histories, PRIOR, n0=n0)) for n0 in (1, 20, 400, math.inf)]
    assert found == sorted(found)
    assert found[-1] == FIRST


def test_trust_is_the_share_of_real_offers() -> None:
    learnt = estimate_orders({History(1, 1, 2): 30}, PRIOR, n0=10)
    assert (learnt.customers, learnt.offers) == (30, 60)
    assert learnt.trust == pytest.approx(60 / (60 + 60))


def test_orders_at_unknown_places_lie_between_the_known_ones() -> None:
    unknown = next_order(PRIOR, 2, 0, 5)
    assert next_order(PRIOR, 2, 2, 5) < unknown < next_order(PRIOR, 2, 5, 5)
    assert alive(PRIOR, 2, 2, 5) < alive(PRIOR, 2, 0, 5) < alive(PRIOR, 2, 5, 5)
    learnt = estimate_orders({History(2, 0, 5): 50}, PRIOR, n0=0)
    assert learnt.log_likelihood >= 50 * log_likelihood(PRIOR, 2, 0, 5)


def test_all_paths_of_a_length_sum_to_one() -> None:
    """Two offers end in one of: no order, the first, the second, both."""
    paths = [(0, 0), (1, 1), (1, 2), (2, 2)]
    assert math.fsum(math.exp(log_likelihood(PRIOR, x, t, 2)) for x, t in paths) == pytest.approx(1)
    known = math.fsum(math.exp(log_likelihood(PRIOR, 1, t, 2)) for t in (1, 2))
    assert math.exp(log_likelihood(PRIOR, 1, 0, 2)) == pytest.approx(known)


@pytest.mark.parametrize(
    "history", [History(3, 3, 2), History(-1, 0, 2), History(0, 1, 2), History(2, 1, 3)]
)
def test_a_history_that_cannot_be_is_refused(history: History) -> None:
    with pytest.raises(ModelError, match="orders"):
        estimate_orders({history: 1}, PRIOR)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ModelError, match="orders"):
        estimate_orders({History(0, 0, 1): -1}, PRIOR)


@pytest.mark.parametrize(
    "prior", [(1.0, 1.8, 0.7), (1.0, 0.0, 0.7, 6.0), (1.0, 1.8, 0.7, math.inf)]
)
def test_a_prior_that_cannot_be_is_refused(prior: tuple[float, ...]) -> None:
    with pytest.raises(ModelError, match="prior"):
        estimate_orders({}, prior)


@pytest.mark.parametrize("n0", [-1.0, math.nan])
def test_a_strength_that_cannot_be_is_refused(n0: float) -> None:
    with pytest.raises(ModelError, match="n0"):
        estimate_orders({}, PRIOR, n0=n0)
