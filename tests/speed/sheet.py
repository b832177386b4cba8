"""How long it takes to compose a call sheet, and to read the playbook that it speaks from."""

from collections.abc import Iterator
from statistics import median
from time import process_time

from nachhaken.plan import Preferences, advise
from nachhaken.plan.sheet import Speaker, compose
from nachhaken.playbook.tables import playbook
from tests import cast
from tests.speed import Row, measure

_ROUNDS = 60
_READINGS = 7


@measure
def call_sheet() -> Iterator[Row]:
    times = [1000 * _seconds(standing) for standing in cast.CAST for _ in range(_ROUNDS)]
    yield Row("Call sheet, composed", median(times), "ms", at_most=3)


@measure
def playbook_tables() -> Iterator[Row]:
    best = float("inf")
    for _ in range(_READINGS):
        playbook.cache_clear()
        start = process_time()
        playbook()
        best = min(best, process_time() - start)
    yield Row("Playbook, read from its tables", 1000 * best, "ms", at_most=100)


def _seconds(standing: cast.Standing) -> float:
    story, preferences = cast.story(standing), Preferences()
    advice = advise(story, now=cast.NOW, preferences=preferences)
    start = process_time()
    compose(
        story,
        advice,
        speaker=Speaker("Katharina Brandt", "Metallbau Brandt"),
        playbook=playbook(),
        now=cast.NOW,
        preferences=preferences,
        language="de",
        ground="",
        is_allowed=True,
    )
    return process_time() - start
