"""Who takes over which customer? All misfits and all free places at once, never one by one."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nachhaken.learning.outcomes import LearningError

Array = NDArray[np.float64]
_NEVER = -1e9  # dearer than any gain, so that staying is always better


def assign(
    gains: Sequence[Sequence[float]], room: Sequence[int], sizes: Sequence[int] | None = None
) -> tuple[int | None, ...]:
    """Return for each customer the seller who takes over, or None: it stays with its owner.

    gains [customers, sellers]: what changes if that seller takes that customer, above 0 for the
    better, nan where he cannot; staying gains 0. room [sellers]: how many matters each still has
    room for, >= 0; sizes [customers]: how many each customer brings, 1 where nothing is said.

    The sum of gains is the greatest possible where every size is 1: each place is a column of a
    linear sum assignment (Kuhn 1955; solved as by Crouse 2016, doi:10.1109/TAES.2016.140952), as
    is staying, once for each customer. Where sizes differ, a seller who got more matters than he
    has room for loses a place and all is solved again: he is never overfull, and the sum may then
    fall short of the greatest. Equal input gives equal output. LearningError where shapes differ.
    """
    sizes = [1] * len(gains) if sizes is None else sizes
    if len(sizes) != len(gains) or any(len(row) != len(room) for row in gains):
        raise LearningError(f"{len(gains)} customers, {len(sizes)} sizes, {len(room)} sellers")
    if min((*room, 0)) < 0 or min((*sizes, 1)) < 1:
        raise LearningError("room must not be negative, and a customer brings a matter at least")
    worth = _worth(gains, room, sizes)
    places = [min(count, len(gains)) for count in room]
    while True:
        taken = _solved(worth, places)
        if not (full := _overfull(taken, room, sizes)):
            return taken
        load = Counter(seller for seller in taken if seller is not None)
        for seller in full:
            places[seller] = load[seller] - 1


def _worth(gains: Sequence[Sequence[float]], room: Sequence[int], sizes: Sequence[int]) -> Array:
    worth = np.array(gains, dtype=np.float64).reshape(len(gains), len(room))
    too_big = np.array(sizes)[:, None] > np.array(room, dtype=int)[None, :]
    return np.where(np.isnan(worth) | too_big | (worth <= 0), _NEVER, worth)


def _solved(worth: Array, places: Sequence[int]) -> tuple[int | None, ...]:
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 a page need not wait for SciPy

    customers = len(worth)
    owner_of = [seller for seller, count in enumerate(places) for _ in range(count)]
    table = np.hstack([worth[:, owner_of], np.zeros((customers, customers))])
    _rows, columns = linear_sum_assignment(table, maximize=True)
    return tuple(owner_of[column] if column < len(owner_of) else None for column in columns)


def _overfull(taken: Sequence[int | None], room: Sequence[int], sizes: Sequence[int]) -> list[int]:
    load: Counter[int] = Counter()
    for seller, size in zip(taken, sizes, strict=True):
        if seller is not None:
            load[seller] += size
    return sorted(seller for seller, matters in load.items() if matters > room[seller])
