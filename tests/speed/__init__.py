"""What is measured: each module here registers functions with @measure; they return rows.

@measure
def first_page() -> Iterator[Row]:
    yield Row("Today, 1,000 opportunities", median(times), "ms", at_most=150)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured number; with neither bound it is reported and never fails."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def target(self) -> str:
        bounds = (("≤", self.at_most), ("≥", self.at_least))
        return " ".join(
            f"{sign} {bound:,g} {self.unit}" for sign, bound in bounds if bound is not None
        )

    @property
    def is_met(self) -> bool:
        too_much = self.at_most is not None and self.value > self.at_most
        too_little = self.at_least is not None and self.value < self.at_least
        return not (too_much or too_little)


Measure = Callable[[], Iterable[Row]]
measures: list[Measure] = []


def measure(function: Measure) -> Measure:
    """Register a function for `make bench`."""
    measures.append(function)
    return function
