"""What the engine would have said in the past, with only what was recorded by then, and what came.

Nothing recorded after a snapshot is in it, whatever date it bears: no later correction, outcome,
amount or entry, and of the customer's earlier offers only those whose end was known. What was
imported afterwards was not known to the desk; `as_it_happened` tells it as the seller knew it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.case import check
from nachhaken.engine.columns import columns_of
from nachhaken.engine.follow import follow
from nachhaken.engine.model import Model, standard
from nachhaken.engine.simulation.yes import chance_of_yes
from nachhaken.engine.values import Belief, Case
from nachhaken.learning.calibration import Rows, censoring_weights, rows_of
from nachhaken.plan.evidence import case_of, start_of
from nachhaken.plan.law.manners import calendar_of
from nachhaken.plan.values import Preferences, Story
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import Closed, Entry, OfferSent, Reopened, Restated, Timeline, Undone

Array = NDArray[np.float64]

DAYS = (7, 14, 30)
WITHIN_DAYS = 180.0

_TOLD_LATE = timedelta(days=14)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was believed of story number `story` on `day` after its offer, and what came of it.

    `followed` are the days from then to the end of the matter, or to the end of the observation;
    `ended` says which; `won` only of an ended one.
    """

    story: int
    customer: str
    day: int
    at: datetime
    belief: Belief
    context: int
    followed: float
    ended: bool
    won: bool


def snapshots(
    stories: Sequence[Story],
    *,
    preferences: Preferences,
    until: datetime,
    days: Iterable[int] = DAYS,
    model: Model | None = None,
) -> list[Snapshot]:
    """Return the snapshots of all stories that had an offer and were open, as known on that day.

    A customer is who has the same `prospect`. `until` (aware) is the end of the observation: what
    was recorded later does not exist.
    """
    wanted = tuple(days)
    moments = [
        (number, moment)
        for number, story in enumerate(stories)
        for moment in _moments(story, wanted, until)
    ]
    return _believed(moments, stories, (preferences, until, model or standard()))


def snapshots_before(
    stories: Sequence[Story],
    moments: Mapping[int, datetime],
    *,
    preferences: Preferences,
    until: datetime,
    model: Model | None = None,
) -> list[Snapshot]:
    """Return what was believed of stories (by their number) the instant before a moment of each.

    None of those that had ended, or of which nothing was known.
    """
    asked = [(number, (-1, at - _INSTANT)) for number, at in sorted(moments.items())]
    return _believed(asked, stories, (preferences, until, model or standard()))


def as_it_happened(story: Story) -> Story:
    """Return a story that was told late, by an import, as if each entry was noted on its day.

    So a look back has what the seller knew then, though the desk did not. What an import took back
    was never so; a correction by hand counts from its own day on. A story whose offer was noted
    within two weeks is returned as it is: there is a day-by-day record.
    """
    timeline = story.timeline
    offer = next((e for e in timeline.standing() if isinstance(e.fact, OfferSent)), None)
    if offer is None or offer.recorded_at - offer.occurred_at <= _TOLD_LATE:
        return story
    stands = {entry.id for entry in timeline.standing()}
    told = (_on_its_day(entry) for entry in timeline if entry.id in stands)
    later = (entry for entry in timeline if isinstance(entry.fact, Restated | Undone))
    return replace(story, timeline=Timeline.of([*told, *later]))


def chances_of_yes(found: Sequence[Snapshot], table: Array) -> Array:
    """Return [n] the chance of an order by a table [c,h] of `yes_table`."""
    beliefs = np.array([s.belief for s in found]).reshape(-1, 4)
    return chance_of_yes(table, beliefs, np.array([s.context for s in found], dtype=np.int64))


def within(found: Sequence[Snapshot], chances: Array, *, horizon: float = WITHIN_DAYS) -> Rows:
    """Return rows for "an order within `horizon` days"; those lost from sight are weighted for."""
    followed = np.array([s.followed for s in found])
    ended = np.array([s.ended for s in found])
    won = np.array([s.won for s in found]) & (followed <= horizon)
    return rows_of(chances, won, censoring_weights(followed, ended, horizon))


