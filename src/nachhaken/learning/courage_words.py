"""What is known of the n-th follow-up, as one sentence that takes the fear out with facts."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from nachhaken.learning.follow_ups import Courage

_TEN, _HUNDRED = 10, 100


def in_words(known: Courage, language: str) -> str:
    """Return the sentence in `language` ("de" or "en"); the stated prior is named as such."""
    words = _tables()[language]
    return str(words["sentence"]).format(
        what=words["what"][known.nth - 1],
        answered=_answered(words, round(_TEN * known.answered.value)),
        won=_counted(words, "won", round(_TEN * known.won.value)),
        annoyed=_annoyed(words, known),
    )


def _answered(words: dict[str, Any], count: int) -> str:
    return str(words["answered_all"]) if count == _TEN else _counted(words, "answered", count)


def _counted(words: dict[str, Any], name: str, count: int) -> str:
    form = {0: "none", 1: "one"}.get(count, "many")
    return str(words[f"{name}_{form}"]).format(count=words["counts"][count])


def _annoyed(words: dict[str, Any], known: Courage) -> str:
    if not known.is_own:
        count = max(round(_HUNDRED * known.annoyed.value), 1)
        named = words["counts"][count] if count <= _TEN else count
        return str(words["annoyed_stated"]).format(count=named, stated=words["stated"])
    form = {0: "none", 1: "one"}.get(known.annoying, "many")
    return str(words[f"annoyed_{form}"]).format(count=known.annoying, n=known.cases)


@cache
def _tables() -> dict[str, Any]:
    text = resources.files("nachhaken.learning").joinpath("courage.toml").read_text("utf-8")
    return tomllib.loads(text)
