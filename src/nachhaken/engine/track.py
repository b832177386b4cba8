"""Where an opportunity stands, and what silence makes of it: the exact filter between events.

The track holds the joint of the truth at the last touch (rows) and the truth now (columns): whether
and when a reply comes depends on the truth at the touch, what it says on the truth of its day. So
weighting by silence first and drifting after is exact for gaps of any length.

Choices: the contact level ends on a day, after its mean stay (level 1: the half-life of memory). A
named date is ahead until its first day, then moves things for `date_reached` days; a delay without
a date gets the mean of the planner. Silence counts working days, drift calendar days.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from nachhaken.engine.flow import drift, reached
from nachhaken.engine.kernel import AHEAD, NO_DATE, REACHED, context_index
from nachhaken.engine.model import Array, Model
from nachhaken.engine.values import Moment

_FLOOR = 1e-9  # 90 dB: nothing is ever quite excluded, so every later evidence still counts


Key = tuple[str, str, float]


class Touch(NamedTuple):
    """A touch without answer yet: axis k, reply factor at its level, day, working-day clock."""

    kind: int
    factor: float
    day: float
    clock: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """Where an opportunity stands at `at`: joint [h0,h], and the observed context.

    `level` holds since it was set and falls by one at day `drop`; `date` is the first day of the
    named date; `said` are the (touch, symbol, day) of the answers so far, for repeats.
    """

    at: Moment
    joint: Array
    touch: Touch | None = None
    level: int = 0
    drop: float = math.inf
    date: float | None = None
    work: bool = False
    said: tuple[Key, ...] = ()


class Outlook(NamedTuple):
    """Continuing silence at n moments: joint [n,h0,h], beliefs [n,h], contexts [n]."""

    joints: Array
    beliefs: Array
    contexts: list[int]


def begin(prior: Array, at: Moment) -> Track:
    """Return the track before anything happened."""
    return Track(at=at, joint=np.diag(floored(prior)))


def outlook(model: Model, track: Track, moments: Sequence[Moment]) -> Outlook:
    """Return what silence from `track` until each of the ascending `moments` would leave."""
    joints = _drifted(model, track, [m.day for m in moments])
    silent = silence(model, track.touch, np.array([m.workday for m in moments]))
    beliefs = (silent[:, None, :] @ joints)[:, 0]
    contexts = [_context(model, track, m.day) for m in moments]
    return Outlook(joints, floored(beliefs), contexts)


def belief(model: Model, track: Track) -> Array:
    """Return the belief [h] at the moment of `track`, its silence counted."""
    return floored(unanswered(model, track) @ track.joint)


def advance(track: Track, at: Moment, joint: Array) -> Track:
    """Return the track at `at`, the joint taken from its outlook; waiting twice equals the sum."""
    return replace(track, at=at, joint=joint / joint.sum())


def context(model: Model, track: Track) -> int:
    """Return the planner's context at the moment of `track`."""
    return _context(model, track, track.at.day)


def busy_until(model: Model, track: Track) -> float:
    """Return the day until which the last touch has its time to be answered."""
    if track.touch is None:
        return -math.inf
    return float(track.touch.day + model.window[track.touch.kind])


def _context(model: Model, track: Track, day: float) -> int:
    return context_index(level_at(model, track, day), date_at(model, track, day), int(track.work))


def level_at(model: Model, track: Track, day: float) -> int:
    """Return the contact level on a day from now on."""
    level, drop = track.level, track.drop
    while level and day >= drop:
        level -= 1
        drop += model.stay[level - 1] if level else math.inf
    return level


def date_at(model: Model, track: Track, day: float) -> int:
    """Return 0 for no named date, 1 while it is ahead, 2 once it is reached."""
    if track.date is None or day >= track.date + model.date_reached:
        return NO_DATE
    return AHEAD if day < track.date else REACHED


def _breaks(model: Model, track: Track, end: float) -> list[float]:
    """Days in (now, end) on which the context changes by itself."""
    days, level, drop = [], track.level, track.drop
    while level:
        days.append(drop)
        level -= 1
        drop += model.stay[level - 1] if level else 0.0
    if track.date is not None:
        days += [track.date, track.date + model.date_reached]
    return sorted({float(day) for day in days if track.at.day < day < end})


def _drifted(model: Model, track: Track, days: Sequence[float]) -> Array:
    """Return joints [n,h0,h] at the ascending `days`, drift only, one piece per context."""
    now = track.at.day
    edges = [now, *_breaks(model, track, max([*days, now])), max([*days, now])]
    starts = edges[:-1]
    contexts = [_context(model, track, start) for start in starts]
    pieces = [max(0, bisect_right(starts, day) - 1) for day in days]
    whole = [end - start for start, end in pairwise(edges)]
    parts = [max(0.0, day - starts[n]) for day, n in zip(days, pieces, strict=True)]
    flow = drift(model, contexts + [contexts[n] for n in pieces], np.array(whole + parts))
    joints = list(accumulate(flow[: len(whole)], np.matmul, initial=track.joint))
    return np.asarray(np.array(joints)[pieces] @ flow[len(whole) :])


def unanswered(model: Model, track: Track) -> Array:
    """Return S [h0] at the moment of `track`."""
    return np.asarray(silence(model, track.touch, np.array([track.at.workday]))[0])


def silence(model: Model, touch: Touch | None, workdays: Array) -> Array:
    """Return S [n,h0]: no reply yet; falls to 1 - q, not to 0, since some never answer."""
    if touch is None:
        return np.ones((len(workdays), 4))
    came = reached(model, touch.kind, workdays - touch.clock)
    return np.asarray(1 - model.will[touch.kind] * touch.factor * came)


def floored(weights: Array) -> Array:
    """Return the weights [..,h] as shares that sum to 1, none of them 0."""
    total = weights.sum(axis=-1, keepdims=True)
    shares = np.maximum(weights / np.maximum(total, 1e-300), _FLOOR)
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))
