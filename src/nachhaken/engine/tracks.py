"""Where many opportunities stand: the joint of the truth at the last touch and the truth now.

Whether and when a reply comes depends on the truth at the touch, what it says on the truth of its
day. So weighting by silence first and drifting after is exact for gaps of any length. Of the 16
cells of the joint nine can be reached (`CELLS`): the chain moves A <-> S and anything to D.

Choices: the contact level ends on a day, after its mean stay (level 1: the half-life of memory). A
named date is ahead until its first day, then moves things for `date_reached` days; a delay without
a date gets the mean of the planner. Silence counts working days, drift calendar days.
"""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import Floats
from nachhaken.engine.model import Array, Model
from nachhaken.engine.normal import share_below
from nachhaken.engine.tables import EARLY, FLOOR, NO_TOUCH, Tables, tables_of

Ints = NDArray[np.integer[Any]]

CELLS = ("AA", "AS", "AD", "SA", "SS", "SD", "PP", "PD", "DD")
"""Axis order of the joint: truth at the last touch, truth now."""

DIAGONAL = [0, 4, 6, 8]
"""The cells in which nothing has changed since the touch."""

REMEMBERED = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tracks:
    """N opportunities at `day`, `workday` [N]; the functions of `batch` change the arrays in place.

    joint [9,N] (`CELLS`), up to a factor per row. touch [N]: the open touch, 4 * axis of `TOUCHES`
    + contact level before it, 20 for none; clock [N]: the working day from which its answer is
    awaited; busy_until [N]: the day until which it has its time, -inf for none. level [N] holds
    until day drop [N] (inf at level 0); date [N]: first day of the named date, -inf for none; work
    [N]: demanded work is open. said, said_day [4,N]: the last four things said, newest first, for
    repeats (12 * touch + symbol, then the two feelings; -1 for none).
    """

    model: Model
    day: Array
    workday: Array
    joint: Array
    touch: Ints
    clock: Array
    busy_until: Array
    level: Ints
    drop: Array
    date: Array
    work: Ints
    said: Ints
    said_day: Array

    def __len__(self) -> int:
        return len(self.day)

    @property
    def belief(self) -> Array:
        """The belief [N,4], silence counted: shares that sum to 1, none of them 0."""
        return np.ascontiguousarray(floored(after_silence(self)).T)

    @property
    def context(self) -> NDArray[np.uint8]:
        """The planner's context [N], as `kernel.context_index`."""
        return context_at(self, self.day).astype(np.uint8)

    def first(self, n: int) -> "Tracks":
        """Return the first n tracks, as views."""
        return Tracks(model=self.model, **{c: getattr(self, c)[..., :n] for c in _COLUMNS})

    def take(self, rows: NDArray[np.intp]) -> "Tracks":
        """Return the tracks `rows`, as copies."""
        return Tracks(model=self.model, **{c: getattr(self, c).take(rows, -1) for c in _COLUMNS})

    def put(self, rows: NDArray[np.intp], part: "Tracks") -> None:
        """Write `part` into the tracks `rows`."""
        for name in _COLUMNS:
            getattr(self, name)[..., rows] = getattr(part, name)


_COLUMNS = tuple(field.name for field in fields(Tracks))[1:]


class Trail(NamedTuple):
    """What moved the log-odds of "genuine or stalled", in decibans; in all, from 0 to those of now.

    begun [N]: the log-odds before the first event. time, event [E]: by the time before an event
    and by the event. since [N]: by the time since the last. hush [E], hush_since [N]: the part of
    `time` and `since` that silence alone accounts for, no truth changing (S, but Q = 0); the rest
    is drift.
    """

    begun: Array
    time: Array
    hush: Array
    event: Array
    since: Array
    hush_since: Array


def begin(model: Model, start: Floats, day: Floats, workday: Floats) -> Tracks:
    """Return N tracks before anything happened: beliefs `start` [N,4] at `day`, `workday` [N]."""
    tracks = empty(model, len(start))
    tracks.day[:], tracks.workday[:] = day, workday
    tracks.joint[:] = 0.0
    tracks.joint[DIAGONAL] = floored(start.T.astype(np.float64))
    tracks.touch[:], tracks.clock[:], tracks.busy_until[:] = NO_TOUCH, 0.0, -np.inf
    tracks.level[:], tracks.drop[:] = 0, np.inf
    tracks.date[:], tracks.work[:] = -np.inf, 0
    tracks.said[:], tracks.said_day[:] = -1, -np.inf
    return tracks


def empty(model: Model, n: int) -> Tracks:
    """Return N tracks whose arrays are still to be filled."""

    def floats(*shape: int) -> Array:
        return np.empty(shape)

    def codes(*shape: int) -> Ints:
        return np.empty(shape, dtype=np.int8)

    return Tracks(
        model=model,
        day=floats(n),
        workday=floats(n),
        joint=floats(len(CELLS), n),
        touch=codes(n),
        clock=floats(n),
        busy_until=floats(n),
        level=codes(n),
        drop=floats(n),
        date=floats(n),
        work=codes(n),
        said=codes(REMEMBERED, n),
        said_day=floats(REMEMBERED, n),
    )


def floored(weights: Array) -> Array:
    """Return the weights [h,..] as shares that sum to 1, none of them 0."""
    shares = np.maximum(weights / np.maximum(weights.sum(axis=0), 1e-300), FLOOR)
    return np.asarray(shares / shares.sum(axis=0))


def after_silence(tracks: Tracks) -> Array:
    """Return the weights [4,n] of the truths now, the silence since the touch counted."""
    return through(tracks.joint, unanswered(tracks))


def unanswered(tracks: Tracks) -> Array:
    """Return S [4,n]: no reply yet, by truth at the touch; falls to 1 - q, not to 0."""
    tables = tables_of(tracks.model)
    z = lateness(tables, tracks.touch, tracks.workday - tracks.clock)
    return np.asarray(1 - will_reply(tables, tracks.touch) * share_below(z))


def will_reply(tables: Tables, touch: Ints) -> Array:
    """Return q rho [4,n]: the share that will answer the open touch at all."""
    return np.take(tables.will, touch, axis=1)


def lateness(tables: Tables, touch: Ints, workdays: Array) -> Array:
    """Return [4,n] where `workdays` lie in the lognormal delay, in standard deviations."""
    kind = touch >> 2
    log = np.log(np.maximum(workdays, EARLY))
    return np.asarray(
        (log - np.take(tables.log_median, kind, axis=1)) * np.take(tables.sharpness, kind, axis=1)
    )


def through(joint: Array, weights: Array) -> Array:
    """Return [4,n]: weights of the truth at the touch carried to the truth now."""
    genuine, stalled, pretend, lost = weights
    return np.stack(
        [
            genuine * joint[0] + stalled * joint[3],
            genuine * joint[1] + stalled * joint[4],
            pretend * joint[6],
            genuine * joint[2] + stalled * joint[5] + pretend * joint[7] + lost * joint[8],
        ]
    )


def date_at(tracks: Tracks, day: Array) -> Ints:
    """Return [n] 0 for no named date, 1 while it is ahead, 2 once it is reached."""
    ahead = day < tracks.date
    still = day < tracks.date + tables_of(tracks.model).date_reached
    return np.asarray(still * (2 - ahead))


def context_at(tracks: Tracks, day: Array) -> Ints:
    """Return the planner's context [n] on `day`, while the level is the present one."""
    return np.asarray((tracks.level * 3 + date_at(tracks, day)) * 2 + tracks.work, dtype=np.int8)
