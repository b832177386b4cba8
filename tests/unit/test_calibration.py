"""Scores of probabilities, against scikit-learn where it has the same one, and against a paper."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression

from nachhaken.learning.calibration import (
    CalibrationError,
    Rows,
    auc,
    base_brier,
    brier,
    calibration,
    calibration_error,
    censoring_weights,
    interval,
    log_loss,
    reliability,
    reliability_line,
    rows_of,
    skill,
    staying,
)

NAN = float("nan")


def _drawn(n: int, seed: int, *, weighted: bool) -> Rows:
    rng = np.random.default_rng(seed)
    # Two digits, so that equal chances occur.
    chances = rng.beta(1, 2, n).round(2)
    weights = rng.exponential(size=n) if weighted else np.ones(n)
    return rows_of(chances, rng.random(n) < 0.1 + 0.7 * chances, weights)


both = pytest.mark.parametrize(
    "rows", [_drawn(400, 1, weighted=False), _drawn(400, 2, weighted=True)]
)


@both
def test_the_scores_are_those_of_scikit_learn(rows: Rows) -> None:
    p, y, w = rows
    assert brier(rows) == pytest.approx(metrics.brier_score_loss(y, p, sample_weight=w))
    assert log_loss(rows) == pytest.approx(metrics.log_loss(y, p, sample_weight=w))
    assert auc(rows) == pytest.approx(metrics.roc_auc_score(y, p, sample_weight=w))


@both
def test_the_line_is_a_logistic_regression(rows: Rows) -> None:
    p, y, w = rows
    inside = (p > 0) & (p < 1)
    odds = np.log(p[inside] / (1 - p[inside]))[:, None]
    theirs = LogisticRegression(C=np.inf, tol=1e-10).fit(odds, y[inside], w[inside])
    found = reliability_line(rows_of(p[inside], y[inside], w[inside]))
    assert found == pytest.approx([theirs.intercept_[0], theirs.coef_[0, 0]], rel=1e-4)


def test_the_bins_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    p = rng.random(1000)
    rows = rows_of(p, rng.random(1000) < p)
    shares, chances = calibration_curve(rows.outcomes, p, n_bins=10, strategy="quantile")
    found = reliability(rows)
    assert [b.weight for b in found] == [100] * 10
    assert [b.chance for b in found] == pytest.approx(chances, abs=0.002)
    assert [b.share for b in found] == pytest.approx(shares, abs=0.02)


def test_equal_chances_stay_in_one_bin_and_weights_count_like_copies() -> None:
    assert len(reliability(rows_of([0.3] * 7, [1, 0, 0, 1, 0, 0, 0]))) == 1
    rows = _drawn(300, 4, weighted=False)
    times = np.random.default_rng(5).integers(0, 4, 300)
    copied = rows_of(np.repeat(rows.chances, times), np.repeat(rows.outcomes, times))
    weighted = rows_of(rows.chances, rows.outcomes, times)
    for metric in (brier, skill, log_loss, auc, calibration_error):
        assert metric(weighted) == pytest.approx(metric(copied)), metric.__name__


def test_a_right_forecast_has_only_the_error_of_chance_and_a_sure_one_more() -> None:
    rng = np.random.default_rng(6)
    p = rng.beta(2, 2, 40_000)
    outcomes = rng.random(40_000) < p
    assert calibration_error(rows_of(p, outcomes)) < 0.01
    sure = p**2 / (p**2 + (1 - p) ** 2)
    assert calibration_error(rows_of(sure, outcomes)) > 0.05
    assert reliability_line(rows_of(sure, outcomes)).slope == pytest.approx(0.5, abs=0.03)


def test_skill_is_none_for_the_base_rate_and_whole_for_the_truth() -> None:
    outcomes = [True, False, False, False]
    assert base_brier(rows_of([0.25] * 4, outcomes)) == pytest.approx(0.1875)
    assert skill(rows_of([0.25] * 4, outcomes)) == pytest.approx(0)
    assert skill(rows_of(outcomes, outcomes)) == 1


def test_remissions_stay_as_published() -> None:
    """6-MP patients of Freireich et al. 1963, weeks; the curve as in Cox and Oakes 1984."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    lost = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    durations = np.array([*ended, *lost], dtype=np.float64)
    is_end = np.array([True] * len(ended) + [False] * len(lost))
    just_after = np.array([6, 7, 10, 13, 16, 22, 23, 40]) + 0.5
    found = staying(durations, is_end, just_after)
    expected = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448, 0.448]
    assert found == pytest.approx(expected, abs=0.0005)
    assert staying(durations, is_end, [0.0, 6.0]) == pytest.approx([1, 1])


