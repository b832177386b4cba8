"""What a result would change, before it is kept: the same facts and the same plan, not written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.calls import Call, outcome_of, window_of
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.commands.outcomes import Outcome, Reached, facts_of
from nachhaken.desk.models import User
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import local_date, speak
from nachhaken.desk.stories import Told, tell
from nachhaken.desk.templatetags.words import day_short, next_step
from nachhaken.plan import advise, frequency
from nachhaken.plan.foresight import with_facts
from nachhaken.plan.values import Advice, Preferences
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import Statement

_DECIDED = frozenset({Intent.YES, Intent.NO, Intent.OPT_OUT})
ALSO_WITHOUT_NETWORK = (
    Intent.YES,
    Intent.ENGAGED,
    Intent.STALLED_NAMED,
    Intent.LATER_VAGUE,
    Intent.NONCOMMITTAL,
    Intent.REQUOTE,
    Intent.REFERRAL,
    Intent.NO,
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What would follow, in words, and which days are meant; "" where neither is known."""

    sentence: str
    window: str


def what_if(user: User, opportunity_id: int, call: Call, *, now: datetime) -> Changes:
    """Return what would follow if `call` were kept now; nothing is written."""
    allow(user)
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    window = window_of(call, on=local_date(now), region=told.story.region)
    outcome = outcome_of(call, told.opportunity, actor=user, at=now)
    return Changes(
        sentence=_sentence(told, outcome, now=now, known=preferences()),
        window=" – ".join(day_short(day) for day in dict.fromkeys(window)) if window else "",
    )


def what_ifs(told: Told, step: StepKind, *, now: datetime) -> list[tuple[str, str]]:
    """Return (result, sentence) for what a call can bring, to be taken along without a network."""
    known = preferences()
    outcomes = {
        intent.value: Outcome(
            step=step,
            channel=Channel.CALL,
            reached=Reached.REACHED,
            statement=Statement(intent=intent),
        )
        for intent in ALSO_WITHOUT_NETWORK
    }
    return [(name, _sentence(told, one, now=now, known=known)) for name, one in outcomes.items()]


def _sentence(told: Told, outcome: Outcome, *, now: datetime, known: Preferences) -> str:
    story = with_facts(told.story, now, *facts_of(outcome, told.opportunity))
    advice = advise(story, now=now + timedelta(seconds=1), preferences=known)
    intent = outcome.statement.intent if outcome.statement else None
    return " ".join(filter(None, [_judged(advice, intent), _step(advice)]))


def _judged(advice: Advice, intent: Intent | None) -> str:
    """The headline; how likely it is says nothing any more once the customer decided."""
    if intent in _DECIDED:
        return f"{speak(advice.headline)}."
    belief = advice.judgement.belief
    return _("%(headline)s. Ernst gemeint: %(frequency)s.") % {
        "headline": speak(advice.headline),
        "frequency": speak(frequency(belief.genuine + belief.stalled)),
    }


def _step(advice: Advice) -> str:
    if advice.due is None:
        return _("Danach ist nichts mehr zu tun.")
    return next_step(speak(advice.step.title), advice.due)
