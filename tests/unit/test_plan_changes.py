"""The plan changes only with a reason, and the reason is said."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from nachhaken.plan import Preferences, Story, say
from nachhaken.plan.changes import PlanChange, change_of
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import (
    CadenceSet,
    Closed,
    Fact,
    GoalSet,
    KeyPointSet,
    Mentioned,
    OptedOut,
    Pinned,
    Promised,
    Reopened,
    Snoozed,
    Timeline,
    Touched,
    Undone,
)
from tests.unit.test_plan import CALLED, JANUARY, MAIL, NOW, OFFER, TODAY, replied, timeline

SILENT = ((60.0, OFFER), (30.0, MAIL))
LATER = replied(Intent.LATER_VAGUE, callback=JANUARY)
PIN = Pinned(step=StepKind.CALL, on=date(2026, 11, 27), reason="nach der Messe")


def change(
    *facts: tuple[float, Fact], now: datetime = NOW, opted_out: bool = False
) -> PlanChange | None:
    return changed(timeline(*facts), now=now, opted_out=opted_out)


def changed(told: Timeline, *, now: datetime = NOW, opted_out: bool = False) -> PlanChange | None:
    story = Story(
        timeline=told,
        readings={},
        title="Balkone",
        prospect="Alpenblick",
        mail="huber@alpenblick.example",
        phone="08026 555 48 10",
        opted_out=opted_out,
    )
    return change_of(story, now=now, preferences=Preferences())


def said(found: PlanChange | None, language: str = "de") -> str:
    assert found is not None
    return say(found.phrase, language)


def test_e1_a_reply_changes_the_plan_and_is_named_as_the_reason() -> None:
    found = change(*SILENT, (3, PIN), (0.1, LATER))
    assert found is not None
    assert (found.before.kind, found.before.on) == (StepKind.CALL, PIN.on)
    assert (found.now.kind, found.now.on, found.ref) == (StepKind.ASK_WHAT, TODAY, 4)
    assert said(found) == (
        "vorher: Anruf am 27.11.2026; jetzt: WAS-Frage heute. "
        "Grund: „später“ ohne Grund, am 23.11.2026"
    )
    assert said(found, "en").startswith("before: Call on 27 November 2026; now: WHAT question")


def test_e1_the_seller_s_own_pin_is_a_reason_like_any_other() -> None:
    found = change((1, OFFER), (0.1, PIN))
    assert said(found).endswith(
        "jetzt: Anruf am 27.11.2026. Grund: von Ihnen festgelegt: nach der Messe"
    )


def test_e1_a_rhythm_and_a_promise_say_why_the_day_is_another() -> None:
    rhythm = change((4, OFFER), (1, CadenceSet(workdays=(8,))))
    assert "am 1.12.2026. Grund: Ihr Rhythmus: 1. Nachfrage, 8 Arbeitstage" in said(rhythm)
    promise = Promised(by_us=True, what="Zeichnung", due=date(2026, 11, 24))
    owed = change((1, OFFER), (0.5, promise))
    assert "jetzt: Zugesagtes liefern am 24.11.2026. Grund: von Ihnen zugesagt" in said(owed)


def test_e1_a_step_that_was_only_moved_gives_the_limit_as_the_reason() -> None:
    found = change(*SILENT, (0.1, Snoozed(until=date(2026, 12, 14))))
    assert said(found) == (
        "vorher: Anruf heute; jetzt: Anruf am 14.12.2026. "
        "Grund: Von Ihnen auf den 14.12.2026 verschoben."
    )


def test_e1_undoing_says_what_the_plan_goes_back_to() -> None:
    found = change(*SILENT, (2, PIN), (0.1, Undone(entry_id=3)))
    assert found is not None
    assert (found.before.kind, found.now.on, found.ref) == (StepKind.CALL, TODAY, 4)


def test_e1_a_step_done_as_planned_is_no_change() -> None:
    assert change(*SILENT, (0.1, CALLED)) is None
    other = Touched(channel=Channel.CALL, step=StepKind.CLARIFY, reached=True)
    assert change(*SILENT, (0.1, other)) is not None


def test_e1_time_alone_is_no_change() -> None:
    note = Mentioned(what="Die Tochter übernimmt im Frühjahr")
    assert change((1, OFFER), now=NOW) is None
    for days in (1, 9, 40):
        assert change((1, OFFER), (0.5, note), now=NOW + timedelta(days=days)) is None
        assert change((40, OFFER), (30, CALLED), now=NOW + timedelta(days=days)) is None


@pytest.mark.parametrize(
    "still", [Mentioned(what="segelt"), KeyPointSet(text="feuerverzinkt"), GoalSet(goal="Aufmaß")]
)
def test_e1_what_moves_no_plan_does_not_hide_what_did(still: Fact) -> None:
    found = change(*SILENT, (1, LATER), (0.5, still))
    assert found is not None
    assert found.ref == 3


def test_e1_of_a_talk_noted_at_once_the_customer_s_word_is_the_reason() -> None:
    called = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True)
    found = change(
        *SILENT, (0.1, called), (0.1, LATER), (0.1, Promised(by_us=False, what="Budget"))
    )
    assert found is not None
    assert found.ref == 4


def test_e1_an_end_and_an_objection_say_what_is_planned_no_more() -> None:
    ended = change(*SILENT, (0.1, Closed(outcome=OutcomeKind.LOST)))
    assert said(ended) == (
        "vorher: Anruf heute; jetzt ist nichts mehr zu tun. Grund: abgeschlossen"
    )
    objected = change(*SILENT, (0.1, OptedOut()), opted_out=True)
    assert said(objected).endswith("zu tun. Grund: hat weiterem Kontakt widersprochen")


def test_e1_an_objection_in_another_matter_stood_before_and_is_no_change() -> None:
    assert change(*SILENT, (0.1, PIN), opted_out=True) is None


def test_e1_a_reopened_one_has_a_plan_again() -> None:
    found = change(*SILENT, (9, Closed(outcome=OutcomeKind.LOST)), (0.1, Reopened()))
    assert said(found).startswith("vorher: nichts; jetzt: ")


def test_e1_what_came_in_all_at_once_has_no_plan_of_before() -> None:
    told = timeline(*SILENT, (1, LATER))
    assert changed(Timeline.of(replace(e, recorded_at=NOW) for e in told)) is None
    assert changed(Timeline(())) is None