def test_who_is_seen_stands_for_those_lost_from_sight() -> None:
    weights = censoring_weights([10, 20, 40, 60], [True, False, True, False], horizon=50)
    # One of three in sight is lost at day 20: those who stay count for three halves.
    assert weights == pytest.approx([1, 0, 1.5, 1.5])
    rng = np.random.default_rng(7)
    ends, looks = rng.exponential(60, 20_000), rng.exponential(80, 20_000)
    weights = censoring_weights(np.minimum(ends, looks), ends <= looks, horizon=50)
    share = (weights * (ends <= 50)).sum() / weights.sum()
    assert share == pytest.approx(1 - np.exp(-50 / 60), abs=0.01)


def test_rows_of_one_customer_are_one_piece_of_luck() -> None:
    p = np.tile([0.2, 0.8], 100)
    y = np.repeat(np.random.default_rng(8).random(20) < 0.5, 10)
    rows, rng = rows_of(p, y), np.random.default_rng(9)
    alone = interval(brier, rows, np.arange(200), rng=rng)
    clustered = interval(log_loss, rows, np.repeat(np.arange(20), 10), rng=rng)
    by_row = interval(log_loss, rows, np.arange(200), rng=rng)
    assert alone.low < alone.value < alone.high
    assert clustered.value == by_row.value
    shares = [
        interval(_share, rows, c, rng=rng) for c in (np.repeat(np.arange(20), 10), range(200))
    ]
    assert shares[0].high - shares[0].low > 2 * (shares[1].high - shares[1].low)


def _share(rows: Rows) -> float:
    return float(rows.outcomes @ rows.weights / rows.weights.sum())


def test_few_rows_get_a_line_and_many_get_bins() -> None:
    rng = np.random.default_rng(10)
    few, many = _drawn(120, 11, weighted=False), _drawn(400, 12, weighted=False)
    sparse, dense = (calibration(r, np.arange(len(r.chances)), rng=rng) for r in (few, many))
    assert sparse.error is None
    assert sparse.line == reliability_line(few)
    assert dense.line is None
    assert dense.error == calibration_error(many)
    assert (dense.n, dense.customers) == (400, 400)
    assert dense.auc.value == auc(many)


def test_outcomes_that_are_apart_have_no_line() -> None:
    apart = rows_of(np.linspace(0.1, 0.9, 50), np.linspace(0.1, 0.9, 50) > 0.5)
    with pytest.raises(CalibrationError, match="no finite line"):
        reliability_line(apart)
    assert calibration(apart, np.arange(50), rng=np.random.default_rng(0)).line is None


@pytest.mark.parametrize(
    ("chances", "outcomes", "weights", "message"),
    [
        ([], [], None, "no rows"),
        ([0.5, NAN], [1, 0], None, "missing"),
        ([0.5, 0.5], [1, NAN], None, "missing"),
        ([0.5, 1.5], [1, 0], None, r"\[0, 1\]"),
        ([0.5, 0.5], [1, 2], None, "False or True"),
        ([0.5, 0.5], [1], None, "one length"),
        ([0.5, 0.5], [1, 0], [0, 0], "all 0"),
        ([0.5, 0.5], [1, 0], [-1, 2], "negative"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    chances: list[float], outcomes: list[float], weights: list[float] | None, message: str
) -> None:
    with pytest.raises(CalibrationError, match=message):
        rows_of(chances, outcomes, weights)


def test_scores_of_two_outcomes_need_both() -> None:
    rows = rows_of([0.2, 0.4], [False, False])
    for metric in (auc, skill):
        with pytest.raises(CalibrationError, match="both outcomes"):
            metric(rows)
    with pytest.raises(CalibrationError, match="both outcomes"):
        interval(auc, rows, ["a", "b"], rng=np.random.default_rng(0))
    with pytest.raises(CalibrationError, match="no rows"):
        censoring_weights([], [], horizon=10)
    with pytest.raises(CalibrationError, match="duration is missing"):
        staying([1.0, NAN], [True, False], [1.0])
