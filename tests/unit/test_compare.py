"""Comparing conducts: from logs, where the truth can be computed, and by simulation."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from nachhaken.engine import Money, standard
from nachhaken.engine.bounds import known_next
from nachhaken.engine.policies import kernel_of
from nachhaken.engine.simulation.conducts import (
    ASK,
    CALL,
    MAIL,
    STOP,
    WAIT,
    Values,
    best_of,
    known_truth,
    scheduled,
    straying,
)
from nachhaken.engine.simulation.play import World, record, simulate
from nachhaken.learning.compare import (
    CompareError,
    Estimate,
    Log,
    TooFew,
    by_simulation,
    from_logs,
    lead,
    log_of,
)

# A process with states 0 and 1, actions 0 and 1, three steps: REWARD[s,a] is certain, the next
# state is 1 with P_ONE[s,a]; an EUR a step later is worth G.
REWARD = np.array([[1.0, 0.0], [2.0, 4.0]])
P_ONE = np.array([[0.2, 0.7], [0.5, 0.1]])
STEPS, G = 3, 0.9
TARGET = np.array([1, 0])  # state 0: act 1, state 1: act 0


def _truth() -> tuple[np.ndarray, np.ndarray]:
    """Q [t,s,a] and V [t,s] of TARGET, backwards."""
    v = np.zeros((STEPS + 1, 2))
    q = np.zeros((STEPS, 2, 2))
    for t in reversed(range(STEPS)):
        q[t] = REWARD + G * ((1 - P_ONE) * v[t + 1, 0] + P_ONE * v[t + 1, 1])
        v[t] = q[t, [0, 1], TARGET]
    return q, v[:STEPS]


def _log(n: int, seed: int, *, noise: float = 0.0, chance_of_one: float = 0.4) -> Log:
    """Logs of a conduct that takes action 1 by chance; the model's Q is off by `noise`."""
    rng = np.random.default_rng(seed)
    q, _ = _truth()
    q = q + noise * rng.standard_normal(q.shape)
    state = np.zeros(n, dtype=np.int64)
    columns: dict[str, list[np.ndarray]] = {name: [] for name in Log.__slots__}
    for t in range(STEPS):
        action = (rng.random(n) < chance_of_one).astype(np.int64)
        columns["case"].append(np.arange(n))
        columns["chance"].append(np.where(action == 1, chance_of_one, 1 - chance_of_one))
        columns["would"].append((TARGET[state] == action).astype(np.float64))
        columns["eur"].append(REWARD[state, action])
        columns["factor"].append(np.full(n, G if t < STEPS - 1 else 0.0))
        columns["value"].append(q[t, state, TARGET[state]])
        columns["worth"].append(q[t, state, action])
        state = (rng.random(n) < P_ONE[state, action]).astype(np.int64)
    return Log(**{name: np.stack(parts, axis=1).ravel() for name, parts in columns.items()})


def test_by_hand() -> None:
    """Two cases of one step: the followed one counts double, the other not at all."""
    log = Log(
        case=np.repeat(np.arange(200), 1),
        chance=np.full(200, 0.5),
        would=np.tile([1.0, 0.0], 100),
        eur=np.tile([7.0, 100.0], 100),
        factor=np.ones(200),
        value=np.full(200, 5.0),
        worth=np.full(200, 5.0),
    )
    found = from_logs(log)
    assert isinstance(found, Estimate)
    assert found.eur == pytest.approx(7)
    assert (found.cases, found.effective) == (200, 100)


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_logs_of_another_conduct_give_the_value_of_this_one(noise: float) -> None:
    _, v = _truth()
    found = from_logs(_log(20_000, 1, noise=noise))
    assert isinstance(found, Estimate)
    assert abs(found.eur - v[0, 0]) < 4 * found.error
    assert found.error < 0.06
    assert 500 < found.effective < 20_000


def test_the_error_is_honest() -> None:
    _, v = _truth()
    found = [from_logs(_log(1000, seed, noise=3.0)) for seed in range(100)]
    estimates = [e for e in found if isinstance(e, Estimate)]
    assert len(estimates) == 100
    inside = [abs(e.eur - v[0, 0]) < 1.96 * e.error for e in estimates]
    assert 87 <= sum(inside) <= 100


def test_a_good_model_makes_it_sharper() -> None:
    sharp, blunt = (from_logs(_log(5000, 2, noise=noise)) for noise in (0.0, 3.0))
    assert isinstance(sharp, Estimate)
    assert isinstance(blunt, Estimate)
    assert sharp.error < blunt.error / 2


def test_too_few_logs_give_no_number() -> None:
    few = from_logs(_log(40, 3))
    assert isinstance(few, TooFew)
    assert few.cases == 40
    assert 0 < few.effective < 40
    never = from_logs(replace(_log(500, 3), would=np.zeros(1500)))
    assert never == TooFew(500, 0.0)


