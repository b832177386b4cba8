"""When a person is best called: calls and replies of the timeline as the engine's local hours."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nachhaken.engine.timing import (
    PERSON_N0,
    Call,
    Written,
    best_weekdays,
    best_windows,
    learn,
    usual,
)
from nachhaken.plan.values import Story
from nachhaken.terms import Channel
from nachhaken.timeline import Entry, Replied, Timeline, Touched


class CallingHours(NamedTuple):
    """The hours to call at, and from how many calls and own messages of the person they come."""

    span: tuple[float, float]
    observations: int


def calling_hours(story: Story, *, on: date, now: datetime, zone: ZoneInfo) -> CallingHours:
    """Return the two hours of day `on` in which a call is likeliest to reach the person.

    They are local to `zone`. Only what happened until `now` counts. At a weekend, when nobody is
    called, they are those of the best working day.
    """
    known = [e for e in story.timeline.standing() if e.occurred_at <= now]
    told = Timeline(tuple(known))
    hours = learn(
        usual(office=not story.is_consumer),
        calls_of(told, zone),
        written_in(told, zone),
        n0=PERSON_N0,
    )
    windows = best_windows(hours, on.weekday()) or (best_weekdays(hours)[0][1],)
    return CallingHours((windows[0].start, windows[0].end), hours.calls + hours.messages)


def calls_of(timeline: Timeline, zone: ZoneInfo) -> Iterator[Call]:
    """Yield our calls of which it is known whether they reached anybody."""
    for entry in _timed(timeline, zone):
        match entry.fact:
            case Touched(channel=Channel.CALL, reached=bool(reached)):
                yield Call(*_local(entry, zone), reached)


def written_in(timeline: Timeline, zone: ZoneInfo) -> Iterator[Written]:
    """Yield when the person wrote a mail; what a machine sent says nothing about a person."""
    for entry in _timed(timeline, zone):
        match entry.fact:
            case Replied(channel=Channel.MAIL, automatic=False):
                yield Written(*_local(entry, zone))


def _timed(timeline: Timeline, zone: ZoneInfo) -> Iterator[Entry]:
    """Midnight sharp is a day without a time, as tables and all-day entries give it."""
    return (e for e in timeline if _local(e, zone)[1] > 0)


def _local(entry: Entry, zone: ZoneInfo) -> tuple[int, float]:
    at = entry.occurred_at.astimezone(zone)
    return at.weekday(), at.hour + at.minute / 60 + at.second / 3600
