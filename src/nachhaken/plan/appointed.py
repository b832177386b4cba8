"""Steps for which somebody has named the day: the seller's pin, promises, agreed times."""

from datetime import date

from nachhaken.plan.commitments import OpenPoint, first_awaited, first_owed
from nachhaken.plan.consent import Consent
from nachhaken.plan.evidence import Answer
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Choice
from nachhaken.terms import Channel, Intent, StepKind


def pinned(situation: Situation, today: date) -> Choice | None:
    """What the seller fixed; a day that has passed is today."""
    pin = situation.own.pin
    return Choice(pin.step, max(today, pin.on), "pinned") if pin else None


def owed(situation: Situation, today: date, *, until: date) -> Choice | None:
    """Our promise, on its day, where that comes no later than what is planned for `until`."""
    point = first_owed(situation.points)
    if point is None or point.due is None or point.due > until:
        return None
    return Choice(StepKind.DELIVER, max(today, point.due), "owed")


def agreed(situation: Situation, today: date) -> Choice | None:
    """What the customer promised, asked for or agreed to, whichever comes first."""
    found = (
        _awaited(situation, today),
        _window(situation, today) or _consented(situation, today),
    )
    return min((c for c in found if c), key=lambda c: c.on or date.max, default=None)


def named(situation: Situation, answer: Answer, today: date) -> Choice | None:
    """The condition of `answer`: checked on its day; without one, they are asked for the day."""
    point = next((p for p in situation.points if p.id == answer.entry.id), None)
    if point is not None and point.kept is not None:
        return None
    window = answer.window.start if answer.window else None
    due = point.due if point else window
    if due is None:
        return Choice(StepKind.ANSWER, today, "when")
    return Choice(StepKind.CHECK_CONDITION, max(today, due), "condition")


def consent_to_call(situation: Situation) -> Consent | None:
    """Return the newest standing consent that names days."""
    return next((c for c in reversed(situation.consents) if c.window is not None), None)


def _awaited(situation: Situation, today: date) -> Choice | None:
    """Before the day that they named, asking would only tell them that we cannot wait."""
    point = first_awaited(situation.points)
    if point is None or point.due is None:
        return None
    return Choice(StepKind.CHECK_CONDITION, max(today, point.due), _because(point))


def _because(point: OpenPoint) -> str:
    return "condition" if point.is_condition else "awaited"


def _window(situation: Situation, today: date) -> Choice | None:
    """An agreed time is kept, once and not before its start."""
    answer = situation.window_answer
    if answer is None or answer.window is None or _is_touched(situation, answer.window.start):
        return None
    on = max(today, answer.window.start)
    if answer.condition:
        return None  # an open point, which `_awaited` knows with its day
    if answer.intent is Intent.STALLED_NAMED:
        return Choice(StepKind.CHECK_CONDITION, on, "condition")
    if situation.evades:
        return Choice(StepKind.CLARIFY, on, "evades")
    return Choice(StepKind.CALL_BACK, on, "window")


def _consented(situation: Situation, today: date) -> Choice | None:
    consent = consent_to_call(situation)
    if consent is None or consent.window is None or _is_touched(situation, consent.window[0]):
        return None
    kind = StepKind.MAIL if consent.channel is Channel.MAIL else StepKind.CALL_BACK
    return Choice(kind, max(today, consent.window[0]), "consented")


def _is_touched(situation: Situation, since: date) -> bool:
    return any(e.occurred_at.date() >= since for e in situation.chases)
