"""E3: the hour at which a person is best reached, on day one and after some calls."""

import math
from itertools import pairwise

import numpy as np
import pytest

from nachhaken.engine.timing import (
    PERSON_N0,
    SEGMENT_N0,
    Call,
    Hours,
    TimingError,
    Written,
    best_weekdays,
    best_windows,
    learn,
    usual,
)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
OFFICE, PRIVATE = usual(office=True), usual(office=False)


def _hours(hours: Hours, weekday: int, length: float = 2.0) -> tuple[float, float]:
    window = best_windows(hours, weekday, length=length)[0]
    return window.start, window.end


@pytest.mark.parametrize("weekday", [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY])
def test_on_day_one_offices_are_called_in_the_morning(weekday: int) -> None:
    assert _hours(OFFICE, weekday) == (9.0, 11.0)


def test_on_day_one_monday_morning_is_avoided() -> None:
    assert _hours(OFFICE, MONDAY)[0] >= 11.0


@pytest.mark.parametrize("weekday", range(5))
def test_on_day_one_private_people_are_called_after_work(weekday: int) -> None:
    assert _hours(PRIVATE, weekday) == (17.0, 19.0)


def test_on_day_one_the_middle_of_the_week_is_best() -> None:
    days = [weekday for weekday, _ in best_weekdays(OFFICE)]
    assert days[:3] == [TUESDAY, WEDNESDAY, THURSDAY]
    evenings = [weekday for weekday, _ in best_weekdays(PRIVATE)]
    assert evenings[:3] == [TUESDAY, WEDNESDAY, THURSDAY]
    assert evenings[-1] == FRIDAY


@pytest.mark.parametrize(("hours", "closes"), [(OFFICE, 18.0), (PRIVATE, 20.0)])
def test_nothing_is_proposed_outside_the_opening_hours(hours: Hours, closes: float) -> None:
    late = learn(hours, [Call(day, 21.0, True) for day in range(5)] * 20, n0=PERSON_N0)
    windows = best_windows(late, TUESDAY, count=100)
    assert all(8 <= w.start < w.end <= closes for w in windows)
    assert len(windows) >= 4


@pytest.mark.parametrize("weekday", [SATURDAY, SUNDAY])
def test_nothing_is_proposed_at_the_weekend(weekday: int) -> None:
    assert best_windows(PRIVATE, weekday) == ()


def test_three_calls_move_the_hours_of_a_person() -> None:
    calls = [Call(TUESDAY, 9.2, False), Call(WEDNESDAY, 10.5, False), Call(THURSDAY, 15.1, True)]
    hours = learn(OFFICE, calls, n0=PERSON_N0)
    assert _hours(hours, WEDNESDAY)[0] >= 13.0
    assert _hours(hours, FRIDAY)[1] <= 12.0  # on Friday afternoon nobody is there all the same
    assert hours.calls == 3


def test_the_same_day_teaches_more_than_another() -> None:
    hours = learn(OFFICE, [Call(TUESDAY, 16.2, True)], n0=PERSON_N0)
    gains = hours.chances[:, 16] / OFFICE.chances[:, 16]
    assert gains[TUESDAY] > gains[WEDNESDAY] > 1


def test_a_call_teaches_nothing_about_hours_far_away() -> None:
    hours = learn(OFFICE, [Call(TUESDAY, 16.2, False)], n0=PERSON_N0)
    np.testing.assert_array_equal(hours.chances[:, :12], OFFICE.chances[:, :12])
    assert (hours.chances[:, 16] < OFFICE.chances[:, 16]).all()


def test_many_calls_give_the_share_that_was_reached() -> None:
    """Four hundred calls at one time, three of ten reached; its neighbours count the same calls."""
    calls = [Call(TUESDAY, 14.25, n % 10 < 3) for n in range(400)]
    assert learn(OFFICE, calls, n0=PERSON_N0).chances[TUESDAY, 12] == pytest.approx(0.3, abs=0.01)


def test_a_segment_moves_slower_than_a_person() -> None:
    calls = [Call(TUESDAY, 15.0, True)] * 3
    person = learn(OFFICE, calls, n0=PERSON_N0).chances[TUESDAY, 14]
    segment = learn(OFFICE, calls, n0=SEGMENT_N0).chances[TUESDAY, 14]
    assert OFFICE.chances[TUESDAY, 14] < segment < person


def test_what_the_segment_teaches_is_where_a_person_starts() -> None:
    segment = learn(OFFICE, [Call(d, 7.5 + 0.1 * d, True) for d in range(5)] * 30, n0=SEGMENT_N0)
    person = learn(segment, [], n0=PERSON_N0)
    np.testing.assert_array_equal(person.chances, segment.chances)
    assert _hours(person, WEDNESDAY)[0] == 8.0
    assert (segment.calls, person.calls) == (150, 0)


