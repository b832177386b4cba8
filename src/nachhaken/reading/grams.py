"""A table of words and of words that stand together, looked up by numbers instead of names.

The number of a word is its hash, that of a gram a polynomial of its words, modulo 2^64: so those
of all grams of a text are a few additions of rows, and no string is put together. (That any two of
80,000 names share a number has a chance of 2 in ten billion.)
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]

# Odd and without a pattern: multiplying by it loses nothing modulo 2^64.
_STEP = np.int64(0x1E3779B97F4A7C15)


def numbers_of(words: Iterable[str]) -> Numbers:
    """The number of each word; another one in each run of the program."""
    return np.fromiter(map(hash, words), np.int64)


def numbers_of_grams(words: Numbers) -> Numbers:
    """The numbers of the grams of these words, in the order of `features.grams`, some twice."""
    pairs = words[:-1] * _STEP + words[1:]
    threes = pairs[:-1] * _STEP + words[2:]
    gaps = (words[:-2] * _STEP + _GAP) * _STEP + words[2:]
    every = np.empty(len(words) + len(pairs) + 2 * len(threes), np.int64)
    every[: len(words)] = words
    every[len(words) : len(words) + len(pairs)] = pairs
    every[len(words) + len(pairs) :: 2] = threes
    every[len(words) + len(pairs) + 1 :: 2] = gaps
    return every


class Grams(Mapping[str, int]):
    """The names of a table's rows: words, pairs, triples, and "nicht _ gut" with a gap."""

    def __init__(self, joined: NDArray[np.uint8]) -> None:
        """`joined` are the names in lines."""
        numbers = _numbers_of_names(joined)
        order = np.argsort(numbers, kind="stable")
        self._joined = joined
        self._rows = order.astype(np.intp)
        # Nothing is greater than the last: what is looked up always finds a neighbour.
        self._numbers = np.append(numbers[order], np.iinfo(np.int64).max)

    def rows(self, numbers: Numbers) -> Places:
        """The rows of those numbers that are in the table, in order."""
        at = self._numbers.searchsorted(numbers)
        found: Places = self._rows.take(at[self._numbers.take(at) == numbers])
        return found

    def __getitem__(self, name: str) -> int:
        found = self.rows(_numbers_of_names(np.frombuffer(name.encode(), np.uint8)))
        if not len(found):
            raise KeyError(name)
        return int(found[0])

    def __iter__(self) -> Iterator[str]:
        return iter(self._joined.tobytes().decode().split("\n"))

    def __len__(self) -> int:
        return len(self._rows)


_GAP = np.int64(hash("_"))
_BLANK, _LINE = b" \n"


def _numbers_of_names(joined: NDArray[np.uint8]) -> Numbers:
    words = numbers_of(joined.tobytes().decode().replace("\n", " ").split(" "))
    breaks = joined[(joined == _BLANK) | (joined == _LINE)]
    starts = np.append(0, np.flatnonzero(breaks == _LINE) + 1)
    lengths = np.diff(np.append(starts, len(words)))
    total: Numbers = words[starts]
    for step in range(1, int(lengths.max())):
        longer = np.flatnonzero(lengths > step)
        total[longer] = total[longer] * _STEP + words[starts[longer] + step]
    return total
