"""What a customer still has in mind, from what was told when and how."""

import pytest

from nachhaken.plan.memory import Remembered, key_points_of
from nachhaken.terms import Form
from nachhaken.timeline import Conveyed, Fact, KeyPointDropped, KeyPointSet, Undone
from tests.unit.test_plan import NOW, timeline

ZINC = KeyPointSet(text="Feuerverzinkt hält es vierzig Jahre ohne Anstrich", importance=2)
CRANE = KeyPointSet(text="Wir montieren ohne Kran, der Hof bleibt frei")
TALK = Conveyed(key_points=(1, 2), form=Form.CALL, two_way=True)
LETTER = Conveyed(key_points=(1,), form=Form.MAIL, two_way=False)


def points(*facts: tuple[float, Fact], forms: tuple[Form, ...] = tuple(Form)) -> list[Remembered]:
    told = timeline((30, ZINC), (30, CRANE), *facts)
    return list(key_points_of(told, now=NOW, forms=forms))


def test_e2_two_weeks_after_a_first_talk_a_quarter_is_in_mind() -> None:
    """Half is understood, and two weeks later half of that is gone."""
    assert [p.in_mind for p in points((14, TALK))] == pytest.approx([0.25, 0.25])


def test_e2_what_was_only_read_leaves_half_as_much() -> None:
    zinc, crane = points((0, LETTER))
    assert (zinc.in_mind, crane.in_mind) == pytest.approx((0.25, 0))


def test_e2_what_is_missed_most_comes_first_in_a_form_not_yet_used() -> None:
    zinc, crane = points((14, TALK))
    assert (zinc.text, zinc.form, zinc.is_new_form) == (ZINC.text, Form.MAIL, True)
    assert zinc.used == crane.used == {Form.CALL: 1}
    assert [day.isoformat() for day in zinc.conveyed[Form.CALL]] == ["2026-11-09"]


def test_e2_in_a_call_only_what_a_call_can_do_is_proposed() -> None:
    zinc, _ = points((14, TALK), (10, LETTER), forms=(Form.CALL, Form.STORY))
    assert (zinc.form, zinc.is_new_form) == (Form.STORY, True)
    again, _ = points((14, TALK), forms=(Form.CALL,))
    assert (again.form, again.is_new_form) == (Form.CALL, False)


def test_e2_what_was_said_yesterday_and_today_is_not_said_again_but_kept_in_view() -> None:
    fresh = [p for p in points((1, TALK), (0, TALK)) if p.form is None]
    assert [p.text for p in fresh] == [ZINC.text, CRANE.text]
    assert all(p.in_mind > 0.7 for p in fresh)


def test_e2_with_no_form_at_hand_nothing_is_proposed() -> None:
    assert [p.form for p in points((14, TALK), forms=())] == [None, None]


def test_e2_a_dropped_point_is_gone_and_an_undone_talk_was_none() -> None:
    (crane,) = points((14, TALK), (1, KeyPointDropped(key_point_id=1)))
    assert crane.text == CRANE.text
    assert [p.in_mind for p in points((14, TALK), (1, Undone(entry_id=3)))] == [0, 0]


def test_e2_a_talk_that_is_only_planned_has_conveyed_nothing() -> None:
    assert [p.in_mind for p in points((-3, TALK))] == [0, 0]


def test_e2_without_key_points_there_is_nothing_to_repeat() -> None:
    assert key_points_of(timeline((14, TALK)), now=NOW) == ()
