"""The first day on which, silence continuing, some step is worth more than waiting: for many."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.follow import silent_until
from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.tracks import Tracks
from nachhaken.engine.values import Action
from nachhaken.plan.evidence import HORIZON_WORKDAYS, days_ahead
from nachhaken.scale.cases import Cases, days
from nachhaken.scale.clock import ZONE, Floats, Ints, microseconds
from nachhaken.workdays import Calendar

NEVER = -1
_EVEN = 1e-9  # EUR, as in `engine.judge`: below it a step is not better than waiting but equal
_BLOCKS = tuple(pairwise((0, 1, 4, 8, 16, 32, HORIZON_WORKDAYS + 1)))
"""Days ahead that are looked at together: most find their day early."""

_WAITS = np.array([action in (Action.WAIT7, Action.WAIT30) for action in ACTIONS])

Worths = Callable[[Floats, NDArray[np.uint8], Floats], Floats]
"""Beliefs [n,4], contexts [n] and values [n] to what each action is worth, [n,a] in EUR."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Per opportunity: the working day ahead (NEVER: none), the step, its worth and gain, in EUR.

    `runner_up` is the next best action, of all; step and runner_up index `kernel.ACTIONS`.
    """

    due: NDArray[np.int64]
    step: NDArray[np.int64]
    worth: Floats
    gain: Floats
    runner_up: NDArray[np.int64]
    runner_up_worth: Floats


def plan_of(cases: Cases, tracks: Tracks, worths: Worths, *, now: int) -> Plan:
    """Return the plan of each case as `engine.judge` would make it.

    `now` in microseconds of UTC. No step falls into the time that the last touch has for its
    answer. Where nothing beats waiting, the step is the better wait of now.
    """
    never = np.full(len(cases.start), NEVER)
    plan = _choice(worths(tracks.belief, tracks.context, cases.value), ~_WAITS, never)
    plan.gain[:] = 0
    ahead = _ahead(cases, now)
    rows = np.arange(len(cases.start))
    for first, end in _BLOCKS:
        part = tracks.take(rows)
        day, workday = _clocks(cases, ahead[:, first:end], rows)
        beliefs, contexts = silent_until(part, day, workday)
        free, k = np.nonzero(day >= part.busy_until[:, None])
        best = _choice(
            worths(beliefs[free, k], contexts[free, k], cases.value[rows[free]]), _WAITS, first + k
        )
        found = np.flatnonzero(best.gain > _EVEN)
        found = found[np.diff(free[found], prepend=-1) > 0]
        _put(plan, rows[free[found]], _part(best, found))
        rows = np.delete(rows, free[found])
        if not len(rows):
            break
    return plan


def ahead_of(now: int, region: str) -> list[datetime]:
    """Return now and the openings of the working days to come in `region`."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=now)
    return list(days_ahead(moment, Calendar(region), ZONE))


def _ahead(cases: Cases, now: int) -> Ints:
    """Return the moments ahead [region, k] in microseconds of UTC."""
    regions = cases.clock.regions
    return np.array([[microseconds(at) for at in ahead_of(now, region)] for region in regions])


def _clocks(cases: Cases, ahead: Ints, rows: Ints) -> tuple[Floats, Floats]:
    """Return day and working day [n,k] of the moments ahead, counted from day 0 of `rows`."""
    region = cases.region[rows]
    worked = cases.clock.elapsed(ahead, np.arange(len(ahead))[:, None])[region]
    return days(ahead[region] - cases.start[rows, None]), worked.since(cases.begun[rows, None])


def _choice(worth: Floats, barred: NDArray[np.bool_], due: Ints) -> Plan:
    """Return the best action that is not `barred`, its gain over the best that is."""
    rows = np.arange(len(worth))
    step = np.where(barred, -np.inf, worth).argmax(axis=1)
    own = worth[rows, step]
    others = worth.copy()
    others[rows, step] = -np.inf
    runner_up = others.argmax(axis=1)
    gain = own - worth[:, barred].max(axis=1)
    return Plan(due, step, own, gain, runner_up, others[rows, runner_up])


def _part(plan: Plan, rows: Ints) -> Plan:
    return Plan(*(getattr(plan, field.name)[rows] for field in fields(Plan)))


def _put(plan: Plan, rows: Ints, part: Plan) -> None:
    for field in fields(Plan):
        getattr(plan, field.name)[rows] = getattr(part, field.name)
