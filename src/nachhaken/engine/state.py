"""One opportunity as plain floats: its state, its events, and the model as constants.

Tuples and lists only, so that the same functions run as they stand and compiled (`compiled`).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nachhaken.engine.model import Model
from nachhaken.engine.tables import tables_of

Numbers = Sequence[float]
Four = tuple[float, float, float, float]
Nine = tuple[float, float, float, float, float, float, float, float, float]


class Constants(NamedTuple):
    """`Tables` with one axis each, what is read together last: lists here, arrays when compiled.

    drift [c,12]: rates, then mixes; messages [f,w,h] per day; will [t,h]; log_median, sharpness
    [k,h]; says, hints [w,k,o,h]; writes [f,w,o,h]; the others as in `Tables`.
    """

    drift: Numbers
    messages: Numbers
    will: Numbers
    log_median: Numbers
    sharpness: Numbers
    says: Numbers
    hints: Numbers
    writes: Numbers
    start: Numbers
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
    """One row of `Columns`; `labels` are its rows in one, `label` the row that is heard."""

    kind: int
    labels: Numbers
    label: int
    window: float
    away_day: float
    away_workday: float


@lru_cache(maxsize=8)
def constants_of(model: Model) -> Constants:
    """Return the constants of `model` as lists."""
    t = tables_of(model)
    return Constants(
        drift=[
            x
            for c in range(len(t.slowest))
            for x in (*t.rates[:, c].tolist(), *t.mixes[:, c].tolist())
        ],
        messages=model.unprompted.sum(axis=-1).ravel().tolist(),
        will=t.will.T.ravel().tolist(),
        log_median=t.log_median.T.ravel().tolist(),
        sharpness=t.sharpness.T.ravel().tolist(),
        says=t.says.T.ravel().tolist(),
        hints=t.hints.ravel().tolist(),
        writes=t.writes.T.ravel().tolist(),
        start=t.start.tolist(),
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
