"""How the belief came about: the weight of every event in decibans, and its course over time."""

from typing import NamedTuple

from nachhaken.engine.belief import genuine_decibans, update
from nachhaken.engine.case import in_order
from nachhaken.engine.model import Array, Model
from nachhaken.engine.prior import prior_of
from nachhaken.engine.track import Track, advance, begin, belief, outlook
from nachhaken.engine.values import (
    Acted,
    Belief,
    Case,
    Evidence,
    Felt,
    Heard,
    Moment,
    Point,
    Weight,
)

_BETWEEN = 3
_WORDS: dict[type, str] = {Acted: "acted", Heard: "heard", Felt: "felt"}


class Story(NamedTuple):
    """Where the case stands now, and how it came there."""

    track: Track
    weights: tuple[Weight, ...]
    course: tuple[Point, ...]


def tell(case: Case, model: Model) -> Story:
    """Follow the evidence of a checked case from the first offer to now."""
    events = in_order(case.evidence)
    first = events[0].at if events else case.now
    prior = prior_of(case, model)
    story = _Story(model, begin(prior, first))
    base = genuine_decibans(model.start)
    story.weights.append(Weight("prior", 0, base, first))
    if case.history[0]:
        story.weights.append(Weight("history", 0, genuine_decibans(prior) - base, first))
    for event in events:
        story.wait(event.at)
        story.take(event)
    story.wait(case.now)
    return Story(story.track, tuple(story.weights), tuple(story.course))


class _Story:
    def __init__(self, model: Model, track: Track) -> None:
        self.model, self.track = model, track
        self.weights: list[Weight] = []
        self.course: list[Point] = []
        shares = belief(model, track)
        self.odds = genuine_decibans(shares)
        self.course.append(_point(track.at, shares))

    def wait(self, at: Moment) -> None:
        """Add the line of the time until `at`, and a few points on the way."""
        start = self.track.at
        if at == start:
            return
        moments = [*(_between(start, at, n / (_BETWEEN + 1)) for n in range(1, _BETWEEN + 1)), at]
        future = outlook(self.model, self.track, moments)
        for moment, shares in zip(moments[:-1], future.beliefs, strict=False):
            self.course.append(_point(moment, shares))
        self.track = advance(self.track, at, future.joints[-1])
        self._weigh("time", 0, future.beliefs[-1])

    def take(self, event: Evidence) -> None:
        """Add the line of an event."""
        self.track = update(self.model, self.track, event)
        self._weigh(_WORDS[type(event)], event.ref, belief(self.model, self.track))

    def _weigh(self, what: str, ref: int, shares: Array) -> None:
        odds = genuine_decibans(shares)
        self.weights.append(Weight(what, ref, odds - self.odds, self.track.at))
        self.odds = odds
        self.course.append(_point(self.track.at, shares))


def _between(start: Moment, end: Moment, share: float) -> Moment:
    return Moment(*(a + share * (b - a) for a, b in zip(start, end, strict=True)))


def _point(at: Moment, shares: Array) -> Point:
    return Point(at, Belief(*shares.tolist()))
