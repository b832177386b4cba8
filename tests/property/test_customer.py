"""Laws of what is known about a customer: orders, gut, memory, hours."""

import math
from contextlib import suppress
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from nachhaken.engine.dead_horse import alive, next_order
from nachhaken.engine.gut import Hunch, gut_strength
from nachhaken.engine.memory import Exchange, KeyMessage, remembered, worth_repeating
from nachhaken.engine.model import ModelError, shipped_blocks, standard
from nachhaken.engine.orders import History, estimate_orders
from nachhaken.engine.overrides import layered, numbers, overridden
from nachhaken.engine.timing import Call, Hours, Written, best_weekdays, best_windows, learn, usual
from nachhaken.engine.worth import value_of
from nachhaken.terms import Form

_BLOCKS = shipped_blocks()
_PLACES = dict(numbers(_BLOCKS))
_positive = st.floats(0.05, 50)
_shapes = st.tuples(_positive, _positive, _positive, _positive)


@st.composite
def _histories(draw: st.DrawFn, most: int = 15) -> History:
    offers = draw(st.integers(0, most))
    orders = draw(st.integers(0, offers))
    last = draw(st.integers(orders, offers)) if orders else 0
    return History(orders, draw(st.sampled_from([last, 0])), offers)


@given(_shapes, _histories())
def test_chances_are_chances(shape: tuple[float, ...], history: History) -> None:
    assert 0 <= next_order(shape, *history) <= alive(shape, *history) + 1e-12
    assert alive(shape, *history) <= 1


@given(_shapes, _histories())
def test_one_more_offer_without_order_never_raises_the_hope(
    shape: tuple[float, ...], history: History
) -> None:
    x, last, n = history
    assert next_order(shape, x, last, n + 1) <= next_order(shape, x, last, n) * (1 + 1e-9)
    assert alive(shape, x, last, n + 1) <= alive(shape, x, last, n) * (1 + 1e-9)


@given(_shapes, _histories())
def test_an_order_just_now_never_lowers_the_hope(
    shape: tuple[float, ...], history: History
) -> None:
    x, last, n = history
    after = next_order(shape, x + 1, n + 1, n + 1)
    assert after >= next_order(shape, x, last, n) * (1 - 1e-9)


@given(st.dictionaries(_histories(6), st.integers(0, 300), max_size=3), st.floats(0.5, 100))
def test_any_customers_teach_something_possible(histories: dict[History, int], n0: float) -> None:
    prior = (1.0, 1.8, 0.7, 6.0)
    learnt = estimate_orders(histories, prior, n0=n0)
    assert 0 < next_order(learnt.shape, 0, 0, 0) < 1
    assert 0 <= learnt.trust < 1
    assert (learnt.shape == prior) == (learnt.offers == 0)


@given(_histories(5), st.integers(1, 50))
def test_one_more_who_never_orders_never_raises_the_first_hope(
    history: History, count: int
) -> None:
    """For a maximum this is a law: the two inequalities of the two maxima add up to it."""
    assume(history.offers)
    prior = (1.0, 1.8, 0.7, 6.0)
    before = estimate_orders({history: count}, prior).shape
    told = {history: count}
    never = History(0, 0, 1)
    told[never] = told.get(never, 0) + 1
    after = estimate_orders(told, prior).shape
    assert next_order(after, 0, 0, 0) <= next_order(before, 0, 0, 0) + 1e-4


_anything = st.floats() | st.integers() | st.sampled_from([0, 1, 1e-3, 1e6, None, "3", True])


@st.composite
def _overrides(draw: st.DrawFn) -> dict[str, Any]:
    places = draw(st.lists(st.sampled_from(sorted(_PLACES)), min_size=1, max_size=3, unique=True))
    return {place: _shaped(draw, _PLACES[place]) for place in places}


def _shaped(draw: st.DrawFn, shipped: Any) -> Any:
    if isinstance(shipped, list):
        return [_shaped(draw, one) for one in shipped]
    return draw(st.just(shipped) | _anything)


@given(_overrides())
def test_an_override_gives_a_model_or_says_why_not(overrides: dict[str, Any]) -> None:
    with suppress(ModelError):
        model = overridden(_BLOCKS, overrides)
        assert math.isclose(model.start.sum(), 1)
        assert layered(layered(_BLOCKS, overrides), {}) == layered(_BLOCKS, overrides)


@given(st.sampled_from(sorted(_PLACES)), st.floats(0.5, 2))
def test_a_number_within_its_range_is_taken_as_given(place: str, factor: float) -> None:
    """Rows that must sum to 1 are the only ones that cannot be scaled alone."""
    assume(not place.startswith(("start.truths", "symbols", "orders.genuine", "reply")))
    value = _scaled(_PLACES[place], factor)
    with suppress(ModelError):
        taken = layered(_BLOCKS, {place: value})
        assert dict(numbers(taken)) == {**_PLACES, place: value}
        assert (overridden(_BLOCKS, {place: value}).fingerprint == standard().fingerprint) == (
            value == _PLACES[place] or place.endswith(".n0")
        )


def _scaled(value: Any, factor: float) -> Any:
    return [_scaled(v, factor) for v in value] if isinstance(value, list) else value * factor


_amounts = st.floats(0, 1e7)
_fits = st.none() | st.floats(0.5, 1.5)


