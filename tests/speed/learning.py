"""What learning recovers from made-up businesses, how often its gate opens, and how long it takes.

Businesses are drawn around the prior with its strengths, their cases from `tests/worlds`. Without
prior (ML) means one pseudo-observation per row and cell, so that nothing unseen is impossible.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from statistics import mean, median
from time import perf_counter

import numpy as np

from nachhaken.engine import standard
from nachhaken.engine.model import Array, Model, Strengths
from nachhaken.learning.em import estimate, held_out
from nachhaken.learning.improve import improve
from nachhaken.learning.learn import learn
from nachhaken.learning.outcomes import LOST
from nachhaken.learning.prior import Prior, shipped_prior
from nachhaken.learning.statistics import count
from nachhaken.learning.stretches import Stretches, stretches_of
from tests.speed import Row, measure
from tests.worlds import World, drawn, silent_machines, world

PRIOR = silent_machines(standard())
NO_PRIOR = Strengths(**{f.name: 1.0 for f in fields(Strengths)})
BUSINESSES, NEW_CASES = 5, 2_000


def _laid_out(cases: World) -> Stretches:
    return stretches_of(cases.columns, cases.outcomes, PRIOR)


def _per_event(new: Stretches, model: Model) -> float:
    return float(held_out(new, model).sum() / len(new.kind))


def _distance(truth: Array, found: Array) -> float:
    """Mean total variation of rows."""
    return float(abs(truth - found).sum(axis=-1).mean() / 2)


@measure
def recovery() -> Iterator[Row]:
    """Held-out log-likelihood per event, and how far answers and start are from the truth."""
    for cases in (100, 300, 1_000, 3_000):
        found: dict[str, list[tuple[float, float, float]]] = {}
        for seed in range(BUSINESSES):
            rng = np.random.default_rng(seed)
            truth = drawn(PRIOR, rng)
            new = _laid_out(world(truth, NEW_CASES, rng, start=PRIOR.start))
            seen = _laid_out(world(truth, cases, rng, start=PRIOR.start))
            models = {
                "prior": PRIOR,
                "MAP": estimate(seen, shipped_prior(PRIOR)).model,
                "ML": estimate(seen, Prior(model=PRIOR, strengths=NO_PRIOR)).model,
                "truth": truth,
            }
            for name, model in models.items():
                row = (
                    _per_event(new, model),
                    _distance(truth.symbols[0], model.symbols[0]),
                    _distance(truth.start, model.start),
                )
                found.setdefault(name, []).append(row)
        for name, rows in found.items():
            likelihood, answers, start = (mean(column) for column in zip(*rows, strict=True))
            yield Row(f"{cases:,} cases, {name}: log-likelihood", likelihood, "nats/event")
            yield Row(f"{cases:,} cases, {name}: distance of answers", answers, "TV")
            yield Row(f"{cases:,} cases, {name}: distance of start", start, "TV")


@measure
def gate() -> Iterator[Row]:
    """Share of businesses whose learnt values are used: unlike the prior, and just like it."""
    for cases in (100, 200, 400):
        for name in ("unlike the prior", "just like it"):
            used = [_is_used(cases, name == "unlike the prior", seed) for seed in range(20)]
            yield Row(f"Gate open, {cases} cases, business {name}", 100 * mean(used), "%")


def _is_used(cases: int, unlike: bool, seed: int) -> bool:
    rng = np.random.default_rng(100 + seed)
    truth = drawn(PRIOR, rng) if unlike else PRIOR
    seen = world(truth, cases, rng, start=PRIOR.start)
    return learn(seen.columns, seen.outcomes, seen.customers, model=PRIOR, rng=rng).is_used


@measure
def anchors() -> Iterator[Row]:
    """What known ends cost or bring on new cases whose ends are not given."""
    for cases in (300, 3_000):
        yes, no = zip(*(_anchor_costs(cases, seed) for seed in range(BUSINESSES)), strict=True)
        yield Row(f"A yes proves the genuine, {cases:,} cases: gain", mean(yes), "nats/event")
        yield Row(f"A no proves the lost, {cases:,} cases: gain", mean(no), "nats/event")


def _anchor_costs(cases: int, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    truth = drawn(PRIOR, rng)
    new = _laid_out(world(truth, NEW_CASES, rng, start=PRIOR.start))
    new = replace(new, end=np.ones_like(new.end))
    seen = world(truth, cases, rng, start=PRIOR.start)
    both = _laid_out(seen)
    neither, hard = np.ones_like(both.end), both.end.copy()
    hard[seen.outcomes == LOST] = (0, 0, 0, 1)
    free, yes, no = (
        _per_event(new, estimate(replace(both, end=end), shipped_prior(PRIOR)).model)
        for end in (neither, both.end, hard)
    )
    return yes - free, no - yes


@measure
def rounds() -> Iterator[Row]:
    """100,000 cases of continuous time, 20 rounds of EM."""
    cases = world(drawn(PRIOR, np.random.default_rng(1)), 100_000, np.random.default_rng(2),
                  start=PRIOR.start)  # fmt: skip
    yield Row("Events of 100,000 cases", len(cases.columns.day), "events")
    start = perf_counter()
    stretches = _laid_out(cases)
    yield Row("Lay out 100,000 cases", perf_counter() - start, "s")
    yield Row("Kinds of stretches", len(stretches.kinds.waiting), f"of {len(stretches.kind):,}")
    prior = shipped_prior(PRIOR)
    for name, compiled, limit in (("NumPy", False, 30), ("compiled", True, 5)):
        improve(count(stretches, PRIOR, compiled=compiled), prior)
        times = []
        for _ in range(5):
            start = perf_counter()
            improve(count(stretches, PRIOR, compiled=compiled), prior)
            times.append(perf_counter() - start)
        yield Row(f"20 rounds, 100,000 cases, {name}", 20 * median(times), "s", at_most=limit)
