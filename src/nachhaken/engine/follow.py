"""From the evidence of many opportunities to where each stands now.

Three ways to the same numbers: a few events are followed one by one in plain floats (`silence`,
`step`), many as arrays (`batch`), very many by the same plain code compiled (`compiled`, extra
`fast`).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine import compiled as fast
from nachhaken.engine.batch import Said, advance, happen, hushed
from nachhaken.engine.columns import HEARD, Columns, Floats, check_columns
from nachhaken.engine.model import Array, Model
from nachhaken.engine.silence import opening, wait
from nachhaken.engine.state import Event, State, constants_of
from nachhaken.engine.step import update
from nachhaken.engine.texts import Labels, read_labels, texts_of
from nachhaken.engine.tracks import Tracks, Trail, begin, empty

Rows = NDArray[np.intp]

FEW = 500
"""Events; up to here they are followed one by one."""

MANY = 500_000
"""Events; from here on it is likely that more will come, and that compiling pays."""

_BLOCK = 16_384  # opportunities: what a step touches stays in the second cache


def follow(columns: Columns, model: Model, *, compiled: bool | None = None) -> Tracks:
    """Return where every opportunity of `columns` stands at its `now`.

    `compiled` chooses between the compiled and the array filter, None by size and by what is
    installed. ColumnsError where the columns contradict themselves.
    """
    check_columns(columns)
    events = len(columns.day)
    if compiled is None and events <= FEW:
        return tracks_of(_states(columns, model), model)
    if compiled is None:
        compiled = fast.has_numba() and (events >= MANY or fast.is_compiled())
    if compiled:
        return fast.follow_compiled(columns, model)
    return _in_blocks(columns, model, None)


def follow_with_trail(
    columns: Columns, model: Model, *, compiled: bool | None = None
) -> tuple[Tracks, Trail]:
    """Return where every opportunity stands, and what moved it there; `compiled` as in `follow`."""
    check_columns(columns)
    n, events = len(columns.now_day), len(columns.day)
    trail = Trail(*(np.zeros(size) for size in (n, events, events, events, n, n)))
    if compiled is None:
        compiled = fast.has_numba() and (events >= MANY or fast.is_compiled(told=True))
    if compiled:
        return fast.follow_compiled(columns, model, trail), trail
    return _in_blocks(columns, model, trail), trail


def tracks_of(states: Sequence[State], model: Model) -> Tracks:
    """Return single states as tracks."""
    tracks = empty(model, len(states))
    if states:
        for name, values in zip(State._fields, zip(*states, strict=True), strict=True):
            getattr(tracks, name)[...] = np.array(values).T
    return tracks


def silent_until(tracks: Tracks, days: Floats, workdays: Floats) -> tuple[Array, NDArray[np.uint8]]:
    """Return beliefs [N,D,4] and contexts [N,D] at D moments under continuing silence.

    `days`, `workdays`: [D] for all or [N,D], never before the moment of the track; any order.
    """
    shape = (len(tracks), np.shape(days)[-1])
    days, workdays = np.broadcast_to(days, shape), np.broadcast_to(workdays, shape)
    beliefs, contexts = np.empty((*shape, 4)), np.empty(shape, dtype=np.uint8)
    size = max(1, _BLOCK // max(shape[1], 1))
    for start in range(0, shape[0], size):
        rows = slice(start, start + size)
        ahead = tracks.take(np.repeat(np.arange(len(tracks))[rows], shape[1]))
        advance(ahead, days[rows].ravel(), workdays[rows].ravel())
        beliefs[rows] = ahead.belief.reshape(-1, shape[1], 4)
        contexts[rows] = ahead.context.reshape(-1, shape[1])
    return beliefs, contexts


def events_of(columns: Columns) -> list[tuple[float, float, Event]]:
    """Return every event with its day and working day, for `step.update`."""
    texts = texts_of(columns.labels.tolist())
    codes = zip(columns.kind.tolist(), columns.label.tolist(), strict=True)
    named = (columns.window, columns.away_day, columns.away_workday)
    times = zip(*(column.tolist() for column in named), strict=True)
    events = [
        Event(kind, texts, label, *at) for (kind, label), at in zip(codes, times, strict=True)
    ]
    return list(zip(columns.day.tolist(), columns.workday.tolist(), events, strict=True))


def _states(columns: Columns, model: Model) -> list[State]:
    constants, events, states = constants_of(model), events_of(columns), []
    now = zip(columns.now_day.tolist(), columns.now_workday.tolist(), strict=True)
    rows = zip(columns.start.tolist(), pairwise(columns.offsets.tolist()), now, strict=True)
    for start, (first, last), until in rows:
        state = opening(start, *(events[first][:2] if first < last else until))
        for day, workday, event in events[first:last]:
            state = update(constants, wait(constants, state, day, workday), event)
        states.append(wait(constants, state, *until))
    return states


def _in_blocks(columns: Columns, model: Model, trail: Trail | None) -> Tracks:
    counts = np.diff(columns.offsets)
    tracks = begin(model, columns.start, *_first(columns, counts))
    labels = read_labels(columns.labels)
    if trail is not None:
        trail.begun[:] = _decibans(tracks.belief.T)
    order = np.argsort(-counts, kind="stable")
    for start in range(0, len(order), _BLOCK):
        rows = order[start : start + _BLOCK]
        part = tracks.take(rows)
        _follow(_Block(columns, labels, rows, trail), part)
        tracks.put(rows, part)
    return tracks


def _first(columns: Columns, counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return day and working day of the first event of each opportunity; without one, of now."""
    day, workday = np.array(columns.now_day), np.array(columns.now_workday)
    some = np.flatnonzero(counts)
    first = columns.offsets[some]
    day[some], workday[some] = columns.day[first], columns.workday[first]
    return day, workday


