"""The plan of one opportunity: judgement, step, date, words, and why not otherwise."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nachhaken.engine import Money, judge
from nachhaken.engine.values import Action, Belief, Judgement
from nachhaken.plan import phrasing
from nachhaken.plan.evidence import case_of, start_of
from nachhaken.plan.law.manners import calendar_of
from nachhaken.plan.law.values import Permission
from nachhaken.plan.limits import USUAL_SILENCE_WORKDAYS, Held, contact_day, hold
from nachhaken.plan.reasons import headline_of, reasons_of, truth_of
from nachhaken.plan.situation import Situation, situation_of
from nachhaken.plan.steps import (
    MINUTES,
    TIE_EUR,
    TIE_SHARE,
    action_of_step,
    choose,
    gain_of,
    mended,
)
from nachhaken.plan.timing import CallingHours, calling_hours
from nachhaken.plan.values import (
    Advice,
    Choice,
    CoursePoint,
    Phrase,
    Preferences,
    Silence,
    Step,
    Story,
)
from nachhaken.plan.ways import FORBIDDEN, contact_moment, lawful
from nachhaken.terms import Channel, StepKind, Truth
from nachhaken.workdays import Calendar

_STEPS = tuple(a for a in Action if a not in (Action.WAIT7, Action.WAIT30))
_QUESTIONS = (StepKind.ASK_WHAT, StepKind.CLARIFY)

# What is written in the morning is read on the day.
WRITING_HOURS = (8.0, 9.0)


def advise(
    story: Story, *, now: datetime, preferences: Preferences, situation: Situation | None = None
) -> Advice:
    """Return the plan for `story` at `now` (aware); limits come before any value.

    `situation` is that of `story` at `now`, where the caller has it already. Of whom an objection
    stops nothing is judged (GDPR Art. 21): all figures are 0, no reasons.
    """
    calendar = calendar_of(story.region or preferences.region)
    today = contact_day(now, preferences)
    situation = situation or situation_in(story, now=now)
    if story.opted_out:
        return _unjudged(story, situation, calendar=calendar, now=now)
    case = case_of(story, now=now, calendar=calendar, preferences=preferences)
    judgement = judge(
        case, preferences.learnt, money=money_of(preferences), policy=preferences.policy
    )
    wanted = _choose(story, situation, judgement, today=today, calendar=calendar)
    held = hold(
        wanted, story=story, situation=situation, preferences=preferences, calendar=calendar
    )
    on = held.on if held else today
    choice, permission = lawful(
        wanted,
        story=story,
        situation=situation,
        at=contact_moment(on, now=now, preferences=preferences),
        preferences=preferences,
    )
    if choice.because == FORBIDDEN and choice.on is not None:
        held = Held(calendar.next_workday(choice.on), None)
    hours = best_hours(choice, story, on=on, now=now, preferences=preferences)
    return Advice(
        step=_step(choice, story, situation, permission, calendar=calendar, now=now),
        due=held.on if held else None,
        gain_cents=round(gain_of(choice, judgement) * 100),
        expected_cents=round(max(judgement.values.values()) * 100),
        worth_of_asking_cents=round(judgement.worth_of_asking * 100),
        value_cents=round(case.value * 100),
        effort_minutes=situation.effort_minutes,
        best_hours=hours.span,
        best_hours_from=hours.observations,
        headline=headline_of(situation, judgement.belief),
        truth=truth_of(judgement.belief),
        reasons=reasons_of(story, situation, judgement, case),
        course=_course(story, judgement, now),
        against=_against(choice, judgement),
        asking=_asking(choice, judgement),
        silence=silence_of(situation, calendar, now),
        held_by=held.by if held else None,
        judgement=judgement,
        permission=permission if choice.channel else None,
    )


def situation_in(story: Story, *, now: datetime) -> Situation:
    """Return where `story` stands at `now` (aware), an objection being that of its person."""
    return situation_of(story.timeline, story.readings, now=now, person_id=story.person_id)


def money_of(preferences: Preferences) -> Money:
    """Return what time and trouble cost this user."""
    return Money(
        hour_eur=preferences.hour_eur,
        hold_eur_per_day=preferences.hold_eur_per_day,
        opt_out_eur=-preferences.opt_out_eur,
    )


def _unjudged(story: Story, situation: Situation, *, calendar: Calendar, now: datetime) -> Advice:
    choice = Choice(StepKind.STOP, None, "opted_out")
    return Advice(
        step=_step(choice, story, situation, None, calendar=calendar, now=now),
        due=None,
        gain_cents=0,
        expected_cents=0,
        worth_of_asking_cents=0,
        value_cents=0,
        effort_minutes=situation.effort_minutes,
        best_hours=WRITING_HOURS,
        headline=Phrase("headline.opted_out"),
        truth=Truth.LOST,
        reasons=(),
        course=(),
        against=None,
        asking=None,
        silence=silence_of(situation, calendar, now),
        held_by=None,
        judgement=_NOTHING,
    )


_NOTHING = Judgement(
    belief=Belief(0.0, 0.0, 0.0, 0.0),
    course=(),
    weights=(),
    values=dict.fromkeys(Action, 0.0),
    due=None,
    action=Action.WAIT30,
    gain=0.0,
    runner_up=None,
    tied_with=(),
    bits=dict.fromkeys(Action, 0.0),
    worth_of_knowing=0.0,
    worth_of_asking=0.0,
    cost_of_asking=0.0,
)


def _choose(
    story: Story, situation: Situation, judgement: Judgement, *, today: date, calendar: Calendar
) -> Choice:
    choice = choose(situation, judgement, today=today, calendar=calendar)
    return mended(choice, situation, mail=story.mail)


def _step(
    choice: Choice,
    story: Story,
    situation: Situation,
    permission: Permission | None,
    *,
    calendar: Calendar,
    now: datetime,
) -> Step:
    silence = silence_of(situation, calendar, now)
    return Step(
        kind=choice.kind,
        channel=choice.channel,
        title=phrasing.title(choice, situation),
        why=permission.reason
        if permission and choice.because == FORBIDDEN
        else phrasing.why(choice, situation, silence, today=now.date()),
        goal=phrasing.goal(choice, situation),
        minimum=phrasing.minimum(choice, situation),
        words=phrasing.words(choice, situation, title=story.title),
        minutes=MINUTES[choice.kind],
        because=choice.because,
    )


def best_hours(
    choice: Choice, story: Story, *, on: date, now: datetime, preferences: Preferences
) -> CallingHours:
    """Return the local hours of day `on` in which this step reaches the person best."""
    if choice.channel is not Channel.CALL:
        return CallingHours(WRITING_HOURS, 0)
    return calling_hours(story, on=on, now=now, zone=ZoneInfo(preferences.zone))


def silence_of(situation: Situation, calendar: Calendar, now: datetime) -> Silence | None:
    """Return how long nothing has been heard or said; None before any contact."""
    since = situation.last_contact
    if since is None:
        return None
    days = int(calendar.between(since, now))
    return Silence(since=since, workdays=days, usual=USUAL_SILENCE_WORKDAYS)


def _course(story: Story, judgement: Judgement, now: datetime) -> tuple[CoursePoint, ...]:
    start = min(start_of(story.timeline.standing()) or now, now)
    refs = {(w.until, w.what): w.ref for w in judgement.weights if w.ref}
    by_moment = {until: ref for (until, _), ref in refs.items()}
    seen: set[int] = set()
    points = []
    for point in judgement.course:
        ref = by_moment.get(point.at, 0)
        at = start + timedelta(days=point.at.day)
        points.append(CoursePoint(at=at, belief=point.belief, ref=0 if ref in seen else ref))
        seen.add(ref)
    return tuple(points)


def _against(choice: Choice, judgement: Judgement) -> Phrase | None:
    """Say which other step comes close, or why waiting does not."""
    mine = action_of_step(choice.kind)
    if mine is None:
        return None
    values = judgement.values
    other = max((a for a in _STEPS if a is not mine), key=lambda a: values[a])
    less = values[mine] - values[other]
    name = f"kind.{other.value}"
    if abs(less) <= max(TIE_EUR, abs(values[mine]) * TIE_SHARE):
        return Phrase("against.tie", {"other": name})
    if less < 0:
        return None
    return Phrase("against.runner_up", {"other": name, "less": round(less * 100)})


def _asking(choice: Choice, judgement: Judgement) -> Phrase | None:
    """Say what a question costs and what its answer is worth, where it is worth its cost."""
    cost, worth = judgement.cost_of_asking, judgement.worth_of_asking
    if choice.kind not in _QUESTIONS or worth < cost:
        return None
    return Phrase("asking.worth", {"cost": round(cost * 100), "worth": round(worth * 100)})
