"""Which refusal was just heard? Found while it is said, by the first letters of its words.

The rule, the same as in the browser: every word typed must begin a word of one wording; where no
refusal has such a wording, every word need only stand somewhere in one. Wordings that begin with
what was typed come first, then the order of the table. Fewer than two letters find everything.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from nachhaken.playbook.values import Refusal

LEAST_LETTERS = 2

_DIGRAPH = re.compile(r"([aou])e")


def find(refusals: Iterable[Refusal], heard: str, language: str) -> tuple[Refusal, ...]:
    """Return the refusals that `heard` may be the beginning of, in `language`, the best first."""
    known = tuple(refusals)
    wordings = [refusal.hears.get(language, ()) for refusal in known]
    return tuple(known[place] for place in places(wordings, heard))


def places(wordings: Sequence[Sequence[str]], heard: str) -> tuple[int, ...]:
    """Return the places in `wordings` (the wordings of one refusal each) that `heard` fits."""
    typed = fold(heard)
    if len(typed) < LEAST_LETTERS:
        return tuple(range(len(wordings)))
    folded = [[fold(wording) for wording in each] for each in wordings]
    return _found(folded, typed, at_start=True) or _found(folded, typed, at_start=False)


def fold(text: str) -> str:
    """Return small letters without accents; ä and ae are a, ß is ss, other signs are blanks."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in parts if not unicodedata.combining(c))
    return _DIGRAPH.sub(r"\1", " ".join(re.findall(r"\w+", bare)))


def _found(folded: list[list[str]], typed: str, *, at_start: bool) -> tuple[int, ...]:
    fitting = {
        place: [each for each in wordings if _fits(each, typed, at_start=at_start)]
        for place, wordings in enumerate(folded)
    }
    found = [place for place, wordings in fitting.items() if wordings]
    return tuple(sorted(found, key=lambda p: not any(w.startswith(typed) for w in fitting[p])))


def _fits(wording: str, typed: str, *, at_start: bool) -> bool:
    before = " " if at_start else ""
    return all(f"{before}{word}" in f" {wording}" for word in typed.split())
