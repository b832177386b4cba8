"""Laws of learning: what must hold for whatever stands in the books."""

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nachhaken.engine import standard
from nachhaken.engine.columns import FELT_ALIVE, Columns
from nachhaken.engine.model import SYMBOLS
from nachhaken.learning.improve import improve
from nachhaken.learning.outcomes import STOPPED
from nachhaken.learning.prior import log_prior, shipped_prior
from nachhaken.learning.statistics import Statistics, count, statistics
from nachhaken.learning.stretches import stretches_of, subset

MODEL = standard()


def _anything(seed: int, cases: int) -> Columns:
    """Events in any order of kinds, many at one time, some years apart, readings of any doubt."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, 8, cases)
    events = int(lengths.sum())
    gaps = rng.choice(
        [0.0, 0.01, 1.0, 9.5, 60.0, 900.0], events, p=[0.3, 0.1, 0.3, 0.2, 0.08, 0.02]
    )
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    day = np.cumsum(gaps) if events else gaps
    start = np.append(day, 0.0)[np.minimum(offsets[:-1], max(events - 1, 0))]
    day = day - np.repeat(start, lengths)
    labels = rng.dirichlet(np.full(len(SYMBOLS), 0.2), 30) * rng.choice([1.0, 0.6, 0.1], (30, 1))
    maybe = np.where(rng.random((3, events)) < 0.5, np.nan, day + rng.normal(0, 30, (3, events)))
    last = np.append(day, 0.0)[np.maximum(offsets[1:] - 1, 0)] * (lengths > 0)
    now = last + rng.choice([0.0, 3.0, 500.0], cases)
    return Columns(
        offsets=offsets,
        day=day,
        workday=day * 5 / 7,
        kind=rng.integers(0, FELT_ALIVE + 1, events).astype(np.uint8),
        label=rng.integers(0, 30, events).astype(np.int32),
        labels=labels,
        window=maybe[0],
        away_day=maybe[1],
        away_workday=maybe[2],
        start=np.where(rng.random((cases, 1)) < 0.5, MODEL.start, rng.dirichlet(np.ones(4), cases)),
        now_day=now,
        now_workday=now * 5 / 7,
    )


@given(seed=st.integers(0, 10**6), cases=st.integers(0, 30))
@settings(max_examples=30, deadline=None)
def test_whatever_is_recorded_teaches_something_finite(seed: int, cases: int) -> None:
    outcomes = np.random.default_rng(seed).integers(0, STOPPED + 1, cases).astype(np.uint8)
    columns = _anything(seed, cases)
    told = statistics(columns, outcomes, MODEL)
    for block in fields(Statistics):
        value = getattr(told, block.name)
        assert np.isfinite(value).all(), block.name
    assert (told.will >= -1e-12).all()
    assert (told.days >= -1e-9).all()
    assert (told.symbols >= 0).all()
    prior = shipped_prior(MODEL)
    learnt = improve(told, prior)
    assert np.isfinite(log_prior(learnt, prior))
    again = statistics(columns, outcomes, learnt, prior=MODEL)
    before = told.log_likelihood + log_prior(MODEL, prior)
    assert again.log_likelihood + log_prior(learnt, prior) >= before - 1e-6
    assert again.impossible == told.impossible


@given(seed=st.integers(0, 10**6), cases=st.integers(2, 20))
@settings(max_examples=15, deadline=None)
def test_the_order_of_cases_does_not_matter(seed: int, cases: int) -> None:
    rng = np.random.default_rng(seed)
    whole = stretches_of(_anything(seed, cases), np.zeros(cases, np.uint8), MODEL)
    mixed = subset(whole, rng.permutation(cases))
    one, other = count(whole, MODEL), count(mixed, MODEL)
    for block in fields(Statistics):
        np.testing.assert_allclose(
            getattr(one, block.name), getattr(other, block.name), rtol=1e-9, atol=1e-9
        )
