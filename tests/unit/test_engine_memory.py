"""E2: what the customer still has in mind, and what to say again in which form."""

import math

import pytest

from nachhaken.engine.memory import (
    Exchange,
    Forgetting,
    KeyMessage,
    RecallError,
    remembered,
    worth_repeating,
)
from nachhaken.terms import Form

WARRANTY = KeyMessage(name="ten years of warranty", importance=2.0)
SPEED = KeyMessage(name="mounted in one day")


def talk(day: float, *messages: KeyMessage, form: Form = Form.CALL) -> Exchange:
    return Exchange(day=day, messages=_names(messages), form=form, two_way=True)


def text(day: float, *messages: KeyMessage, form: Form = Form.MAIL) -> Exchange:
    return Exchange(day=day, messages=_names(messages), form=form, two_way=False)


def _names(messages: tuple[KeyMessage, ...]) -> frozenset[str]:
    return frozenset(message.name for message in messages)


def test_half_is_understood_and_half_of_that_is_gone_in_two_weeks() -> None:
    said = [talk(0, WARRANTY)]
    assert remembered(said, WARRANTY.name, 0) == 0.5
    assert remembered(said, WARRANTY.name, 14) == 0.25
    assert remembered(said, WARRANTY.name, 28) == 0.125


def test_saying_it_again_adds_half_of_what_is_missing() -> None:
    said = [talk(0, WARRANTY), talk(14, WARRANTY)]
    assert remembered(said, WARRANTY.name, 14) == 1 - 0.75 * 0.5


def test_reading_takes_in_half_as_much_as_talking() -> None:
    assert remembered([text(0, WARRANTY)], WARRANTY.name, 0) == 0.25


def test_what_was_never_said_is_not_in_mind() -> None:
    said = [talk(0, SPEED)]
    assert remembered(said, WARRANTY.name, 1) == 0
    assert remembered([], WARRANTY.name, 1) == 0


def test_what_comes_later_does_not_count_yet() -> None:
    assert remembered([talk(5, WARRANTY)], WARRANTY.name, 4.9) == 0


def test_an_own_rule_of_forgetting() -> None:
    rule = Forgetting(half_life_days=7, by_talking=0.8, by_reading=0.1)
    assert remembered([talk(0, SPEED)], SPEED.name, 7, rule=rule) == pytest.approx(0.4)
    assert remembered([text(0, SPEED)], SPEED.name, 0, rule=rule) == pytest.approx(0.1)


def test_on_day_one_everything_is_worth_saying_by_its_importance() -> None:
    found = worth_repeating([SPEED, WARRANTY], [], 0)
    assert [repeat.message for repeat in found] == [WARRANTY, SPEED]
    assert {repeat.form for repeat in found} == {Form.CALL}
    assert all(repeat.is_new_form and repeat.remembered == 0 for repeat in found)


def test_what_was_just_said_is_not_said_again() -> None:
    said = [talk(0, WARRANTY)]
    assert [r.message for r in worth_repeating([WARRANTY, SPEED], said, 0)] == [SPEED]
    assert [r.message for r in worth_repeating([WARRANTY, SPEED], said, 1)] == [WARRANTY, SPEED]


def test_the_most_missed_comes_first() -> None:
    weights = [KeyMessage(name="a", importance=1.2), KeyMessage(name="b", importance=1.0)]
    said = [text(0, weights[0])]
    assert [r.message.name for r in worth_repeating(weights, said, 0)] == ["b", "a"]


def test_another_form_is_proposed_than_the_used_ones() -> None:
    said = [talk(0, SPEED), text(2, SPEED), text(3, SPEED, form=Form.PICTURE)]
    repeat = worth_repeating([SPEED], said, 20)[0]
    assert (repeat.form, repeat.is_new_form) == (Form.STORY, True)


def test_among_the_forms_at_hand_the_one_used_longest_ago() -> None:
    said = [talk(0, SPEED), text(2, SPEED)]
    repeat = worth_repeating([SPEED], said, 30, forms=(Form.MAIL, Form.CALL))[0]
    assert (repeat.form, repeat.is_new_form) == (Form.CALL, False)
    often = [*said, talk(4, SPEED)]
    assert worth_repeating([SPEED], often, 30, forms=(Form.MAIL, Form.CALL))[0].form is Form.MAIL


def test_a_form_used_for_one_message_is_new_for_another() -> None:
    repeat = worth_repeating([WARRANTY], [talk(0, SPEED)], 1)[0]
    assert (repeat.form, repeat.is_new_form) == (Form.CALL, True)


@pytest.mark.parametrize("importance", [0.0, -1.0, math.nan, math.inf])
def test_an_importance_that_cannot_be_is_refused(importance: float) -> None:
    with pytest.raises(RecallError, match="importance"):
        KeyMessage(name="x", importance=importance)


@pytest.mark.parametrize("day", [math.nan, math.inf])
def test_a_day_that_cannot_be_is_refused(day: float) -> None:
    with pytest.raises(RecallError, match="day"):
        talk(day)


@pytest.mark.parametrize(
    "rule", [{"half_life_days": 0.0}, {"half_life_days": math.nan}, {"by_talking": 1.0},
             {"by_reading": -0.1}],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(rule: dict[str, float]) -> None:
    with pytest.raises(RecallError):
        Forgetting(**rule)


def test_without_any_form_nothing_can_be_said() -> None:
    with pytest.raises(RecallError, match="form"):
        worth_repeating([SPEED], [], 0, forms=())
