"""What comes next: the steps if it stays silent, and where each answer would lead.

Both come from the same `advise` that makes today's plan, asked about a timeline with what might
happen added to it. So the foresight cannot say anything that the plan would not do.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nachhaken.plan.advice import advise
from nachhaken.plan.evidence import OFFICE_OPENS
from nachhaken.plan.values import Advice, Phrase, Preferences, Step, Story
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import Entry, Fact, Replied, Statement, Timeline, Touched

# The answers that a seller hopes for, fears and gets; what a yes or an objection leads to is clear.
ANSWERS = (
    Intent.ENGAGED,
    Intent.STALLED_NAMED,
    Intent.LATER_VAGUE,
    Intent.NONCOMMITTAL,
    Intent.REQUOTE,
    Intent.NO,
)
FURTHEST = 6
SOON = timedelta(days=4)  # over a weekend
_ENDS = frozenset({StepKind.STOP, StepKind.WAIT, StepKind.DECLINE, StepKind.HAND_OVER})
_WHAT_IF = "what if"


@dataclass(frozen=True, slots=True)
class Planned:
    """A step on the day that it would fall on, why then, and why in one word."""

    kind: StepKind
    on: date
    why: Phrase
    because: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Where an answer would lead: to which step, when (None: nothing more), how likely genuine."""

    answer: Intent
    kind: StepKind
    on: date | None
    genuine: float


@dataclass(frozen=True, slots=True)
class Foresight:
    """`silence`: the steps from the next one on, if nobody ever answers; `turns`: by answer."""

    silence: tuple[Planned, ...]
    turns: tuple[Turn, ...]


def foresee(story: Story, *, now: datetime, preferences: Preferences) -> Foresight:
    """Return what would follow on today's advice for `story` at `now` (aware)."""
    first = advise(story, now=now, preferences=preferences)
    if first.due is None:
        return Foresight((), ())
    return Foresight(
        silence=tuple(_silence(story, first, now=now, preferences=preferences)),
        turns=_turns(story, first, now=now, preferences=preferences),
    )


def _silence(
    story: Story, first: Advice, *, now: datetime, preferences: Preferences
) -> list[Planned]:
    """Do each step on its day and hear nothing, until letting go."""
    planned: list[Planned] = []
    advice = first
    while advice.due is not None and len(planned) < FURTHEST:
        kind = advice.step.kind
        planned.append(Planned(kind, advice.due, advice.step.why, advice.step.because))
        if kind in _ENDS:
            break
        at = _morning(advice, now, preferences)
        story = with_facts(story, at, _touch(advice.step))
        now = at + timedelta(hours=1)
        advice = advise(story, now=now, preferences=preferences)
    return planned


def _turns(
    story: Story, first: Advice, *, now: datetime, preferences: Preferences
) -> tuple[Turn, ...]:
    """Hear each answer: to the step if it is for one of these days, else out of the blue."""
    at = _morning(first, now, preferences)
    if at - now <= SOON and first.step.kind not in _ENDS:
        story, now = with_facts(story, at, _touch(first.step)), at
    turns = []
    for answer in ANSWERS:
        at = now + timedelta(hours=1)
        replied = Replied(channel=Channel.CALL, statement=Statement(intent=answer))
        advice = advise(with_facts(story, at, replied), now=at, preferences=preferences)
        belief = advice.judgement.belief
        turns.append(Turn(answer, advice.step.kind, advice.due, belief.genuine + belief.stalled))
    return tuple(turns)


def _morning(advice: Advice, now: datetime, preferences: Preferences) -> datetime:
    """Return when the step is done: now, or on the morning of a day to come."""
    opens = datetime.combine(advice.due or now, OFFICE_OPENS, ZoneInfo(preferences.zone))
    return max(now, opens)


def _touch(step: Step) -> Touched:
    return Touched(channel=step.channel or Channel.MAIL, step=step.kind)


def with_facts(story: Story, at: datetime, *facts: Fact) -> Story:
    """Return the story with `facts` added at `at` (aware), in order; no book ever holds them."""
    head = max((e.id for e in story.timeline), default=0)
    more = [
        Entry(
            id=head + n,
            occurred_at=at,
            recorded_at=at,
            actor=_WHAT_IF,
            source_key=f"{_WHAT_IF}:{head + n}",
            fact=fact,
        )
        for n, fact in enumerate(facts, 1)
    ]
    return replace(story, timeline=Timeline.of([*story.timeline, *more]))
