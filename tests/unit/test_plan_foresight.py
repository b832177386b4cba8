"""What would come next: on silence, and on each answer."""

from nachhaken.plan import Preferences, Story
from nachhaken.plan.foresight import ANSWERS, FURTHEST, Foresight, foresee
from nachhaken.terms import Intent, OutcomeKind, StepKind
from nachhaken.timeline import Closed, Fact, OptedOut
from tests.unit.test_plan import NOW, OFFER, TODAY, advice, replied, timeline


def foresight(*facts: tuple[float, Fact]) -> Foresight:
    story = Story(
        timeline=timeline(*facts),
        readings={},
        title="4 Balkone Südseite",
        prospect="Pension Alpenblick",
        mail="huber@alpenblick.example",
        phone="08026 555 48 10",
    )
    return foresee(story, now=NOW, preferences=Preferences())


def test_e1_the_plan_begins_with_the_step_of_today_and_ends() -> None:
    found = foresight((10, OFFER))
    first = advice((10, OFFER))
    assert (found.silence[0].kind, found.silence[0].on) == (first.step.kind, first.due)
    days = [one.on for one in found.silence]
    assert days == sorted(set(days))
    assert 1 < len(days) <= FURTHEST
    assert found.silence[-1].kind in (StepKind.STOP, StepKind.WAIT)


def test_every_answer_has_its_turn_and_good_ones_raise_the_hope() -> None:
    turns = {turn.answer: turn for turn in foresight((10, OFFER)).turns}
    assert tuple(turns) == ANSWERS
    assert turns[Intent.ENGAGED].kind is StepKind.ANSWER
    assert turns[Intent.ENGAGED].on == TODAY
    assert turns[Intent.LATER_VAGUE].kind is StepKind.ASK_WHAT
    hopes = [turns[a].genuine for a in (Intent.NO, Intent.NONCOMMITTAL, Intent.ENGAGED)]
    assert hopes == sorted(hopes)


def test_where_nothing_is_to_be_done_nothing_is_foreseen() -> None:
    for end in (Closed(outcome=OutcomeKind.LOST), OptedOut()):
        assert foresight((10, OFFER), (1, end)) == Foresight((), ())


def test_the_answer_is_heard_to_the_step_of_today() -> None:
    """After the WHAT question another "later" means something else than out of the blue."""
    asked = foresight((10, OFFER), (1, replied(Intent.LATER_VAGUE)))
    turns = {turn.answer: turn for turn in asked.turns}
    assert asked.silence[0].kind is StepKind.ASK_WHAT
    assert turns[Intent.LATER_VAGUE].kind is StepKind.CLARIFY


def test_an_unanswered_question_is_not_put_again() -> None:
    facts = ((30, OFFER), (12, replied(Intent.NONCOMMITTAL)), (3, replied(Intent.REQUOTE)))
    kinds = [one.kind for one in foresight(*facts).silence]
    assert kinds[0] is StepKind.ASK_WHAT
    assert kinds.count(StepKind.ASK_WHAT) == 1
    assert kinds.count(StepKind.CLARIFY) <= 1