@given(_amounts, _fits, _amounts, _amounts)
def test_more_hidden_cost_never_makes_a_yes_worth_more(
    margin: float, fit: float | None, one: float, other: float
) -> None:
    less, more = sorted([one, other])
    dear = value_of(margin, fit=fit, hidden_cost_eur=more)
    assert 0 <= dear <= value_of(margin, fit=fit, hidden_cost_eur=less) <= 1.5 * margin


@given(_amounts, _amounts, st.floats(0.5, 1.5), st.floats(0.5, 1.5))
def test_a_better_fit_is_never_worth_less(
    margin: float, hidden: float, one: float, other: float
) -> None:
    worse, better = sorted([one, other])
    low = value_of(margin, fit=worse, hidden_cost_eur=hidden)
    assert low <= value_of(margin, fit=better, hidden_cost_eur=hidden)


_hunches = st.lists(st.builds(Hunch, st.booleans(), st.booleans()), max_size=60)


@given(_hunches, st.booleans())
def test_a_right_feeling_never_weakens_the_gut(hunches: list[Hunch], genuine: bool) -> None:
    before = gut_strength(hunches)
    right = gut_strength([*hunches, Hunch(felt_dead=not genuine, was_genuine=genuine)])
    wrong = gut_strength([*hunches, Hunch(felt_dead=genuine, was_genuine=genuine)])
    assert wrong.decibans < before.decibans < right.decibans
    assert before.low < before.decibans < before.high


@given(_hunches)
def test_the_order_of_the_pairs_does_not_matter(hunches: list[Hunch]) -> None:
    assert gut_strength(hunches[::-1]) == gut_strength(hunches)


_said = st.frozensets(st.sampled_from(["a", "b"]))
_exchanges = st.lists(
    st.builds(
        Exchange,
        day=st.floats(0, 200),
        messages=_said,
        form=st.sampled_from(Form),
        two_way=st.booleans(),
    ),
    max_size=12,
)


@given(_exchanges, st.floats(0, 400), st.floats(0, 400))
def test_what_is_in_mind_is_a_share_and_fades(
    exchanges: list[Exchange], one: float, other: float
) -> None:
    last = max((e.day for e in exchanges), default=0.0)
    early, late = sorted([last + one, last + other])
    assert 0 <= remembered(exchanges, "a", late) <= remembered(exchanges, "a", early) <= 1


@given(_exchanges, st.data(), st.floats(0, 200))
def test_saying_it_once_more_never_makes_it_forgotten(
    exchanges: list[Exchange], data: st.DataObject, now: float
) -> None:
    before = remembered(exchanges, "a", now)
    order = data.draw(st.permutations(exchanges))
    assert remembered(order, "a", now) == before
    for two_way in (True, False):
        more = Exchange(day=now / 2, messages=frozenset("a"), form=Form.CALL, two_way=two_way)
        assert remembered([*exchanges, more], "a", now) >= before - 1e-12


@given(_exchanges, st.floats(0, 400))
def test_what_is_worth_repeating_is_missed(exchanges: list[Exchange], now: float) -> None:
    messages = [KeyMessage(name="a", importance=2.0), KeyMessage(name="b")]
    found = worth_repeating(messages, exchanges, now)
    assert all(repeat.remembered < 0.5 for repeat in found)
    missed = [repeat.message.importance * (1 - repeat.remembered) for repeat in found]
    assert missed == sorted(missed, reverse=True)


_weekdays, _hours = st.integers(0, 6), st.floats(0, 24)
_calls = st.lists(st.builds(Call, _weekdays, _hours, st.booleans()), max_size=12)
_written = st.lists(st.builds(Written, _weekdays, _hours), max_size=12)
_strengths = st.floats(0.5, 100)


@st.composite
def _learnt(draw: st.DrawFn) -> tuple[Hours, list[Call], list[Written], float]:
    """Return what is known of a segment, and what a person did."""
    segment = learn(usual(office=draw(st.booleans())), draw(_calls), draw(_written), n0=20)
    return segment, draw(_calls), draw(_written), draw(_strengths)


@given(_learnt(), _weekdays)
def test_hours_are_chances_within_the_opening(
    told: tuple[Hours, list[Call], list[Written], float], weekday: int
) -> None:
    hours = learn(*told[:3], n0=told[3])
    assert ((hours.chances > 0) & (hours.chances < 1)).all()
    for window in best_windows(hours, weekday, count=3):
        assert 8 <= window.start < window.end <= 8 + hours.chances.shape[1] / 2
        assert 0 < window.chance < 1
    assert sorted(day for day, _ in best_weekdays(hours)) == [0, 1, 2, 3, 4]


@given(_learnt(), st.data())
def test_the_order_of_calls_and_messages_does_not_matter(
    told: tuple[Hours, list[Call], list[Written], float], data: st.DataObject
) -> None:
    segment, calls, written, n0 = told
    shuffled = data.draw(st.permutations(calls)), data.draw(st.permutations(written))
    np.testing.assert_array_equal(
        learn(segment, calls, written, n0=n0).chances, learn(segment, *shuffled, n0=n0).chances
    )


@given(_learnt(), _weekdays, _hours)
def test_one_more_reached_never_lowers_a_chance_and_one_missed_never_raises_it(
    told: tuple[Hours, list[Call], list[Written], float], weekday: int, hour: float
) -> None:
    segment, calls, written, n0 = told
    before, reached, missed = (
        learn(segment, [*calls, *more], written, n0=n0).chances
        for more in ([], [Call(weekday, hour, True)], [Call(weekday, hour, False)])
    )
    assert (reached >= before - 1e-12).all()
    assert (missed <= before + 1e-12).all()
