"""Open points of both sides, conditions named in replies, and what they make of the plan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nachhaken.plan import say
from nachhaken.plan.situation import situation_of
from nachhaken.reading import read
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import (
    Fact,
    GutFelt,
    Promised,
    PromiseMoved,
    PromiseSettled,
    Replied,
)
from tests.unit.test_plan import JANUARY, MAIL, NOW, OFFER, TODAY, advice, replied, timeline
from tests.unit.test_plan_conversation import (
    BUDGET,
    CHECKED,
    DELIVERED,
    DRAWING,
    FRIDAY,
    MISSED,
    SILENT,
    planned,
    situation,
    spoken,
)


def test_a4_what_we_promised_is_delivered_on_its_day() -> None:
    given = advice(*SILENT, (3, MAIL), (2, DRAWING))
    assert planned(given) == (StepKind.DELIVER, TODAY, "owed")  # within the contact limit
    assert given.held_by is None
    assert say(given.step.title, "de") == "Liefern, was zugesagt ist: „Zeichnung mit Handlauf“"
    assert spoken(given) == "von Ihnen zugesagt bis 23.11.2026"
    assert given.step.channel is Channel.MAIL


def test_a4_a_promise_for_later_is_planned_for_its_day() -> None:
    """Nobody plans anew on Thursday what is planned for Friday: the day is the promise's now."""
    facts = ((60.0, OFFER), (3.0, MAIL))
    assert advice(*facts).due == FRIDAY
    given = advice(*facts, (2, replace(DRAWING, due=date(2026, 11, 26))))
    assert planned(given) == (StepKind.DELIVER, date(2026, 11, 26), "owed")
    assert advice(*facts, (2, replace(DRAWING, due=date(2026, 12, 1)))).due == FRIDAY


def test_a4_a_promise_without_a_day_makes_no_step() -> None:
    for point in (replace(DRAWING, due=None), replace(BUDGET, due=None)):
        assert planned(advice(*SILENT, (2, point))) == planned(advice(*SILENT))
        assert [p.kept for p in situation(*SILENT, (2, point)).points] == [None]


def test_a4_a_kept_or_moved_promise_is_not_due() -> None:
    kept = advice(*SILENT, (2, DRAWING), (1, PromiseSettled(promise_id=3, kept=True)))
    assert kept.step.kind is not StepKind.DELIVER
    moved = PromiseMoved(promise_id=3, due=date(2027, 3, 1))
    assert advice(*SILENT, (2, DRAWING), (1, moved)).step.kind is not StepKind.DELIVER
    assert situation(*SILENT, (2, DRAWING), (1, moved)).points[0].due == date(2027, 3, 1)


def test_a4_a_delivery_keeps_the_promise_that_was_due_first() -> None:
    tender = Promised(by_us=True, what="Statik", due=FRIDAY)
    facts = (*SILENT, (3.0, tender), (2.0, DRAWING), (0.5, DELIVERED))
    assert [(p.what, p.kept) for p in situation(*facts).points] == [
        ("Statik", None),
        ("Zeichnung mit Handlauf", True),
    ]
    assert planned(advice(*facts)) == (StepKind.DELIVER, FRIDAY, "owed")


def test_a4_a_delivery_noted_with_its_promise_settles_no_second_one() -> None:
    tender = Promised(by_us=True, what="Statik", due=TODAY)
    settled = PromiseSettled(promise_id=3, kept=True)
    facts = (*SILENT, (3.0, DRAWING), (2.0, tender), (0.5, DELIVERED), (0.5, settled))
    assert [p.kept for p in situation(*facts).points] == [True, None]


def test_a4_a_delivery_that_reached_nobody_or_was_moved_after_it_leaves_the_point_open() -> None:
    missed = replace(DELIVERED, channel=Channel.CALL, reached=False)
    assert situation(*SILENT, (2, DRAWING), (1, missed)).points[0].kept is None
    again = PromiseMoved(promise_id=3, due=FRIDAY)
    assert situation(*SILENT, (2, DRAWING), (1, DELIVERED), (0.5, again)).points[0].kept is None


def test_a4_a_delivery_is_no_chase() -> None:
    facts = (*SILENT, (1.0, DRAWING), (0.5, DELIVERED))
    assert len(situation(*facts).chases) == 1
    assert situation(*facts).last_contact == NOW - timedelta(days=0.5)


def test_a4_an_answer_goes_before_a_delivery_and_a_delivery_before_a_chase() -> None:
    asked = advice(*SILENT, (2, DRAWING), (1, replied(Intent.ENGAGED)))
    assert asked.step.kind is StepKind.ANSWER
    vague = advice(*SILENT, (2, DRAWING), (1, replied(Intent.NONCOMMITTAL)))
    assert vague.step.kind is StepKind.DELIVER


def test_a4_what_they_wanted_to_settle_is_asked_about_when_it_is_due() -> None:
    given = advice(*SILENT, (5, BUDGET))
    assert planned(given) == (StepKind.CHECK_CONDITION, TODAY, "awaited")
    assert say(given.step.title, "de").endswith("geworden ist: „Budget mit dem Steuerberater“")
    assert spoken(given) == "wollten bis 20.11.2026 klären: „Budget mit dem Steuerberater“"
    assert given.step.words is not None
    assert say(given.step.words, "de").startswith("„Sie wollten für sich klären: „Budget mit dem")


