"""What the words around a date say it is for: contact, an absence, a meeting, work, a deadline."""

import re
import tomllib
from functools import cache
from pathlib import Path

_MOST_KEPT = 20_000
_SHORTEST_STEM = 2
_NONE: frozenset[str] = frozenset()


class CuesOf(dict[str, frozenset[str]]):
    """The cues that a folded word gives in a zone, "zone:cue"; each word is looked at once."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = zone

    def __missing__(self, word: str) -> frozenset[str]:
        cues = frozenset(f"{self.zone}:{cue}" for cue in _cues(word))
        # What strangers write must not fill the memory.
        if len(self) < _MOST_KEPT:
            self[word] = cues
        return cues

    def of(self, words: list[str]) -> set[str]:
        """The cues that any of the words gives."""
        return set().union(*map(self.__getitem__, words))


def _cues(word: str) -> frozenset[str]:
    if not word.isalpha():
        return _NONE
    exact, stems, inner = _tables()
    found = set(exact.get(word, _NONE))
    for length in range(_SHORTEST_STEM, len(word) + 1):
        found |= stems.get(word[:length], _NONE)
    found |= {name for name, pattern in inner.items() if pattern.fullmatch(word)}
    return frozenset(found)


@cache
def _tables() -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, re.Pattern[str]]]:
    path = Path(__file__).with_name("tables") / "callback_words.toml"
    exact: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    inner: dict[str, list[str]] = {}
    for name, listed in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for word in listed.split():
            if word.startswith("*"):
                inner.setdefault(name, []).append(word.replace("*", r"\w*"))
            elif word.endswith("*"):
                stems.setdefault(word[:-1], set()).add(name)
            else:
                exact.setdefault(word, set()).add(name)
    return exact, stems, {name: re.compile("|".join(words)) for name, words in inner.items()}
