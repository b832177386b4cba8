"""The planner: what its kernel, its plans and its stored policies must be."""

from dataclasses import replace

import numpy as np
import pytest

from nachhaken.engine import (
    Acted,
    Action,
    Case,
    Heard,
    Moment,
    Money,
    Symbol,
    judge,
    standard,
)
from nachhaken.engine.kernel import (
    ACTIONS,
    ALL_CONTEXTS,
    COMPONENTS,
    DAYS,
    ECHOED,
    VAGUE,
    YES,
    context_index,
    echo_chance,
    echoing,
)
from nachhaken.engine.model import SYMBOLS, TOUCHES, Model
from nachhaken.engine.planner import Planner, planner_for
from nachhaken.engine.policies import (
    Policy,
    PolicyError,
    kernel_of,
    load,
    points_of,
    policy_for,
    save,
    shipped,
    solve_for,
)

_FRESH = context_index(1, 0, 0)
_CHEAP = Money(hold_eur_per_day=10.0)  # solved fastest: little is worth doing


@pytest.fixture(scope="module")
def small() -> Policy:
    return solve_for(standard(), _CHEAP, values=(500.0,))


@pytest.fixture(scope="module")
def other() -> Model:
    return replace(standard(), hours=standard().hours * 2)


def test_what_is_heard_next_is_always_something() -> None:
    heard = kernel_of(standard()).heard
    np.testing.assert_allclose(heard[:-1].sum(axis=-1), 1, atol=1e-12)
    assert not heard[ACTIONS.index(Action.STOP)].any()


def test_branches_and_endings_are_the_same_events() -> None:
    """Undiscounted, the branches and the endings of an action add up to what is heard."""
    kernel = kernel_of(replace(standard(), discount=1.0))
    moved = kernel.by.sum(axis=(2, 4))
    ended = kernel.heard[..., [SYMBOLS.index(s) for s in ("yes", "no", "opt_out")]].sum(axis=-1)
    np.testing.assert_allclose((moved + ended)[:-1], 1, atol=1e-12)


def test_rewards_are_counted_by_component() -> None:
    kernel = kernel_of(standard())
    wait = kernel.rewards[ACTIONS.index(Action.WAIT7)]
    assert kernel.rewards.shape[-1] == len(COMPONENTS)
    assert (wait[..., DAYS] <= 7).all()
    assert (wait[:24, 0, YES] > 0).all()
    assert not wait[:, 2:, YES].any()


@pytest.mark.parametrize("action", ECHOED)
@pytest.mark.parametrize("symbol", VAGUE)
def test_an_echo_weakens_evidence_as_the_filter_does(action: Action, symbol: Symbol) -> None:
    model = standard()
    column = model.symbols[0, TOUCHES.index(action), :, SYMBOLS.index(symbol)]
    echo = echo_chance(model, action, symbol)
    repeated = echo + (1 - echo) * column
    tempered = column**model.repeat_factor
    assert 0.1 < echo < 0.16
    assert repeated.max() / repeated.min() == pytest.approx(tempered.max() / tempered.min())
    np.testing.assert_allclose(repeated / repeated.max(), tempered / tempered.max(), atol=0.1)


def test_without_tempering_there_is_no_echo() -> None:
    plain = replace(standard(), repeat_factor=1.0)
    assert echo_chance(plain, Action.MAIL, Symbol.LATER_VAGUE) == 0
    by, fresh = kernel_of(plain).by, context_index(1, 0, 0, 1)
    np.testing.assert_allclose(by[2, fresh].sum(axis=0), by[2, _FRESH].sum(axis=0), atol=1e-15)


def test_only_a_vague_answer_with_its_date_leaves_an_echo() -> None:
    mail, later = TOUCHES.index(Action.MAIL), SYMBOLS.index(Symbol.LATER_VAGUE)
    dated = context_index(1, 1, 0)
    assert echoing([dated], [mail], [later]).tolist() == [context_index(1, 1, 0, 1)]
    assert echoing([_FRESH], [mail], [later]).tolist() == [_FRESH]
    assert echoing([dated], [mail], [SYMBOLS.index(Symbol.ENGAGED)]).tolist() == [dated]
    assert echoing([dated], [len(TOUCHES)], [later]).tolist() == [dated]


def test_a_stored_policy_comes_back(small: Policy) -> None:
    again = load(save(small), standard())
    assert again.model == standard().fingerprint
    np.testing.assert_array_equal(again.plans.parts, small.plans.parts)
    np.testing.assert_array_equal(again.plans.action, small.plans.action)


def test_a_stored_policy_of_other_parameters_is_refused(small: Policy, other: Model) -> None:
    with pytest.raises(PolicyError, match=f"{standard().fingerprint}, not {other.fingerprint}"):
        load(save(small), other)


@pytest.mark.parametrize("stored", [b"", b"no file of plans", b"PK\x03\x04 torn"])
def test_what_is_no_policy_is_refused(stored: bytes) -> None:
    with pytest.raises(PolicyError, match="not a stored policy"):
        load(stored, standard())


def test_a_torn_policy_is_refused(small: Policy) -> None:
    with pytest.raises(PolicyError, match="not a stored policy"):
        load(save(small)[:-200], standard())


