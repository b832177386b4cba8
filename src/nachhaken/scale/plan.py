"""The first day on which, silence continuing, some step is worth more than waiting: for many."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

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
_WIDTHS = (1, 2, 3, 6, 10, 20, HORIZON_WORKDAYS)
"""Days that are looked at together after the first: most find theirs early."""

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
    plan, ahead = _empty(len(tracks)), _ahead(cases, now)
    beliefs, contexts = tracks.belief, with_echo(tracks, tracks.context, tracks.day)
    seen = _busy_days(cases, tracks, ahead)
    rows = np.flatnonzero(seen == 0)
    at, choice = chooser.first(rows, beliefs[rows], contexts[rows], cases.value[rows])
    _put(plan, rows[at], _acting(choice, np.zeros(len(at), dtype=np.int64)))
    seen[rows] = 1
    for width in _WIDTHS:
        rows = np.flatnonzero((plan.due == NEVER) & (seen < ahead.shape[1]))
        due = seen[rows, None] + np.arange(width)
        _look(plan, (cases, tracks.take(rows), rows), chooser, ahead, due=due)
        seen[rows] += width
    rows = np.flatnonzero(plan.due == NEVER)
    _put(plan, rows, _waiting(chooser.worths(beliefs[rows], contexts[rows], cases.value[rows])))
    return plan


def ahead_of(now: int, region: str) -> list[datetime]:
    """Return now and the openings of the working days to come in `region`."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=now)
    return list(days_ahead(moment, Calendar(region), ZONE))


def _ahead(cases: Cases, now: int) -> Ints:
    """Return the moments ahead [region, k] in microseconds of UTC."""
    regions = cases.clock.regions
    return np.array([[microseconds(at) for at in ahead_of(now, region)] for region in regions])


def _busy_days(cases: Cases, tracks: Tracks, ahead: Ints) -> Ints:
    """Return how many of the moments ahead fall into the time that the last touch has [n]."""
    found = np.zeros(len(tracks), dtype=np.int64)
    rows = np.flatnonzero(tracks.busy_until > tracks.day)
    day = days(ahead[cases.region[rows]] - cases.start[rows, None])
    found[rows] = (day < tracks.busy_until[rows, None]).sum(axis=1)
    return found


def _look(
    plan: Plan, which: tuple[Cases, Tracks, Ints], chooser: Chooser, ahead: Ints, *, due: Ints
) -> None:
    """Write into `plan` the steps of those who find one at the moments `due` [n,k].

    `which`: all cases, and the tracks and places of those n.
    """
    cases, tracks, rows = which
    of, k = np.nonzero(due < ahead.shape[1])
    day, workday = _clocks(cases, ahead, rows, np.minimum(due, ahead.shape[1] - 1))
    beliefs, plain = silent_until(tracks, day, workday)
    contexts = with_echo(tracks, plain, day)
    at, choice = chooser.first(of, beliefs[of, k], contexts[of, k], cases.value[rows[of]])
    _put(plan, rows[of[at]], _acting(choice, due[of[at], k[at]]))


def _clocks(cases: Cases, ahead: Ints, rows: Ints, due: Ints) -> tuple[Floats, Floats]:
    """Return day and working day [n,k] of the moments `due` [n,k], counted from day 0 of `rows`."""
    region = cases.region[rows, None]
    worked = cases.clock.elapsed(ahead, np.arange(len(ahead))[:, None])[region, due]
    return days(ahead[region, due] - cases.start[rows, None]), worked.since(cases.begun[rows, None])


def _empty(size: int) -> Plan:
    codes, numbers = np.full((3, size), NEVER), np.zeros((3, size))
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


def _put(plan: Plan, rows: Ints, part: Plan) -> None:
    for field in fields(Plan):
        getattr(plan, field.name)[rows] = getattr(part, field.name)
