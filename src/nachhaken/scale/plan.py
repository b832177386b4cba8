"""The first day on which, silence continuing, some step is worth more than waiting: for many."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.follow import silent_until
from nachhaken.engine.kernel import ACTIONS
from nachhaken.engine.planner import with_echo
from nachhaken.engine.solve import Floats as Numbers
from nachhaken.engine.tracks import Tracks
from nachhaken.engine.values import Action
from nachhaken.plan.evidence import HORIZON_WORKDAYS, days_ahead
from nachhaken.scale.cases import Cases, days
from nachhaken.scale.choosers import Choice, Chooser
from nachhaken.scale.clock import ZONE, Floats, Ints, microseconds
from nachhaken.workdays import Calendar

NEVER = -1
_BLOCKS = tuple(pairwise((0, 1, 4, 8, 16, 32, HORIZON_WORKDAYS + 1)))
"""Days ahead that are looked at together: most find their day early."""

_WAITS = np.array([action in (Action.WAIT7, Action.WAIT30) for action in ACTIONS])


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


def plan_of(cases: Cases, tracks: Tracks, chooser: Chooser, *, now: int) -> Plan:
    """Return the plan of each case as `engine.judge` would make it.

    `now` in microseconds of UTC. No step falls into the time that the last touch has for its
    answer. Where nothing beats waiting, the step is the better wait of now.
    """
    plan = _empty(len(cases.start))
    ahead = _ahead(cases, now)
    rows = np.arange(len(cases.start))
    for first, end in _BLOCKS:
        part = tracks.take(rows)
        day, workday = _clocks(cases, ahead[:, first:end], rows)
        beliefs, plain = silent_until(part, day, workday)
        contexts = with_echo(part, plain, day)
        free = np.nonzero(day >= part.busy_until[:, None])
        wanted = chooser.wants(beliefs[free], contexts[free], cases.value[rows[free[0]]])
        found = np.zeros(len(rows), dtype=bool)
        for at, k in _in_turn(free[0][wanted], free[1][wanted], found):
            margins = cases.value[rows[at]]
            choice = chooser.choose(beliefs[at, k], contexts[at, k], margins)
            better = choice.gain > 0
            found[at[better]] = True
            _put(plan, rows[at[better]], _part(_acting(choice, first + k), better))
        rows = rows[~found]
        if not len(rows):
            return plan
    part = tracks.take(rows)
    contexts = with_echo(part, part.context, part.day)
    _put(plan, rows, _waiting(chooser.worths(part.belief, contexts, cases.value[rows])))
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


def _in_turn(at: Ints, k: Ints, found: NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    """Yield the first day of each case, then the second of those where nothing was `found`."""
    while len(at):
        first = np.diff(at, prepend=-1) > 0
        yield at[first], k[first]
        left = ~first & ~found[at]
        at, k = at[left], k[left]


def _empty(size: int) -> Plan:
    codes, numbers = np.zeros((3, size), dtype=np.int64), np.zeros((3, size))
    return Plan(codes[0], codes[1], numbers[0], numbers[1], codes[2], numbers[2])


def _acting(choice: Choice, due: Ints) -> Plan:
    return _plan(choice.worths, choice.action, choice.gain, due)


def _waiting(worths: Numbers) -> Plan:
    step = np.where(_WAITS, worths, -np.inf).argmax(axis=1)
    return _plan(worths, step, np.zeros(len(worths)), np.full(len(worths), NEVER))


def _plan(worths: Numbers, step: Ints, gain: Numbers, due: Ints) -> Plan:
    rows, others = np.arange(len(worths)), worths.astype(np.float64)
    own = others[rows, step]
    others[rows, step] = -np.inf
    runner_up = others.argmax(axis=1)
    return Plan(due, step, own, gain.astype(np.float64), runner_up, others[rows, runner_up])


def _part(plan: Plan, rows: NDArray[np.bool_]) -> Plan:
    return Plan(*(getattr(plan, field.name)[rows] for field in fields(Plan)))


def _put(plan: Plan, rows: Ints, part: Plan) -> None:
    for field in fields(Plan):
        getattr(plan, field.name)[rows] = getattr(part, field.name)
