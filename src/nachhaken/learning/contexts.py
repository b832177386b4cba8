"""How the observed context changes by itself: contact level and named date, many cases at once.

The same rules as `engine/tracks`: a level ends on the day its stay is over, a named date is ahead
until its first day and then moves things for `date_reached` days.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.model import Array, Model

Ints = NDArray[np.int64]
GRID = 8  # times count in eighths of a day
_LEVELS = 3


class Course(NamedTuple):
    """Level f [n], the day [n] on which it falls by one, and the first day [n] of the named date.

    inf for a level that never falls, -inf for no date.
    """

    level: Ints
    drop: Array
    date: Array


class Pieces(NamedTuple):
    """Context [n,P] and length [n,P] in eighths of a day; past the last piece both are 0."""

    context: Ints
    length: Ints


def level_on(model: Model, course: Course, day: Array) -> Ints:
    """Return f [n] on `day` [n], not before the level was set."""
    fallen = (day[:, None] >= _drops(model, course)).sum(axis=1)
    return np.asarray(course.level - fallen)


def date_on(model: Model, course: Course, day: Array) -> Ints:
    """Return r [n] on `day` [n]: 0 no date, 1 ahead, 2 reached."""
    ahead, over = day < course.date, day >= course.date + model.date_reached
    return np.where(over, 0, np.where(ahead, 1, 2))


def pieces_of(model: Model, course: Course, between: tuple[Array, Array], work: Ints) -> Pieces:
    """Return the pieces of constant context between two days [n] each, in order of time."""
    since, until = between
    breaks = np.column_stack(
        [since, _drops(model, course), course.date, course.date + model.date_reached, until]
    )
    edges = np.sort(np.clip(breaks, since[:, None], until[:, None]), axis=1)
    length = np.rint(GRID * np.diff(edges, axis=1)).astype(np.int64)
    rows, column = np.nonzero(length)
    place = np.cumsum(length > 0, axis=1)[rows, column] - 1
    own = Course._make(part[rows] for part in course)
    day = edges[rows, column]
    context = (level_on(model, own, day) * 3 + date_on(model, own, day)) * 2 + work[rows]
    pieces = Pieces(*np.zeros((2, len(since), int(place.max(initial=0)) + 1), dtype=np.int64))
    pieces.context[rows, place], pieces.length[rows, place] = context, length[rows, column]
    return pieces


def _drops(model: Model, course: Course) -> Array:
    """Return the days [n,3] on which the level falls, inf beyond level 0."""
    days, left = [course.drop], course.level
    for _ in range(_LEVELS - 1):
        left = left - 1
        days.append(days[-1] + np.where(left > 0, model.stay[np.maximum(left, 1) - 1], np.inf))
    held = course.level[:, None] > np.arange(_LEVELS)
    return np.where(held, np.stack(days, axis=1), np.inf)