def test_the_stored_plans_are_used_where_they_are_for_the_model(
    small: Policy, other: Model
) -> None:
    assert policy_for(standard(), _CHEAP, small).policy is small
    assert policy_for(other, _CHEAP, small).policy is shipped()
    assert policy_for(standard(), _CHEAP).is_bound
    assert not policy_for(other, _CHEAP, small).is_bound


def test_what_only_moves_the_belief_leaves_the_plans() -> None:
    start, orders = np.array([0.25, 0.25, 0.3, 0.2]), standard().orders * 2
    moved = replace(standard(), start=start, orders=orders, gut_decibans=1.0)
    assert policy_for(moved, _CHEAP).is_bound
    assert not policy_for(replace(standard(), discount=0.99), _CHEAP).is_bound


def test_the_shipped_plans_are_at_least_as_good_as_solved_ones(small: Policy) -> None:
    """Every plan that wins at a point of the grid is among the shipped ones."""
    own, all_of_them = policy_for(standard(), _CHEAP, small), policy_for(standard(), _CHEAP)
    for c, b in enumerate(points_of(standard())):
        best = (b @ own.at(c, 500.0).T).max(axis=1)
        assert ((b @ all_of_them.at(c, 500.0).T).max(axis=1) >= best - 1e-3).all()
    shipped_plans = {parts.tobytes() for parts in np.round(shipped().plans.parts, 4)}
    found = [parts.tobytes() in shipped_plans for parts in np.round(small.plans.parts, 4)]
    assert np.mean(found) > 0.9


def test_the_shipped_plans_are_for_the_standard_model() -> None:
    assert shipped().model == standard().fingerprint
    assert len(shipped().offsets) == ALL_CONTEXTS + 1


def test_a_plan_is_worth_its_components(small: Policy) -> None:
    """Its orders, hours and days at any prices: value is linear in each amount."""
    parts = small.plans.parts.astype(np.float64)
    money = Money(hour_eur=50.0, hold_eur_per_day=3.0, opt_out_eur=-80.0, residual=0.2)
    priced = policy_for(standard(), money, small)
    yes, left, stops, hours, days, opt_outs = np.moveaxis(parts, -1, 0)
    worth = 900 * (yes + 0.2 * left) - 50 * (hours + 0.1 * stops) - 3 * days - 80 * opt_outs
    found = np.concatenate([priced.at(c, 900.0) for c in range(ALL_CONTEXTS)])
    np.testing.assert_allclose(found, worth, atol=1e-6)


def test_a_question_is_worth_most_before_new_work() -> None:
    planner, model = planner_for(standard(), Money()), standard()
    worth = {}
    for symbol, c in ((Symbol.REQUOTE, context_index(1, 0, 1)), (Symbol.LATER_VAGUE, 8)):
        b = model.start * model.will[0] * model.symbols[0, 0, :, SYMBOLS.index(symbol)]
        worth[symbol] = planner.worth_of_answer(Action.ASK_WHAT, b / b.sum(), c, value=4000.0)
    assert worth[Symbol.REQUOTE] > 3 * worth[Symbol.LATER_VAGUE] > 0


def test_of_equal_steps_the_one_that_teaches_more_is_taken() -> None:
    planner = planner_for(standard(), Money())
    b = np.array([[0.16, 0.26, 0.20, 0.38]])
    choice = planner.choose(b, [_FRESH], [4000.0])
    worths, tied = choice.worths[0], choice.tied[0]
    assert tied[ACTIONS.index(Action.MAIL)]
    assert worths.argmax() == ACTIONS.index(Action.MAIL)
    assert (
        planner.bits(b, [_FRESH])[0][tied].max() == planner.bits(b, [_FRESH])[0][choice.action[0]]
    )
    assert worths[tied].min() >= worths.max() - planner.tie(worths.max(keepdims=True))[0]
    assert worths[tied].min() > worths[:2].max()


def test_a_judgement_can_use_own_plans(small: Policy) -> None:
    offer = Acted(at=Moment(0.0, 0.0), action=Action.MAIL, ref=1)
    answer = Heard(at=Moment(2.0, 2.0), symbols={Symbol.NONCOMMITTAL: 1.0}, ref=2)
    now = Moment(3.0, 3.0)
    case = Case(evidence=(offer, answer), now=now, ahead=(now,), value=500.0)
    own, usual = (judge(case, money=_CHEAP, policy=policy) for policy in (small, None))
    assert own.values[Action.STOP] == usual.values[Action.STOP]
    assert max(own.values.values()) <= max(usual.values.values()) + 1e-3


def test_a_planner_values_by_its_own_kernel(other: Model) -> None:
    """Dearer hours cost at once, whatever the plans for later are."""
    usual = planner_for(standard(), Money())
    dear = Planner(kernel_of(other), policy_for(other, Money()), Money())
    b, mail = standard().start[None], ACTIONS.index(Action.MAIL)
    cost = usual.worths(b, [_FRESH], [4000.0]) - dear.worths(b, [_FRESH], [4000.0])
    assert cost[0, mail] == pytest.approx(75 * standard().hours[0], abs=1.0)
