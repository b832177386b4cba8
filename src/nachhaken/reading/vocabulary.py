"""The words of tables/conditions.toml: stems, lists and weights, read when first needed."""

from functools import cache
from pathlib import Path
from typing import Any

from nachhaken.reading.stems import Stems


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


def lists_of(word: str) -> frozenset[str]:
    """The lists of stems of which the word holds one."""
    stems, names = _stems()
    return frozenset(name for stem in stems.inside(f"^{word}$") for name in names[stem])


@cache
def _stems() -> tuple[Stems, dict[str, list[str]]]:
    """All stems, and the lists in which each stands."""
    names: dict[str, list[str]] = {}
    for name, listed in _table()["stems"].items():
        for stem in listed.split():
            names.setdefault(stem, []).append(name)
    return Stems(names), names


@cache
def _table() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only the first reading needs it

    path = Path(__file__).parent / "tables" / "conditions.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
