"""What the seller set for this opportunity: the goal, a pinned step, an own rhythm."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from nachhaken.timeline import (
    CadenceSet,
    Entry,
    GoalSet,
    OfferSent,
    Pinned,
    Replied,
    Timeline,
    Touched,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """`goal` and `minimum` are "" where the step's own hold; an empty cadence is the desk's."""

    goal: str = ""
    minimum: str = ""
    pin: Pinned | None = None
    pinned_at: datetime | None = None
    cadence: tuple[int, ...] = ()


def own_plan_of(timeline: Timeline, *, machines: Collection[int]) -> OwnPlan:
    """Return what stands; `machines` are the entries of automatic replies, which are no contact."""
    goal, cadence = GoalSet(), CadenceSet(workdays=())
    pinned: Entry | None = None
    for entry in timeline:
        match entry.fact:
            case GoalSet() as set_goal:
                goal = set_goal
            case CadenceSet() as set_cadence:
                cadence = set_cadence
            case Pinned():
                pinned = entry
            case _:
                pass
    if pinned is not None and _is_past(pinned, timeline, machines):
        pinned = None
    return OwnPlan(
        goal=goal.goal.strip(),
        minimum=goal.minimum.strip(),
        pin=pinned.fact if pinned and isinstance(pinned.fact, Pinned) else None,
        pinned_at=pinned.recorded_at if pinned else None,
        cadence=cadence.workdays,
    )


def _is_past(pinned: Entry, timeline: Timeline, machines: Collection[int]) -> bool:
    """A pin stands until the next contact that the desk learns of, whenever that took place."""
    return any(
        isinstance(e.fact, OfferSent | Touched | Replied)
        and e.id not in machines
        and (e.recorded_at, e.id) > (pinned.recorded_at, pinned.id)
        for e in timeline
    )
