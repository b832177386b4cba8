"""The numbers of mails as a set in the words of IMAP ("1:40,42"): small, however many they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self


class NoUidSet(ValueError):  # noqa: N818
    """The text is no set of numbers."""


@dataclass(frozen=True, slots=True)
class UidSet:
    """Whole numbers above 0 as ranges (start, end, both within) in order, with gaps between them.

    Make one with `of` or `read`; the operators are those of `frozenset`. Union, difference and
    intersection take time with the number of ranges, not of numbers.
    """

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, uids: Iterable[int]) -> Self:
        """Return the set of these numbers, in whatever order and however often they come."""
        return cls(_joined((uid, uid) for uid in sorted(uids)))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what `str` wrote; raises NoUidSet."""
        return cls(_joined(sorted(_range(part) for part in text.split(",") if part)))

    def __str__(self) -> str:
        return ",".join(f"{a}" if a == b else f"{a}:{b}" for a, b in self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __len__(self) -> int:
        return sum(end - start + 1 for start, end in self.ranges)

    def __iter__(self) -> Iterator[int]:
        for start, end in self.ranges:
            yield from range(start, end + 1)

    def __contains__(self, uid: int) -> bool:
        low, high = 0, len(self.ranges)
        while low < high:
            middle = (low + high) // 2
            if self.ranges[middle][1] < uid:
                low = middle + 1
            else:
                high = middle
        return low < len(self.ranges) and self.ranges[low][0] <= uid

    def __or__(self, other: "UidSet") -> "UidSet":
        return UidSet(_joined(sorted((*self.ranges, *other.ranges))))

    def __sub__(self, other: "UidSet") -> "UidSet":
        return UidSet(tuple(_left(self.ranges, other.ranges)))

    def __and__(self, other: "UidSet") -> "UidSet":
        return self - (self - other)

    @property
    def last(self) -> int:
        """The highest number, 0 where there is none."""
        return self.ranges[-1][1] if self.ranges else 0


def _range(part: str) -> tuple[int, int]:
    start, colon, end = part.partition(":")
    words = (start, end) if colon else (start, start)
    if not all(word.isascii() and word.isdecimal() for word in words):
        raise NoUidSet(part[:40])
    low, high = sorted(map(int, words))
    if low < 1:
        raise NoUidSet(part[:40])
    return low, high


def _joined(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join what overlaps or touches; `ranges` come in order."""
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _left(
    ranges: tuple[tuple[int, int], ...], away: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, int]]:
    """Yield what is left of `ranges` without `away`, both walked through once."""
    index = 0
    for start, end in ranges:
        while index < len(away) and away[index][1] < start:
            index += 1
        at, begin = index, start
        while at < len(away) and away[at][0] <= end:
            if begin < away[at][0]:
                yield begin, away[at][0] - 1
            begin = max(begin, away[at][1] + 1)
            at += 1
        if begin <= end:
            yield begin, end
