"""What each conduct brings in simulated worlds: `python -m tests.speed.conduct` prints the tables.

The engine's policies are solved for the standard model, and beliefs are followed by it, whatever
the world. Numbers are EUR per opportunity of 4,000 EUR margin over a year.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from nachhaken.engine import Model, Money, standard
from nachhaken.engine.bounds import known_next
from nachhaken.engine.follow import follow
from nachhaken.engine.kernel import context_index
from nachhaken.engine.model import Array
from nachhaken.engine.planner import planner_for
from nachhaken.engine.policies import kernel_of
from nachhaken.engine.simulation.conducts import (
    EIGHT_TOUCHES,
    articles,
    best_of,
    every,
    following,
    known_truth,
    oracle,
    rotting,
    scheduled,
    serving,
    wait_for_date,
)
from nachhaken.engine.simulation.play import Conduct, End, Results, World, record, simulate
from nachhaken.engine.simulation.records import known_by
from nachhaken.engine.simulation.values import Ints
from nachhaken.engine.simulation.worlds import draw_model
from nachhaken.learning.calibration import (
    Rows,
    auc,
    base_brier,
    brier,
    calibration_error,
    rows_of,
)
from nachhaken.learning.compare import by_simulation, lead
from tests.speed import Row, measure

SEED = 20_251
VALUE = 4000.0
PLANNER = "planner"
N = 20_000
DAYS = (7.0, 14.0, 30.0)


def rules() -> dict[str, Conduct]:
    """The rules of thumb, with and without serving every demand for new work."""
    eight = scheduled(EIGHT_TOUCHES, 75)
    return {
        "never follow up, drop at day 90": scheduled((), 90),
        "every 3 days": every(),
        "every 3 days + RQ": serving(every()),
        "8 touches, drop at day 75": eight,
        "8 touches + RQ": serving(eight),
        "rotting: mail day 7, drop day 14": rotting(),
        "rotting + RQ": serving(rotting()),
        "wait for the date given": wait_for_date(),
        "wait for the date given + RQ": serving(wait_for_date()),
        "articles' rule": articles(),
    }


def planned(money: Money) -> dict[str, Conduct]:
    """The engine's planner for the standard model, its forerunner, and the oracle.

    The planner by its plans alone: with the exact step before them it takes a hundred times longer.
    """
    model = standard()
    values = known_truth(known_next(kernel_of(model), money.prices(VALUE)))
    planner = planner_for(model, money)

    def actions(beliefs: Array, contexts: Ints) -> Ints:
        return planner.steps(beliefs, contexts, np.full(len(beliefs), VALUE)).action

    return {
        PLANNER: following(actions, model),
        "QMDP": best_of(values, model),
        "oracle": oracle(values, model),
    }


def planner_world(model: Model | None = None, money: Money | None = None) -> World:
    """The world as the planner has it: nobody writes beyond his rates."""
    model = model or standard()
    return World(model=replace(model, anything=1e-9), money=money or Money(), value=VALUE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    eur: float
    interval: float
    hours: float
    per_hour: float
    yes: float
    early_no: float
    late_no: float
    clarity: float
    opt_out: float


def line(results: Results) -> Line:
    """Return the figures of one conduct."""
    ended = np.where(results.end == End.OPEN, np.inf, results.day)
    yes = results.end == End.YES
    return Line(
        eur=float(results.eur.mean()),
        interval=float(1.96 * results.eur.std() / len(results.eur) ** 0.5),
        hours=float(results.hours.mean()),
        per_hour=float(results.gross.mean() / results.hours.mean()),
        yes=float(yes.mean()),
        early_no=float((~yes & ~results.is_late).mean()),
        late_no=float(results.is_late.mean()),
        clarity=float(np.median(ended)),
        opt_out=float((results.end == End.OPT_OUT).mean()),
    )


def lines(world: World, conducts: Mapping[str, Conduct], n: int = N) -> dict[str, Line]:
    """Return the table of a world; every conduct starts from the same chance."""
    return {
        name: line(simulate(world, conduct, n=n, rng=np.random.default_rng(SEED)))
        for name, conduct in conducts.items()
    }


def robustness(worlds: int, n: int) -> tuple[list[str], Array]:
    """Return names and mean EUR [worlds, conducts] where the parameters are not as believed."""
    rng = np.random.default_rng(SEED)
    drawn = [planner_world(draw_model(standard(), rng)) for _ in range(worlds)]
    conducts = {
        **{name: c for name, c in planned(Money()).items() if name != "oracle"},
        **{name: c for name, c in rules().items() if "RQ" not in name},
    }
    return list(conducts), by_simulation(drawn, conducts, n=n, rng=rng)


def self_simulation(n: int) -> Iterator[tuple[float, Rows]]:
    """Forecasts of "genuine" for what is open at days 7, 14 and 30, waiting for the date given."""
    model = standard()
    world, rng = World(model=model, offered=True), np.random.default_rng(SEED)
    results, evidence, _, workdays = record(world, wait_for_date(), n=n, rng=rng, watch=DAYS)
    for day, truth, workday in zip(DAYS, results.seen, workdays, strict=True):
        still = truth >= 0
        belief = follow(known_by(evidence, day, workday), model).belief[still]
        yield day, rows_of(belief[:, :2].sum(axis=1), truth[still] <= 1)


@measure
def conducts() -> Iterator[Row]:
    start = perf_counter()
    found = lines(planner_world(), {**rules(), **planned(Money())})
    taken = perf_counter() - start
    for name, figures in found.items():
        yield Row(f"{name} (± {figures.interval:.0f})", figures.eur, "EUR")
    yield Row(f"Simulate {N:,} opportunities, a year, a conduct", taken / len(found), "s")


@measure
def other_worlds() -> Iterator[Row]:
    names, eur = robustness(10, 1000)
    for name, mean in zip(names, eur.mean(axis=0), strict=True):
        yield Row(f"10 drawn worlds: {name}", mean, "EUR")
    rules_of_thumb = [names.index(name) for name in rules() if name in names]
    found = lead(eur, names.index(PLANNER), rules_of_thumb)
    yield Row("10 drawn worlds: lead of the planner over the best rule", found.mean, "EUR")


@measure
def promises() -> Iterator[Row]:
    """The planner against the world that it plans for: repeated answers, nobody else writes."""
    model, money = standard(), Money()
    start = context_index(1, 0, 0)
    promised = planner_for(model, money).value(model.start, start, VALUE)
    world = replace(planner_world(), echoes=True)
    kept = lines(world, {PLANNER: planned(money)[PLANNER]}, 2 * N)[PLANNER]
    yield Row("Value that the planner promises, at least", promised, "EUR")
    least = promised - kept.interval
    yield Row(f"Value that it brings (± {kept.interval:.0f})", kept.eur, "EUR", at_least=least)


@measure
def beliefs_come_true() -> Iterator[Row]:
    for day, rows in self_simulation(40_000):
        name = f"P(genuine) at day {day:.0f}"
        yield Row(f"{name}: calibration error", calibration_error(rows), "", at_most=0.01)
        yield Row(f"{name}: Brier (base {base_brier(rows):.3f})", brier(rows), "")
        yield Row(f"{name}: AUC", auc(rows), "")


def main(words: list[str]) -> None:
    """Print the tables as Markdown; "worlds" prints the robustness over 80 drawn worlds.

    Another word is a holding cost in EUR a day: the table with a planner that knows it.
    """
    if "worlds" in words:
        _print_worlds()
        return
    money = Money(hold_eur_per_day=float(words[0])) if words else Money()
    print("| conduct | EUR | h | EUR/h | yes | early no | late no | clear after | opt-out |")
    print("| --- |" + " ---: |" * 8)
    for name, f in lines(planner_world(money=money), {**rules(), **planned(money)}).items():
        print(
            f"| {name} | {f.eur:.0f} ± {f.interval:.0f} | {f.hours:.2f} | {f.per_hour:,.0f}"
            f" | {f.yes:.3f} | {f.early_no:.2f} | {f.late_no:.2f} | {f.clarity:.0f} d"
            f" | {f.opt_out:.3f} |"
        )


def _print_worlds() -> None:
    names, eur = robustness(80, 2500)
    for name, column in zip(names, eur.T, strict=True):
        print(f"| {name} | {column.mean():.0f} |")
    planner, others = names.index(PLANNER), [names.index(n) for n in names if n in rules()]
    print("over the best rule of thumb:", lead(eur, planner, others))
    print("over QMDP:", lead(eur, planner, [names.index("QMDP")]))


if __name__ == "__main__":
    main(sys.argv[1:])
