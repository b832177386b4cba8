"""The limits that stand before any value: objection, agreed times, contact limit, quiet days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nachhaken.plan.law.facts import chases_of
from nachhaken.plan.law.manners import spans
from nachhaken.plan.law.purposes import purpose_of
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Choice, Phrase, Preferences, Story
from nachhaken.terms import Purpose, StepKind
from nachhaken.workdays import Calendar

COOLING_OFF = timedelta(days=14)

# Four of five answers to an offer come within this many working days (engine parameters, reply
# delays of genuine and stalled customers mixed): asking earlier interrupts a customer who reads.
USUAL_SILENCE_WORKDAYS = 4

# What needs no contact is free of every limit.
INWARD = frozenset({StepKind.STOP, StepKind.WAIT})


@dataclass(frozen=True, slots=True)
class Held:
    """The first day that the limits allow, and which limit moved it (None: none did)."""

    on: date
    by: Phrase | None


def hold(
    choice: Choice,
    *,
    story: Story,
    situation: Situation,
    preferences: Preferences,
    calendar: Calendar,
) -> Held | None:
    """Return the first day on or after the one wanted on which the step is allowed; None: never.

    A day that the seller set may be sooner than an answer is usual, but not beyond a limit.
    """
    if choice.on is None:
        return None
    held = Held(choice.on, None)
    if choice.kind in INWARD:
        return held
    limits = _limits(choice.kind, story, situation, preferences)
    if not choice.is_own:
        limits += _fresh_offer(choice.kind, situation, preferences, calendar)
    for on, by in limits:
        if on > held.on:
            held = Held(on, by)
    return Held(calendar.next_workday(held.on), held.by)


def _limits(
    kind: StepKind, story: Story, situation: Situation, preferences: Preferences
) -> list[tuple[date, Phrase]]:
    zone = ZoneInfo(preferences.zone)
    limits: list[tuple[date, Phrase]] = []
    if situation.away_until:
        limits.append((situation.away_until, Phrase("held.away", {"on": situation.away_until})))
    if situation.snoozed_until:
        until = situation.snoozed_until
        limits.append((until, Phrase("held.snoozed", {"on": until})))
    if _is_answer(kind, situation):
        return limits
    if situation.window_answer is not None and situation.window_answer.window is not None:
        start = situation.window_answer.window.start
        limits.append((start, Phrase("held.window", {"on": start})))
    if situation.irritated_at is not None:
        calm = (situation.irritated_at + COOLING_OFF).astimezone(zone).date()
        limits.append((calm, Phrase("held.calm", {"on": calm})))
    return limits + _contact_limits(story, situation, preferences, zone)


def _fresh_offer(
    kind: StepKind, situation: Situation, preferences: Preferences, calendar: Calendar
) -> list[tuple[date, Phrase]]:
    """An offer that just went out is left alone for as long as an answer usually takes."""
    answered = situation.last_answer_at
    offered = situation.offered_at
    if offered is None or (answered is not None and answered > offered):
        return []
    if _is_answer(kind, situation):
        return []
    sent = offered.astimezone(ZoneInfo(preferences.zone)).date()
    free = calendar.add(sent, USUAL_SILENCE_WORKDAYS)
    return [(free, Phrase("held.fresh", {"on": free, "usual": USUAL_SILENCE_WORKDAYS}))]


def _is_answer(kind: StepKind, situation: Situation) -> bool:
    """Answering needs no distance to the last touch; a call that they asked for has its days."""
    return kind is not StepKind.CALL_BACK and purpose_of(kind, situation) is Purpose.ANSWER


def _contact_limits(
    story: Story, situation: Situation, preferences: Preferences, zone: ZoneInfo
) -> list[tuple[date, Phrase]]:
    """Chasing touches of a person count over all opportunities and colleagues (UWG § 7(1))."""
    chases = chases_of(story, situation)
    limits = []
    for most, days in spans(preferences):
        if len(chases) >= most:
            free = chases[-most].astimezone(zone).date() + timedelta(days=days)
            limits.append((free, Phrase("held.contact", {"on": free, "count": most, "days": days})))
    return limits


def contact_day(now: datetime, preferences: Preferences) -> date:
    """Return the first day on which a contact would still not disturb: late at night, tomorrow."""
    local = now.astimezone(ZoneInfo(preferences.zone))
    return local.date() + timedelta(days=local.time() >= preferences.quiet_after)
