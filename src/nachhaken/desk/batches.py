"""Long lists in pieces, so that transactions are short and statements not too long."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield `items` in their order, `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
