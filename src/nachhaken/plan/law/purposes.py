"""What a step is for in the eyes of the law: answering what they asked for, or asking again."""

from nachhaken.plan.situation import Situation
from nachhaken.terms import Purpose, StepKind

# What the customer asked for and nobody has answered yet.
ANSWERS = frozenset(
    {
        StepKind.ANSWER,
        StepKind.CONFIRM,
        StepKind.ASK_WHAT,
        StepKind.INVEST,
        StepKind.ASK_REFERRED,
        StepKind.DELIVER,
        StepKind.DECLINE,
        StepKind.HAND_OVER,
    }
)

_FIRST_WORDS = frozenset({StepKind.CALL, StepKind.MAIL})
_COMING_BACK = frozenset({StepKind.CALL_BACK, StepKind.CHECK_CONDITION})


def purpose_of(step: StepKind, situation: Situation) -> Purpose:
    """Return whether `step` answers the customer here, or chases them.

    What was promised is owed, whether or not they ask for it again, and so is coming back on the
    days that they named themselves. The first word after their inquiry answers it.
    """
    if step is StepKind.DELIVER or (step in _COMING_BACK and _is_asked_back(situation)):
        return Purpose.ANSWER
    if step in _FIRST_WORDS and _has_only_asked(situation):
        return Purpose.ANSWER
    if situation.unanswered is not None and step in ANSWERS:
        return Purpose.ANSWER
    return Purpose.CHASE


def _has_only_asked(situation: Situation) -> bool:
    return situation.is_new and situation.opened_at is not None and not situation.touches


def _is_asked_back(situation: Situation) -> bool:
    """They named days for it, and nobody has tried since those began."""
    answer = situation.window_answer
    if answer is None or answer.window is None:
        return False
    return all(e.occurred_at.date() < answer.window.start for e in situation.chases)
