"""Sums that can be taken apart again: whole numbers by name, so that new less old is exact.

A name is its parts with full stops between: `clear.yes.12` counts the orders that came on day 12.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Number(NamedTuple):
    """One number of a group: the rest of its name, and how much."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers by name; one that is not there is 0, and none is 0."""

    numbers: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> "Tally":
        """Return the tally of `numbers`, without those that are 0."""
        return cls({name: amount for name, amount in numbers.items() if amount})

    def __add__(self, other: "Tally") -> "Tally":
        return total([self.numbers, other.numbers])

    def __sub__(self, other: "Tally") -> "Tally":
        return total([self.numbers, {name: -n for name, n in other.numbers.items()}])

    def __getitem__(self, name: str) -> int:
        return self.numbers.get(name, 0)

    def group(self, first: str) -> Iterator[Number]:
        """Give the numbers whose names begin with `first` and a full stop, in order of name."""
        start = f"{first}."
        for name in sorted(name for name in self.numbers if name.startswith(start)):
            yield Number(name[len(start) :], self.numbers[name])


def total(tallies: Iterable[Mapping[str, int]]) -> Tally:
    """Return the sum of the numbers of many."""
    sums: dict[str, int] = {}
    for numbers in tallies:
        for name, amount in numbers.items():
            sums[name] = sums.get(name, 0) + amount
    return Tally.of(sums)


def to_record(tally: Tally) -> dict[str, int]:
    """Return a tally as JSON, in order of name: equal tallies are equal records."""
    return dict(sorted(tally.numbers.items()))


def from_record(record: Mapping[str, int]) -> Tally:
    """Return the tally of `to_record`."""
    return Tally(dict(record))
