"""The filter compiled: the plain functions in one loop over the opportunities, on two threads.

numba is optional (extra `fast`) and imported when it is first needed; the first call compiles for
some seconds and keeps the machine code beside the package or in the user's cache, if it can. The
functions of `silence` and `step` are translated as they stand, but for the three that would call
the C library: exp and ln are series here (relative error below 1e-12), and Phi is read from the
cells of `normal` as in `batch`.
"""

import math
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from importlib.util import find_spec
from inspect import getsource, isfunction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from nachhaken.engine import columns, kernel, normal, silence, step, tables
from nachhaken.engine import model as model_module
from nachhaken.engine.columns import Columns
from nachhaken.engine.model import Array, Model
from nachhaken.engine.silence import opening, wait
from nachhaken.engine.state import Constants, Event, constants_of
from nachhaken.engine.step import update
from nachhaken.engine.tracks import Ints, Tracks, empty

_THREADS = 2
# Without reference counting: the arrays outlive the loop, and counting took a third of the time.
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "_nrt": False}


class _Input(NamedTuple):
    """`Columns` in the order of the loop, the labels in one row."""

    offsets: Any
    day: Any
    workday: Any
    kind: Any
    label: Any
    labels: Any
    window: Any
    away_day: Any
    away_workday: Any
    start: Any
    now_day: Any
    now_workday: Any


class _Output(NamedTuple):
    """The arrays of `Tracks`."""

    joint: Array
    day: Array
    workday: Array
    touch: Ints
    clock: Array
    busy_until: Array
    level: Ints
    drop: Array
    date: Array
    work: Ints
    said: Ints
    said_day: Array


def has_numba() -> bool:
    """Return whether the compiled filter can be used."""
    return find_spec("numba") is not None


def is_compiled() -> bool:
    """Return whether it has been compiled in this process."""
    return _loop.cache_info().currsize > 0


def follow_compiled(evidence: Columns, model: Model) -> Tracks:
    """Return where every opportunity of `evidence` stands at its `now`, as `follow.follow` does."""
    tracks = empty(model, len(evidence.now_day))
    data = _Input(*(np.ascontiguousarray(getattr(evidence, name)) for name in _Input._fields))
    data = data._replace(labels=data.labels.ravel())
    out = _Output(*(getattr(tracks, name) for name in _Output._fields))
    constants, loop = _arrays(model), _loop()
    edges = [len(tracks) * i // _THREADS for i in range(_THREADS + 1)]

    def run(rows: tuple[int, int]) -> None:
        loop(rows, constants, data, out)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(run, pairwise(edges)))
    return tracks


def _arrays(model: Model) -> Constants:
    constants = (np.array(c) if isinstance(c, list) else c for c in constants_of(model))
    return Constants._make(constants)


@lru_cache(maxsize=1)
def _loop() -> Callable[..., None]:
    """Return the compiled loop over some rows."""
    import numba  # noqa: PLC0415  (optional, and it takes half a second)
    from numba.extending import overload, register_jitable  # noqa: PLC0415

    inline: Any = {"forceinline": True, **_OPTIONS}
    own = {"share_below": share_below, "decay": decay, "logarithm": logarithm}
    for module in (silence, step):
        for name, function in vars(module).items():
            if not isfunction(function) or function.__module__ != module.__name__:
                continue
            if name in own:
                overload(function, jit_options=inline)(_instead(own[name]))
            else:
                register_jitable(**inline)(function)
    register_jitable(**inline)(_follow)
    version = _version()

    def loop(rows: tuple[int, int], k: Constants, c: _Input, out: _Output) -> None:
        if version:
            _follow(rows, k, c, out)

    compile_it: Any = partial(numba.njit, nogil=True, **_OPTIONS)
    compiled: Callable[..., None]
    try:
        compiled = compile_it(cache=True)(loop)
    except RuntimeError:  # nowhere to write: an installation that is read-only
        compiled = compile_it()(loop)
    return compiled


def _version() -> int:
    """Return a number of all source that is compiled.

    Numba looks for a changed source in the file of the outermost function alone; as a variable of
    that function this number is part of the key under which the machine code is kept.
    """
    modules = (columns, kernel, model_module, normal, silence, step, tables, sys.modules[__name__])
    return zlib.crc32("".join(map(getsource, modules)).encode()) or 1


