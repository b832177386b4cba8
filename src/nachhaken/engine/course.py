"""How the belief came about: the weight of every event in decibans, and its course over time."""

from typing import NamedTuple

from nachhaken.engine.case import in_order
from nachhaken.engine.columns import columns_of, leaves_trace
from nachhaken.engine.follow import events_of, tracks_of
from nachhaken.engine.model import Model
from nachhaken.engine.silence import belief, decibans, hushed, opening, wait
from nachhaken.engine.state import Constants, Event, Four, State, constants_of
from nachhaken.engine.step import update
from nachhaken.engine.tracks import Tracks
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
    """Where the case stands now (tracks of one), and how it came there."""

    tracks: Tracks
    weights: tuple[Weight, ...]
    course: tuple[Point, ...]


def tell(case: Case, model: Model) -> Story:
    """Follow the evidence of a checked case from the first offer to now."""
    evidence = [e for e in in_order(case.evidence) if leaves_trace(e)]
    columns = columns_of([case], model)
    first = evidence[0].at if evidence else case.now
    story = _Story(constants_of(model), opening(columns.start[0].tolist(), *first))
    base = decibans(belief(story.constants, opening(model.start.tolist(), *first)))
    story.weights.append(Weight("prior", 0, base, first))
    if case.history[0]:
        story.weights.append(Weight("history", 0, story.odds - base, first))
    for event, (*_, row) in zip(evidence, events_of(columns), strict=True):
        story.pass_until(event.at)
        story.take(event, row)
    story.pass_until(case.now)
    return Story(tracks_of([story.state], model), tuple(story.weights), tuple(story.course))


class _Story:
    def __init__(self, constants: Constants, state: State) -> None:
        self.constants, self.state = constants, state
        self.weights: list[Weight] = []
        shares = belief(constants, state)
        self.odds = decibans(shares)
        self.course = [_point(Moment(state.day, state.workday), shares)]

    def pass_until(self, at: Moment) -> None:
        """Add the line of the time until `at`, and a few points on the way."""
        start = Moment(self.state.day, self.state.workday)
        if at == start:
            return
        for n in range(1, _BETWEEN + 1):
            moment = _between(start, at, n / (_BETWEEN + 1))
            self.course.append(_point(moment, self._silent_until(moment)))
        silence = decibans(hushed(self.constants, self.state, *at)) - self.odds
        self.state = wait(self.constants, self.state, *at)
        self._weigh("time", 0, at, silence)

    def take(self, event: Evidence, row: Event) -> None:
        """Add the line of an event."""
        self.state = update(self.constants, self.state, row)
        self._weigh(_WORDS[type(event)], event.ref, event.at)

    def _silent_until(self, at: Moment) -> Four:
        return belief(self.constants, wait(self.constants, self.state, *at))

    def _weigh(self, what: str, ref: int, at: Moment, silence: float = 0.0) -> None:
        shares = belief(self.constants, self.state)
        odds = decibans(shares)
        self.weights.append(Weight(what, ref, odds - self.odds, at, silence))
        self.odds = odds
        self.course.append(_point(at, shares))


def _between(start: Moment, end: Moment, share: float) -> Moment:
    return Moment(*(a + share * (b - a) for a, b in zip(start, end, strict=True)))


def _point(at: Moment, shares: Four) -> Point:
    return Point(at, Belief(*shares))
