"""What a word does in a condition, above all: could a stranger check it by looking at the world?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nachhaken.reading.memory import Memory
from nachhaken.reading.vocabulary import listed, lists_of, weights

# What a word is worth for a condition, by the list of stems that it holds one of.
_WORTH = {"vague": -1.6, "events": 3.0, "things": 2.0, "people": 1.6}
_FURTHER = 0.2
_MOST_FURTHER = 3
_VAGUEST = -2.5
_LONGEST_WORD = 60
_PARTICIPLE = re.compile(
    r"(?:ab|an|auf|aus|ein|zu|vor|um|durch|zurueck|weg|los)?ge\w{2,}(?:t|n)$|vorlieg\w*$"
    r"|\w*g[bcdfhkmnpqstvwz]\w{2,}t$"
    r"|(?:be|ver|er|ent|zer)\w{3,}(?:t|en)$|\w{3,}iert$"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What one word does.

    `worth` is 3 for an event, 0 for nothing, below 0 for what nobody can check. `cue` says that
    something is still to happen, `demand` that we are to do it; `opener` and `preposition` what
    the word counts as the head of a clause or of a phrase. `is_done` is a participle, "vorbei",
    "back"; `is_term` a term of an offer or a paper to sign it; `is_deal` coming to terms.
    """

    worth: float = 0.0
    cue: float = 0.0
    demand: float = 0.0
    opener: float | None = None
    preposition: float | None = None
    is_done: bool = False
    is_term: bool = False
    is_deal: bool = False


PLAIN = Mark()
"""The mark of most words: they do nothing."""


def _mark(word: str) -> Mark:
    if len(word) > _LONGEST_WORD:
        return PLAIN
    lists = lists_of(word)
    if not lists and word not in _heads() and not _is_done(word):
        return PLAIN
    return Mark(
        worth=_worth(lists),
        cue=weights("cues").get(word, 0.0),
        demand=weights("demands").get(word, 0.0),
        opener=weights("openers").get(word),
        preposition=weights("prepositions").get(word),
        is_done=_is_done(word),
        is_term=not lists.isdisjoint(("terms", "papers")),
        is_deal="deal" in lists,
    )


def worth_of(marks: Iterable[Mark]) -> float:
    """The worth of a piece: that of its best word, a little for each other one, less the vague."""
    best, further, vague = 0.0, -1, 0.0
    for one in marks:
        value = one.worth
        if value > 0:
            further += 1
            best = max(best, value)
        elif value:
            vague += value
    if further > 0:
        best += _FURTHER * min(further, _MOST_FURTHER)
    return best + max(vague, _VAGUEST)


@cache
def _heads() -> frozenset[str]:
    """The words that count as they are."""
    groups = ("cues", "demands", "openers", "prepositions")
    return frozenset(word for group in groups for word in weights(group))


def _worth(lists: frozenset[str]) -> float:
    return next((value for name, value in _WORTH.items() if name in lists), 0.0)


def _is_done(word: str) -> bool:
    return word in listed("done") or _PARTICIPLE.match(word) is not None


MARKS = Memory(_mark)
"""What each folded word does in a condition."""
