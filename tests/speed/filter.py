"""How fast evidence becomes belief: one event on one opportunity, and a million opportunities."""

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter, process_time

import numpy as np

from nachhaken.engine import standard
from nachhaken.engine.columns import HEARD
from nachhaken.engine.compiled import follow_compiled
from nachhaken.engine.follow import follow, follow_with_trail, silent_until
from nachhaken.engine.silence import belief, opening, wait
from nachhaken.engine.state import Event, constants_of
from nachhaken.engine.step import update
from nachhaken.engine.texts import texts_of
from tests.speed import Row, measure
from tests.speed._events import events

_N = 1_000_000


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of the best of three."""
    runs = []
    for _ in range(3):
        wall, own = perf_counter(), process_time()
        work()
        runs.append((perf_counter() - wall, process_time() - own))
    return min(runs)


@measure
def one_event() -> Iterator[Row]:
    constants = constants_of(standard())
    state = opening(standard().start.tolist(), 0.0, 0.0)
    row = [0, 0, 0, 0.2, 0.7, 0, 0, 0, 0, 0]
    state = update(constants, state, Event(0, texts_of([]), 0, np.nan, np.nan, np.nan))
    times = []
    for _ in range(5_000):
        start = perf_counter()
        answer = Event(HEARD, texts_of([row]), 0, np.nan, np.nan, np.nan)
        belief(constants, update(constants, wait(constants, state, 9.0, 7.0), answer))
        times.append(1e6 * (perf_counter() - start))
    yield Row("One answer on a stored state, plain Python", median(times), "µs", at_most=20)


@measure
def many() -> Iterator[Row]:
    model, columns = standard(), events(_N, np.random.default_rng(1))
    start = perf_counter()
    follow_compiled(columns, model)
    yield Row("Compile or load the compiled filter", perf_counter() - start, "s")
    wall, own = _seconds(lambda: follow_compiled(columns, model))
    yield Row("Filter, compiled, 1 M x 12 events", _N / wall / 1e6, "M/s", at_least=4)
    yield Row("Filter, compiled, per processor second", _N / own / 1e6, "M")
    yield Row("One event, compiled", 1e6 * own / len(columns.day), "µs")
    small = events(_N // 10, np.random.default_rng(2))
    follow_with_trail(small, model, compiled=True)
    _, own = _seconds(lambda: follow_with_trail(small, model, compiled=True))
    yield Row("Filter with reasons, compiled, per processor second", _N / 10 / own / 1e6, "M")
    wall, own = _seconds(lambda: follow(small, model, compiled=False))
    yield Row("Filter, NumPy, 100 k x 12 events", _N / 10 / wall / 1e6, "M/s", at_least=0.4)
    yield Row("Filter, NumPy, per processor second", _N / 10 / own / 1e6, "M")
    tracks = follow(small, model).take(np.arange(2_000))
    ahead = small.now_day[:2_000, None] + np.arange(60.0)
    wall, _ = _seconds(lambda: silent_until(tracks, ahead, ahead * 5 / 7))
    yield Row("Silence ahead, 2,000 x 60 days", 2_000 * 60 / wall / 1e6, "M/s")
