"""The evidence of many opportunities as columns: what the batch filter reads.

A case is a batch of one. Times are floats counted from each opportunity's day 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.case import in_order
from nachhaken.engine.model import SYMBOLS, TOUCHES, Model
from nachhaken.engine.prior import prior_of
from nachhaken.engine.values import Acted, Case, Evidence, Felt, Heard

Floats = NDArray[np.floating[Any]]

# Codes of `kind`: 0-4 are the touches of `model.TOUCHES`, then what is no touch.
HEARD, FELT_DEAD, FELT_ALIVE = 5, 6, 7


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
