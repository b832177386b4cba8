"""Early and late, yes and no; and what early noes saved."""

import numpy as np
import pytest
from scipy import stats

from nachhaken.learning.insight.ending import ending_of
from nachhaken.learning.insight.saved import LEAST, Matter, rest_after, saved
from nachhaken.learning.insight.values import Band, Ending
from nachhaken.terms import OutcomeKind

NOES = [kind for kind in OutcomeKind if kind is not OutcomeKind.WON]


@pytest.mark.parametrize("outcome", NOES)
def test_b3_every_no_is_a_no_early_or_late(outcome: OutcomeKind) -> None:
    assert ending_of(outcome, days=45, minutes=240) is Ending.EARLY_NO
    assert ending_of(outcome, days=45.1, minutes=0) is Ending.LATE_NO
    assert ending_of(outcome, days=1, minutes=241) is Ending.LATE_NO


def test_b3_a_yes_is_early_or_late_and_what_is_open_neither() -> None:
    assert ending_of(OutcomeKind.WON, days=0, minutes=0) is Ending.EARLY_YES
    assert ending_of(OutcomeKind.WON, days=90, minutes=0) is Ending.LATE_YES
    assert ending_of(None, days=90, minutes=900) is None
    # A clock that ran backwards makes nothing late.
    assert ending_of(OutcomeKind.WON, days=-3, minutes=0) is Ending.EARLY_YES


def late(rest: int, *, band: Band = Band.SMALL, days: float = 60) -> Matter:
    """A no after 60 days: an hour at the begin, `rest` minutes on day 30."""
    work = ((0.0, 60), (30.0, rest))
    return Matter(ending=Ending.LATE_NO, days=days, band=band, work=work)


def early(days: float = 10, *, band: Band = Band.SMALL) -> Matter:
    return Matter(ending=Ending.EARLY_NO, days=days, band=band, work=((0.0, 30),))


def test_a4_the_rest_is_the_mean_of_comparable_noes_with_students_interval() -> None:
    rests = [120, 240, 360, 480, 600]
    rest = rest_after(9.5, Band.SMALL, [late(minutes) for minutes in rests])
    low, high = stats.t.interval(0.9, 4, np.mean(rests), stats.sem(rests))
    assert rest.minutes is not None
    assert (rest.compared, rest.band, rest.day) == (5, Band.SMALL, 10)
    assert rest.minutes.value == pytest.approx(360)
    assert (rest.minutes.low, rest.minutes.high) == pytest.approx((low, high))


def test_a4_work_before_that_day_and_work_on_a_yes_is_not_compared() -> None:
    won = Matter(ending=Ending.LATE_YES, days=90, band=Band.SMALL, work=((40.0, 6000),))
    rest = rest_after(30, Band.SMALL, [*[late(300)] * LEAST, won])
    assert rest.compared == LEAST
    assert rest.minutes is not None
    assert rest.minutes.value == 0  # all of it was on day 30


def test_a4_few_of_a_band_are_compared_with_all_and_too_few_say_nothing() -> None:
    others = [late(100, band=Band.LARGE)] * 3
    mixed = rest_after(5, Band.SMALL, [late(200), late(200), *others])
    assert (mixed.band, mixed.compared) == (None, 5)
    assert mixed.minutes is not None
    assert mixed.minutes.value == pytest.approx(140)
    few = rest_after(5, Band.SMALL, others)
    assert (few.minutes, few.compared, few.least) == (None, 3, LEAST)


def test_a4_the_sum_of_one_is_the_rest_of_one() -> None:
    matters = [late(minutes) for minutes in (60, 90, 120, 300, 30, 0)]
    rest = rest_after(10, Band.SMALL, matters)
    together = saved([early(), *matters])
    assert together.minutes == rest.minutes
    assert (together.early, together.compared) == (1, 6)


def test_a4_the_sum_of_two_alike_errs_twice_as_much_not_less() -> None:
    matters = [late(minutes) for minutes in (60, 90, 120, 300, 130, 100)]
    one, two = saved([early(), *matters]).minutes, saved([early(), early(), *matters]).minutes
    assert one is not None
    assert two is not None
    assert two.value == pytest.approx(2 * one.value)
    assert two.high - two.value == pytest.approx(2 * (one.high - one.value))


@pytest.mark.parametrize("matters", [[], [early()], [late(100)] * 9, [early()] * 9])
def test_a4_nothing_to_compare_says_so(matters: list[Matter]) -> None:
    assert saved(matters).minutes is None


def test_a4_the_interval_covers_the_truth_about_nine_times_in_ten() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(400):
        drawn = [late(int(minutes)) for minutes in rng.gamma(4, 60, size=15)]
        found = saved([early(3), early(12), *drawn]).minutes
        assert found is not None
        covered += found.low <= 2 * 240 <= found.high
    assert 0.84 <= covered / 400 <= 0.95
