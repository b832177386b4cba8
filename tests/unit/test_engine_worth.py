"""What a yes is worth, and how much the seller's gut may say."""

import math

import numpy as np
import pytest

from nachhaken.engine import standard
from nachhaken.engine.gut import Hunch, gut_strength
from nachhaken.engine.worth import WITHOUT_AMOUNT_EUR, WorthError, hidden_cost, value_of


def test_without_a_rating_the_margin_counts_as_it_is() -> None:
    assert value_of(3900.0) == 3900.0


def test_hidden_cost_goes_off_before_the_fit_scales() -> None:
    assert value_of(4000.0, fit=1.5, hidden_cost_eur=1000.0) == 4500.0
    assert value_of(4000.0, fit=0.5, hidden_cost_eur=1000.0) == 1500.0


def test_without_an_amount_the_base_case_stands() -> None:
    assert value_of(None) == WITHOUT_AMOUNT_EUR == 4000.0
    assert value_of(None, fit=0.5, hidden_cost_eur=600.0) == 1700.0


def test_a_job_that_costs_more_than_it_brings_is_worth_nothing() -> None:
    assert value_of(500.0, fit=1.5, hidden_cost_eur=800.0) == 0.0


def test_hidden_hours_cost_what_an_hour_costs() -> None:
    assert hidden_cost(12.0, 75.0) == 900.0


@pytest.mark.parametrize("fit", [0.49, 1.51, -1.0, math.nan, math.inf])
def test_a_rating_that_cannot_be_is_refused(fit: float) -> None:
    with pytest.raises(WorthError, match="fit"):
        value_of(4000.0, fit=fit)


@pytest.mark.parametrize("amount", [-0.01, math.nan, math.inf])
def test_an_amount_that_cannot_be_is_refused_by_its_name(amount: float) -> None:
    with pytest.raises(WorthError, match="margin"):
        value_of(amount)
    with pytest.raises(WorthError, match="hidden cost"):
        value_of(4000.0, hidden_cost_eur=amount)
    with pytest.raises(WorthError, match="hidden hours"):
        hidden_cost(amount, 75.0)
    with pytest.raises(WorthError, match="hour"):
        hidden_cost(1.0, amount)


def _hunches(right: int, wrong: int) -> list[Hunch]:
    """Half of them about genuine prospects, half about dead horses."""
    calls = [True] * right + [False] * wrong
    return [Hunch(felt_dead=call == bool(n % 2), was_genuine=not n % 2)
            for call in (True, False) for n in range(calls.count(call))]  # fmt: skip


def test_without_pairs_the_gut_weighs_what_the_parameters_say() -> None:
    gut = gut_strength([], prior_decibans=standard().gut_decibans)
    assert gut.decibans == pytest.approx(2.0)
    assert (gut.low, gut.high) == pytest.approx((2 - 3.29, 2 + 3.29), abs=0.05)
    assert (gut.pairs, gut.right) == (0, 0)


def test_few_pairs_move_little_and_many_speak_for_themselves() -> None:
    few, many = gut_strength(_hunches(4, 0)), gut_strength(_hunches(750, 250))
    assert 2.0 < few.decibans < 3.5
    assert many.decibans == pytest.approx(10 * math.log10(3), abs=0.2)
    assert many.high - many.low < 1.6 < few.high - few.low
    assert (many.pairs, many.right) == (1000, 750)


def test_who_calls_every_horse_dead_knows_nothing() -> None:
    """Right in four of five cases, and yet no evidence: the prior stands."""
    gut = gut_strength([Hunch(felt_dead=True, was_genuine=n % 5 == 0) for n in range(500)])
    assert gut.right == 400
    assert gut.decibans == pytest.approx(2.0, abs=0.5)
    assert gut.low < 0


def test_a_bias_does_not_hide_a_good_nose() -> None:
    """Alive is felt in 30 of 40 genuine and 10 of 40 dead ones, or in 38 and 20: alike but bias."""
    even = gut_strength(_table(30, 10, 40))
    hopeful = gut_strength(_table(38, 20, 40))
    assert even.decibans == pytest.approx(10 * math.log10(3), abs=0.6)
    assert hopeful.decibans > 4


def _table(alive_genuine: int, alive_none: int, each: int) -> list[Hunch]:
    return [
        Hunch(felt_dead=n >= alive, was_genuine=genuine)
        for alive, genuine in ((alive_genuine, True), (alive_none, False))
        for n in range(each)
    ]


def test_a_misleading_gut_weighs_less_than_nothing() -> None:
    assert gut_strength(_hunches(10, 40)).high < 0


def test_the_interval_holds_nine_tenths_of_the_posterior() -> None:
    """Against importance sampling from the prior."""
    gut, rng = gut_strength(_table(14, 6, 20)), np.random.default_rng(11)
    s, c = rng.normal(2, 2, 200_000), rng.normal(0, 10, 200_000)
    p, q = (1 / (1 + 10 ** (-odds / 10)) for odds in (c + s, c - s))
    weights = p**14 * (1 - p) ** 6 * q**6 * (1 - q) ** 14
    inside = weights[(s > gut.low) & (s < gut.high)].sum() / weights.sum()
    assert inside == pytest.approx(0.90, abs=0.01)
    assert gut.decibans == pytest.approx(np.average(s, weights=weights), abs=0.05)
