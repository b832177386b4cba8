"""The exact filter at work while a simulation runs."""

import numpy as np

from nachhaken.engine.batch import acted, advance, heard
from nachhaken.engine.model import SYMBOLS, Array, Model
from nachhaken.engine.simulation.course import Courses
from nachhaken.engine.simulation.records import dates_of
from nachhaken.engine.simulation.values import Ints
from nachhaken.engine.tracks import Tracks, begin


class Watch:
    """Follows the beliefs of all `courses` by a model that need not be the world's."""

    def __init__(self, model: Model, courses: Courses) -> None:
        n = len(courses.day)
        self.courses, self.labels = courses, np.eye(len(SYMBOLS))
        self.tracks = begin(model, np.tile(model.start, (n, 1)), np.zeros(n), np.zeros(n))
        if not courses.world.offered:
            self.tracks.level[:], self.tracks.drop[:] = 1, model.stay[0]

    def touched(self, rows: Ints, kind: Ints) -> None:
        """Take in a touch of each of `rows`."""
        part = self._now(rows)
        acted(part, np.arange(len(rows)), kind)
        self.tracks.put(rows, part)

    def heard(self, rows: Ints, symbols: Ints) -> None:
        """Take in a message from each of `rows`, with the date that it names."""
        part, dates = self._now(rows), dates_of(self.courses, rows, symbols)
        heard(
            part,
            np.arange(len(rows)),
            self.labels[symbols],
            window=dates.window,
            away=(dates.away_day, dates.away_workday),
        )
        self.tracks.put(rows, part)

    def belief(self, rows: Ints) -> Array:
        """Return the belief [n,h] about each of `rows` at its own time."""
        return self._now(rows).belief

    def _now(self, rows: Ints) -> Tracks:
        part, day = self.tracks.take(rows), self.courses.day[rows]
        advance(part, day, self.courses.workday(rows, day))
        return part
