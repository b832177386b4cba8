"""Pages of rows: which one, and how many there are."""

from dataclasses import dataclass

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A page within bounds: `number` counts from 1; rows are `[start:end]`."""

    number: int
    pages: int

    @classmethod
    def of(cls, total: int, number: int) -> "Page":
        """Return page `number` of `total` rows, the nearest one where it does not exist."""
        pages = max(1, -(-total // PER_PAGE))
        return cls(min(max(number, 1), pages), pages)

    @property
    def start(self) -> int:
        """The index of the first row."""
        return (self.number - 1) * PER_PAGE

    @property
    def end(self) -> int:
        """The index after the last row."""
        return self.number * PER_PAGE
