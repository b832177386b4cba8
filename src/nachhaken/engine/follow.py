"""From the evidence of many opportunities to where each stands now."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.batch import acted, advance, felt, heard
from nachhaken.engine.columns import FELT_DEAD, HEARD, Columns, Floats
from nachhaken.engine.model import Array, Model
from nachhaken.engine.tracks import Tracks, begin

_BLOCK = 16_384
Rows = NDArray[np.intp]


def follow(columns: Columns, model: Model) -> Tracks:
    """Return where every opportunity of `columns` stands at its `now`."""
    counts = np.diff(columns.offsets)
    first = np.minimum(columns.offsets[:-1], max(len(columns.day) - 1, 0))
    empty = counts == 0
    day = np.where(empty, columns.now_day, columns.day[first] if len(columns.day) else 0.0)
    workday = np.where(
        empty, columns.now_workday, columns.workday[first] if len(columns.day) else 0.0
    )
    tracks = begin(model, columns.start, day, workday)
    order = np.argsort(-counts, kind="stable")
    for rows in _blocks(order):
        part = tracks.part(rows)
        _follow(columns, part, rows, counts[rows])
        tracks.put(rows, part)
    return tracks


def _blocks(order: Rows) -> Iterator[Rows]:
    for start in range(0, len(order), _BLOCK):
        yield order[start : start + _BLOCK]


def _follow(columns: Columns, tracks: Tracks, rows: Rows, counts: NDArray[np.int64]) -> None:
    """Follow a block, longest first: step over the k-th event of those that have one."""
    begins = columns.offsets[rows]
    for k in range(int(counts[0]) if len(counts) else 0):
        active = int(np.searchsorted(-counts, -k))
        part, events = tracks.part(slice(active)), begins[:active] + k
        advance(part, columns.day[events], columns.workday[events])
        _take(columns, part, events)
    advance(tracks, columns.now_day[rows], columns.now_workday[rows])


def _take(columns: Columns, tracks: Tracks, events: Rows) -> None:
    kind = columns.kind[events]
    touched = np.flatnonzero(kind < HEARD)
    if touched.size:
        acted(tracks, touched, kind[touched])
    answered = np.flatnonzero(kind == HEARD)
    if answered.size:
        those = events[answered]
        heard(
            tracks,
            answered,
            columns.labels[columns.label[those]],
            window=columns.window[those],
            away_day=columns.away_day[those],
            away_workday=columns.away_workday[those],
        )
    moved = np.flatnonzero(kind > HEARD)
    if moved.size:
        felt(tracks, moved, kind[moved] == FELT_DEAD)


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
        ahead = tracks.part(np.repeat(np.arange(len(tracks))[rows], shape[1]))
        advance(ahead, days[rows].ravel(), workdays[rows].ravel())
        beliefs[rows] = ahead.belief.reshape(-1, shape[1], 4)
        contexts[rows] = ahead.context.reshape(-1, shape[1])
    return beliefs, contexts
