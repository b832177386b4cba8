"""What a call sheet knows of this customer: key points, goals, promises, names, languages."""

from dataclasses import replace
from datetime import date, datetime

from nachhaken.plan import Story
from nachhaken.plan.memory import key_points_of
from nachhaken.plan.sheet import IN_A_TALK, KeyPoint
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import Voice
from nachhaken.terms import Channel, Form, Intent, StepKind
from nachhaken.timeline import (
    Consented,
    Conveyed,
    Fact,
    GoalSet,
    KeyPointSet,
    Opened,
    Promised,
    PromiseMoved,
)
from tests import cast
from tests.unit.test_plan_sheet import (
    CALLED,
    OFFER,
    sheet,
    stated,
    texts,
    told,
    wrote,
)


def test_e2_key_points_are_repeated_in_a_new_form_and_another_wording() -> None:
    told_then = Conveyed(key_points=(3,), form=Form.CALL, two_way=True)
    facts: list[tuple[float, Fact]] = [
        (40, OFFER),
        (39, CALLED),
        (38, KeyPointSet(text="Montage in einem Tag.")),
        (37, told_then),
    ]
    first = repeated(told(*facts))
    assert (first.form, first.is_new_form) == (Form.STORY, True)
    assert first.say is not None
    assert playbook().repeats[first.say.key].form is Form.STORY
    assert "Montage in einem Tag" in first.say.text
    picture = Conveyed(key_points=(3,), form=Form.STORY, two_way=True)
    second = repeated(told(*facts, (20, picture)))
    assert second.form is Form.PICTURE
    third = repeated(told(*facts, (30, picture), (29, picture), (28, told_then)))
    assert third.form is Form.PICTURE
    assert second.say is not None
    assert third.say is not None
    assert third.say.key != second.say.key
    fresh = repeated(told(*facts, (0.1, told_then)))
    assert (fresh.form, fresh.say) == (None, None)


def test_e2_a_follow_up_brings_the_point_that_is_missed_most() -> None:
    story = told((30, OFFER), (29, KeyPointSet(text="Montage in einem Tag.")), (9, CALLED))
    made = sheet(story, StepKind.CALL, key_points=key_points_of(story.timeline, now=cast.NOW))
    assert any("Montage in einem Tag" in line.text for line in made.versions)


def repeated(story: Story) -> KeyPoint:
    points = key_points_of(story.timeline, now=cast.NOW, forms=IN_A_TALK)
    return sheet(story, StepKind.CALL, key_points=points).repeats[0]


def test_e1_the_sellers_own_goal_stands_before_the_steps() -> None:
    made = sheet(told((9, OFFER), (8, GoalSet(goal="Auftrag bis Weihnachten"))))
    assert made.goal == "Auftrag bis Weihnachten"
    assert made.minimum


def test_what_is_known_is_told_in_the_users_language() -> None:
    story = told(
        (30, Opened(title="Balkone")),
        (21, replace(OFFER, version=2)),
        (20, Promised(by_us=True, what="Muster schicken", due=date(2026, 12, 1))),
        (20, Promised(by_us=False, what="Chef fragen", due=date(2026, 12, 4))),
        (19, PromiseMoved(promise_id=4, due=date(2026, 12, 9))),
        (2, wrote("Hallo Herr Brandt,\nder Chef ist noch im Urlaub. Wir melden uns.\n\nVG Rosa")),
    )
    german, english = sheet(story).known, sheet(story, language="en").known
    assert [(line.what, line.text, line.on) for line in german] == [
        ("asked", "Balkone", date(2026, 10, 25)),
        (
            "offered",
            "AN-1, Fassung 2, 31.200 Euro, gültig bis 31.12.2026",
            date(2026, 11, 3),
        ),
        ("said", "Wir melden uns.", date(2026, 11, 22)),
        ("promised", "von uns: Muster schicken", date(2026, 12, 1)),
        ("promised", "vom Kunden: Chef fragen", date(2026, 12, 9)),
    ]
    assert "31,200 euros, valid until 31 December 2026" in english[1].text


def test_what_was_said_on_the_phone_is_named_but_not_quoted_to_them() -> None:
    story = told((21, OFFER), (2, stated(Intent.LATER_VAGUE)))
    made = sheet(story)
    assert [line.text for line in made.known if line.what == "said"] == ["„später“ ohne Grund"]
    assert "what.missing" not in {line.key for line in made.versions}


def test_the_voicemail_speaks_of_the_agreed_time_when_it_has_come() -> None:
    agreed = wrote("Melden Sie sich bitte Ende November wieder.")
    made = sheet(told((60, OFFER), (30, agreed)), StepKind.CALL_BACK)
    assert "Ende November" in made.voicemail.text
    first = sheet(told((9, OFFER)))
    assert "vom 15. November" in first.voicemail.text


def test_a_consent_is_only_appealed_to_where_there_is_one() -> None:
    story = told((90, OFFER), (80, stated(Intent.NO)))
    assert "reopen.as_allowed" not in {v.key for v in sheet(story, StepKind.REOPEN).versions}
    agreed = Consented(words="Ja, gern.", heard_on=Channel.CALL)
    story = told((90, OFFER), (80, stated(Intent.NO)), (80, agreed))
    assert "reopen.as_allowed" in {v.key for v in sheet(story, StepKind.REOPEN).versions}


def test_a_promise_of_ours_is_delivered_by_its_name() -> None:
    owed = Promised(by_us=True, what="Muster schicken", due=date(2026, 11, 24))
    made = sheet(told((21, OFFER), (5, owed)), StepKind.DELIVER)
    assert any("‚Muster schicken‘" in line.text for line in made.versions)


def test_swiss_and_english_customers_hear_their_language() -> None:
    swiss = sheet(told((9, OFFER), region="CH-ZH"))
    assert swiss.voice is Voice.SWISS
    assert "Offerte" in swiss.say.text
    assert "ß" not in "".join(texts(swiss))
    english = sheet(told((21, OFFER), (2, wrote("Please call me again in January, thank you."))))
    assert english.voice is Voice.ENGLISH
    assert any("in January" in line.text for line in english.versions)
    assert "expensive" in " ".join(english.objections[0].hears)
    assert "Wissen" in english.goal


def test_a_firm_whose_person_is_not_known_is_called_by_its_name() -> None:
    for tone in ("du", "sie"):
        made = sheet(told((9, OFFER), person=""), person_voice=tone)
        assert any("Pension Alpenblick" in line.text for line in made.versions)


def test_the_moment_is_given_not_asked_for() -> None:
    later = datetime(2027, 8, 2, 9, tzinfo=cast.NOW.tzinfo)
    made = sheet(told((21, OFFER)), StepKind.CLARIFY, now=later)
    assert any("vom 3. November 2026" in line.text for line in made.versions)
