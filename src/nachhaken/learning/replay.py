"""What the engine would have said in the past, with only what was recorded by then, and what came.

Nothing recorded after a snapshot is in it, whatever date it bears: no later correction, outcome,
amount or entry, and of the customer's earlier offers only those whose end was known. What was
imported afterwards was not known, so matters without a day-by-day record give no snapshots.
"""

from collections.abc import Iterable, Iterator, Sequence
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
from nachhaken.timeline import Closed, OfferSent, Reopened, Timeline

Array = NDArray[np.float64]

DAYS = (7, 14, 30)
WITHIN_DAYS = 180.0


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
    model, wanted = model or standard(), tuple(days)
    others: dict[str, list[Story]] = {}
    for story in stories:
        others.setdefault(story.prospect, []).append(story)
    moments, cases = [], []
    for number, story in enumerate(stories):
        for day, at in _moments(story, wanted, until):
            known = _known(story, others[story.prospect], at)
            if known is not None:
                moments.append((number, day, at))
                cases.append(_case(known, at, preferences))
    tracks = follow(columns_of(cases, model), model)
    beliefs, contexts = tracks.belief.tolist(), tracks.context.tolist()
    return [
        _snapshot(moment, stories[moment[0]], (Belief(*belief), context), until)
        for moment, belief, context in zip(moments, beliefs, contexts, strict=True)
    ]


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
    """Return the story as it was known at `at`; None when it had ended."""
    timeline = _past(story.timeline, at)
    if ending(timeline) is not None:
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
