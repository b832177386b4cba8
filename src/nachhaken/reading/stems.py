"""Which of many short strings stand inside a word, without trying each."""

from collections.abc import Iterable

_HEAD = 3


class Stems:
    """Strings of three characters and more that may stand anywhere in a word."""

    __slots__ = ("_by_head",)

    def __init__(self, stems: Iterable[str]) -> None:
        self._by_head: dict[str, list[str]] = {}
        for stem in sorted(set(stems)):
            self._by_head.setdefault(stem[:_HEAD], []).append(stem)

    def inside(self, word: str) -> frozenset[str]:
        """The stems that stand in a word."""
        by_head = self._by_head
        found: list[str] = []
        for start in range(len(word) - _HEAD + 1):
            near = by_head.get(word[start : start + _HEAD])
            if near:
                found += [stem for stem in near if word.startswith(stem, start)]
        return frozenset(found)
