"""At which hour is this person best reached? Chances per half hour of the week, learnt from calls.

Three levels, each the prior of the next: what is usual for offices or private people, the segment,
the person. At every half hour the chance is Beta: prior mean x n0 plus the calls near it. A call
counts fully in its own half hour, less beside it (nothing from 1.5 hours on), and .6 of that on
another working day, since days resemble each other [E].

When somebody writes says when he is there, not how easily he is reached: it tilts the odds between
the hours, half as strongly as his messages cluster, by factors whose mean is 1.

Times are local: weekday 0 Monday to 6 Sunday, hour 0 to 24. There is nothing to propose at the
weekend, nor outside 8-18 for offices and 8-20 for private people.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nachhaken.engine.model import Array

OPENS = 8.0
SEGMENT_N0, PERSON_N0 = 20.0, 4.0  # calls; persons differ by about +- .2, segments by +- .1 [E]
_WORKDAYS, _DAYS, _HOURS, _SLOTS_PER_HOUR = 5, 7, 24, 2
_REACH_HOURS, _OTHER_DAY = 1.5, 0.6
_MESSAGES_N0, _TILT = 4.0, 0.5  # four messages spread evenly stand against the real ones [E]

# Chance that a call reaches somebody known, by the hour from 8 on [E]: offices best from 9 to 11,
# poorly at noon; private people after work.
_OFFICE = (0.34, 0.44, 0.45, 0.42, 0.28, 0.34, 0.41, 0.41, 0.36, 0.22)
_PRIVATE = (0.20, 0.24, 0.25, 0.24, 0.26, 0.24, 0.22, 0.22, 0.28, 0.44, 0.46, 0.40)
# Factors on the odds [E]: Tuesday to Thursday a little better; on Monday before 11, and on Friday
# from 13 on, people are elsewhere.
_MIDWEEK, _MONDAY_EARLY, _FRIDAY_LATE = 1.1, 0.8, 0.6
_EARLY_ENDS, _LATE_STARTS = 11.0, 13.0


class TimingError(ValueError):
    """A weekday, hour, length or strength that cannot be."""


class Call(NamedTuple):
    """An attempt to reach somebody at a local weekday and hour."""

    weekday: int
    hour: float
    reached: bool


class Written(NamedTuple):
    """A message that the person wrote at a local weekday and hour."""

    weekday: int
    hour: float


class Window(NamedTuple):
    """Hours of a day, and the mean chance that a call then reaches somebody."""

    start: float
    end: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """Chances [weekday, half hour] of reaching somebody from `OPENS` on, and what they rest on.

    `calls` and `messages` count what the last `learn` took in; what lies far from every opening
    hour teaches nothing and is not counted.
    """

    chances: Array
    calls: int = 0
    messages: int = 0


@lru_cache(maxsize=2)
def usual(*, office: bool) -> Hours:
    """Return the chances before anything is known of the person: a guess to start from [E]."""
    by_hour = np.repeat(_OFFICE if office else _PRIVATE, _SLOTS_PER_HOUR)
    odds = np.tile(by_hour / (1 - by_hour), (_WORKDAYS, 1))
    hours = OPENS + np.arange(len(by_hour)) / _SLOTS_PER_HOUR
    odds[1:4] *= _MIDWEEK
    odds[0, hours < _EARLY_ENDS] *= _MONDAY_EARLY
    odds[4, hours >= _LATE_STARTS] *= _FRIDAY_LATE
    chances = odds / (1 + odds)
    chances.setflags(write=False)  # the same object is given to everybody
    return Hours(chances=chances)


def learn(
    hours: Hours, calls: Iterable[Call], written: Iterable[Written] = (), *, n0: float
) -> Hours:
    """Return the chances after `calls` and `written`, in any order; with neither as before.

    `n0` > 0 is the strength of `hours` in calls: `SEGMENT_N0` for everybody alike, `PERSON_N0` for
    one of them. TimingError for a time that is in no week.
    """
    _demand(0 < n0 < math.inf, "n0 must be finite and above 0")
    told = sorted(calls)
    near = _near(hours, [(c.weekday, c.hour) for c in told])
    came = np.array([c.reached for c in told], dtype=np.float64)
    messages = _heard(_near(hours, sorted(written)))
    reached = n0 * _tilted(hours, messages) + (came[:, None, None] * near).sum(axis=0)
    return Hours(
        chances=reached / (n0 + near.sum(axis=0)), calls=len(_heard(near)), messages=len(messages)
    )


def best_windows(
    hours: Hours, weekday: int, *, length: float = 2.0, count: int = 1
) -> tuple[Window, ...]:
    """Return up to `count` windows of `length` hours that do not overlap, the best first.

    `length` in half hours, at most the opening hours. Nothing at the weekend. Of equal windows the
    earlier one.
    """
    _demand(weekday in range(_DAYS), f"there is no weekday {weekday}")
    whole = length > 0 and float(length * _SLOTS_PER_HOUR).is_integer()
    _demand(whole, "length must be in half hours, above 0")
    slots = int(length * _SLOTS_PER_HOUR)
    if weekday >= _WORKDAYS or slots > hours.chances.shape[1]:
        return ()
    sums = np.convolve(hours.chances[weekday], np.ones(slots), "valid")
    found: list[int] = []
    for start in np.argsort(-sums.round(12), kind="stable").tolist():
        if len(found) < count and all(abs(start - other) >= slots for other in found):
            found.append(start)
    return tuple(
        Window(
            start=OPENS + start / _SLOTS_PER_HOUR,
            end=OPENS + (start + slots) / _SLOTS_PER_HOUR,
            chance=float(sums[start] / slots),
        )
        for start in found
    )


def best_weekdays(hours: Hours, *, length: float = 2.0) -> tuple[tuple[int, Window], ...]:
    """Return the working days, each with its best window, the best day first."""
    days = [(day, best_windows(hours, day, length=length)) for day in range(_WORKDAYS)]
    ranked = [(day, windows[0]) for day, windows in days if windows]
    return tuple(sorted(ranked, key=lambda pair: (-round(pair[1].chance, 12), pair[0])))


def _near(hours: Hours, times: Sequence[tuple[int, float]]) -> Array:
    """Return how much each of the `times` counts at every half hour: [n, weekday, half hour]."""
    for weekday, hour in times:
        _demand(weekday in range(_DAYS), f"there is no weekday {weekday}")
        _demand(0 <= hour <= _HOURS, f"there is no hour {hour}")
    days = np.array([weekday for weekday, _ in times], dtype=np.int64)[:, None]
    by_day = np.where(days == np.arange(_WORKDAYS), 1.0, _OTHER_DAY) * (days < _WORKDAYS)
    at = np.array([hour for _, hour in times], dtype=np.float64)[:, None]
    half = 0.5 / _SLOTS_PER_HOUR
    middles = OPENS + half + np.arange(hours.chances.shape[1]) / _SLOTS_PER_HOUR
    away = np.maximum(np.abs(at - middles) - half, 0)
    by_hour = np.maximum(1 - away / _REACH_HOURS, 0)
    return np.asarray(by_day[:, :, None] * by_hour[:, None, :])


def _heard(near: Array) -> Array:
    """Return the rows of `near` that count at some half hour."""
    return np.asarray(near[near.any(axis=(1, 2))])


def _tilted(hours: Hours, messages: Array) -> Array:
    """Return the chances with the odds moved towards the hours at which the person writes."""
    if not len(messages):
        return hours.chances
    evenly = messages.mean() * _MESSAGES_N0
    tilt = (messages.sum(axis=0) + evenly) ** _TILT
    odds = hours.chances / (1 - hours.chances) * tilt / tilt.mean()
    return np.asarray(odds / (1 + odds))


def _demand(holds: object, what: str) -> None:
    if not holds:
        raise TimingError(what)