class _Block(NamedTuple):
    """Some opportunities of the columns, longest first."""

    columns: Columns
    labels: Labels
    rows: Rows
    trail: Trail | None


def _follow(block: _Block, tracks: Tracks) -> None:
    """Step over the k-th event of those that have one."""
    columns, rows, trail = block.columns, block.rows, block.trail
    begins = columns.offsets[rows]
    counts = columns.offsets[rows + 1] - begins
    for k in range(int(counts[0])):
        active = int(np.searchsorted(-counts, -k))
        part, events = tracks.first(active), begins[:active] + k
        when = columns.day[events], columns.workday[events]
        if trail is None:
            advance(part, *when)
        else:
            trail.time[events], trail.hush[events] = _passed(part, *when)
        kind = columns.kind[events]
        said = _said(columns, block.labels, events[kind == HEARD])
        before = None if trail is None else _decibans(part.belief.T)
        happen(part, kind, said)
        if trail is not None and before is not None:
            trail.event[events] = _decibans(part.belief.T) - before
    now = columns.now_day[rows], columns.now_workday[rows]
    if trail is None:
        advance(tracks, *now)
    else:
        trail.since[rows], trail.hush_since[rows] = _passed(tracks, *now)


def _passed(tracks: Tracks, day: Floats, workday: Floats) -> tuple[Array, Array]:
    """Let time pass; return what it did to the log-odds, and what silence alone would have."""
    before = _decibans(tracks.belief.T)
    hush = _decibans(hushed(tracks, day, workday)) - before
    advance(tracks, day, workday)
    return _decibans(tracks.belief.T) - before, hush


def _decibans(shares: Array) -> Array:
    odds = (shares[0] + shares[1]) / (shares[2] + shares[3])
    return np.asarray(10 * np.log10(odds))


def _said(columns: Columns, labels: Labels, events: Rows) -> Said:
    return Said(
        labels.take(columns.label[events]),
        columns.window[events],
        columns.away_day[events],
        columns.away_workday[events],
    )
