"""What has been found out about a word is kept, so that each word is looked at once."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST_KEPT = 60_000


class Memory(dict[str, T], Generic[T]):
    """What a function says of each word, asked for as `memory[word]`.

    A plain lookup, in half the time of `functools.lru_cache`. What strangers write must not fill
    the memory: of words beyond the first `most` nothing is kept.
    """

    def __init__(self, of: Callable[[str], T], *, most: int = _MOST_KEPT) -> None:
        super().__init__()
        self._of = of
        self._most = most

    def __missing__(self, word: str) -> T:
        found = self._of(word)
        if len(self) < self._most:
            self[word] = found
        return found
