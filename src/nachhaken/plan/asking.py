"""Which open questions about the customer come first in this call."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from zlib import crc32

from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Story
from nachhaken.plan.wording import condition_of
from nachhaken.playbook.values import Question
from nachhaken.terms import Truth

MOST_QUESTIONS = 3

_SEASONS = ("winter", "spring", "summer", "autumn")
_SEASON_MONTHS = 3
_YEAR_END = (11, 15)

_One = TypeVar("_One")


def questions_of(
    questions: Sequence[Question], story: Story, situation: Situation, *, truth: Truth, today: date
) -> tuple[Question, ...]:
    """Return up to three of `questions`: about what they told, about their situation, and others.

    The choice is the same until the next touch and another one after it.
    """
    tags = _tags(story, situation, truth, today)
    kind = "consumer" if story.is_consumer else "business"
    fitting = [q for q in questions if q.fits & {"any", kind}]
    told = [q for q in fitting if "told" in q.when]
    special = [q for q in fitting if q.when & tags and "told" not in q.when]
    general = [q for q in fitting if "any" in q.when]
    turn = len(situation.touches)
    start = crc32(f"{story.prospect}\n{story.title}".encode()) + turn * MOST_QUESTIONS
    chosen = [*_turned(told, start)[:1], *_turned(special, start // MOST_QUESTIONS)[:1]]
    return tuple([*chosen, *_turned(general, start)][:MOST_QUESTIONS])


def _turned(these: Sequence[_One], by: int) -> list[_One]:
    place = by % len(these) if these else 0
    return [*these[place:], *these[:place]]


def _tags(story: Story, situation: Situation, truth: Truth, today: date) -> frozenset[str]:
    has_offer = situation.offer is not None
    is_stalled = has_offer and (truth is Truth.STALLED or bool(condition_of(situation)))
    tags = {
        "offer": has_offer,
        "first": not has_offer and not story.orders,
        "stalled": is_stalled,
        "returning": story.orders > 0,
        "year_end": (today.month, today.day) >= _YEAR_END,
        "new_year": today.month == 1,
        _SEASONS[today.month % 12 // _SEASON_MONTHS]: True,
    }
    return frozenset(tag for tag, holds in tags.items() if holds)
