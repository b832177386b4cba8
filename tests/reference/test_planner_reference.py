"""The planner against the figures of its design: bounds, first steps, worth of knowing.

The design's kernel is not known in all its parts and is about 4 % below ours (docs/decisions/0006),
so values are compared with bounds, and steps by their gap: within 1 % or 5 EUR they are equal.
"""

from dataclasses import replace

import numpy as np
import pytest

from nachhaken.engine import Action, Model, Money, Symbol, standard
from nachhaken.engine.bounds import informed, known_next, known_truth
from nachhaken.engine.kernel import ACTIONS, build_kernel, context_index
from nachhaken.engine.model import SYMBOLS, Array
from nachhaken.engine.planner import Planner, planner_for
from nachhaken.engine.policies import kernel_of, policy_for, solve_for
from tests.played import played

_FRESH, _DATED, _WORK = context_index(1, 0, 0), context_index(1, 1, 0), context_index(1, 0, 1)
_START = (0.38, 0.22, 0.22, 0.18)
_SILENCE = (0.16, 0.26, 0.20, 0.38)


@pytest.fixture(scope="module")
def alone() -> Planner:
    """One set of plans, solved for the base case alone."""
    model, money = standard(), Money(hold_eur_per_day=5.0)
    return Planner(kernel_of(model), policy_for(model, money, solve_for(model, money)), money)


@pytest.fixture(scope="module")
def bounds() -> tuple[Array, Array]:
    """Bounds at the base case: truth known one step later [c,a,h], truth known [c,h]."""
    kernel, prices = kernel_of(standard()), Money().prices(4000.0)
    later = informed(kernel, prices, precision=0.1)
    return later.transpose(1, 0, 2), known_truth(kernel, prices)


def test_one_set_of_plans_is_small(alone: Planner) -> None:
    assert len(alone.plans.policy.plans.action) <= 2000


def test_an_offer_is_worth_at_least_what_the_design_measured(bounds: tuple[Array, Array]) -> None:
    """There 857; known truth 1,007, one step later 966: our kernel allows about 5 % more."""
    found = planner_for(standard(), Money()).value(np.array(_START), _FRESH, 4000.0)
    later, known = (bound[_FRESH] @ _START for bound in bounds)
    later = later.max()
    assert 857 <= found <= later <= known
    assert known == pytest.approx(1007, rel=0.06)
    assert later == pytest.approx(966, rel=0.06)


def test_bounds_hold_at_every_belief(bounds: tuple[Array, Array]) -> None:
    planner, (later, known) = planner_for(standard(), Money()), bounds
    beliefs = np.random.default_rng(1).dirichlet(np.ones(4), 200)
    for c in range(24):
        found = planner.steps(beliefs, np.full(200, c), np.full(200, 4000.0)).value
        above = (beliefs @ later[c].T).max(axis=1)
        assert (found <= above + 0.05).all()
        assert (above <= beliefs @ known[c] + 0.05).all()


def test_the_known_truth_is_the_best_of_what_follows_it() -> None:
    kernel, prices = kernel_of(standard()), Money().prices(4000.0)
    q = known_next(kernel, prices)
    np.testing.assert_allclose(q.max(axis=0), known_truth(kernel, prices), atol=1e-5)


def test_what_is_promised_is_what_comes(alone: Planner) -> None:
    """Within the interval of 4,000 plays; `make bench` plays 20,000."""
    eur = played(alone, standard().start, 4000.0, n=4000, seed=3)
    promised = alone.value(standard().start, _FRESH, 4000.0)
    assert abs(eur.mean() - promised) < 2.6 * eur.std() / 4000**0.5


def test_never_following_up_is_worth_what_the_simulation_gave() -> None:
    """468 EUR (+- 17) in a day simulator with 20,000 runs; after 90 days the case is dropped."""
    kernel, wait = build_kernel(standard()), ACTIONS.index(Action.WAIT7)
    rewards = kernel.rewards @ Money().prices(4000.0)
    worth = rewards[ACTIONS.index(Action.STOP)]
    for _ in range(13):
        worth = rewards[wait] + np.einsum("cnhj,cnj->ch", kernel.by[wait], worth[kernel.to[wait]])
    assert standard().start @ worth[_FRESH] == pytest.approx(468, abs=17)


