"""How long the engine takes for one opportunity."""

from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from time import perf_counter

from nachhaken.engine import (
    Acted,
    Action,
    Case,
    Evidence,
    Heard,
    Moment,
    Money,
    Symbol,
    judge,
    standard,
)
from nachhaken.engine.bounds import informed, known_truth
from nachhaken.engine.kernel import context_index
from nachhaken.engine.planner import Planner
from nachhaken.engine.policies import kernel_of, policy_for, priced, shipped, solve_for
from tests.played import played
from tests.speed import Row, measure


def _case(rounds: int) -> Case:
    """An offer, then `rounds` of an evasive answer and our next mail."""
    events: list[Evidence] = [Acted(at=_at(0), action=Action.MAIL, ref=1)]
    for n in range(1, rounds + 1):
        labels = {Symbol.NONCOMMITTAL: 0.8, Symbol.LATER_VAGUE: 0.1}
        events.append(Heard(at=_at(14 * n - 5), symbols=labels, ref=10 * n))
        events.append(Acted(at=_at(14 * n), action=Action.MAIL, ref=10 * n + 1))
    now = 14 * rounds + 5
    ahead = tuple(_at(now + day) for day in range(60))
    return Case(evidence=tuple(events), now=_at(now), ahead=ahead, value=4000.0)


def _at(day: float) -> Moment:
    return Moment(day, day * 5 / 7)


def _milliseconds(case: Case) -> float:
    times = []
    for _ in range(200):
        start = perf_counter()
        judge(case)
        times.append(1000 * (perf_counter() - start))
    return median(times)


@measure
def one_judgement() -> Iterator[Row]:
    judge(_case(1))
    yield Row("Judge, 3 events, 60 days ahead", _milliseconds(_case(1)), "ms", at_most=3)
    yield Row("Judge, 11 events, 60 days ahead", _milliseconds(_case(5)), "ms", at_most=3)


@measure
def tables() -> Iterator[Row]:
    shipped.cache_clear()
    start = perf_counter()
    priced(shipped(), Money())
    yield Row("Load the policies", 1000 * (perf_counter() - start), "ms", at_most=100)


@measure
def one_planner() -> Iterator[Row]:
    """Other parameters than the shipped, so that nothing is cached."""
    model, money = replace(standard(), repeat_days=13.0), Money()
    start = perf_counter()
    kernel = kernel_of(model)
    yield Row("Build the kernel", perf_counter() - start, "s", at_most=1)
    policy = solve_for(model, money)
    yield Row("Build and solve one set", perf_counter() - start, "s", at_most=3)
    yield Row("Plans of one set", len(policy.plans.action), "vectors", at_most=2000)
    fresh, prices = context_index(1, 0, 0), money.prices(4000.0)
    planner = Planner(kernel, policy_for(model, money, policy), money)
    worth = planner.value(model.start, fresh, 4000.0)
    yield Row("Worth of an offer", worth, "EUR", at_least=857)
    eur = played(planner, model.start, 4000.0, n=20_000, seed=1)
    yield Row("Brought in 20,000 plays of the kernel", eur.mean(), "EUR")
    yield Row("Its 95 % interval, to either side", 1.96 * eur.std() / len(eur) ** 0.5, "EUR")
    above = (model.start @ informed(kernel, prices)[:, fresh].T).max()
    yield Row("Bound, truth known one step later", above, "EUR")
    yield Row("Bound, truth known", model.start @ known_truth(kernel, prices)[fresh], "EUR")
