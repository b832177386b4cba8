"""The words of tables/conditions.toml: stems, lists and weights, read when first needed."""

import re
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any


@cache
def listed(name: str) -> frozenset[str]:
    """The whole words of a list."""
    words: str = _table()["lists"][name]
    return frozenset(words.split())


@cache
def weights(name: str) -> dict[str, float]:
    """What each word of a group counts."""
    groups: dict[str, str] = _table()["weights"][name]
    return {word: float(weight) for weight, words in groups.items() for word in words.split()}


@cache
def stems(name: str) -> re.Pattern[str]:
    """The stems of a list as one pattern; "any" has those of all lists."""
    lists: dict[str, str] = _table()["stems"]
    words = " ".join(lists.values()) if name == "any" else lists[name]
    return re.compile(_branches(sorted(set(words.split()))))


def _branches(stems: list[str]) -> str:
    """A pattern in which what begins alike is tried once."""
    if "" in stems:
        # A shorter stem holds wherever a longer one does.
        return ""
    grouped = groupby(stems, key=lambda stem: stem[0])
    return "(?:" + "|".join(_branch(head, list(group)) for head, group in grouped) + ")"


def _branch(head: str, stems: list[str]) -> str:
    bound = head if head in "^$" else re.escape(head)
    return bound + _branches([stem[1:] for stem in stems])


@cache
def _table() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only the first reading needs it

    path = Path(__file__).parent / "tables" / "conditions.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