def test_a4_before_the_day_that_they_named_nobody_asks() -> None:
    given = advice(*SILENT, (5, replace(BUDGET, due=FRIDAY)))
    assert planned(given) == (StepKind.CHECK_CONDITION, FRIDAY, "awaited")
    assert spoken(given).startswith("wollen bis 27.11.2026 klären")


def test_a4_of_several_points_the_first_due_is_named() -> None:
    first = Promised(by_us=False, what="Freigabe der Eigentümer", due=date(2026, 11, 16))
    assert "Freigabe der Eigentümer" in spoken(advice(*SILENT, (5, BUDGET), (4, first)))


def test_a4_who_was_asked_once_since_is_not_asked_again() -> None:
    facts = (*SILENT, (9.0, BUDGET))
    assert advice(*facts, (1, CHECKED)).step.because != "awaited"
    assert advice(*facts, (1, MISSED)).step.because == "awaited"
    thrice = advice(*facts, (3, MISSED), (2, MISSED), (1, MISSED))
    assert thrice.step.because != "awaited"


def test_b2_a_condition_named_in_a_reply_is_an_open_point_of_theirs() -> None:
    said = replied(Intent.STALLED_NAMED, callback=JANUARY, condition="wenn das Budget frei ist")
    (point,) = situation((10, OFFER), (4, said)).points
    assert (point.id, point.what, point.by_us) == (2, "wenn das Budget frei ist", False)
    assert (point.due, point.kept, point.is_condition) == (JANUARY[0], None, True)


def test_b2_a_read_condition_is_one_too() -> None:
    text = "Wir warten noch auf die Freigabe vom Eigentümer, das kommt Mitte Januar."
    told = timeline((10, OFFER), (4, Replied(channel=Channel.MAIL, text=text)))
    reading = read(text, reference=date(2026, 11, 19))
    points = situation_of(told, {2: reading}, now=NOW).points
    assert [point.what for point in points] == [reading.condition]
    assert "Freigabe" in points[0].what


@pytest.mark.parametrize("after", [CHECKED, replied(Intent.ENGAGED)])
def test_b2_a_condition_is_settled_by_the_next_reply_or_the_call_that_checked_it(
    after: Fact,
) -> None:
    said = replied(Intent.STALLED_NAMED, condition="nach der Messe")
    assert [p.kept for p in situation((10, OFFER), (4, said), (1, after)).points] == [True]


def test_b2_a_condition_is_checked_again_where_nobody_was_reached() -> None:
    week = (date(2026, 11, 9), date(2026, 11, 13))
    said = replied(Intent.STALLED_NAMED, callback=week, condition="nach der Messe")
    given = advice((40, OFFER), (30, said), (10, MISSED))
    assert planned(given) == (StepKind.CHECK_CONDITION, TODAY, "condition")
    assert say(given.step.title, "de") == "Fragen, ob es so weit ist: „nach der Messe“"


def test_b2_a_condition_that_the_seller_settled_or_moved_follows_them() -> None:
    said = replied(Intent.STALLED_NAMED, callback=JANUARY, condition="nach der Messe")
    moved = PromiseMoved(promise_id=2, due=date(2027, 2, 1))
    assert advice((10, OFFER), (4, said), (1, moved)).due == date(2027, 2, 1)
    met = PromiseSettled(promise_id=2, kept=True)
    assert advice((10, OFFER), (4, said), (1, met)).step.kind is not StepKind.CHECK_CONDITION


# --- consent ---------------------------------------------------------------------------------


SENDS_PLANS = Promised(by_us=False, what="Pläne schicken", due=TODAY)


def alive_after(fact: Fact, *, of: Fact = SENDS_PLANS) -> tuple[float, set[str]]:
    """How alive it looks once the promise is settled, and the reasons."""
    given = advice((20, OFFER), (9, of), (1, fact))
    belief = given.judgement.belief
    return belief.genuine + belief.stalled, {say(r.phrase, "de") for r in given.reasons}


UNSETTLED = PromiseMoved(promise_id=2, due=TODAY)


def test_b3_a_promise_that_the_customer_kept_speaks_for_them() -> None:
    kept, said = alive_after(PromiseSettled(promise_id=2, kept=True))
    assert kept > alive_after(UNSETTLED)[0]
    assert "hat getan, was zugesagt war" in said


def test_b3_a_promise_that_the_customer_broke_weighs_as_little_as_a_feeling() -> None:
    broken, said = alive_after(PromiseSettled(promise_id=2, kept=False))
    assert broken < alive_after(UNSETTLED)[0]
    assert broken == alive_after(GutFelt(dead_horse=True))[0]
    assert "hat nicht getan, was zugesagt war" in said


def test_b3_what_we_promised_says_nothing_of_the_customer() -> None:
    ours = replace(SENDS_PLANS, by_us=True)
    kept, _ = alive_after(PromiseSettled(promise_id=2, kept=True), of=ours)
    assert kept == alive_after(UNSETTLED, of=ours)[0]
