"""Who takes over which customer, all at once (D2)."""

from collections import Counter
from itertools import product
from math import nan

import numpy as np
import pytest

from nachhaken.learning.assignment import assign
from nachhaken.learning.expected_fit import expected_fit, likeness
from nachhaken.learning.outcomes import LearningError


def gained(gains: list[list[float]], taken: tuple[int | None, ...]) -> float:
    return sum(gains[row][seller] for row, seller in enumerate(taken) if seller is not None)


def best(gains: list[list[float]], room: list[int]) -> float:
    """The greatest sum, by looking at every way."""
    ways = product([None, *range(len(room))], repeat=len(gains))
    fitting = [
        way
        for way in ways
        if all(Counter(way)[seller] <= places for seller, places in enumerate(room))
    ]
    return max(gained(gains, way) for way in fitting)


def test_d2_one_by_one_would_be_worse() -> None:
    gains = [[0.9, 0.8], [0.8, 0.1]]
    # Whoever gives the first customer to the one he suits best has only 0.1 left for the second.
    assert assign(gains, [1, 1]) == (1, 0)


@pytest.mark.parametrize("seed", range(30))
def test_d2_nothing_gains_more_than_what_is_proposed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    customers, sellers = rng.integers(1, 6), rng.integers(1, 4)
    gains = rng.uniform(-0.5, 1, (customers, sellers)).tolist()
    room = rng.integers(0, 4, sellers).tolist()
    taken = assign(gains, room)
    assert gained(gains, taken) == pytest.approx(best(gains, room))
    assert assign(gains, room) == taken


def test_d2_who_gains_nothing_or_may_not_stays() -> None:
    assert assign([[-0.2, 0.0], [nan, nan]], [5, 5]) == (None, None)
    assert assign([], [3]) == ()
    assert assign([[], []], []) == (None, None)
    assert assign([[1.0]], [0]) == (None,)


def test_d2_nobody_gets_more_matters_than_there_is_room_for() -> None:
    assert assign([[0.9], [0.5]], [2], [3, 1]) == (None, 0)
    taken = assign([[0.9], [0.8], [0.7]], [3], [2, 2, 1])
    assert sum(size for size, one in zip([2, 2, 1], taken, strict=True) if one == 0) <= 3
    assert taken[0] == 0


def test_d2_shapes_that_differ_are_refused() -> None:
    for gains, room, sizes in (
        ([[1.0]], [1, 1], None),
        ([[1.0]], [-1], None),
        ([[1.0]], [1], [0]),
        ([[1.0]], [1], []),
    ):
        with pytest.raises(LearningError):
            assign(gains, room, sizes)


def test_d2_the_own_rating_counts_as_it_is_and_without_any_it_is_so_so() -> None:
    assert expected_fit({"kind": "business"}, [], own=0.6).factor == 0.6
    assert expected_fit({"kind": "business"}, []).factor == 1.0


def test_d2_what_is_expected_comes_from_customers_who_are_alike_and_is_held_back() -> None:
    rated = [({"kind": "business"}, 1.5)] * 3 + [({"kind": "consumer"}, 0.5)] * 3
    near = expected_fit({"kind": "business"}, rated)
    assert (near.alike, near.good) == (3, 3)
    assert near.factor == pytest.approx((3 * 1.5 + 2 * 1.0) / 5)
    assert expected_fit({"kind": "consumer"}, rated).factor < 1 < near.factor < 1.5


def test_d2_nothing_in_common_is_no_likeness() -> None:
    assert likeness({}, {"kind": "business"}) == 0
    assert likeness({"kind": "business", "band": "low"}, {"kind": "business", "band": "top"}) == 0.5
