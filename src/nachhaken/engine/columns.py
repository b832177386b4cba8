"""The evidence of many opportunities as columns: what the batch filter reads.

A case is a batch of one. Times are floats counted from each opportunity's day 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nachhaken.engine.case import in_order
from nachhaken.engine.model import SYMBOLS, TOUCHES, Model
from nachhaken.engine.prior import prior_of
from nachhaken.engine.values import Acted, Action, Case, Evidence, Felt, Heard, Symbol

Floats = NDArray[np.floating[Any]]

# Codes of `kind`: 0-4 are the touches of `model.TOUCHES`, then what is no touch.
HEARD, FELT_DEAD, FELT_ALIVE = 5, 6, 7

_ROUNDING = 1e-4  # days (nine seconds) and probabilities: float32 columns are rounded


class ColumnsError(ValueError):
    """Columns that contradict themselves; `row` is the first event or opportunity that does."""

    def __init__(self, what: str, row: int | None = None) -> None:
        super().__init__(what if row is None else f"row {row}: {what}")
        self.row = row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """E events of N opportunities, by opportunity, then time; at one time touch, answer, feeling.

    offsets [N+1]: the events of opportunity i are offsets[i]:offsets[i+1]. day, workday [E]: when;
    kind [E]: what (codes above). label [E]: the row of `labels` [L,10] that a HEARD says
    (probabilities of the symbols; what is missing to 1 is something else), 0 elsewhere. window [E]:
    first day of the agreed time, NaN for none. away_day, away_workday [E]: the return that an
    automatic reply names, NaN for none. start [N,4]: the belief before the first event, history
    taken in; nothing drifts until then. now_day, now_workday [N]: until when silence counts; never
    before the last event.
    """

    offsets: NDArray[np.int64]
    day: Floats
    workday: Floats
    kind: NDArray[np.uint8]
    label: NDArray[np.int32]
    labels: Floats
    window: Floats
    away_day: Floats
    away_workday: Floats
    start: Floats
    now_day: Floats
    now_workday: Floats


def columns_of(cases: Sequence[Case], model: Model) -> Columns:
    """Return the checked `cases` as columns; waiting and stopping leave no trace and no event."""
    evidence = [[e for e in in_order(case.evidence) if leaves_trace(e)] for case in cases]
    events = [event for own in evidence for event in own]
    said = [e for e in events if isinstance(e, Heard)]
    rows = [[e.symbols.get(symbol, 0.0) for symbol in SYMBOLS] for e in said]
    numbers = iter(range(len(said)))
    label = [next(numbers) if isinstance(e, Heard) else 0 for e in events]
    times = np.array([_times(e) for e in events], dtype=np.float64).reshape(-1, 5).T
    return Columns(
        offsets=np.cumsum([0, *map(len, evidence)], dtype=np.int64),
        day=times[0],
        workday=times[1],
        kind=np.array([_kind(e) for e in events], dtype=np.uint8),
        label=np.array(label, dtype=np.int32),
        labels=np.array(rows, dtype=np.float64).reshape(-1, len(SYMBOLS)),
        window=times[2],
        away_day=times[3],
        away_workday=times[4],
        start=np.array([prior_of(case, model) for case in cases]).reshape(-1, 4),
        now_day=np.array([case.now.day for case in cases], dtype=np.float64),
        now_workday=np.array([case.now.workday for case in cases], dtype=np.float64),
    )


def soft_labels(confusion: ArrayLike, model: Model) -> Floats:
    """Return rows of `labels` for a labeller that errs: row o' is what its hard label o' says.

    confusion [o,o'] = P(label o' | true o): true symbols down, labels across, rows sum to at most
    1. The likelihood of a label is sum_o C[o,o'] O[h,o]. The filter weighs each symbol of a row by
    O[h,o] over how common o is at the start, so the row is C[o,o'] P(o), normalised: P(o | label
    o') for answers to a mail. A label that is never given says nothing (zeros).
    """
    given = np.asarray(confusion, dtype=np.float64)
    size = (len(SYMBOLS), len(SYMBOLS))
    _require(given.shape == size, "the confusion matrix has the wrong shape")
    _check_chances("confusion", given)
    joint = (given * _common(model)[:, None]).T
    total = joint.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(joint, total, out=np.zeros_like(joint), where=total > 0))


def common_symbols(model: Model) -> dict[Symbol, float]:
    """Return P(o): how common each answer to a mail is at the start, over all truths.

    Chances of symbols that come in as evidence are taken relative to it.
    """
    return dict(zip(SYMBOLS, _common(model).tolist(), strict=True))


def _common(model: Model) -> Floats:
    return np.asarray(model.start @ model.symbols[0, TOUCHES.index(Action.MAIL)])


def check_columns(columns: Columns) -> None:
    """Raise ColumnsError for what cannot be; empty timelines, and no opportunity at all, can be.

    That is: lengths that do not fit, times that run backwards or are not finite, codes and labels
    that do not exist, probabilities that are none.
    """
    _check_shapes(columns)
    _check_times(columns)
    _demand(columns.kind <= FELT_ALIVE, "kind is not a code")
    heard = columns.kind == HEARD
    known = (columns.label >= 0) & (columns.label < len(columns.labels))
    _demand(known | ~heard, "label is not a row of labels")
    _demand(np.isfinite(columns.away_workday) | np.isnan(columns.away_day), "away has no workday")
    for named in (columns.window, columns.away_day):
        _demand(~np.isinf(named), "a named day is infinite")
    _check_chances("labels", columns.labels)
    _check_chances("start", columns.start)
    whole = np.abs(columns.start.sum(axis=1) - 1)
    _demand(whole <= _ROUNDING, "start does not sum to 1")


def leaves_trace(event: Evidence) -> bool:
    """Return whether the customer can notice the event, or the seller felt it."""
    return not isinstance(event, Acted) or event.action in TOUCHES


def _kind(event: Evidence) -> int:
    match event:
        case Acted(action=action):
            return TOUCHES.index(action)
        case Felt(dead_horse=dead_horse):
            return FELT_DEAD if dead_horse else FELT_ALIVE
        case _:
            return HEARD


def _times(event: Evidence) -> tuple[float, ...]:
    if not isinstance(event, Heard):
        return (*event.at, nan, nan, nan)
    window = event.window[0] if event.window else nan
    return (*event.at, window, *(event.away_until or (nan, nan)))


def _check_shapes(columns: Columns) -> None:
    offsets, n, total = columns.offsets, len(columns.now_day), len(columns.day)
    fits = offsets.shape == (n + 1,) and offsets[0] == 0 and offsets[-1] == total
    _require(fits, "offsets do not fit the events and opportunities")
    _demand(np.diff(offsets) >= 0, "offsets descend")
    for name in ("workday", "kind", "label", "window", "away_day", "away_workday"):
        _require(getattr(columns, name).shape == (total,), f"{name} has the wrong length")
    _require(columns.now_workday.shape == (n,), "now_workday has the wrong length")
    _require(columns.start.shape == (n, 4), "start has the wrong shape")
    _require(columns.labels.shape[1:] == (len(SYMBOLS),), "labels have the wrong shape")


def _check_times(columns: Columns) -> None:
    offsets = columns.offsets
    some = np.flatnonzero(np.diff(offsets))
    last = offsets[some + 1] - 1
    for name in ("day", "workday"):
        times, now = getattr(columns, name), getattr(columns, f"now_{name}")
        _demand(np.isfinite(times), f"{name} is not finite")
        _demand(np.isfinite(now), f"now_{name} is not finite")
        back = np.diff(times, prepend=times[:1]) < -_ROUNDING
        back[offsets[some]] = False
        _demand(~back, f"{name} runs backwards")
        early = np.zeros(len(now), dtype=bool)
        early[some] = now[some] < times[last] - _ROUNDING
        _demand(~early, f"now_{name} lies before the last event")


def _check_chances(name: str, rows: Floats) -> None:
    possible = ((rows >= 0) & (rows <= 1 + _ROUNDING)).all(axis=1)
    _demand(possible, f"{name}: a probability is not in [0, 1]")
    _demand(rows.sum(axis=1) <= 1 + _ROUNDING, f"{name}: probabilities sum to more than 1")


def _demand(holds: Any, what: str) -> None:
    if not holds.all():
        raise ColumnsError(what, int(np.argmin(holds)))


def _require(holds: object, what: str) -> None:
    if not holds:
        raise ColumnsError(what)
