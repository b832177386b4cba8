"""Which refusal was just heard? Found while it is said, by the first letters of its words.

The rule, the same as in the browser: what was typed must stand in one of the wordings of a refusal,
from the beginning of a word on; those found keep their order.
"""

import re
import unicodedata
from collections.abc import Iterable

from nachhaken.playbook.values import Refusal

_DIGRAPH = re.compile(r"([aou])e")


def find(refusals: Iterable[Refusal], heard: str, language: str) -> tuple[Refusal, ...]:
    """Return the refusals that may begin with `heard` in `language`; all where it is empty."""
    return tuple(r for r in refusals if is_heard(r.hears.get(language, ()), heard))


def is_heard(wordings: Iterable[str], heard: str) -> bool:
    """Return whether `heard` stands in one of the wordings, from the beginning of a word on."""
    typed = fold(heard)
    return any(f" {typed}" in f" {fold(wording)}" for wording in wordings)


def fold(text: str) -> str:
    """Return small letters without accents; ä and ae are a, ß is ss, other signs are blanks."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in parts if not unicodedata.combining(c))
    return _DIGRAPH.sub(r"\1", " ".join(re.findall(r"\w+", bare)))
