"""The E-step: what cases tell about every parameter, as counts that simply add up."""

from dataclasses import dataclass, fields

import numpy as np

from nachhaken.engine.columns import Columns
from nachhaken.engine.model import Array, Model
from nachhaken.learning.chain import Chains, follow_chains
from nachhaken.learning.expected import (
    drift_counts,
    goodwill_counts,
    reply_counts,
    text_counts,
    ways_of,
)
from nachhaken.learning.factors import Factors, factors, matrices
from nachhaken.learning.outcomes import Codes
from nachhaken.learning.stretches import Stretches, stretches_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statistics:
    """Expected counts under a model; the sum over parts of the cases is that of the whole.

    cases, and impossible: how many the model excludes (they count nowhere else); events: stretches;
    log_likelihood up to a constant that no parameter moves. start [h]; jumps [r,i,j] and days
    [c,h] of drift; messages [h,o] that nobody asked for; symbols [w,k,h,o] of replies; goodwill and
    level [f,2]: (lost, touches of who could be lost), (let through, touches); will [k,h,2]: (would
    reply, touches); delay [k,h,3]: timed replies, sum of log delays and of their squares, coming
    ones included, those within a talk left out.
    """

    cases: float
    impossible: float
    events: float
    log_likelihood: float
    start: Array
    jumps: Array
    days: Array
    messages: Array
    symbols: Array
    goodwill: Array
    level: Array
    will: Array
    delay: Array

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


def statistics(
    columns: Columns, outcomes: Codes, model: Model, *, prior: Model | None = None
) -> Statistics:
    """Return what the evidence of N cases tells under `model`.

    outcomes [N] are codes of `learning/outcomes`. `prior` is the model that `columns.start` was
    made with, `model` unless given: pass it from the second round on.
    """
    return count(stretches_of(columns, outcomes, prior or model), model)


def chains_of(stretches: Stretches, model: Model, parts: Factors | None = None) -> Chains:
    """Return the chains of the cases under `model`."""
    parts = parts or factors(stretches.kinds, model)
    start = np.where(stretches.is_new[:, None], model.start, stretches.start)
    return Chains(start, stretches.offsets, stretches.kind, matrices(parts), stretches.end)


def count(stretches: Stretches, model: Model, *, compiled: bool | None = None) -> Statistics:
    """Return the statistics of stretches that are laid out already."""
    parts = factors(stretches.kinds, model)
    chains = chains_of(stretches, model, parts)
    told = follow_chains(chains, compiled=compiled)
    possible = np.isfinite(told.log_likelihood)
    ways = ways_of(parts, told)
    jumps, days = drift_counts(stretches.kinds, model, parts.flow, ways)
    symbols, messages = text_counts(stretches.kinds, model, ways)
    return Statistics(
        cases=float(len(possible)),
        impossible=float((~possible).sum()),
        events=float(np.diff(stretches.offsets)[possible].sum()),
        log_likelihood=float(told.log_likelihood[possible].sum()),
        start=told.first[stretches.is_new].sum(axis=0),
        jumps=jumps,
        days=days,
        messages=messages,
        symbols=symbols,
        goodwill=goodwill_counts(stretches.kinds, parts, told),
        **reply_counts(stretches.kinds, model, parts.replies, ways),
    )
