"""What a simulated desk would have written down: evidence as columns, and every decision."""

from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np

from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.kernel import DELAYS
from nachhaken.engine.model import SYMBOLS, Array
from nachhaken.engine.simulation.course import AUTO_REPLY, Courses
from nachhaken.engine.simulation.values import Choice, Decisions, Ints, View

_DELAYS = [SYMBOLS.index(symbol) for symbol in DELAYS]


class Dates(NamedTuple):
    """Days that messages [n] name, NaN for none: of the agreed time, and of an absence."""

    window: Array
    away_day: Array
    away_workday: Array


def dates_of(courses: Courses, rows: Ints, symbols: Ints) -> Dates:
    """Return what the messages that just came from `rows` name; a machine says "from now on"."""
    day, machine = courses.day[rows], symbols == AUTO_REPLY
    return Dates(
        window=np.where(np.isin(symbols, _DELAYS), courses.named[rows], np.nan),
        away_day=np.where(machine, day, np.nan),
        away_workday=np.where(machine, courses.workday(rows, day), np.nan),
    )


class Notes:
    """Notes what happens to `courses`, in the order in which it happens to each row."""

    def __init__(self, courses: Courses) -> None:
        self.courses = courses
        self.events: list[tuple[Array | Ints, ...]] = []
        self.choices: list[tuple[Array | Ints, ...]] = []
        self.beliefs: list[Array] = []

    def touched(self, rows: Ints, kind: Ints) -> None:
        """Note a touch of each of `rows`."""
        nothing = np.full(len(rows), np.nan)
        self._note(rows, kind, np.zeros(len(rows)), Dates(nothing, nothing, nothing))

    def heard(self, rows: Ints, symbols: Ints) -> None:
        """Note a message from each of `rows`, with the date that it names."""
        dates = dates_of(self.courses, rows, symbols)
        self._note(rows, np.full(len(rows), HEARD), symbols, dates)

    def decided(self, view: View, choice: Choice, eur: Array) -> None:
        """Note a decision about each row of `view`, `eur` having come in before it."""
        self.choices.append(
            (view.rows, view.day, view.context, choice.action, choice.chance, eur, view.truth)
        )
        self.beliefs.append(view.belief)

    def evidence(self) -> Columns:
        """Return what happened, until the end of each matter."""
        row, day, workday, kind, label, window, away_day, away_workday = _joined(self.events, 8)
        order = np.argsort(row, kind="stable")
        n = len(self.courses.day)
        return Columns(
            offsets=np.concatenate([[0], np.bincount(row.astype(np.int64), minlength=n).cumsum()]),
            day=day[order],
            workday=workday[order],
            kind=kind[order].astype(np.uint8),
            label=label[order].astype(np.int32),
            labels=np.eye(len(SYMBOLS)),
            window=window[order],
            away_day=away_day[order],
            away_workday=away_workday[order],
            start=np.tile(self.courses.model.start, (n, 1)),
            now_day=self.courses.day.copy(),
            now_workday=self.courses.workday(np.arange(n), self.courses.day).copy(),
        )

    def decisions(self) -> Decisions:
        """Return the decisions by opportunity, then time."""
        row, day, context, action, chance, eur, truth = _joined(self.choices, 7)
        order = np.argsort(row, kind="stable")
        belief = np.concatenate(self.beliefs) if self.beliefs else np.zeros((0, 0))
        return Decisions(
            row=row[order].astype(np.int64),
            day=day[order],
            context=context[order].astype(np.int64),
            belief=belief[order],
            truth=truth[order].astype(np.int64),
            action=action[order].astype(np.int64),
            chance=chance[order],
            eur=eur[order],
        )

    def _note(self, rows: Ints, kind: Ints, label: Array | Ints, dates: Dates) -> None:
        day = self.courses.day[rows]
        self.events.append((rows, day, self.courses.workday(rows, day), kind, label, *dates))


def known_by(columns: Columns, day: float, workday: Array) -> Columns:
    """Return what had happened before `day`, which is `workday` [N]; silence counts until then."""
    keep = columns.day < day
    kept = np.concatenate([[0], keep.cumsum()])
    cut = {
        f.name: getattr(columns, f.name)[keep]
        for f in fields(Columns)
        if f.name in {"day", "workday", "kind", "label", "window", "away_day", "away_workday"}
    }
    now = np.full(len(columns.start), day)
    return replace(columns, offsets=kept[columns.offsets], now_day=now, now_workday=workday, **cut)


def _joined(parts: list[tuple[Array | Ints, ...]], width: int) -> list[Array]:
    if not parts:
        return [np.zeros(0) for _ in range(width)]
    return [
        np.concatenate([np.asarray(part[n], dtype=np.float64) for part in parts])
        for n in range(width)
    ]
