"""From the evidence of many opportunities to where each stands now."""

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.batch import Labels, Said, advance, happen, read_labels
from nachhaken.engine.columns import HEARD, Columns, Floats
from nachhaken.engine.model import Array, Model
from nachhaken.engine.tracks import Tracks, begin

_BLOCK = 16_384
Rows = NDArray[np.intp]


def follow(columns: Columns, model: Model) -> Tracks:
    """Return where every opportunity of `columns` stands at its `now`."""
    counts = np.diff(columns.offsets)
    tracks = begin(model, columns.start, *_first(columns, counts))
    labels = read_labels(columns.labels)
    order = np.argsort(-counts, kind="stable")
    for start in range(0, len(order), _BLOCK):
        rows = order[start : start + _BLOCK]
        part = tracks.take(rows)
        _follow(columns, labels, part, rows)
        tracks.put(rows, part)
    return tracks


def _first(columns: Columns, counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return day and working day of the first event of each opportunity; without one, of now."""
    day, workday = np.array(columns.now_day), np.array(columns.now_workday)
    some = np.flatnonzero(counts)
    first = columns.offsets[some]
    day[some], workday[some] = columns.day[first], columns.workday[first]
    return day, workday


def _follow(columns: Columns, labels: Labels, tracks: Tracks, rows: Rows) -> None:
    """Follow a block, longest first: step over the k-th event of those that have one."""
    begins = columns.offsets[rows]
    counts = columns.offsets[rows + 1] - begins
    for k in range(int(counts[0])):
        active = int(np.searchsorted(-counts, -k))
        part, events = tracks.first(active), begins[:active] + k
        advance(part, columns.day[events], columns.workday[events])
        kind = columns.kind[events]
        happen(part, kind, _said(columns, labels, events[kind == HEARD]))
    advance(tracks, columns.now_day[rows], columns.now_workday[rows])


def _said(columns: Columns, labels: Labels, events: Rows) -> Said:
    return Said(
        labels.take(columns.label[events]),
        columns.window[events],
        columns.away_day[events],
        columns.away_workday[events],
    )


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
