"""What others would do for the Monday forecasts: learnt from Mondays of cases decided by then."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from math import log1p

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nachhaken.learning.snapshots.course import Row, rows_of
from nachhaken.learning.snapshots.forecast import learnt_until, mondays, morning, start_of
from nachhaken.learning.snapshots.log import Case, known_before

Array = NDArray[np.float64]
Chances = Callable[[Sequence[Row]], Array]
Learn = Callable[[Sequence[Case], date], Chances]

_NUMBERS = (
    "replies", "since_reply", "since_first", "since_offer", "offers", "calls", "since_call",
    "dossiers", "drafts", "checks", "to_offer",
)  # fmt: skip
_EDGES = (3, 7, 10, 14, 21, 28, 35)
_WEIGHT = 5  # rows of the whole that each cell of the table is shrunk by


def ours(cases: Sequence[Case], until: date) -> Chances:
    return learnt_until(cases, until).chances


def ours_decided_only(cases: Sequence[Case], until: date) -> Chances:
    end = start_of(until)
    return learnt_until([case for case in cases if case.closed < end], until).chances


def constant(cases: Sequence[Case], until: date) -> Chances:
    _, won = _past(cases, until)
    return lambda rows: np.full(len(rows), won.mean())


def table(cases: Sequence[Case], until: date) -> Chances:
    """Replied or not, by days since the first offer."""
    rows, won = _past(cases, until)
    cells: dict[tuple[bool, int], list[float]] = defaultdict(list)
    for row, outcome in zip(rows, won, strict=True):
        cells[_cell(row)].append(outcome)
    share = {
        cell: (sum(wins) + _WEIGHT * won.mean()) / (len(wins) + _WEIGHT)
        for cell, wins in cells.items()
    }
    return lambda rows: np.array([share.get(_cell(row), won.mean()) for row in rows])


def regression(cases: Sequence[Case], until: date) -> Chances:
    """Logistic regression on counts and elapsed times."""
    rows, won = _past(cases, until)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(_numbers(rows), won)
    return lambda rows: np.asarray(model.predict_proba(_numbers(rows))[:, 1])


def boosting(cases: Sequence[Case], until: date) -> Chances:
    rows, won = _past(cases, until)
    model = HistGradientBoostingClassifier(max_iter=100, learning_rate=0.05, random_state=0)
    model.fit(_numbers(rows), won)
    return lambda rows: np.asarray(model.predict_proba(_numbers(rows))[:, 1])


RIVALS: dict[str, Learn] = {
    "constant": constant,
    "table replied x days": table,
    "logistic regression": regression,
    "gradient boosting": boosting,
    "ours, undecided dropped": ours_decided_only,
}


def _past(cases: Sequence[Case], until: date) -> tuple[list[Row], Array]:
    """The Mondays before `until` of the cases decided by then, and which were won."""
    end = start_of(until)
    decided = [case for case in known_before(cases, end) if case.closed < end]
    first = date.fromtimestamp(min(case.offered for case in decided))  # noqa: DTZ012 - a Monday later
    days = [morning(day) for day in mondays(first, until) if morning(day) < end]
    told = [(row, case.won) for case in decided for _, row in rows_of(case, days)]
    return [row for row, _ in told], np.array([won for _, won in told], dtype=np.float64)


def _cell(row: Row) -> tuple[bool, int]:
    return row.replies > 0, int(np.searchsorted(_EDGES, row.since_first))


def _numbers(rows: Sequence[Row]) -> Array:
    return np.array(
        [[getattr(row, name) for name in _NUMBERS] + [log1p(row.amount)] for row in rows]
    )
