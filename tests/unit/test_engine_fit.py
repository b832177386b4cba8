"""What fit makes of a yes, checked against hand-made figures (D1)."""

import math
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachhaken.engine.fit import (
    Estimate,
    FitError,
    Job,
    Level,
    fit_factor,
    hidden_hours,
    level_of,
    margin_left,
)
from nachhaken.engine.worth import LEAST_FIT, MOST_FIT, value_of

POINTS = st.sampled_from((-1, 0, 1))
JOBS = st.builds(
    Job,
    level=st.none() | st.sampled_from(Level),
    hours=st.none() | st.floats(-200, 200),
    margin=st.none() | st.floats(-1, 1),
)


def jobs(level: Level | None, *hours: float) -> list[Job]:
    return [Job(level=level, hours=one) for one in hours]


def told(found: Estimate | None) -> tuple[float, int, int]:
    assert found is not None
    return found.mean, found.jobs, found.of_level


@pytest.mark.parametrize(
    ("marks", "energy", "factor"),
    [
        ((), None, 1.0),
        ((1,), None, 1 + 0.5 / 3),
        ((), -1, 1 - 0.5 / 3),
        ((1, 1, 1, 1, 1), 1, 1.375),
        ((-1, -1, -1, -1, -1), -1, 0.625),
        ((1, -1, 0), None, 1.0),
        ((-1, -1), 0, 1 - 0.5 * (2 / 3) * (3 / 5)),
    ],
)
def test_d1_the_factor_is_the_mean_shrunk_by_what_is_known(
    marks: tuple[int, ...], energy: int | None, factor: float
) -> None:
    assert fit_factor(marks, energy) == pytest.approx(factor)


@given(marks=st.lists(POINTS, max_size=12), energy=st.none() | POINTS)
def test_d1_the_factor_is_one_that_the_worth_takes(marks: list[int], energy: int | None) -> None:
    factor = fit_factor(marks, energy)
    assert LEAST_FIT <= factor <= MOST_FIT
    assert value_of(1_000, fit=factor) >= 0
    assert fit_factor([-mark for mark in marks], None if energy is None else -energy) == (
        pytest.approx(2 - factor)
    )


@given(marks=st.lists(POINTS, min_size=1, max_size=12), at=st.integers(0, 11))
def test_d1_a_better_mark_never_makes_a_worse_fit(marks: list[int], at: int) -> None:
    at %= len(marks)
    better = [*marks[:at], min(1, marks[at] + 1), *marks[at + 1 :]]
    assert fit_factor(better) >= fit_factor(marks)


def test_d1_one_answer_is_no_verdict_and_two_are_one() -> None:
    assert level_of(fit_factor([-1])) is Level.MIXED
    assert level_of(fit_factor([-1, -1])) is Level.POOR
    assert level_of(fit_factor([1], 1)) is Level.GOOD
    assert level_of(fit_factor([])) is Level.MIXED


def test_points_that_are_none_are_refused() -> None:
    for wrong in (2, -5):
        with pytest.raises(FitError):
            fit_factor([wrong])
        with pytest.raises(FitError):
            fit_factor([], wrong)


def test_d1_hidden_hours_are_pulled_to_the_own_mean_and_that_to_the_plan() -> None:
    done = [*jobs(Level.POOR, 20, 16, 12), *jobs(Level.GOOD, 0, 2, -2)]
    own = (48 + 4 * 0) / (6 + 4)
    poor, good = (48 + 3 * own) / 6, (0 + 3 * own) / 6
    assert told(hidden_hours(done, Level.POOR)) == pytest.approx((poor, 6, 3))
    assert told(hidden_hours(done, Level.GOOD)) == pytest.approx((good, 6, 3))
    assert good < own < poor < 16


def test_d1_jobs_that_nobody_rated_count_for_the_own_mean_alone() -> None:
    done = [*jobs(Level.POOR, 8, 8), *jobs(None, 4, 4, 4)]
    found = hidden_hours(done, Level.POOR)
    assert told(found) == pytest.approx(((16 + 3 * 28 / 9) / 5, 5, 2))


@pytest.mark.parametrize(
    "done",
    [
        [],
        jobs(Level.POOR, 90),
        jobs(Level.POOR, 9, 9, 9, 9),
        [*jobs(Level.POOR, 9), *jobs(Level.GOOD, 1, 1, 1, 1)],
        [Job(level=Level.POOR)] * 9,
    ],
)
def test_d1_nothing_is_claimed_from_too_few_jobs(done: list[Job]) -> None:
    assert hidden_hours(done, Level.POOR) is None
    assert margin_left(done, Level.POOR, prior=0.3) is None


def test_d1_a_poor_fit_that_went_well_may_say_so() -> None:
    done = [*jobs(Level.POOR, 0, 0, 0), *jobs(Level.GOOD, 9, 9, 9)]
    poor, good = hidden_hours(done, Level.POOR), hidden_hours(done, Level.GOOD)
    assert poor is not None
    assert good is not None
    assert poor.mean < good.mean


def test_d1_margin_is_pulled_to_what_is_reckoned_with() -> None:
    done = [Job(level=Level.POOR, margin=0.1)] * 5
    found = margin_left(done, Level.POOR, prior=0.3)
    assert found is not None
    own = (0.5 + 4 * 0.3) / 9
    assert found.mean == pytest.approx((0.5 + 3 * own) / 8)
    assert hidden_hours(done, Level.POOR) is None


@given(done=st.lists(JOBS, max_size=30), level=st.sampled_from(Level))
def test_d1_an_estimate_lies_between_the_jobs_and_the_prior(done: list[Job], level: Level) -> None:
    found = hidden_hours(done, level)
    known = [job.hours for job in done if job.hours is not None]
    if found is not None:
        assert min([0.0, *known]) - 1e-9 <= found.mean <= max([0.0, *known]) + 1e-9
        assert (found.jobs, found.of_level <= found.jobs) == (len(known), True)


def test_a_job_without_a_number_is_refused() -> None:
    with pytest.raises(FitError):
        hidden_hours(jobs(Level.POOR, *[math.nan] * 5), Level.POOR)


def test_d1_the_interval_is_that_of_two_levels_of_pooling() -> None:
    done = [*jobs(Level.POOR, 20, 16, 12), *jobs(Level.GOOD, 0, 2, -2)]
    found = hidden_hours(done, Level.POOR)
    assert found is not None
    one_job = stdev([20, 16, 12, 0, 2, -2])
    beside = 1.645 * one_job * math.sqrt(1 / 6 + (3 / 6) ** 2 / 10)
    assert found.high - found.mean == pytest.approx(beside, rel=1e-3)
    assert found.mean - found.low == pytest.approx(beside, rel=1e-3)


def test_d1_more_jobs_of_the_same_kind_make_it_surer() -> None:
    few, many = ([Job(level=Level.POOR, hours=one) for one in (2.0, 8.0) * n] for n in (3, 30))
    first, second = hidden_hours(few, Level.POOR), hidden_hours(many, Level.POOR)
    assert first is not None
    assert second is not None
    assert second.high - second.low < (first.high - first.low) / 2


def test_d1_jobs_that_all_took_the_same_leave_no_doubt() -> None:
    found = hidden_hours(jobs(Level.POOR, 5, 5, 5, 5, 5), Level.POOR)
    assert found is not None
    assert found.low == found.mean == found.high
