"""The curves of clarity against SciPy and a published example."""

from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from nachhaken.learning.insight.clarity import bounds, clarity, curves

# Freireich et al. 1963, weeks in remission under 6-MP; 1: relapse, 0: censored. Estimates and
# Greenwood's errors as printed by Kalbfleisch and Prentice 2002 and in R's survival, rounded.
SIX_MP = (
    (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1),
    (17, 0), (19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0),
)  # fmt: skip
PUBLISHED = {
    6: (0.857, 0.0764),
    7: (0.807, 0.0869),
    10: (0.753, 0.0963),
    13: (0.690, 0.1068),
    16: (0.627, 0.1141),
    22: (0.538, 0.1282),
    23: (0.448, 0.1346),
}


def test_remission_times_are_those_of_the_books() -> None:
    ended = Counter(week for week, is_end in SIX_MP if is_end)
    still = Counter(week for week, is_end in SIX_MP if not is_end)
    found = curves({}, ended, still)
    for week, (share, error) in PUBLISHED.items():
        assert found.staying[week] == pytest.approx(share, abs=6e-4)
        assert share * np.sqrt(found.greenwood[week]) == pytest.approx(error, abs=2e-4)
    # R: median 23, and the upper bound is not reached.
    median = clarity({}, ended, still).median_days
    assert median is not None
    assert (median.value, median.high) == (23, 35)


def test_one_cause_is_the_curve_of_scipy() -> None:
    rng = Random(3)
    ended = [rng.randrange(90) for _ in range(80)]
    still = [rng.randrange(120) for _ in range(40)]
    theirs = ecdf(CensoredData(uncensored=ended, right=still)).sf
    ours = curves(Counter(ended), {}, Counter(still))
    days = theirs.quantiles.astype(int)
    np.testing.assert_allclose(ours.staying[days], theirs.probabilities, atol=1e-12)
    np.testing.assert_allclose(ours.shares[0][days], 1 - theirs.probabilities, atol=1e-12)
    span: Any = theirs.confidence_interval(0.9, method="log-log")
    lows, highs = (side.evaluate(theirs.quantiles) for side in (span.low, span.high))
    for day, low, high in zip(days, lows, highs, strict=True):
        share = float(ours.staying[day])
        if 0.01 < share < 0.99:
            error = share * float(np.sqrt(ours.greenwood[day]))
            assert bounds(share, error) == pytest.approx((low, high), abs=1e-9)


def test_with_one_cause_the_variance_of_the_incidence_is_greenwoods() -> None:
    rng = Random(4)
    ended = Counter(rng.randrange(60) for _ in range(70))
    still = Counter(rng.randrange(90) for _ in range(30))
    found = curves(ended, {}, still)
    known = slice(0, 55)
    greenwood = found.staying**2 * found.greenwood
    np.testing.assert_allclose(found.variances[0][known], greenwood[known], atol=1e-12)


def test_yes_no_and_open_add_up_to_one() -> None:
    rng = Random(5)
    yes, no, still = (Counter(rng.randrange(100) for _ in range(n)) for n in (40, 70, 50))
    found = curves(yes, no, still)
    np.testing.assert_allclose(found.shares.sum(axis=0) + found.staying, 1.0, atol=1e-12)


def test_the_spread_of_the_incidence_is_that_of_drawing_again() -> None:
    """The delta method against 1,000 desks of 200 matters each, drawn from the same world."""
    rng = np.random.default_rng(6)
    values, variances = [], []
    for _ in range(1_000):
        days = rng.exponential(40, 200).astype(int)
        wins, seen = rng.random(200) < 0.4, rng.integers(10, 120, 200)
        is_seen = days <= seen
        columns = (days[is_seen & wins], days[is_seen & ~wins], seen[~is_seen])
        found = curves(*({int(d): int(n) for d, n in Counter(c.tolist()).items()} for c in columns))
        values.append(found.shares[0][60])
        variances.append(found.variances[0][60])
    assert float(np.var(values)) == pytest.approx(float(np.mean(variances)), rel=0.12)


@pytest.mark.parametrize(("yes", "no"), [({5: 1}, {}), ({}, {5: 1}), ({3: 9}, {}), ({}, {0: 4})])
def test_b3_one_matter_or_only_one_kind_makes_no_nonsense(
    yes: dict[int, int], no: dict[int, int]
) -> None:
    found = clarity(yes, no, {})
    last = found.points[-1]
    share = last.yes if yes else last.no
    assert (share.value, share.high) == (1.0, 1.0)
    # Of n alike one cannot tell that the next one is, too: 0.05^(1/n) is still possible.
    assert share.low == pytest.approx(0.05 ** (1 / found.cases))
    assert found.median_days is not None
    assert found.median_days.low <= found.median_days.value <= found.median_days.high


def test_less_than_half_clear_has_no_median() -> None:
    assert clarity({3: 1}, {}, {40: 5}).median_days is None


def test_a_clock_in_the_past_censors_at_once() -> None:
    assert clarity({3: 1}, {4: 1}, {0: 7}).cases == 9
