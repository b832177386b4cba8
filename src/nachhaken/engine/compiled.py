"""The filter compiled: the plain functions in one loop over the opportunities, on two threads.

numba is optional (extra `fast`) and imported when it is first needed; the first call compiles for
some seconds and keeps the machine code beside the package or in the user's cache, if it can. The
functions of `silence` and `step` are translated as they stand, but for five: exp and ln are read
from tables of 256 cells and a short series (errors below 1e-12 and 4e-12), Phi from the cells of
`normal` as in `batch`, and the rows of tables from arrays.
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

from nachhaken.engine import columns, kernel, normal, silence, state, step, tables
from nachhaken.engine import model as model_module
from nachhaken.engine.columns import Columns
from nachhaken.engine.model import Array, Model
from nachhaken.engine.silence import belief, decibans, hushed, opening, wait
from nachhaken.engine.state import Constants, Event, Four, State, Twelve, constants_of
from nachhaken.engine.step import update
from nachhaken.engine.texts import Texts, texts_from
from nachhaken.engine.tracks import Ints, Tracks, Trail, empty

_THREADS = 2
# Without reference counting: the arrays outlive the loop, and counting took a third of the time.
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "_nrt": False}


class _Input(NamedTuple):
    """`Columns` in the order of the loop, the labels read."""

    texts: Texts
    offsets: Any
    day: Any
    workday: Any
    kind: Any
    label: Any
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


class _Told(NamedTuple):
    """Where everything is written when the trail is asked for."""

    tracks: _Output
    trail: Trail


def has_numba() -> bool:
    """Return whether the compiled filter can be used."""
    return find_spec("numba") is not None


def is_compiled(*, told: bool = False) -> bool:
    """Return whether it has been compiled in this process, with the trail if `told`."""
    return (_telling_loop if told else _loop).cache_info().currsize > 0


def follow_compiled(evidence: Columns, model: Model, trail: Trail | None = None) -> Tracks:
    """Return where every opportunity of `evidence` stands at its `now`, as `follow.follow` does.

    What moved them there is written into `trail`, if there is one.
    """
    tracks = empty(model, len(evidence.now_day))
    columns = (np.ascontiguousarray(getattr(evidence, name)) for name in _Input._fields[1:])
    data = _Input(texts_from(evidence.labels), *columns)
    out = _Output(*(getattr(tracks, name) for name in _Output._fields))
    constants, loop = _arrays(model), _loop() if trail is None else _telling_loop()
    into = out if trail is None else _Told(out, trail)
    edges = [len(tracks) * i // _THREADS for i in range(_THREADS + 1)]

    def run(rows: tuple[int, int]) -> None:
        loop(rows, constants, data, into)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(run, pairwise(edges)))
    return tracks


def _arrays(model: Model) -> Constants:
    constants = (np.array(c) if isinstance(c, list) else c for c in constants_of(model))
    return Constants._make(constants)


@lru_cache(maxsize=1)
def _loop() -> Callable[..., None]:
    """Return the compiled loop over some rows."""
    _register()
    version = _version()

    def loop(rows: tuple[int, int], k: Constants, c: _Input, out: _Output) -> None:
        if version:
            _follow(rows, k, c, out)

    return _kept(loop)


@lru_cache(maxsize=1)
def _telling_loop() -> Callable[..., None]:
    """Return the compiled loop that writes the trail, too."""
    _register()
    version = _version()

    def loop(rows: tuple[int, int], k: Constants, c: _Input, out: _Told) -> None:
        if version:
            _tell(rows, k, c, out)

    return _kept(loop)


def _kept(loop: Callable[..., None]) -> Callable[..., None]:
    """Return the loop compiled, from where it was kept or to be kept if that can be."""
    import numba  # noqa: PLC0415  (optional, and it takes half a second)

    compile_it: Any = partial(numba.njit, nogil=True, **_OPTIONS)
    compiled: Callable[..., None]
    try:
        compiled = compile_it(cache=True)(loop)
    except RuntimeError:  # nowhere to write: an installation that is read-only
        compiled = compile_it()(loop)
    return compiled


@lru_cache(maxsize=1)
def _register() -> None:
    """Let numba translate the functions of `silence`, `step` and this module."""
    from numba.extending import overload, register_jitable  # noqa: PLC0415

    inline: Any = {"forceinline": True, **_OPTIONS}
    own = {f.__name__: f for f in (share_below, decay, logarithm, four, twelve)}
    for module in (silence, step):
        for name, function in vars(module).items():
            if not isfunction(function) or function.__module__ != module.__name__:
                continue
            if name in own:
                overload(function, jit_options=inline, strict=False)(_instead(own[name]))
            else:
                register_jitable(**inline)(function)
    for function in (_begun, _event, _put, _follow, _tell):
        register_jitable(**inline)(function)


def _version() -> int:
    """Return a number of all source that is compiled.

    Numba looks for a changed source in the file of the outermost function alone; as a variable of
    that function this number is part of the key under which the machine code is kept.
    """
    modules = (columns, kernel, model_module, normal, silence, state, step, tables)
    return zlib.crc32("".join(map(getsource, (*modules, sys.modules[__name__]))).encode()) or 1


def _instead(function: Callable[..., Any]) -> Callable[..., Any]:
    def chosen(*types: Any) -> Callable[..., Any]:  # noqa: ARG001  (there is one for all types)
        return function

    return chosen


def _follow(rows: tuple[int, int], k: Constants, c: _Input, out: _Output) -> None:
    for i in range(rows[0], rows[1]):
        s = _begun(c, i)
        for e in range(c.offsets[i], c.offsets[i + 1]):
            s = update(k, wait(k, s, float(c.day[e]), float(c.workday[e])), _event(c, e))
        _put(out, i, wait(k, s, float(c.now_day[i]), float(c.now_workday[i])))


def _tell(rows: tuple[int, int], k: Constants, c: _Input, out: _Told) -> None:
    trail = out.trail
    for i in range(rows[0], rows[1]):
        s = _begun(c, i)
        odds = trail.begun[i] = decibans(belief(k, s))
        for e in range(c.offsets[i], c.offsets[i + 1]):
            day, workday = float(c.day[e]), float(c.workday[e])
            trail.hush[e] = decibans(hushed(k, s, day, workday)) - odds
            s = wait(k, s, day, workday)
            waited = decibans(belief(k, s))
            s = update(k, s, _event(c, e))
            trail.time[e] = waited - odds
            odds = decibans(belief(k, s))
            trail.event[e] = odds - waited
        day, workday = float(c.now_day[i]), float(c.now_workday[i])
        trail.hush_since[i] = decibans(hushed(k, s, day, workday)) - odds
        s = wait(k, s, day, workday)
        trail.since[i] = decibans(belief(k, s)) - odds
        _put(out.tracks, i, s)


def _begun(c: _Input, i: int) -> State:
    first = c.offsets[i]
    some = first < c.offsets[i + 1]
    day = float(c.day[first]) if some else float(c.now_day[i])
    workday = float(c.workday[first]) if some else float(c.now_workday[i])
    a, b, p, d = c.start[i, 0], c.start[i, 1], c.start[i, 2], c.start[i, 3]
    return opening((float(a), float(b), float(p), float(d)), day, workday)


def _event(c: _Input, e: int) -> Event:
    named = float(c.window[e]), float(c.away_day[e]), float(c.away_workday[e])
    return Event(int(c.kind[e]), c.texts, int(c.label[e]), named[0], named[1], named[2])


def _put(out: _Output, i: int, s: State) -> None:
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
_MAGIC = 1.5 * 2.0**52  # added, it rounds to a whole number and leaves that in the last bits
_FINE, _BITS = 256, 8
_PER_STEP = -_FINE / math.log(2)
_STEP = math.log(2) / _FINE
_SMALLEST = -1020.0 * _FINE
_POWERS = 2.0 ** (np.arange(_FINE) / _FINE)
_MIDDLES = 1 + (np.arange(_FINE) + 0.5) / _FINE
_LOGS = np.stack([1 / _MIDDLES, np.log(_MIDDLES)], axis=1)
_LN_2 = math.log(2)
_THIRD, _SIXTH = 1 / 3, 1 / 6
_MANTISSA, _ONE = 2**52 - 1, 1023


def share_below(x: float) -> float:
    """Return Phi(x) from the cells of `normal`."""
    place = min(max(x * _STEPS + _MIDDLE, 0.0), _LAST)
    cell = int(place)
    place -= cell
    found: float = _CELLS[cell, 0] + place * (_CELLS[cell, 1] + place * _CELLS[cell, 2])
    return found


def decay(x: float) -> float:
    """Return exp(-x) for x >= 0 as 2^n times a power from the table and a series; never 0."""
    rounded = max(x * _PER_STEP, _SMALLEST) + _MAGIC
    r = -x - (rounded - _MAGIC) * _STEP
    n = np.float64(rounded).view(np.int64)
    scale = np.int64(((n >> _BITS) + _ONE) << 52).view(np.float64)
    found: float = scale * _POWERS[n & (_FINE - 1)] * (1 + r * (1 + r * (0.5 + r * _SIXTH)))
    return found


def logarithm(x: float) -> float:
    """Return ln x for x > 0: of the exponent, of the middle of a cell, and a series around it."""
    bits = np.float64(x).view(np.int64)
    cell = (bits >> (52 - _BITS)) & (_FINE - 1)
    m = np.int64((bits & _MANTISSA) | (_ONE << 52)).view(np.float64)
    r = m * _LOGS[cell, 0] - 1
    found: float = ((bits >> 52) - _ONE) * _LN_2 + _LOGS[cell, 1] + r * (1 - r * (0.5 - r * _THIRD))
    return found


def four(table: Any, i: int) -> Four:
    """Return a row of a table; an index without sign needs no check for counting from the end."""
    row = table[np.uint64(i)]
    return row[0], row[1], row[2], row[3]


def twelve(table: Any, i: int) -> Twelve:
    """Return a row of a table."""
    r = table[np.uint64(i)]
    return r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11]