def test_whoever_writes_in_the_late_afternoon_is_called_then() -> None:
    written = [Written(TUESDAY, 16.2), Written(THURSDAY, 16.9), Written(MONDAY, 15.8)]
    hours = learn(OFFICE, [], written, n0=PERSON_N0)
    assert _hours(hours, WEDNESDAY)[0] >= 15.0
    assert (hours.calls, hours.messages) == (0, 3)


def test_messages_move_the_hours_but_not_how_easily_somebody_is_reached() -> None:
    hours = learn(OFFICE, [], [Written(TUESDAY, 16.0)] * 8, n0=PERSON_N0)
    assert hours.chances[TUESDAY, 16] > OFFICE.chances[TUESDAY, 16] + 0.1
    before, after = (h.chances / (1 - h.chances) for h in (OFFICE, hours))
    assert (after / before).mean() == pytest.approx(1.0)


def test_a_message_in_the_night_teaches_nothing() -> None:
    hours = learn(OFFICE, [], [Written(TUESDAY, 23.5), Written(SUNDAY, 10.0)], n0=PERSON_N0)
    np.testing.assert_array_equal(hours.chances, OFFICE.chances)
    assert hours.messages == 0


def test_windows_of_a_day_do_not_overlap_and_descend() -> None:
    windows = best_windows(OFFICE, TUESDAY, length=1.5, count=4)
    starts = sorted(w.start for w in windows)
    assert all(b - a >= 1.5 for a, b in pairwise(starts))
    chances = [w.chance for w in windows]
    assert chances == sorted(chances, reverse=True)


def test_a_window_longer_than_the_day_cannot_be() -> None:
    assert best_windows(OFFICE, TUESDAY, length=10.5) == ()
    assert best_windows(OFFICE, TUESDAY, length=10.0)[0][:2] == (8.0, 18.0)


@pytest.mark.parametrize("call", [Call(7, 9.0, True), Call(-1, 9.0, True), Call(0, 24.5, True),
                                  Call(0, -0.5, True), Call(0, math.nan, True)])  # fmt: skip
def test_a_time_that_is_in_no_week_is_refused(call: Call) -> None:
    with pytest.raises(TimingError, match="there is no"):
        learn(OFFICE, [call], n0=PERSON_N0)
    with pytest.raises(TimingError, match="there is no"):
        learn(OFFICE, [], [Written(call.weekday, call.hour)], n0=PERSON_N0)


@pytest.mark.parametrize("n0", [0.0, -1.0, math.nan, math.inf])
def test_a_strength_that_cannot_be_is_refused(n0: float) -> None:
    with pytest.raises(TimingError, match="n0"):
        learn(OFFICE, [], n0=n0)


@pytest.mark.parametrize("length", [0.0, -2.0, 0.75, math.nan])
def test_a_length_that_cannot_be_is_refused(length: float) -> None:
    with pytest.raises(TimingError, match="length"):
        best_windows(OFFICE, TUESDAY, length=length)


def test_a_day_that_is_no_weekday_is_refused() -> None:
    with pytest.raises(TimingError, match="weekday"):
        best_windows(OFFICE, 7)


def test_after_a_dozen_calls_people_are_reached_more_often() -> None:
    """Two hundred people who differ by 1.1 in log-odds; half of the calls follow the advice."""
    rng, gains = np.random.default_rng(3), []
    for _ in range(200):
        truth = _person(rng)
        hours = learn(OFFICE, _called(truth, rng), n0=PERSON_N0)
        gains.append(_reached(truth, hours) - _reached(truth, OFFICE))
    assert np.mean(gains) > 0.04


def _person(rng: np.random.Generator) -> Hours:
    """Somebody whose habits change slowly with the hour, and are much the same every day."""
    hours = np.arange(20)
    near = np.maximum(1 - np.abs(hours[:, None] - hours) / 4, 0)
    habits = near @ rng.normal(size=(20, 6)) * 1.1 / np.sqrt((near**2).sum(axis=1))[:, None]
    own, daily = habits[:, 0], habits[:, 1:].T
    odds = OFFICE.chances / (1 - OFFICE.chances) * np.exp(0.8 * own + 0.6 * daily)
    return Hours(chances=odds / (1 + odds))


def _called(truth: Hours, rng: np.random.Generator) -> list[Call]:
    calls: list[Call] = []
    for n in range(12):
        day, slot = int(rng.integers(5)), int(rng.integers(20))
        if n % 2:
            start = best_windows(learn(OFFICE, calls, n0=PERSON_N0), day)[0].start
            slot = int((start - 8) * 2) + int(rng.integers(4))
        came = bool(rng.random() < truth.chances[day, slot])
        calls.append(Call(day, 8.25 + slot / 2, came))
    return calls


def _reached(truth: Hours, hours: Hours) -> float:
    """Mean true chance over the week of whoever calls in the best two hours of each day."""
    starts = [int((best_windows(hours, day)[0].start - 8) * 2) for day in range(5)]
    return float(np.mean([truth.chances[d, s : s + 4].mean() for d, s in enumerate(starts)]))
