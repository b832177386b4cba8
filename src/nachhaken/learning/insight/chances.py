"""What the desk would have said of a matter, with only what was known by then.

Asked for a few days after the offer, and for the instant before the seller's gut spoke. Said with
the shipped parameters: those that a desk learnt know how its matters ended. So the same past gives
the same chances whenever it is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np

from nachhaken.engine import Money, standard
from nachhaken.engine.bounds import known_next
from nachhaken.engine.model import Array
from nachhaken.engine.policies import kernel_of
from nachhaken.engine.simulation.conducts import best_of, known_truth
from nachhaken.engine.simulation.values import World
from nachhaken.engine.simulation.yes import yes_table
from nachhaken.learning.hunches import felt_at, hunch_of
from nachhaken.learning.insight.reliable import LOOKS, Beside, Chance, Looks
from nachhaken.learning.replay import (
    WITHIN_DAYS,
    Snapshot,
    as_it_happened,
    chances_of_yes,
    ending,
    snapshots,
    snapshots_before,
)
from nachhaken.plan.values import Preferences, Story

_PLAYED = 3_000  # matters: the shares of the table are then right to about one per cent
_SEED = 20_260_101
_VALUE_EUR = 4_000.0  # of an order: what it is worth moves the conduct, and hardly the chance


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """The matters of one customer, told as they happened, and up to when."""

    stories: Sequence[Story]
    preferences: Preferences
    until: datetime


def looks_of(
    stories: Sequence[Story], *, preferences: Preferences, until: datetime
) -> Mapping[int, Looks]:
    """Return by its place what would have been said of each of one customer's stories.

    What an import told late is looked at as it happened, and says so.
    """
    told = [as_it_happened(story) for story in stories]
    house = _House(stories=told, preferences=preferences, until=until)
    chances, beside = _chances(house), _beside(house)
    return {
        number: Looks(
            chances=tuple(chances.get(number, ())),
            is_looked_back=told[number] is not story,
            beside=beside.get(number),
        )
        for number, story in enumerate(stories)
    }


def _chances(house: _House) -> Mapping[int, list[Chance]]:
    seen = snapshots(
        house.stories,
        preferences=house.preferences,
        until=house.until,
        days=LOOKS,
        model=standard(),
    )
    found: dict[int, list[Chance]] = {}
    for one, chance in _with_chances(seen):
        came = one.won and one.followed <= WITHIN_DAYS
        found.setdefault(one.story, []).append(Chance(one.day, chance, came))
    return found


def _beside(house: _House) -> Mapping[int, Beside]:
    """Only of matters that the customer decided: of others nobody knows who was right."""
    hunches, moments = {}, {}
    for number, story in enumerate(house.stories):
        standing, end = story.timeline.standing(), ending(story.timeline)
        hunch, at = hunch_of(standing, end[1] if end else None), felt_at(standing)
        if hunch is not None and at is not None:
            hunches[number], moments[number] = hunch, at
    seen = snapshots_before(
        house.stories,
        moments,
        preferences=house.preferences,
        until=house.until,
        model=standard(),
    )
    return {one.story: Beside(hunches[one.story], chance) for one, chance in _with_chances(seen)}


def _with_chances(seen: Sequence[Snapshot]) -> list[tuple[Snapshot, float]]:
    return list(zip(seen, chances_of_yes(seen, _table()).tolist(), strict=True)) if seen else []


@cache
def _table() -> Array:
    model = standard()
    values = known_truth(known_next(kernel_of(model), Money().prices(_VALUE_EUR)))
    return yes_table(
        World(model=model),
        best_of(values, model),
        within=WITHIN_DAYS,
        n=_PLAYED,
        rng=np.random.default_rng(_SEED),
    )