def ever(found: Sequence[Snapshot], chances: Array) -> Rows:
    """Return rows for "an order, when it ended"; open matters are weighted for by the ended."""
    return within(found, chances, horizon=np.inf)


def ending(timeline: Timeline) -> tuple[datetime, OutcomeKind] | None:
    """Return when and how the matter ended by what stands; None while it is open."""
    last = None
    for entry in timeline.standing():
        match entry.fact:
            case Closed(outcome=outcome):
                last = (entry.occurred_at, outcome)
            case Reopened():
                last = None
            case _:
                pass
    return last


def _believed(
    asked: Iterable[tuple[int, tuple[int, datetime]]],
    stories: Sequence[Story],
    said: tuple[Preferences, datetime, Model],
) -> list[Snapshot]:
    """What was believed of the stories of these numbers at their moments, each with its day."""
    preferences, until, model = said
    others: dict[str, list[Story]] = {}
    for story in stories:
        others.setdefault(story.prospect, []).append(story)
    moments, cases = [], []
    for number, (day, at) in asked:
        known = _known(stories[number], others[stories[number].prospect], at)
        if known is not None:
            moments.append((number, day, at))
            cases.append(_case(known, at, preferences))
    tracks = follow(columns_of(cases, model), model)
    beliefs, contexts = tracks.belief.tolist(), tracks.context.tolist()
    return [
        _snapshot(moment, stories[moment[0]], (Belief(*belief), context), until)
        for moment, belief, context in zip(moments, beliefs, contexts, strict=True)
    ]


def _on_its_day(entry: Entry) -> Entry:
    return replace(entry, recorded_at=min(entry.recorded_at, entry.occurred_at))


def _moments(
    story: Story, days: tuple[int, ...], until: datetime
) -> Iterator[tuple[int, datetime]]:
    """The days after the first offer, as it was dated when each day came."""
    starts = {e.occurred_at for e in story.timeline if isinstance(e.fact, OfferSent)}
    for day in days:
        for start in sorted(starts):
            at = start + timedelta(days=day)
            known = story.timeline.as_of(at).standing()
            offered = any(isinstance(e.fact, OfferSent) for e in known)
            if at <= until and offered and start_of(known) == start:
                yield day, at
                break


def _known(story: Story, siblings: Sequence[Story], at: datetime) -> Story | None:
    """Return the story as it was known at `at`; None when it had ended, or nothing was known."""
    timeline = _past(story.timeline, at)
    if ending(timeline) is not None or not len(timeline.standing()):
        return None
    ends = sorted(
        end for s in siblings if s is not story and (end := ending(_past(s.timeline, at)))
    )
    orders = [n for n, (_, outcome) in enumerate(ends, 1) if outcome is OutcomeKind.WON]
    return replace(
        story,
        timeline=timeline,
        opted_out=False,
        other_touches=(),
        offers=len(ends),
        orders=len(orders),
        last_order=orders[-1] if orders else 0,
    )


def _past(timeline: Timeline, at: datetime) -> Timeline:
    """What was known at `at` of what had happened by then."""
    return Timeline(tuple(e for e in timeline.as_of(at) if e.occurred_at <= at))


def _case(known: Story, at: datetime, preferences: Preferences) -> Case:
    calendar = calendar_of(known.region or preferences.region)
    case = case_of(known, now=at, calendar=calendar, preferences=preferences)
    check(case)
    return case


def _snapshot(
    when: tuple[int, int, datetime], story: Story, then: tuple[Belief, int], until: datetime
) -> Snapshot:
    number, day, at = when
    end = ending(_past(story.timeline, until))
    last = max(end[0], at) if end else until
    return Snapshot(
        story=number,
        customer=story.prospect,
        day=day,
        at=at,
        belief=then[0],
        context=then[1],
        followed=(last - at).total_seconds() / 86_400,
        ended=end is not None,
        won=end is not None and end[1] is OutcomeKind.WON,
    )
