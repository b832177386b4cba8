"""Usable rows in any order put in order: by opportunity, time, rank, place in the file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import HEARD
from nachhaken.scale.arrow import Arrow, pa, pc
from nachhaken.scale.clock import SECOND, Ints
from nachhaken.scale.events import OFFER

Numbers = NDArray[Any]


def sort(batches: Sequence[Arrow]) -> tuple[Arrow, dict[str, Numbers]]:
    """Return the opportunities in order, and the columns sorted by them (`code`) and by time."""
    columns = {
        name: np.concatenate([_numbers(batch.column(name)) for batch in batches])
        for name in batches[0].schema.names[1:]
    }
    ids, code = _named([batch.column(0) for batch in batches])
    order = _order(code, columns["at"], columns["kind"])
    code = code.take(order)
    new = np.diff(code, prepend=code[0] - 1) > 0
    if ids is None:
        ids = pa.array(code[new])
    return ids, {
        "code": np.cumsum(new) - 1,
        **{name: v.take(order, 0) for name, v in columns.items()},
    }


def _named(parts: Sequence[Arrow]) -> tuple[Arrow | None, Ints]:
    """Return the names in order and their places by row; whole numbers are their own place."""
    if pa.types.is_int64(parts[0].type):
        return None, np.concatenate([part.to_numpy() for part in parts])
    encoded = pa.chunked_array(parts).combine_chunks().dictionary_encode()
    ranking = pc.array_sort_indices(encoded.dictionary)
    place = np.empty(len(ranking), dtype=np.int64)
    place[ranking.to_numpy()] = np.arange(len(ranking))
    return encoded.dictionary.take(ranking), place[encoded.indices.to_numpy()]


def _numbers(array: Arrow) -> Numbers:
    if pa.types.is_fixed_size_list(array.type):
        return np.asarray(array.flatten().to_numpy()).reshape(len(array), -1)
    return np.asarray(array.to_numpy())


def _order(code: Ints, at: Ints, kind: Numbers) -> Ints:
    """Sort by opportunity, time, rank (touch, answer, feeling) and place in the file."""
    rank = (kind >= HEARD).astype(np.int64) + (kind > HEARD) - 2 * (kind == OFFER)
    ticks, first = _ticks(at - at.min()), int(code.min())
    most = int(ticks.max()) + 1
    if (int(code.max()) - first + 1) * most * 3 >= 2**63:
        return np.asarray(np.lexsort((rank, at, code)))
    key = ((code - first) * most + ticks) * 3 + rank
    return _settled(np.argsort(key), key)


def _ticks(at: Ints) -> Ints:
    """Return microseconds in the largest unit in which they are whole."""
    for unit in (SECOND, SECOND // 1000):
        ticks = at // unit
        if (ticks * unit == at).all():
            return ticks
    return at


def _settled(order: Ints, key: Ints) -> Ints:
    """Put equal keys into the order of the file: the fast sort is not stable."""
    ranked = key[order]
    same = ranked[1:] == ranked[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
        order[tied] = order[tied][np.lexsort((order[tied], ranked[tied]))]
    return order
