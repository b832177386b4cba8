"""What texts say: rows of labels read once, for many as arrays, for a few as lists."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import Floats
from nachhaken.engine.model import Array
from nachhaken.engine.tables import AUTO, ELSE

Ints = NDArray[np.integer[Any]]


class Labels(NamedTuple):
    """What n texts say: chances [n,10] without automatic replies, rest [n] about something else.

    main [n]: the likeliest symbol (10 for none); hint [n]: rather about something else; machine
    [n]: rather automatic.
    """

    chances: Array
    rest: Array
    main: Ints
    hint: NDArray[np.bool_]
    machine: NDArray[np.bool_]

    def take(self, rows: Ints) -> "Labels":
        """Return the texts `rows`."""
        return Labels(
            chances=self.chances.take(rows, axis=0),
            rest=self.rest.take(rows),
            main=self.main.take(rows),
            hint=self.hint.take(rows),
            machine=self.machine.take(rows),
        )


class Texts(NamedTuple):
    """What L texts say, as `Labels`; the symbols of text i stand at first[i]:first[i+1]."""

    rest: Sequence[float]
    main: Sequence[int]
    hint: Sequence[bool]
    machine: Sequence[bool]
    first: Sequence[int]
    symbol: Sequence[int]
    chance: Sequence[float]


def read_labels(labels: Floats) -> Labels:
    """Return what `labels` [n,10] say: see `Labels`."""
    chances = np.array(labels, dtype=np.float64)
    chances[:, AUTO] = 0.0
    rest = np.maximum(1 - chances.sum(axis=1), 0.0)
    best = chances.max(axis=1)
    main = np.where(best > 0, chances.argmax(axis=1), ELSE)
    hint = rest >= best
    return Labels(chances, rest, main, hint, hint & (labels[:, AUTO] > rest / 2))


def texts_from(labels: Floats) -> Texts:
    """Return what `labels` [L,10] say as arrays; `texts_of` finds the same for a few."""
    read = read_labels(labels)
    text, symbol = np.nonzero(read.chances)
    first = np.searchsorted(text, np.arange(len(labels) + 1))
    chances = read.chances[text, symbol]
    arrays: Any = (read.rest, read.main, read.hint, read.machine, first, symbol, chances)
    return Texts._make(arrays)


def texts_of(labels: Iterable[Sequence[float]]) -> Texts:
    """Return what rows of labels [10] say; `texts_from` finds the same for many."""
    rests: list[float] = []
    mains: list[int] = []
    hints: list[bool] = []
    machines: list[bool] = []
    first: list[int] = [0]
    symbols: list[int] = []
    chances: list[float] = []
    for row in labels:
        main, best, known = ELSE, 0.0, 0.0
        for o, chance in enumerate(row):
            if chance > 0 and o != AUTO:
                symbols.append(o)
                chances.append(chance)
                known += chance
                if chance > best:
                    main, best = o, chance
        rest = max(1 - known, 0.0)
        rests.append(rest)
        mains.append(main)
        hints.append(rest >= best)
        machines.append(rest >= best and row[AUTO] > rest / 2)
        first.append(len(symbols))
    return Texts(rests, mains, hints, machines, first, symbols, chances)
