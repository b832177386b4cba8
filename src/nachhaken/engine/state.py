"""One opportunity as plain floats: its state, its events, and the model as constants.

Tuples and lists only, so that the same functions run as they stand and compiled (`compiled`): where
rows of four or twelve numbers are lists of tuples here, they are arrays there.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from nachhaken.engine.model import Array, Model
from nachhaken.engine.tables import NO_TOUCH, tables_of
from nachhaken.engine.texts import Texts

Numbers = Sequence[float]
Four = tuple[float, float, float, float]
Nine = tuple[float, float, float, float, float, float, float, float, float]
Twelve = tuple[
    float, float, float, float, float, float, float, float, float, float, float, float
]  # fmt: skip
Fours = Sequence[Four]
Twelves = Sequence[Twelve]


class Constants(NamedTuple):
    """`Tables` row by row, what is read together in one row.

    drift [c]: four rates, then eight mixes; delays [t]: who will reply [h], sharpness [h] and the
    median in deviations [h], so that z = sharpness ln x - median; messages [fw] per day [h]; says,
    hints [wko], writes and news [fwo]: rows [h]; start: one row; the others as in `Tables`.
    """

    drift: Twelves
    delays: Twelves
    messages: Fours
    says: Fours
    hints: Fours
    writes: Fours
    news: Fours
    start: Fours
    goodwill_lost: Numbers
    stay: Numbers
    window: Numbers
    delay: float
    date_reached: float
    repeat_days: float
    repeat_factor: float
    cap: float
    gut: float


class State(NamedTuple):
    """One opportunity; the fields are those of `tracks.Tracks`, what was said newest first."""

    joint: Nine
    day: float
    workday: float
    touch: int
    clock: float
    busy_until: float
    level: int
    drop: float
    date: float
    work: int
    said: tuple[int, int, int, int]
    said_day: Four


class Event(NamedTuple):
    """One row of `Columns`; `label` is the place in `texts` of what is heard."""

    kind: int
    texts: Texts
    label: int
    window: float
    away_day: float
    away_workday: float


@lru_cache(maxsize=8)
def constants_of(model: Model) -> Constants:
    """Return the constants of `model` as lists."""
    t = tables_of(model)
    kind = np.arange(NO_TOUCH + 1) // 4
    sharpness = t.sharpness[:, kind]
    delays = np.concatenate([t.will, sharpness, t.log_median[:, kind] * sharpness])
    return Constants(
        drift=_rows(np.concatenate([t.rates, t.mixes]).T),
        delays=_rows(delays.T),
        messages=_rows(model.unprompted.sum(axis=-1).reshape(-1, 4)),
        says=_rows(t.says.T),
        hints=_rows(t.hints.reshape(-1, 4)),
        writes=_rows(t.writes.T),
        news=_rows(t.news.reshape(-1, 4)),
        start=_rows(t.start[None]),
        goodwill_lost=model.goodwill_lost.tolist(),
        stay=t.stay.tolist(),
        window=t.window.tolist(),
        delay=t.delay,
        date_reached=t.date_reached,
        repeat_days=t.repeat_days,
        repeat_factor=t.repeat_factor,
        cap=t.cap,
        gut=t.gut,
    )


def _rows(table: Array) -> list[Any]:
    return [tuple(row) for row in table.tolist()]
