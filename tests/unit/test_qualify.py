"""The judgement of first talks: what few cases may say, and that its weights make its chance."""

import csv
from itertools import permutations
from math import exp, log10
from pathlib import Path

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

from nachhaken.learning.calibration import auc, brier, rows_of
from nachhaken.learning.outcomes import LearningError
from nachhaken.learning.qualify import Qualifier, Ratings, learn

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "bohanec"
FEATURES = ("budget", "authority", "need", "source")


def drawn(count: int, seed: int) -> tuple[list[Ratings], list[bool]]:
    """Budget and authority decide, most of all together; need is often missing, source is noise."""
    rng = np.random.default_rng(seed)
    rows: list[Ratings] = []
    outcomes: list[bool] = []
    for _ in range(count):
        budget, authority = rng.choice(["yes", "no"], 2).tolist()
        need = rng.choice(["clear", "vague", "Unknown"]).item()
        source = rng.choice(list("abcdef")).item()
        rows.append(dict(zip(FEATURES, (budget, authority, need, source), strict=True)))
        log_odds = -1.5 + (budget == "yes") + 2.5 * (budget == authority == "yes")
        outcomes.append(bool(rng.random() < 1 / (1 + exp(-log_odds))))
    return rows, outcomes


@pytest.fixture(scope="module")
def learnt() -> Qualifier:
    return learn(*drawn(150, 1))


def decibans(chance: float) -> float:
    return 10 * log10(chance / (1 - chance))


def test_without_cases_the_chance_is_the_rate() -> None:
    nothing = learn([], [], rate=0.25)
    assert nothing.chance({"budget": "yes"}) == pytest.approx(0.25)
    assert nothing.weights({"budget": "yes"}) == {}


@pytest.mark.parametrize("count", [1, 5])
def test_few_cases_move_the_rate_a_little_and_to_their_side(count: int) -> None:
    row = dict.fromkeys(FEATURES, "same")
    won, lost = learn([row] * count, [True] * count), learn([row] * count, [False] * count)
    other = dict.fromkeys(FEATURES, "other")
    assert 0.3 < won.chance(other) < won.chance(row) < 0.9
    assert 0.3 > lost.chance(other) > lost.chance(row) > 0.02


def test_the_weights_and_the_base_make_the_chance(learnt: Qualifier) -> None:
    for row in drawn(20, 2)[0]:
        total = learnt.base + sum(learnt.weights(row).values())
        assert decibans(learnt.chance(row)) == pytest.approx(total, abs=1e-9)


def test_the_weights_are_shapleys(learnt: Qualifier) -> None:
    row = {"budget": "yes", "authority": "yes", "need": "clear", "source": "a"}
    orders = list(permutations(FEATURES))
    shares = dict.fromkeys(FEATURES, 0.0)
    for order in orders:
        told: dict[str, str] = {}
        for feature in order:
            before = decibans(learnt.chance(told))
            told[feature] = row[feature]
            shares[feature] += (decibans(learnt.chance(told)) - before) / len(orders)
    assert learnt.weights(row) == pytest.approx(shares, abs=1e-9)


@pytest.mark.parametrize("nothing", ["Unknown", "", None, "never seen"])
def test_what_is_missing_or_new_says_nothing(learnt: Qualifier, nothing: str | None) -> None:
    row = {"budget": "yes", "authority": "no", "source": "b"}
    without = learnt.chance(row)
    assert learnt.chance(row | {"need": nothing, "colour": "red"}) == pytest.approx(without)
    assert learnt.weights({**row, "need": nothing})["need"] == 0
    assert learnt.chance({}) == pytest.approx(learnt.chance({"need": nothing}))
    assert decibans(learnt.chance({})) == pytest.approx(learnt.base)


def test_it_learns_what_counts_and_that_it_counts_together(learnt: Qualifier) -> None:
    good = {"budget": "yes", "authority": "yes", "need": "clear", "source": "c"}
    weights = learnt.weights(good)
    assert weights["budget"] > 3
    assert weights["authority"] > 3
    assert abs(weights["source"]) < weights["budget"] / 2
    half = learnt.chance(good | {"budget": "no"})
    assert learnt.chance(good) > 0.6
    assert half < 0.4
    rows, outcomes = drawn(400, 3)
    chances = [learnt.chance(row) for row in rows]
    score = rows_of(chances, outcomes)
    assert auc(score) > 0.7
    assert brier(score) < brier(rows_of(np.full(len(rows), np.mean(outcomes)), outcomes)) - 0.02


def test_the_order_of_rows_and_features_does_not_matter() -> None:
    rows, outcomes = drawn(60, 4)
    turned = [dict(reversed(list(row.items()))) for row in reversed(rows)]
    one, other = learn(rows, outcomes), learn(turned, outcomes[::-1])
    for row in rows[:10]:
        assert one.chance(row) == pytest.approx(other.chance(row), abs=1e-9)


def test_outcomes_that_one_rating_divides_stay_short_of_certain() -> None:
    rows = [{"budget": rating, "n": str(n)} for n in range(30) for rating in ("yes", "no")]
    sharp = learn(rows, [row["budget"] == "yes" for row in rows])
    assert 0.85 < sharp.chance({"budget": "yes"}) < 1
    assert 0 < sharp.chance({"budget": "no"}) < 0.15


def test_it_is_the_gaussian_process_of_others() -> None:
    rows, outcomes = drawn(40, 5)
    rows = [{k: v for k, v in row.items() if k != "need"} for row in rows]
    ours = learn(rows, outcomes, rate=0.5)
    names = sorted({(f, str(v)) for row in rows for f, v in row.items()})
    x = np.array([[float(row.get(f) == v) for f, v in names] for row in rows])
    single, together, fading = ours.strengths
    # Each difference is a squared distance of 2 between indicators.
    kernel = (
        ConstantKernel(1.0)
        + ConstantKernel(single) * DotProduct(0, "fixed")
        + ConstantKernel(together) * RBF(fading**-0.5)
    )
    theirs = GaussianProcessClassifier(kernel, optimizer=None).fit(x, outcomes)
    mode = theirs.base_estimator_.kernel_(x) @ (
        theirs.base_estimator_.y_train_ - theirs.base_estimator_.pi_
    )
    chances = [ours.chance(row) for row in rows]
    assert chances == pytest.approx(1 / (1 + np.exp(-mode)), abs=1e-4)


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(LearningError):
        learn([{"budget": "yes"}], [])
    with pytest.raises(LearningError):
        learn([], [], rate=1.0)


@pytest.mark.skipif(not REAL.exists(), reason="the real opportunities are not here")
def test_real_opportunities_are_told_apart() -> None:
    with (REAL / "Salvirt_B2B_ML_dataset.csv").open(newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file, delimiter=";")]
    won = np.array([row.pop("Status") == "Won" for row in rows])
    seen = np.arange(len(rows)) % 3 > 0
    judge = learn([rows[i] for i in np.flatnonzero(seen)], won[seen].tolist())
    chances = [judge.chance(rows[i]) for i in np.flatnonzero(~seen)]
    score = rows_of(chances, won[~seen])
    assert auc(score) > 0.75
    assert brier(score) < 0.2
