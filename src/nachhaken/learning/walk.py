"""Where the evidence cuts cases into stretches: many cases side by side, one event at a time.

The observed context follows the rules of `engine/batch` and `engine/tracks` to the letter.
"""

from typing import NamedTuple

import numpy as np

from nachhaken.engine.columns import HEARD, Columns, Floats
from nachhaken.engine.kernel import REACHED
from nachhaken.engine.model import REQUOTE, SYMBOLS, TOUCHES, YES, Array, Model
from nachhaken.engine.values import Action, Symbol
from nachhaken.learning.contexts import GRID, Course, Ints, Pieces, date_on, level_on, pieces_of
from nachhaken.learning.outcomes import LOST, WON, Codes

NONE = -1
TALK = -1  # shorter than any wait
REFUSALS = (SYMBOLS.index(Symbol.NO), SYMBOLS.index(Symbol.OPT_OUT))
_INVEST = TOUCHES.index(Action.INVEST)
_AUTO = SYMBOLS.index(Symbol.AUTO_REPLY)
_DELAYS = (SYMBOLS.index(Symbol.LATER_VAGUE), SYMBOLS.index(Symbol.STALLED_NAMED))


class Rows(NamedTuple):
    """Stretches [S] by case and time, before those alike are put together.

    touch: axis k; touched_level: f at the touch; wait: eighths of a working day since its clock,
    TALK for an answer at the very moment from which it was awaited, as that is not timed; label:
    row of the labels that ends the stretch; work, level: context at the end. NONE where there is no
    touch or no answer.
    """

    case: Ints
    touch: Ints
    touched_level: Ints
    wait: Ints
    label: Ints
    work: Ints
    level: Ints
    pieces: Pieces


class _Cut(NamedTuple):
    case: Ints
    touch: Ints
    touched_level: Ints
    wait: Ints
    label: Ints
    work: Ints
    level: Ints
    since: Array
    until: Array
    course_level: Ints
    drop: Array
    date: Array


def walk(columns: Columns, outcomes: Codes, model: Model) -> tuple[Rows, Ints]:
    """Return the stretches, and the symbol [N] that was the last to be said (NONE: we spoke last).

    Where a closed case ends with its own yes, no or objection, nothing comes after.
    """
    state = _Walk(columns, model)
    for k in range(int(state.length.max(initial=0))):
        state.event(k)
    state.end(outcomes[state.order])
    last = np.empty_like(state.last)
    last[state.order] = state.last
    return _rows(state.cuts, model), last