def test_logs_without_chances_give_no_number() -> None:
    assert from_logs(replace(_log(500, 4), chance=np.full(1500, np.nan))) == TooFew(500, 0.0)


def test_logs_that_cannot_be_are_refused() -> None:
    log = _log(10, 5)
    with pytest.raises(CompareError, match="chance of 0"):
        from_logs(replace(log, chance=np.zeros(30)))
    empty = {name: getattr(log, name)[:0] for name in Log.__slots__}
    with pytest.raises(CompareError, match="empty"):
        from_logs(Log(**empty))
    with pytest.raises(CompareError, match="nothing to compare"):
        by_simulation([], {}, n=10, rng=np.random.default_rng(0))


def test_cases_of_different_length_keep_their_weight() -> None:
    """A case that has ended stays in the sum: here everybody did as the conduct would."""
    log = Log(
        case=np.repeat(np.arange(100), np.tile([1, 3], 50)),
        chance=np.ones(200),
        would=np.ones(200),
        eur=np.tile([8.0, 1.0, 1.0, 2.0], 50),
        factor=np.ones(200),
        value=np.zeros(200),
        worth=np.zeros(200),
    )
    found = from_logs(log)
    assert isinstance(found, Estimate)
    assert found.eur == pytest.approx((8 + 4) / 2)
    assert found.effective == 100


def test_simulated_logs_tell_what_the_simulator_tells() -> None:
    """A straying conduct's logs judge another: within their error of what that one brings."""
    model, rng = standard(), np.random.default_rng(6)
    world = World(model=model, horizon=60.0)
    values = _short(known_truth(known_next(kernel_of(model), Money().prices(4000.0))))
    logging = straying(best_of(values, model), [WAIT, MAIL, CALL, ASK, STOP], 0.5, rng)
    results, _, decisions, _ = record(world, logging, n=6000, rng=rng)
    found = from_logs(log_of(decisions, results.eur, values, discount=model.discount))
    direct = simulate(world, best_of(values, model), n=6000, rng=rng).eur
    assert isinstance(found, Estimate)
    spread = np.hypot(found.error, direct.std() / 6000**0.5)
    assert abs(found.eur - direct.mean()) < 4 * spread


def test_a_log_books_everything_once_and_at_its_time() -> None:
    model = standard()
    world = World(model=model)
    values = known_truth(known_next(kernel_of(model), Money().prices(4000.0)))
    conduct = best_of(values, model)
    results, _, decisions, _ = record(world, conduct, n=200, rng=np.random.default_rng(8))
    log = log_of(decisions, results.eur, values, discount=model.discount)
    now = model.discount**decisions.day
    np.testing.assert_allclose(np.bincount(log.case, now * log.eur), results.eur)
    follows = log.case[1:] == log.case[:-1]
    np.testing.assert_allclose((now[:-1] * log.factor[:-1])[follows], now[1:][follows])
    assert log.would.min() == 1
    np.testing.assert_array_equal(log.value, log.worth)


def _short(values: Values) -> Values:
    """Values of a conduct of few decisions: stop where the belief says so, else wait a month."""

    def choose(beliefs: np.ndarray, contexts: np.ndarray) -> np.ndarray:
        q = values(beliefs, contexts)
        kept = np.full_like(q, -1e6)
        kept[:, [1, MAIL, STOP]] = q[:, [1, MAIL, STOP]]
        return kept

    return choose


def test_worlds_are_compared_under_the_same_chance() -> None:
    world = World(model=standard())
    worlds = [replace(world, value=value) for value in (1000.0, 4000.0)]
    conducts = {"never": scheduled((), 90), "again": scheduled((), 90), "soon": scheduled((), 10)}
    eur = by_simulation(worlds, conducts, n=500, rng=np.random.default_rng(7))
    assert eur.shape == (2, 3)
    np.testing.assert_array_equal(eur[:, 0], eur[:, 1])
    assert eur[1, 0] > eur[0, 0]


def test_the_lead_is_over_the_best_of_each_world() -> None:
    eur = np.array([[10.0, 4.0, 7.0], [10.0, 12.0, 0.0], [10.0, 9.0, 8.0]])
    found = lead(eur, 0, [1, 2])
    assert found.least == -2
    assert found.mean == pytest.approx(2 / 3)
    assert found.share == pytest.approx(2 / 3)
    assert found.tenth == pytest.approx(np.quantile([3, -2, 1], 0.1))


def test_the_small_process_is_solved_rightly() -> None:
    """The truth that the tests use, against every path counted."""
    total = 0.0
    for path in product((0, 1), repeat=STEPS - 1):
        states, chance = (0, *path), 1.0
        for state, following in zip(states, path, strict=False):
            one = P_ONE[state, TARGET[state]]
            chance *= one if following else 1 - one
        total += chance * sum(G**t * REWARD[s, TARGET[s]] for t, s in enumerate(states))
    assert _truth()[1][0, 0] == pytest.approx(total)
