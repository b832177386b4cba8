"""The plan takes the lawful way: another channel for the same step, or none."""

from dataclasses import replace
from datetime import date
from importlib import resources
from typing import Any

import pytest

from nachhaken.plan import Preferences, Story, say
from nachhaken.plan.foresight import foresee
from nachhaken.plan.law import read_table
from nachhaken.plan.situation import situation_of
from nachhaken.plan.values import Choice
from nachhaken.plan.ways import lawful
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind, Verdict
from nachhaken.timeline import Closed, Consented, NumberChecked, OptedOut, Pinned, Reopened
from tests.unit.test_plan import MAIL, NOW, OFFER, TODAY, advice, replied, timeline

YES = Consented(words="Schreiben Sie mir gern.", heard_on=Channel.CALL, channel=Channel.MAIL)
SILENT = ((20.0, OFFER),)
RULES = resources.files("nachhaken.plan.law").joinpath("rules.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("known", "channel", "kind", "rule"),
    [
        ({}, Channel.CALL, StepKind.CALL, "DE-2"),
        ({"phone": ""}, Channel.LETTER, StepKind.MAIL, "DE-10"),
        ({"is_consumer": True}, Channel.LETTER, StepKind.MAIL, "DE-10"),
        ({"offers": 1, "orders": 1, "last_order": 1}, Channel.MAIL, StepKind.MAIL, "DE-9"),
        ({"region": "AT-5"}, Channel.LETTER, StepKind.MAIL, "AT-10"),
        ({"region": "CH-ZH"}, Channel.MAIL, StepKind.MAIL, "CH-16"),
    ],
)
def test_e6_the_first_follow_up_goes_the_way_that_the_law_leaves(
    known: dict[str, Any], channel: Channel, kind: StepKind, rule: str
) -> None:
    given = advice(*SILENT, **known)
    assert (given.step.channel, given.step.kind) == (channel, kind)
    assert given.permission is not None
    assert (given.permission.verdict, given.permission.rule) == (Verdict.ALLOWED, rule)


def test_e6_row_7_with_a_consent_the_mail_is_a_mail() -> None:
    given = advice(*SILENT, (9, YES))
    assert given.step.channel is Channel.MAIL
    assert given.permission is not None
    assert given.permission.rule == "DE-7"
    assert say(given.permission.reason, "de").endswith("zugestimmt: „Schreiben Sie mir gern.“")


def test_e6_row_10_a_letter_asks_for_leave_to_call() -> None:
    given = advice(*SILENT, is_consumer=True)
    assert say(given.step.title, "de").startswith("Einen Brief schreiben und um Erlaubnis bitten")
    assert given.step.words is not None
    assert "anrufen oder Ihnen eine Mail schreiben darf" in say(given.step.words, "de")
    assert say(given.step.words, "en") != say(given.step.words, "de")


def test_e6_row_7_why_they_decided_otherwise_is_not_asked_by_mail() -> None:
    declined = ((20.0, OFFER), (1.0, replied(Intent.NO)))
    given = advice(*declined)
    assert (given.step.kind, given.step.channel) == (StepKind.ASK_REASON, Channel.LETTER)
    assert advice(*declined, region="CH-ZH").step.channel is Channel.MAIL


def test_e6_rows_6_and_13_what_they_asked_is_answered_by_any_way() -> None:
    for region in ("DE-BY", "AT-5", "CH-ZH"):
        given = advice((20, OFFER), (1, replied(Intent.ENGAGED)), region=region, is_consumer=True)
        assert (given.step.kind, given.step.channel) == (StepKind.ANSWER, Channel.MAIL)


def test_e6_row_14_a_starred_number_is_not_called() -> None:
    facts = ((40.0, Closed(outcome=OutcomeKind.STOPPED)), (9.0, NumberChecked(is_starred=True)))
    pin = Pinned(step=StepKind.CALL, on=TODAY)
    given = advice(*facts, (8, Reopened()), (1, pin), region="CH-ZH")
    assert (given.step.kind, given.step.channel) == (StepKind.MAIL, Channel.MAIL)
    assert given.step.because == "pinned"


def test_e6_a_pin_does_not_lift_the_law() -> None:
    pin = Pinned(step=StepKind.MAIL, on=TODAY)
    assert advice(*SILENT, (1, pin)).step.channel is Channel.CALL
    assert advice(*SILENT, (1, pin), is_consumer=True).step.channel is Channel.LETTER
    assert advice(*SILENT, (1, pin), (0.5, OptedOut())).due is None


def test_e6_row_13_a_consumer_is_called_back_on_the_days_that_they_named_and_then_written() -> None:
    days = (date(2026, 12, 1), date(2026, 12, 4))
    facts = ((20.0, OFFER), (3.0, replied(Intent.LATER_VAGUE, callback=days)), (2.0, MAIL))
    given = advice(*facts, is_consumer=True)
    assert (given.step.kind, given.step.channel) == (StepKind.CALL_BACK, Channel.CALL)
    assert given.due == days[0]
    unreached = replace(MAIL, channel=Channel.CALL, step=StepKind.CALL_BACK, reached=False)
    pinned = Pinned(step=StepKind.CALL_BACK, on=TODAY)
    again = advice(*facts, (1, unreached), (0.5, pinned), is_consumer=True)
    assert again.step.channel is Channel.CALL  # those days have not begun


def test_e6_the_path_into_the_silence_is_walked_on_lawful_ways() -> None:
    known = Story(
        timeline=timeline(*SILENT),
        readings={},
        title="Balkone",
        prospect="Alpenblick",
        mail="huber@alpenblick.example",
        is_consumer=True,
    )
    path = foresee(known, now=NOW, preferences=Preferences()).silence
    assert path
    assert StepKind.CALL not in {one.kind for one in path}


def test_e6_where_no_way_is_left_the_step_is_to_wait_for_them() -> None:
    """A table that forbids letters, too: rules are corrected without code."""
    strict = RULES.replace(
        'channels = ["letter"]\nverdict = "allowed"',
        'channels = ["letter"]\nverdict = "not_allowed"\nremedy = { de = "Warten", en = "Wait" }',
    )
    told = timeline(*SILENT)
    story = Story(timeline=told, readings={}, title="x", prospect="y", is_consumer=True)
    choice, permission = lawful(
        Choice(StepKind.MAIL, TODAY, "silence"),
        story=story,
        situation=situation_of(told, {}, now=NOW),
        at=NOW,
        preferences=Preferences(),
        law=read_table(strict),
    )
    assert (choice.kind, choice.because, choice.channel) == (StepKind.WAIT, "forbidden", None)
    assert choice.on is not None
    assert choice.on > TODAY
    assert permission is not None
    assert permission.rule == "DE-8"


def test_e6_row_18_a_chosen_step_in_quiet_time_keeps_its_way_and_waits() -> None:
    told = timeline(*SILENT)
    story = Story(timeline=told, readings={}, title="x", prospect="y", phone="08061 555")
    choice, permission = lawful(
        Choice(StepKind.CALL, TODAY, "chosen"),
        story=story,
        situation=situation_of(told, {}, now=NOW),
        at=NOW.replace(hour=21),
        preferences=Preferences(),
    )
    assert (choice.kind, choice.channel) == (StepKind.CALL, Channel.CALL)
    assert permission is not None
    assert (permission.verdict, permission.rule) == (Verdict.LATER, "18")


def test_a_quiet_time_that_leaves_no_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="no hour"):
        Preferences(quiet_before=Preferences().quiet_after)