class _Walk:
    """The cases in `order`, the longest first, so those that still have an event lead."""

    def __init__(self, columns: Columns, model: Model) -> None:
        self.columns, self.model = columns, model
        self.order = np.argsort(-np.diff(columns.offsets), kind="stable")
        self.first = columns.offsets[:-1][self.order]
        self.length = np.diff(columns.offsets)[self.order]
        self.said = _Said(columns.labels)
        self.day, self.workday = _exact(columns.day), _exact(columns.workday)
        n = len(self.order)
        begin = np.append(self.day, np.nan)[self.first]
        self.since = np.where(self.length > 0, begin, _exact(columns.now_day)[self.order])
        self.touch, self.touched = np.full(n, NONE), np.zeros(n, dtype=np.int64)
        self.clock, self.drop = np.zeros(n), np.full(n, np.inf)
        self.awaited = np.full(n, -np.inf)
        self.level, self.work = np.zeros((2, n), dtype=np.int64)
        self.date = np.full(n, -np.inf)
        self.last = np.full(n, NONE)
        self.cuts: list[_Cut] = []

    def event(self, k: int) -> None:
        """Take in the k-th event of every case that has one."""
        rows = np.flatnonzero(self.length > k)
        event = self.first[rows] + k
        kind, label = self.columns.kind[event], self.columns.label[event]
        answers = (kind == HEARD) & self.said.is_answer[label]
        on_leave = (kind == HEARD) & ~answers & self.said.is_automatic[label]
        self._away(rows[on_leave], event[on_leave])
        touches = kind < HEARD
        self._cut_at(rows[touches], event[touches], np.full(int(touches.sum()), NONE))
        self._cut_at(rows[answers], event[answers], label[answers].astype(np.int64))
        self._touched(rows[touches], event[touches])
        self._answered(rows[answers], event[answers])

    def end(self, outcomes: Codes) -> None:
        """Let silence count until now, unless the last answer was the end."""
        said_yes, said_no = self.last == YES, np.isin(self.last, REFUSALS)
        rows = np.flatnonzero(~((outcomes == WON) & said_yes | (outcomes == LOST) & said_no))
        now = (_exact(part)[self.order[rows]] for part in _now(self.columns))
        self._cut(rows, (*now,), np.full(len(rows), NONE))

    def _cut_at(self, rows: Ints, event: Ints, label: Ints) -> None:
        self._cut(rows, (self.day[event], self.workday[event]), label)

    def _cut(self, rows: Ints, at: tuple[Array, ...], label: Ints) -> None:
        """Note the stretch of `rows` that ends `at` a day and working day."""
        day, workday = at
        course = self._course(rows)
        waited = np.where(self.touch[rows] == NONE, 0, workday - self.clock[rows])
        is_reply = (self.touch[rows] != NONE) & (label != NONE)
        is_talk = is_reply & (waited <= 0) & (day == self.awaited[rows])
        cut = _Cut(
            self.order[rows],
            self.touch[rows],
            self.touched[rows],
            np.where(is_talk, TALK, np.rint(GRID * np.maximum(waited, 0.0)).astype(np.int64)),
            label,
            self.work[rows],
            level_on(self.model, course, day),
            self.since[rows],
            day,
            *course,
        )
        self.cuts.append(cut)
        self.since[rows] = day

    def _course(self, rows: Ints) -> Course:
        return Course(self.level[rows], self.drop[rows], self.date[rows])

    def _away(self, rows: Ints, event: Ints) -> None:
        day, workday = self.columns.away_day[event], self.columns.away_workday[event]
        self.awaited[rows] = np.fmax(self.awaited[rows], _exact(day))
        self.clock[rows] = np.fmax(self.clock[rows], _exact(workday))

    def _touched(self, rows: Ints, event: Ints) -> None:
        day, kind = self.day[event], self.columns.kind[event].astype(np.int64)
        course = self._course(rows)
        level = level_on(self.model, course, day)
        after = np.where(kind == _INVEST, np.maximum(level, 1), np.minimum(3, level + 1))
        over = date_on(self.model, course, day) == REACHED
        self.touch[rows], self.touched[rows] = kind, level
        self.clock[rows], self.awaited[rows] = self.workday[event], day
        self.level[rows], self.drop[rows] = after, day + self.model.stay[after - 1]
        self.date[rows] = np.where(over, -np.inf, self.date[rows])
        self.work[rows] = np.where(kind == _INVEST, 0, self.work[rows])
        self.last[rows] = NONE

    def _answered(self, rows: Ints, event: Ints) -> None:
        day, window = self.day[event], _exact(self.columns.window[event])
        main = self.said.main[self.columns.label[event]]
        put_off = np.where(np.isin(main, _DELAYS), day + 1 / self.model.date_rate, -np.inf)
        self.touch[rows], self.level[rows] = NONE, 1
        self.drop[rows] = day + self.model.stay[0]
        self.date[rows] = np.where(np.isnan(window), put_off, np.fmax(day, window))
        self.work[rows] = np.maximum(self.work[rows], main == REQUOTE)
        self.last[rows] = main


class _Said:
    """Per row of the labels: what it says above all, and whether it is an answer."""

    def __init__(self, labels: Floats) -> None:
        chances = _exact(labels).reshape(-1, len(SYMBOLS)).copy()
        automatic = chances[:, _AUTO].copy()
        chances[:, _AUTO] = 0
        rest = np.maximum(0, 1 - chances.sum(axis=1))
        self.main = chances.argmax(axis=1)
        self.is_answer = rest < chances.max(axis=1, initial=0.0)
        self.is_automatic = automatic > rest / 2


def _rows(cuts: list[_Cut], model: Model) -> Rows:
    """Put the cuts in order of case and time; without time, touch and answer they say nothing.

    Of one case a later cut always comes later, so a stable sort is enough.
    """
    cut = _Cut._make(np.concatenate(part) for part in zip(*cuts, strict=True))
    tells = (cut.touch != NONE) | (cut.label != NONE) | (cut.until > cut.since)
    keep = np.flatnonzero(tells)[np.argsort(cut.case[tells], kind="stable")]
    cut = _Cut._make(part[keep] for part in cut)
    course = Course(cut.course_level, cut.drop, cut.date)
    return Rows(*cut[:7], pieces_of(model, course, (cut.since, cut.until), cut.work))


def _exact(values: Floats) -> Array:
    return np.asarray(values, dtype=np.float64)


def _now(columns: Columns) -> tuple[Floats, Floats]:
    return columns.now_day, columns.now_workday
