"""Will an open offer be won? Two steps, each learnt from cases that are not all decided.

While the customer is silent, the hidden truth is whether a reply ever comes: a mixture cure model
seen at landmarks (van Houwelingen 2007), P(won) = P(reply) P(won | reply). After the reply what
remains is the check of the papers. Both are logistic in what is known on the day, held back by a
normal prior.

A case that is not decided when learning ends counts neither as lost nor not at all: its outcome is
the chance that the model itself gives it on the last day (self-consistency: Efron 1967, Turnbull
1976). Dropping it would leave the quickly decided, and those are other cases.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from nachhaken.learning.logistic import Posterior, logistic
from nachhaken.learning.outcomes import LearningError
from nachhaken.learning.snapshots.course import Row, rows_of
from nachhaken.learning.snapshots.log import Case
from nachhaken.learning.snapshots.terms import Array, replied_terms, silent_terms

LEAST = 20
# Rows of one case on neighbouring days are nearly one row; a week of them counts as one.
_ROW_WEIGHT = 1 / 7
_PRECISION, _PRECISION_REPLIED, _PRECISION_AFTER = 200.0, 400.0, 400.0
_FREE = 1e-4
_ROUNDS = 8
_STILL = 1e-9

Terms = Callable[[Sequence[Row]], Array]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A logistic model of standardised terms."""

    terms: Terms
    middle: Array
    spread: Array
    beta: Array

    def design(self, rows: Sequence[Row]) -> Array:
        """Return the standardised terms [n, d]."""
        return (self.terms(rows) - self.middle) / self.spread

    def chances(self, rows: Sequence[Row]) -> Array:
        """Return the chance of each row [n]."""
        return logistic(self.design(rows) @ self.beta)


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What was learnt: of a silent customer the reply and the win after it, else the win."""

    reply: Step
    won_if_reply: Step
    won: Step

    def chances(self, rows: Sequence[Row]) -> Array:
        """Return for each row [n] the chance that the case is won in the end."""
        replied = _replied(rows)
        silent, heard = _where(rows, ~replied), _where(rows, replied)
        p = np.empty(len(rows))
        p[~replied] = self.reply.chances(silent) * self.won_if_reply.chances(silent)
        p[replied] = self.won.chances(heard)
        return p


def learn(cases: Sequence[Case], mornings: Sequence[float], until: float) -> Forecast:
    """Return what `cases` teach, which hold nothing from `until` [s] on, seen on `mornings` [s].

    mornings rise and lie before `until`. LearningError where fewer than 20 cases are known to
    be won, or to be lost.
    """
    seen = _seen(cases, mornings, until)
    replied = _replied(seen.rows)
    reply = _consistent(silent_terms, seen.only(~replied, "reply"), _PRECISION)
    won = _consistent(replied_terms, seen.only(replied, "won"), _PRECISION_REPLIED)
    after = seen.only(~replied & (seen.outcomes["reply"][seen.owner] == 1), "won")
    share = after.shares(won.chances(after.last))
    return Forecast(reply, _learnt(silent_terms, after.rows, share, _PRECISION_AFTER), won)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Rows [n] with their outcomes [n], NaN where it is open; the last row of each open case.

    open_case [n] says which of `last` [m] belongs to a row whose outcome is open.
    """

    rows: Sequence[Row]
    outcome: Array
    last: Sequence[Row]
    open_case: NDArray[np.int64]

    def shares(self, chances: Array) -> Array:
        """Return the outcomes with `chances` [m] in the place of what is open."""
        is_open = np.isnan(self.outcome)
        share = self.outcome.copy()
        share[is_open] = chances[self.open_case[is_open]]
        return share


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """All rows [n], whose [n], outcomes by name [cases], and the rows of today by case."""

    rows: Sequence[Row]
    owner: NDArray[np.int64]
    outcomes: Mapping[str, Array]
    today: Mapping[int, Row]

    def only(self, chosen: Flags, name: str) -> _Part:
        owner = self.owner[chosen]
        outcome = self.outcomes[name][owner]
        waiting, place = np.unique(owner[np.isnan(outcome)], return_inverse=True)
        open_case = np.full(len(owner), -1)
        open_case[np.isnan(outcome)] = place
        last = [self.today[case] for case in waiting.tolist()]
        return _Part(_where(self.rows, chosen), outcome, last, open_case)


def _seen(cases: Sequence[Case], mornings: Sequence[float], until: float) -> _Seen:
    told = [(n, row) for n, case in enumerate(cases) for _, row in rows_of(case, mornings)]
    today = {n: row for n, case in enumerate(cases) for _, row in rows_of(case, [until])}
    won = np.array([_known(yes=case.won, no=isfinite(case.closed)) for case in cases])
    reply = np.array([_known(yes=case.replied < inf, no=isfinite(case.closed)) for case in cases])
    for known, which in ((won == 1, "won"), (won == 0, "lost")):
        if known.sum() < LEAST:
            raise LearningError(f"{known.sum()} cases are known to be {which}, {LEAST} are needed")
    owner = np.array([n for n, _ in told], dtype=np.int64)
    return _Seen([row for _, row in told], owner, {"won": won, "reply": reply}, today)


def _known(*, yes: bool, no: bool) -> float:
    return 1.0 if yes else 0.0 if no else nan


def _consistent(terms: Terms, part: _Part, precision: float) -> Step:
    """The step whose own chances stand for the open outcomes that it is learnt from."""
    is_known = ~np.isnan(part.outcome)
    step = _standardised(terms, part.rows)
    x, today = step.design(part.rows), step.design(part.last)
    beta = _beta(x[is_known], part.outcome[is_known], precision)
    for _ in range(_ROUNDS if len(today) else 0):
        beta = _beta(x, part.shares(logistic(today @ beta)), precision, beta)
    return replace(step, beta=beta)


def _learnt(terms: Terms, rows: Sequence[Row], shares: Array, precision: float) -> Step:
    step = _standardised(terms, rows)
    return replace(step, beta=_beta(step.design(rows), shares, precision))


def _standardised(terms: Terms, rows: Sequence[Row]) -> Step:
    x = terms(rows)
    d = x.shape[1]
    if not len(x):
        return Step(terms, np.zeros(d), np.ones(d), np.zeros(d))
    middle, spread = x.mean(0), x.std(0)
    middle[0] = 0  # the constant stays one
    return Step(terms, middle, np.where(spread > _STILL, spread, 1), np.zeros(d))


def _beta(x: Array, shares: Array, precision: float, start: Array | None = None) -> Array:
    weights = np.full(len(x), _ROW_WEIGHT)
    priors = np.full(x.shape[1], precision)
    priors[0] = _FREE
    return Posterior(x, shares, weights, priors).mode(start)


def _replied(rows: Sequence[Row]) -> Flags:
    return np.array([row.replies > 0 for row in rows], dtype=np.bool_)


def _where(rows: Sequence[Row], chosen: Flags) -> list[Row]:
    return [rows[i] for i in np.flatnonzero(chosen).tolist()]