_MAIL, _WAIT, _ASK, _CLARIFY, _INVEST, _STOP = (
    Action.MAIL, Action.WAIT7, Action.ASK_WHAT, Action.CLARIFY, Action.INVEST, Action.STOP,
)  # fmt: skip
_TABLE = {
    "base": (_MAIL, _MAIL, _MAIL, _ASK),
    "hold 5": (_CLARIFY, _MAIL, _CLARIFY, _ASK),
    "hold 10": (_CLARIFY, _CLARIFY, _CLARIFY, _ASK),
    "offer anew 16 h": (_CLARIFY, _MAIL, _CLARIFY, _ASK),
    "pretend 40 %": (_MAIL, _MAIL, _MAIL, _ASK),
    "margin 1,500": (_MAIL, _MAIL, _MAIL, _STOP),
    "margin 15,000": (_MAIL, _MAIL, _MAIL, _INVEST),
    "pushier": (_CLARIFY, _WAIT, _MAIL, _ASK),
}


def _row(name: str) -> tuple[Model, Money, float]:
    model, money = standard(), Money()
    match name:
        case "hold 5" | "hold 10":
            return model, Money(hold_eur_per_day=float(name[5:])), 4000.0
        case "margin 1,500" | "margin 15,000":
            return model, money, float(name[7:].replace(",", ""))
        case "offer anew 16 h":
            hours = model.hours + np.array([0, 0, 0, 0, 8.0])
            return replace(model, hours=hours), money, 4000.0
        case "pushier":
            lost, opt_out = np.minimum(1, 3 * np.array([model.goodwill_lost, model.opt_out]))
            return replace(model, goodwill_lost=lost, opt_out=opt_out), money, 4000.0
    return model, money, 4000.0


@pytest.mark.parametrize("name", _TABLE)
def test_the_first_steps_are_those_of_the_design(name: str) -> None:
    """At the start and after "later", "hm" and a demand; equal within 1.5 % or 5 EUR."""
    model, money, value = _row(name)
    own = None if model is standard() else solve_for(model, money, values=(value,))
    planner = Planner(kernel_of(model), policy_for(model, money, own), money)
    start = np.array([0.266, 0.154, 0.40, 0.18]) if name == "pretend 40 %" else model.start
    beliefs = np.stack([start, *(_after_mail(model, start, symbol) for symbol in _HEARD)])
    worths = planner.worths(beliefs, [_FRESH, _DATED, _FRESH, _WORK], np.full(4, value))
    for q, wanted in zip(worths, _TABLE[name], strict=True):
        assert q[ACTIONS.index(wanted)] >= q.max() - max(5.0, 0.015 * q.max())


_HEARD = (Symbol.LATER_VAGUE, Symbol.NONCOMMITTAL, Symbol.REQUOTE)


def _after_mail(model: Model, start: Array, symbol: Symbol) -> Array:
    weights = start * model.will[0] * model.symbols[0, 0, :, SYMBOLS.index(symbol)]
    return np.asarray(weights / weights.sum())


# Belief, context; value, EVPI, and EVSI of mail, ask, clarify in the design.
_WORTHS = {
    "start": (_START, _FRESH, 858, 84, (6, 10, 7)),
    "later_vague": ((0.21, 0.38, 0.35, 0.06), _DATED, 696, 92, (4, 9, 7)),
    "noncommittal": ((0.25, 0.18, 0.47, 0.10), _FRESH, 564, 89, (7, 12, 9)),
    "requote": ((0.45, 0.04, 0.50, 0.01), _WORK, 568, 227, (46, 74, 65)),
    "silence": (_SILENCE, _FRESH, 450, 71, (3, 5, 4)),
}


@pytest.mark.parametrize("name", _WORTHS)
def test_knowing_is_worth_about_what_the_design_says(name: str) -> None:
    """Values within 7 %, EVPI 40 %, EVSI 6 EUR: the design says how it merges answers in a word."""
    shares, c, value, knowing, answers = _WORTHS[name]
    b, planner = np.array(shares) / sum(shares), planner_for(standard(), Money())
    asked = (Action.MAIL, Action.ASK_WHAT, Action.CLARIFY)
    found = [planner.worth_of_answer(action, b, c, value=4000.0) for action in asked]
    assert planner.value(b, c, 4000.0) == pytest.approx(value, rel=0.07)
    assert planner.worth_of_knowing(b, c, 4000.0) == pytest.approx(knowing, rel=0.4)
    assert found == pytest.approx(answers, abs=6)
    assert found[0] == min(found)


@pytest.mark.parametrize("name", _WORTHS)
def test_a_question_teaches_more_than_a_mail(name: str) -> None:
    """In bits; the design's are about half of ours, of which it says no more than the name."""
    shares, c, *_ = _WORTHS[name]
    b = np.array(shares) / sum(shares)
    bits = planner_for(standard(), Money()).bits(b[None], [c])[0]
    mail, ask, clarify = (bits[ACTIONS.index(a)] for a in (_MAIL, _ASK, _CLARIFY))
    assert mail < 0.95 * min(ask, clarify)
    assert bits[ACTIONS.index(_STOP)] == 0
