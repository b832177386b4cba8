"""The evidence of many opportunities as columns: what the batch filter reads.

A case is a batch of one. Times are floats counted from each opportunity's day 0.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    automatic reply names, NaN for none. start [N,4]: the belief at day 0, history taken in.
    now_day, now_workday [N]: until when silence counts; never before the last event.
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
