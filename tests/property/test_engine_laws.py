"""Laws of the engine: what must hold for every history."""

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachhaken.engine import (
    Acted,
    Action,
    Case,
    Evidence,
    Felt,
    Heard,
    Moment,
    Money,
    Symbol,
    judge,
    standard,
)
from nachhaken.engine.flow import reached
from nachhaken.engine.kernel import CONTEXTS
from nachhaken.engine.model import TOUCHES, Array
from nachhaken.engine.planner import planner_for

_days = st.floats(0, 400)
_money = st.builds(
    Money,
    hour_eur=st.sampled_from([37.5, 75.0, 150.0]),
    hold_eur_per_day=st.sampled_from([1.0, 2.0, 3.0, 5.0]),
)


def _moment(day: float) -> Moment:
    return Moment(day, day * 5 / 7)


@st.composite
def _labels(draw: st.DrawFn) -> dict[Symbol, float]:
    shares = draw(st.dictionaries(st.sampled_from(Symbol), st.floats(0, 1), max_size=4))
    total = max(1.0, sum(shares.values()))
    return {symbol: share / total for symbol, share in shares.items()}


@st.composite
def _heard(draw: st.DrawFn, at: Moment, ref: int) -> Heard:
    start, length = draw(_days), draw(st.floats(0, 60))
    return Heard(
        at=at,
        symbols=draw(_labels()),
        ref=ref,
        window=draw(st.sampled_from([None, (start, start + length)])),
        away_until=draw(st.sampled_from([None, _moment(start)])),
    )


@st.composite
def _evidence(draw: st.DrawFn) -> tuple[Evidence, ...]:
    events: list[Evidence] = []
    for ref, day in enumerate(draw(st.lists(_days, max_size=8)), start=1):
        at, kind = _moment(day), draw(st.sampled_from(["acted", "heard", "felt"]))
        if kind == "acted":
            events.append(Acted(at=at, action=draw(st.sampled_from(Action)), ref=ref))
        elif kind == "heard":
            events.append(draw(_heard(at, ref)))
        else:
            events.append(Felt(at=at, dead_horse=draw(st.booleans()), ref=ref))
    return tuple(events)


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    evidence = draw(_evidence())
    now = max((e.at.day for e in evidence), default=0.0) + draw(st.floats(0, 60))
    offers = draw(st.integers(0, 12))
    return Case(
        evidence=evidence,
        now=_moment(now),
        ahead=tuple(_moment(now + day) for day in range(0, 60, 7)),
        value=draw(st.floats(0, 200_000)),
        history=(offers, draw(st.integers(0, offers))),
    )


@given(_cases(), _money)
def test_a_judgement_is_always_a_number(case: Case, money: Money) -> None:
    judgement = judge(case, money=money)
    for point in judgement.course:
        assert math.isclose(sum(point.belief), 1, abs_tol=1e-12)
        assert min(point.belief) > 0
    assert all(math.isfinite(value) for value in judgement.values.values())
    assert judgement.gain >= 0
    assert judgement.worth_of_asking >= 0
    assert math.isfinite(judgement.worth_of_asking)


@given(_cases())
def test_the_weights_add_up_to_the_odds_of_now(case: Case) -> None:
    judgement = judge(case)
    genuine = judgement.belief.genuine + judgement.belief.stalled
    doubt = judgement.belief.pretend + judgement.belief.lost
    total = math.fsum(weight.decibans for weight in judgement.weights)
    assert total == pytest.approx(10 * math.log10(genuine / doubt), abs=1e-9)


@given(_cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_is_given_does_not_matter(case: Case, shuffler: Random) -> None:
    shuffled = list(case.evidence)
    shuffler.shuffle(shuffled)
    assert judge(replace(case, evidence=tuple(shuffled))) == judge(case)


@given(_cases())
def test_a_plan_lies_ahead_and_is_better_than_waiting(case: Case) -> None:
    judgement = judge(case)
    waits = {Action.WAIT7, Action.WAIT30}
    assert (judgement.due is None) == (judgement.action in waits)
    assert (judgement.gain > 0) == (judgement.due is not None)


@given(st.sampled_from(range(len(TOUCHES))), st.floats(0, 1000), st.floats(0, 1000))
def test_longer_silence_never_lowers_the_share_that_never_answers(
    touch: int, one: float, other: float
) -> None:
    model = standard()
    came = reached(model, touch, np.array(sorted([one, other])))
    never = (1 - model.will[touch]) / (1 - model.will[touch] * came)
    assert (never[1] >= never[0] - 1e-12).all()
    assert (never <= 1).all()


_beliefs = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(
    lambda weights: np.array(weights) / sum(weights)
)
_contexts = st.integers(0, len(CONTEXTS) - 1)


@given(_beliefs, _contexts, st.floats(0, 100_000), st.floats(0, 100_000))
def test_more_money_is_never_worth_less(b: Array, c: int, one: float, other: float) -> None:
    planner = planner_for(standard(), Money())
    small, large = (planner.value(b, c, value) for value in sorted([one, other]))
    assert large >= small - 1e-6


@given(_beliefs, _contexts, st.floats(0, 20), st.floats(0, 20))
def test_dearer_waiting_is_never_worth_more(b: Array, c: int, one: float, other: float) -> None:
    cheap, dear = (
        planner_for(standard(), Money(hold_eur_per_day=hold)).value(b, c, 4000.0)
        for hold in sorted([one, other])
    )
    assert dear <= cheap + 1e-6


@given(_beliefs, _contexts, st.floats(0, 100_000))
def test_plans_never_promise_more_than_their_first_step_and_what_follows(
    b: Array, c: int, value: float
) -> None:
    planner = planner_for(standard(), Money())
    exact = planner.worths(b[None], [c], [value])[0]
    found = planner.steps(b[None], [c], [value])
    assert found.value[0] == pytest.approx(planner.value(b, c, value), rel=1e-9, abs=1e-9)
    assert found.value[0] <= exact.max() + 0.002 * (1 + value / 1000)


@given(st.lists(st.tuples(_beliefs, _contexts, st.floats(0, 50_000)), min_size=1, max_size=20))
def test_a_batch_says_what_each_alone_would(cases: list[tuple[Array, int, float]]) -> None:
    planner = planner_for(standard(), Money())
    together = planner.worths(*(np.array(column) for column in zip(*cases, strict=True)))
    alone = [planner.worths(b[None], [c], [value])[0] for b, c, value in cases]
    np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-6)


@given(_cases(), st.sampled_from([0.5, 2.0, 3.0]))
def test_all_money_scaled_alike_leaves_the_plan(case: Case, factor: float) -> None:
    usual = Money()
    scaled = Money(
        hour_eur=usual.hour_eur * factor,
        hold_eur_per_day=usual.hold_eur_per_day * factor,
        opt_out_eur=usual.opt_out_eur * factor,
    )
    plain, large = judge(case), judge(replace(case, value=case.value * factor), money=scaled)
    assert large.gain == pytest.approx(plain.gain * factor, abs=1e-6)
    assert large.due == plain.due or plain.gain < 1e-6
