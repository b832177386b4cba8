"""Learning against other programs and against plain, slow arithmetic."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hmmlearn.hmm import CategoricalHMM
from scipy.integrate import quad, quad_vec
from scipy.linalg import expm
from scipy.stats import lognorm

from nachhaken.engine import standard
from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.model import SYMBOLS, YES, Array, Model, Strengths
from nachhaken.learning.chain import Chains, follow_chains
from nachhaken.learning.improve import improve
from nachhaken.learning.integrals import between, generators
from nachhaken.learning.isotonic import isotonic
from nachhaken.learning.outcomes import OPEN
from nachhaken.learning.prior import Prior
from nachhaken.learning.statistics import chains_of, count
from nachhaken.learning.stretches import stretches_of
from tests.worlds import silent_machines

GAP = 7.0


def test_the_plain_case_is_hmmlearns() -> None:
    """A fixed gap, everybody answers, one kind of touch: a categorical HMM, equal to 1e-10."""
    model, rng = _plain(), np.random.default_rng(8)
    lengths = rng.integers(1, 9, 60)
    said = [rng.choice(9, n, p=[0.04, *[0.12] * 8]) for n in lengths]
    reference = CategoricalHMM(
        4, n_features=len(SYMBOLS), init_params="", params="ste", n_iter=1, tol=0
    )
    reference.startprob_ = model.start
    reference.transmat_ = expm(model.generators[0] * GAP)
    reference.emissionprob_ = model.symbols[0, 0]
    reference.fit(np.concatenate(said)[:, None], lengths)

    stretches = stretches_of(_columns(said, model), np.full(60, OPEN, np.uint8), model)
    told = count(stretches, model)
    density = lognorm.logpdf(1.0, model.spread[0, 0], scale=model.median[0, 0])
    expected = reference.monitor_.history[0]
    assert told.log_likelihood - lengths.sum() * density == pytest.approx(expected, abs=1e-10)
    tiny = dict.fromkeys(Strengths.__dataclass_fields__, 1e-13)
    learnt = improve(told, Prior(model=model, strengths=Strengths(**tiny)))
    np.testing.assert_allclose(learnt.start, reference.startprob_, rtol=0, atol=1e-10)
    np.testing.assert_allclose(learnt.symbols[0, 0], reference.emissionprob_, rtol=0, atol=1e-10)

    chains = chains_of(stretches, model)
    moves = follow_chains(chains).pairs * chains.matrices
    later = stretches.kinds.bins[stretches.kinds.pieces[:, 0], 1] > 0
    moves = moves[later & (stretches.kinds.pieces[:, 0] >= 0)].sum(axis=0)
    transitions = moves / moves.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(transitions, reference.transmat_, rtol=0, atol=1e-10)


def _plain() -> Model:
    base = silent_machines(standard())
    symbols = base.symbols.copy()
    symbols[:, :, 1, YES] = 0
    symbols[1] = symbols[0]
    return replace(
        base,
        symbols=symbols / symbols.sum(axis=-1, keepdims=True),
        generators=np.stack([base.generators[0]] * 3),
        unprompted=np.zeros_like(base.unprompted),
        anything=1e-300,
        will=np.ones((5, 4)),
        median=np.ones((5, 4)),
        spread=np.ones((5, 4)),
        reply_factor=np.ones(4),
        goodwill_lost=np.zeros(4),
    )


def _columns(said: list[Array], model: Model) -> Columns:
    """Each answer comes one working day after a touch, `GAP` days after the one before."""
    per_case = [len(s) for s in said]
    answer_day = np.concatenate([GAP * np.arange(n) for n in per_case])
    touch_day = np.concatenate([GAP * np.maximum(np.arange(n) - 1, 0) for n in per_case])
    number = np.concatenate([np.arange(n) for n in per_case])
    symbols = np.concatenate(said)
    none = np.full(2 * len(symbols), np.nan)
    now = np.array([GAP * (n - 1) for n in per_case])
    return Columns(
        offsets=2 * np.concatenate([[0], np.cumsum(per_case)]),
        day=_interleaved(touch_day, answer_day),
        workday=_interleaved(number, number + 1).astype(float),
        kind=_interleaved(np.zeros_like(symbols), np.full_like(symbols, HEARD)).astype(np.uint8),
        label=_interleaved(np.zeros_like(symbols), symbols).astype(np.int32),
        labels=np.eye(len(SYMBOLS)),
        window=none,
        away_day=none,
        away_workday=none,
        start=np.tile(model.start, (len(said), 1)),
        now_day=now,
        now_workday=np.array(per_case, dtype=float),
    )


def _interleaved(a: Array, b: Array) -> Array:
    return np.stack([a, b], axis=1).ravel()


def test_chains_against_every_path() -> None:
    rng = np.random.default_rng(2)
    tables, start, end = rng.random((3, 4, 4)), rng.random(4), rng.random(4)
    start /= start.sum()
    kind = np.array([0, 1, 0, 2])
    total, moves, first = 0.0, np.zeros((3, 4, 4)), np.zeros(4)
    for path in product(range(4), repeat=5):
        steps = list(zip(kind, path[:-1], path[1:], strict=True))
        weight = start[path[0]] * end[path[-1]] * np.prod([tables[step] for step in steps])
        total += weight
        first[path[0]] += weight
        for step in steps:
            moves[step] += weight
    chains = Chains(start[None], np.array([0, 4]), kind, tables, end[None])
    told = follow_chains(chains, compiled=False)
    assert told.log_likelihood[0] == pytest.approx(np.log(total), abs=1e-12)
    np.testing.assert_allclose(told.pairs * tables, moves / total, rtol=1e-12)
    np.testing.assert_allclose(told.first[0], first / total, rtol=1e-12)


@pytest.mark.parametrize("eighths", [1, 8, 90, 1600])
def test_time_and_jumps_against_quadrature(eighths: int) -> None:
    model, rng = standard(), np.random.default_rng(4)
    weights = rng.random((1, 4, 4))
    context = 11
    flow, days = generators(model)[context], eighths / 8

    def within(s: float) -> Array:
        return np.asarray(expm(flow * s).T @ weights[0] @ expm(flow * (days - s)).T)

    expected, _ = quad_vec(within, 0, days, epsabs=1e-12, epsrel=1e-11)
    found = between(model, np.array([[context, eighths]]), weights)
    np.testing.assert_allclose(found[0], expected, rtol=1e-9)


def test_the_delays_still_to_come_against_quadrature() -> None:
    """One touch, silent for eight working days: expected log delay of who will still reply."""
    model = standard()
    none = np.full(1, np.nan)
    columns = Columns(
        offsets=np.array([0, 1]),
        day=np.zeros(1),
        workday=np.zeros(1),
        kind=np.zeros(1, np.uint8),
        label=np.zeros(1, np.int32),
        labels=np.eye(len(SYMBOLS)),
        window=none,
        away_day=none,
        away_workday=none,
        start=model.start[None],
        now_day=np.array([10.0]),
        now_workday=np.array([8.0]),
    )
    told = count(stretches_of(columns, np.zeros(1, np.uint8), model), model)
    for h in range(4):
        delay = lognorm(s=model.spread[0, h], scale=model.median[0, h])
        number, first, second = told.delay[0, h]
        for power, moment in ((1, first), (2, second)):
            assert moment / number == pytest.approx(_moment_beyond(delay, 8, power), rel=1e-6)
        q = model.will[0, h] * model.reply_factor[0]
        silent = q * delay.sf(8) / (1 - q * delay.cdf(8))
        assert number / told.will[0, h, 1] == pytest.approx(silent, rel=1e-9)


def _moment_beyond(delay: Any, days: float, power: int) -> float:
    """E[(log X)^power | X > days], integrated over the logarithm."""
    value, _ = quad(
        lambda z: z**power * delay.pdf(np.exp(z)) * np.exp(z), np.log(days), np.log(1e7)
    )
    return float(value / delay.sf(days))


def test_isotonic_against_scikit_learn() -> None:
    from sklearn.isotonic import IsotonicRegression

    rng = np.random.default_rng(6)
    for _ in range(20):
        values, weights = rng.random(12), rng.random(12) + 0.1
        expected = IsotonicRegression().fit(np.arange(12), values, weights).predict(np.arange(12))
        np.testing.assert_allclose(isotonic(values, weights), expected, rtol=1e-12)
