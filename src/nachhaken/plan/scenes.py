"""Which scene of the playbook a step is, and which follow-up."""

from datetime import date

from nachhaken.plan.evidence import is_cover, offer_days
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Story
from nachhaken.plan.wording import condition_of
from nachhaken.playbook.values import Scene
from nachhaken.terms import Intent, StepKind
from nachhaken.timeline import Touched

# The playbook has a version for each follow-up up to the sixth; then it starts with the last again.
LAST_FOLLOW_UP = 6

# Scenes in which a time that the customer named lies behind; elsewhere it lies ahead.
_REACHED = frozenset({Scene.CALL_BACK, Scene.CONDITION, Scene.VOICEMAIL})

_SCENES = {
    StepKind.CALL_BACK: Scene.CALL_BACK,
    StepKind.CLARIFY: Scene.CLARIFY,
    StepKind.INVEST: Scene.ADAPT,
    StepKind.ASK_REASON: Scene.REASON,
    StepKind.ASK_REFERRED: Scene.REFERRED,
    StepKind.CONFIRM: Scene.CONFIRM,
    StepKind.DELIVER: Scene.DELIVER,
    StepKind.DECLINE: Scene.DECLINE,
    StepKind.HAND_OVER: Scene.HAND_OVER,
    StepKind.REOPEN: Scene.REOPEN,
}


def scene_of(kind: StepKind, situation: Situation, *, nth: int) -> Scene:
    """Return the scene of a step of `kind`; `nth` is which follow-up a plain contact would be."""
    said = situation.unanswered.intent if situation.unanswered else None
    match kind:
        case StepKind.ASK_WHAT:
            return Scene.WHAT_REQUOTE if said is Intent.REQUOTE else Scene.WHAT
        case StepKind.CHECK_CONDITION:
            return Scene.CONDITION if condition_of(situation) else Scene.CALL_BACK
        case StepKind.ANSWER:
            return Scene.WHEN if said is Intent.STALLED_NAMED else Scene.ANSWER
        case StepKind.STOP:
            # Whoever calls before letting go asks openly; after a no there is only thanks.
            return Scene.THANKS if _has_declined(situation) else Scene.CLARIFY
        case StepKind.MAIL | StepKind.CALL | StepKind.WAIT:
            return _contact(situation, nth)
        case _:
            return _SCENES[kind]


def follow_up_of(story: Story, situation: Situation) -> int:
    """Return which follow-up on the newest offer the next contact is: 1 for the first, at most 6.

    Calls that reached nobody do not count; whoever has answered the offer is past the first.
    """
    if situation.offered_at is None:
        return 1
    covers = offer_days(story.timeline.standing())
    since = [e for e in situation.touches if e.occurred_at >= situation.offered_at]
    said = [e for e in since if _was_heard(e.fact) and not is_cover(e, covers)]
    answered = situation.last_answer_at
    has_answered = answered is not None and answered > situation.offered_at
    return min(LAST_FOLLOW_UP, max(len(said) + 1, 1 + has_answered))


def window_fits(scene: Scene, situation: Situation, today: date) -> bool:
    """Say whether the time that the customer named can be said in the scene: reached, or ahead."""
    answer = situation.window_answer
    if answer is None or answer.window is None:
        return True
    return (answer.window.start <= today) is (scene in _REACHED)


def _contact(situation: Situation, nth: int) -> Scene:
    if situation.offer is None:
        return Scene.FIRST_TALK
    return Scene.FIRST_FOLLOW_UP if nth == 1 else Scene.FOLLOW_UP


def _was_heard(fact: object) -> bool:
    return isinstance(fact, Touched) and fact.reached is not False


def _has_declined(situation: Situation) -> bool:
    spoken = [a for a in situation.answers if a.intent is not Intent.AUTO_REPLY]
    return bool(spoken) and spoken[-1].intent is Intent.NO
