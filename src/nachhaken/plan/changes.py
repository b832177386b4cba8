"""Why the plan is another one than before: what was planned, what is now, and what changed it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nachhaken.plan.advice import advise
from nachhaken.plan.situation import situation_of
from nachhaken.plan.values import Advice, Param, Phrase, Preferences, Story
from nachhaken.terms import StepKind
from nachhaken.timeline import (
    Closed,
    Conveyed,
    EffortSpent,
    Entry,
    GoalSet,
    KeyPointDropped,
    KeyPointSet,
    Mentioned,
    Replied,
    Timeline,
    Touched,
)

# What is only kept in mind moves no plan, so it must not hide what did.
_STILL = Mentioned | KeyPointSet | KeyPointDropped | Conveyed | EffortSpent | GoalSet
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step on its day; `on` is None where nothing is to be done."""

    kind: StepKind
    on: date | None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """`phrase` says the whole: before, now, and the reason; `ref` is the entry behind it."""

    before: PlannedStep
    now: PlannedStep
    ref: int
    phrase: Phrase


def change_of(story: Story, *, now: datetime, preferences: Preferences) -> PlanChange | None:
    """Return how the newest act changed the plan; None where it did not.

    The act is everything that the desk learnt at one moment. A step done as planned is the plan
    itself, no change of it, and neither is what time alone does.
    """
    act = _newest_act(story.timeline)
    earlier = _without(act, story, now=now) if act else None
    if earlier is None:
        return None
    learnt = act[0].recorded_at
    was = advise(earlier, now=learnt, preferences=preferences)
    if _is_done(was, act) or _is_same(was, advise(story, now=learnt, preferences=preferences)):
        return None
    current = advise(story, now=now, preferences=preferences)
    if _is_same(was, current):
        return None
    today = now.astimezone(ZoneInfo(preferences.zone)).date()
    return PlanChange(_step(was), _step(current), _cause(act), _phrase(was, current, today))


def _newest_act(timeline: Timeline) -> list[Entry]:
    moving = [e for e in timeline if not isinstance(e.fact, _STILL)]
    newest = max((e.recorded_at for e in moving), default=None)
    return sorted((e for e in moving if e.recorded_at == newest), key=lambda e: e.id)


def _without(act: list[Entry], story: Story, *, now: datetime) -> Story | None:
    """Return the story as the desk knew it before; None where it knew nothing."""
    known = story.timeline.as_of(act[0].recorded_at - _INSTANT)
    if not len(known.standing()):
        return None
    # An objection of another matter of theirs stood before; one of this matter is in the timeline.
    own = situation_of(story.timeline, story.readings, now=now, person_id=story.person_id).opted_out
    return replace(story, timeline=known, opted_out=story.opted_out and not own)


def _is_done(was: Advice, act: list[Entry]) -> bool:
    touches = [e.fact for e in act if isinstance(e.fact, Touched)]
    done = any(t.step is was.step.kind and t.reached is not False for t in touches)
    return done and not any(isinstance(e.fact, Replied | Closed) for e in act)


def _is_same(one: Advice, other: Advice) -> bool:
    return _step(one) == _step(other)


def _step(advice: Advice) -> PlannedStep:
    return PlannedStep(advice.step.kind, advice.due)


def _cause(act: list[Entry]) -> int:
    """What the customer said is the reason, where they said something."""
    return next((e.id for e in act if isinstance(e.fact, Replied)), act[-1].id)


def _phrase(was: Advice, current: Advice, today: date) -> Phrase:
    why = current.step.why
    is_moved = was.step.kind is current.step.kind and current.held_by != was.held_by
    if is_moved and current.held_by is not None:
        why = current.held_by
    params: dict[str, Param] = {**why.params, "why": why.key}
    params |= _said("was", was, today)
    params |= _said("is", current, today)
    if current.due is None:
        return Phrase("change.ended", params)
    return Phrase("change.begun" if was.due is None else "change.moved", params)


def _said(name: str, advice: Advice, today: date) -> dict[str, Param]:
    if advice.due is None:
        return {}
    day = "day.today" if advice.due == today else f"day.{name}"
    return {name: f"kind.{advice.step.kind}", f"{name}_on": advice.due, f"{name}_when": day}
