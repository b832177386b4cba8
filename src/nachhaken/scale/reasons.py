"""What moved the belief most: the largest of each opportunity's decibans, as words."""

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import HEARD, Columns
from nachhaken.engine.model import SYMBOLS, TOUCHES
from nachhaken.engine.tracks import Trail
from nachhaken.engine.values import Symbol
from nachhaken.scale.clock import Ints

Decibans = NDArray[np.float32]
Codes = NDArray[np.int8]

MOST = 3
_TIME = len(TOUCHES) + len(SYMBOLS) + 2
WORDS = (*TOUCHES, *SYMBOLS, "felt_dead", "felt_alive", "time")
OPT_OUT = WORDS.index(Symbol.OPT_OUT)
_LEAST = 0.05  # decibans: less is rounded to nothing


def reasons_of(offsets: Ints, words: Ints, trail: Trail) -> tuple[Codes, Decibans]:
    """Return the largest lines of each opportunity as words [N,3] and decibans [N,3].

    `words` [E] from `words_of`; -1 and 0 where there are fewer lines.
    """
    decibans, words = _in_turn(offsets, trail, words)
    starts = 2 * offsets[:-1] + np.arange(len(offsets) - 1)
    sizes = np.abs(decibans)
    found = np.full((len(starts), MOST), -1, dtype=np.int8)
    by = np.zeros((len(starts), MOST), dtype=np.float32)
    for n in range(MOST):
        top = _first_largest(sizes, starts)
        some = sizes[top] >= _LEAST
        found[some, n], by[some, n] = words[top[some]], decibans[top[some]]
        sizes[top] = -1
    return found, by


def words_of(columns: Columns) -> Ints:
    """Return what each event is [E], as a place in WORDS; an answer is its most probable label."""
    kind = columns.kind.astype(np.int64)
    words = np.where(kind < HEARD, kind, kind - HEARD - 1 + len(TOUCHES) + len(SYMBOLS))
    heard = np.flatnonzero(kind == HEARD)
    words[heard] = len(TOUCHES) + columns.labels.argmax(axis=1)[columns.label[heard]]
    return words


def _in_turn(offsets: Ints, trail: Trail, words: Ints) -> tuple[Decibans, Ints]:
    """Return all lines of each opportunity in the order of time: silence, event, ..., silence."""
    count = len(offsets) - 1
    of = np.repeat(np.arange(count), np.diff(offsets))
    at = 2 * np.arange(len(words)) + of
    lines = np.empty(2 * len(words) + count, dtype=np.float32)
    said = np.full(len(lines), _TIME, dtype=np.int64)
    lines[at], lines[at + 1] = trail.time, trail.event
    lines[2 * offsets[1:] + np.arange(count)] = trail.since
    said[at + 1] = words
    return lines, said


def _first_largest(sizes: Decibans, starts: Ints) -> Ints:
    """Return where the largest value of each run lies, the first of equals."""
    largest = np.maximum.reduceat(sizes, starts)
    runs = np.diff(starts, append=len(sizes))
    there = np.flatnonzero(sizes == np.repeat(largest, runs))
    return there[np.searchsorted(there, starts)]
