"""What is pursued in an opportunity: its goal, what either side owes, what they keep in mind."""

from datetime import date, datetime

from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.pursuit import (
    ConsentRow,
    KeyPointRow,
    PinRow,
    PointRow,
    PointState,
    Pursuit,
)
from nachhaken.desk.speech import local_date, speak
from nachhaken.plan.commitments import OpenPoint
from nachhaken.plan.consent import Consent
from nachhaken.plan.law import Permission, permission_of, purpose_of
from nachhaken.plan.memory import Remembered, key_points_of
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Advice, Preferences, Story
from nachhaken.terms import Channel
from nachhaken.timeline import Pinned, Timeline


def pursuit_of(
    story: Story, situation: Situation, advice: Advice, *, now: datetime, preferences: Preferences
) -> Pursuit:
    """Return what is pursued in the opportunity of `story`, at `now`."""
    standing = story.timeline.standing()
    here, on = timezone.localtime(now), local_date(now)
    permission = _call(story, situation, advice, at=now, preferences=preferences)
    return Pursuit(
        goal=speak(advice.step.goal),
        minimum=speak(advice.step.minimum),
        pin=_pin(situation, standing),
        cadence=situation.own.cadence,
        points=tuple(point_row(point, on) for point in situation.points),
        key_points=tuple(_key_point(one) for one in key_points_of(story.timeline, now=here)),
        consents=tuple(_consent(one) for one in situation.consents),
        may_call=permission.is_allowed,
        ground=speak(permission.reason),
    )


def _call(
    story: Story, situation: Situation, advice: Advice, *, at: datetime, preferences: Preferences
) -> Permission:
    """Return on what ground a call is allowed; in quiet time, once that is over."""
    found = permission_of(
        story,
        situation,
        channel=Channel.CALL,
        purpose=purpose_of(advice.step.kind, situation),
        at=at,
        preferences=preferences,
    )
    if found.until is None:
        return found
    return _call(story, situation, advice, at=found.until, preferences=preferences)


def point_row(point: OpenPoint, on: date) -> PointRow:
    """Return an open point as a row, as it stands on this day."""
    return PointRow(
        id=point.id,
        what=point.what,
        by_us=point.by_us,
        due=point.due,
        state=_state(point, on),
        is_condition=point.is_condition,
    )


def _pin(situation: Situation, standing: Timeline) -> PinRow | None:
    pin = situation.own.pin
    if pin is None:
        return None
    return PinRow(
        entry_id=max(e.id for e in standing if isinstance(e.fact, Pinned)),
        step=labels.step_name(pin.step),
        on=pin.on,
        reason=pin.reason,
    )


def _state(point: OpenPoint, on: date) -> PointState:
    if point.kept is not None:
        return PointState.KEPT if point.kept else PointState.BROKEN
    is_late = point.due is not None and point.due < on
    return PointState.OVERDUE if is_late else PointState.OPEN


def _consent(consent: Consent) -> ConsentRow:
    return ConsentRow(
        id=consent.id,
        on=consent.on,
        words=consent.words,
        heard_on=consent.heard_on,
        channel=consent.channel,
        scope=consent.scope,
        window=consent.window,
    )


def _key_point(point: Remembered) -> KeyPointRow:
    said = [(form, day) for form, days in point.conveyed.items() for day in days]
    return KeyPointRow(
        id=point.id,
        text=point.text,
        in_mind=point.in_mind,
        conveyed=tuple(sorted(said, key=lambda one: one[1], reverse=True)),
        again=point.form,
    )
