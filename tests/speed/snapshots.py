"""How good the Monday forecasts are on the bank's log of 2011, next to what others would do.

Rolling: learnt until each of five Mondays (31 October to 28 November), asked on up to four Mondays
from there, none after 5 December, so that nearly all were decided before the log ends. What was
not is left out, and its share said. Cases are drawn anew, not rows.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from math import inf
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nachhaken.learning.calibration import (
    Metric,
    Rows,
    auc,
    brier,
    calibration_error,
    interval,
    log_loss,
    rows_of,
)
from nachhaken.learning.snapshots.course import Row as Known
from nachhaken.learning.snapshots.course import rows_of as rows_of_case
from nachhaken.learning.snapshots.forecast import learnt_until, mondays, morning
from nachhaken.learning.snapshots.log import Case, read_log
from tests.speed import Row, measure
from tests.speed._snapshot_rivals import RIVALS, Learn, ours

LOG = Path(__file__).parents[2].parent / "shared" / "data" / "bpic2012"
FILE = LOG / "events_before_2012.csv.gz"
ORIGINS = [date(2011, 10, 31) + timedelta(weeks=n) for n in range(5)]
LAST = date(2011, 12, 5)
DECEMBER = date(2011, 12, 1)
FIGURES: dict[str, Metric] = {
    "Brier": brier,
    "log loss": log_loss,
    "calibration error": calibration_error,
    "AUC": auc,
}


class Asked(NamedTuple):
    """The rows of one origin: what was known, whose, and what came of it."""

    origin: date
    rows: Sequence[Known]
    ids: Sequence[str]
    won: Sequence[bool]
    dropped: int


@measure
def snapshots() -> Iterator[Row]:
    if not FILE.exists():
        return
    asked = [_asked(origin, origin, min(origin + timedelta(weeks=3), LAST)) for origin in ORIGINS]
    yield from _compared("5 origins", asked)
    yield from _compared("December", [_asked(DECEMBER, DECEMBER, date(2011, 12, 31))])


@measure
def snapshot_times() -> Iterator[Row]:
    if not FILE.exists():
        return
    start = perf_counter()
    cases = read_log(FILE)
    yield Row("Snapshots, read 138,797 events", perf_counter() - start, "s", at_most=20)
    start = perf_counter()
    learnt_until(cases, date(2012, 1, 1))
    yield Row("Snapshots, learn from three months", perf_counter() - start, "s", at_most=40)


@cache
def _log() -> list[Case]:
    return read_log(FILE)


def _asked(origin: date, start: date, end: date) -> Asked:
    moments = [morning(day) for day in mondays(start, end)]
    told = [(case, row) for case in _log() for _, row in rows_of_case(case, moments)]
    decided = [(case, row) for case, row in told if case.closed < inf]
    return Asked(
        origin,
        [row for _, row in decided],
        [case.id for case, _ in decided],
        [case.won for case, _ in decided],
        len(told) - len(decided),
    )


def _compared(span: str, asked: Sequence[Asked]) -> Iterator[Row]:
    count, dropped = sum(len(a.rows) for a in asked), sum(a.dropped for a in asked)
    yield Row(f"Snapshots, {span}, rows", count, "rows")
    yield Row(f"Snapshots, {span}, undecided and left out", 100 * dropped / (count + dropped), "%")
    mine = _forecast(ours, asked)
    for name, learn in {"ours": ours, **RIVALS}.items():
        rows = _forecast(learn, asked)
        for figure, metric in FIGURES.items():
            yield Row(f"Snapshots, {span}, {figure}, {name}", metric(rows), "")
        if learn is not ours:
            yield from _gained(f"Snapshots, {span}, Brier saved, {name}", mine, rows, asked)
    yield from _spread(span, mine, asked)


def _forecast(learn: Learn, asked: Sequence[Asked]) -> Rows:
    chances = [learn(_log(), a.origin)(a.rows) for a in asked]
    return rows_of(np.concatenate(chances), np.concatenate([a.won for a in asked]))


def _gained(name: str, mine: Rows, theirs: Rows, asked: Sequence[Asked]) -> Iterator[Row]:
    """By how much the Brier score falls, with nine tenths of the bootstrap."""
    saved = (theirs.chances - theirs.outcomes) ** 2 - (mine.chances - mine.outcomes) ** 2
    _, case = np.unique(np.concatenate([a.ids for a in asked]), return_inverse=True)
    sums, rows = np.bincount(case, saved), np.bincount(case)
    drawn = np.random.default_rng(0).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), 2000)
    low, high = np.quantile(drawn @ sums / (drawn @ rows), [0.05, 0.95]).tolist()
    yield Row(f"{name}, mean", float(saved.mean()), "")
    yield Row(f"{name}, 5 %", low, "", at_least=0)
    yield Row(f"{name}, 95 %", high, "")


def _spread(span: str, mine: Rows, asked: Sequence[Asked]) -> Iterator[Row]:
    ids = np.concatenate([a.ids for a in asked])
    for figure, metric in FIGURES.items():
        found = interval(metric, mine, ids, rng=np.random.default_rng(0))
        yield Row(f"Snapshots, {span}, {figure}, ours, 5 %", found.low, "")
        yield Row(f"Snapshots, {span}, {figure}, ours, 95 %", found.high, "")