def _instead(function: Callable[[float], float]) -> Callable[[float], Callable[[float], float]]:
    def chosen(x: float) -> Callable[[float], float]:  # noqa: ARG001  (the type, of which there is one)
        return function

    return chosen


def _follow(rows: tuple[int, int], k: Constants, c: _Input, out: _Output) -> None:
    for i in range(rows[0], rows[1]):
        first, last = c.offsets[i], c.offsets[i + 1]
        on, at = float(c.now_day[i]), float(c.now_workday[i])
        if first < last:
            on, at = float(c.day[first]), float(c.workday[first])
        s = opening(
            (
                float(c.start[i, 0]),
                float(c.start[i, 1]),
                float(c.start[i, 2]),
                float(c.start[i, 3]),
            ),
            on,
            at,
        )
        for e in range(first, last):
            window, away_day = float(c.window[e]), float(c.away_day[e])
            away_workday = float(c.away_workday[e])
            event = Event(int(c.kind[e]), c.labels, int(c.label[e]), window, away_day, away_workday)
            s = update(k, wait(k, s, float(c.day[e]), float(c.workday[e])), event)
        s = wait(k, s, float(c.now_day[i]), float(c.now_workday[i]))
        for n in range(9):
            out.joint[n, i] = s.joint[n]
        out.day[i], out.workday[i] = s.day, s.workday
        out.touch[i], out.clock[i], out.busy_until[i] = s.touch, s.clock, s.busy_until
        out.level[i], out.drop[i], out.date[i], out.work[i] = s.level, s.drop, s.date, s.work
        for n in range(4):
            out.said[n, i] = s.said[n]
            out.said_day[n, i] = s.said_day[n]


_STEPS, _MIDDLE = float(normal.STEPS), float(normal.REACH * normal.STEPS)
_LAST = normal.LAST
_CELLS = np.stack([normal.SHARES, normal.SLOPES, normal.BENDS, normal.BENDS], axis=1)
_LN_2 = math.log(2)
_PER_LN_2 = -1 / math.log(2)
_ROOT_2 = math.sqrt(2)
_MAGIC = 1.5 * 2.0**52  # added, it rounds to a whole number and leaves that in the last bits
_SMALLEST = -1020.0
_MANTISSA, _ONE = 2**52 - 1, 1023
_C1, _C2, _C3, _C4, _C5, _C6, _C7, _C8, _C9, _C10 = (
    math.log(2) ** n / math.factorial(n) for n in range(1, 11)
)


def share_below(x: float) -> float:
    """Return Phi(x) from the cells of `normal`."""
    place = min(max(x * _STEPS + _MIDDLE, 0.0), _LAST)
    cell = int(place)
    place -= cell
    found: float = _CELLS[cell, 0] + place * (_CELLS[cell, 1] + place * _CELLS[cell, 2])
    return found


def decay(x: float) -> float:
    """Return exp(-x) for x >= 0 as 2^n 2^r with |r| <= 1/2; never below 1e-307."""
    power = max(x * _PER_LN_2, _SMALLEST)
    rounded = power + _MAGIC
    r = power - (rounded - _MAGIC)
    scale = np.int64((np.float64(rounded).view(np.int64) + _ONE) << 52).view(np.float64)
    q = r * r
    high = (_C6 + _C7 * r) + q * ((_C8 + _C9 * r) + q * _C10)
    found: float = scale * (
        (1 + _C1 * r) + q * ((_C2 + _C3 * r) + q * ((_C4 + _C5 * r) + q * high))
    )
    return found


def logarithm(x: float) -> float:
    """Return ln x for x > 0 as n ln 2 + 2 artanh((m - 1) / (m + 1)), m in [sqrt 1/2, sqrt 2]."""
    bits = np.float64(x).view(np.int64)
    n = (bits >> 52) - _ONE
    m = np.int64((bits & _MANTISSA) | (_ONE << 52)).view(np.float64)
    if m > _ROOT_2:
        m, n = m * 0.5, n + 1
    t = (m - 1) / (m + 1)
    q = t * t
    tail = 1 / 9 + q * (1 / 11 + q * (1 / 13 + q / 15))
    found: float = n * _LN_2 + 2 * t * (1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * tail))))
    return found
