"""The call sheet: the scene, the words for this customer, what they may answer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nachhaken.plan import Preferences, Story, advise
from nachhaken.plan.sheet import CallSheet, Speaker, compose
from nachhaken.playbook.tables import playbook, with_own
from nachhaken.playbook.values import Scene, Script, Voice
from nachhaken.reading import read
from nachhaken.terms import Channel, Intent, NoReason, StepKind
from nachhaken.timeline import (
    Entry,
    Fact,
    Mentioned,
    OfferSent,
    Opened,
    Replied,
    Statement,
    Timeline,
    Touched,
)
from tests import cast

SPEAKER = Speaker("Karl Brandt", "Metallbau Brandt")
CALLED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True)
MISSED = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=False)


def sheet(story: Story, step: StepKind | None = None, **given: object) -> CallSheet:
    preferences = Preferences()
    advice = advise(story, now=cast.NOW, preferences=preferences)
    if step is not None:
        advice = replace(advice, step=replace(advice.step, kind=step))
    settings = {
        "speaker": SPEAKER,
        "playbook": playbook(),
        "now": cast.NOW,
        "preferences": preferences,
        "language": "de",
        "ground": "hat am 3.11. ein Angebot verlangt",
        "is_allowed": True,
    }
    return compose(story, advice, **{**settings, **given})  # type: ignore[arg-type]


def told(
    *facts: tuple[float, Fact],
    person: str = "Rosa Huber",
    title: str = "Balkone Südseite",
    region: str = "",
) -> Story:
    """Return a story of facts in days before now."""
    timeline = Timeline.of(
        Entry(
            id=number,
            occurred_at=cast.NOW - timedelta(days=days),
            recorded_at=cast.NOW - timedelta(days=days),
            actor="",
            source_key=str(number),
            fact=fact,
        )
        for number, (days, fact) in enumerate(facts, 1)
    )
    readings = {
        e.id: read(e.fact.text, reference=e.occurred_at.date())
        for e in timeline
        if isinstance(e.fact, Replied)
    }
    return Story(
        timeline=timeline,
        readings=readings,
        title=title,
        prospect="Pension Alpenblick",
        person=person,
        region=region,
    )


def wrote(text: str) -> Replied:
    return Replied(channel=Channel.MAIL, text=text)


def stated(intent: Intent, **said: object) -> Replied:
    statement = Statement(intent=intent, **said)  # type: ignore[arg-type]
    return Replied(channel=Channel.CALL, statement=statement)


def texts(of: CallSheet) -> list[str]:
    turns = [turn.say.text for turn in of.turns.values() if turn.say]
    answers = [answer.text for objection in of.objections for answer in objection.answers]
    lines = (*of.versions, *of.questions, of.say, of.consent, of.voicemail)
    return [*(line.text for line in lines), *turns, *answers]


OFFER = OfferSent(number="AN-1", net_cents=3_120_000, valid_until=date(2026, 12, 31))
PUT_OFF = wrote("Rufen Sie mich in 2-3 Monaten wieder an.")


@pytest.mark.parametrize("standing", cast.CAST, ids=lambda one: one.prospect)
def test_c2_every_standing_customer_gets_a_whole_sheet(standing: cast.Standing) -> None:
    made = sheet(cast.story(standing))
    assert made.say in made.versions
    assert made.say.text
    assert any(part.strong for part in made.say.parts)
    assert len(made.questions) == 3
    assert made.first == tuple(turn for turn in made.turns if turn in made.first)
    assert made.consent.text
    assert made.voicemail.text
    assert set(made.likely) <= {objection.key for objection in made.objections}
    assert len(made.objections) >= 25
    assert standing.number in next(k.text for k in made.known if k.what == "offered")
    assert "{" not in "".join(texts(made))


@pytest.mark.parametrize("voice", ["sie", "du"])
@pytest.mark.parametrize("step", StepKind)
def test_every_step_has_words(step: StepKind, voice: str) -> None:
    made = sheet(told((20, OFFER), (2, PUT_OFF)), step, person_voice=voice)
    assert made.step is step
    assert made.say.key.startswith(made.scene.value)
    assert set(made.first) <= set(made.turns)
    assert all(key in made.turns for turn in made.turns.values() for key in turn.then)


@pytest.mark.parametrize(
    ("facts", "step", "scene"),
    [
        ([(3, Opened(title="Tor"))], StepKind.CALL, Scene.FIRST_TALK),
        ([(9, OFFER)], StepKind.MAIL, Scene.FIRST_FOLLOW_UP),
        ([(9, OFFER), (4, MISSED)], StepKind.CALL, Scene.FIRST_FOLLOW_UP),
        ([(19, OFFER), (9, CALLED)], StepKind.CALL, Scene.FOLLOW_UP),
        ([(19, OFFER), (9, stated(Intent.NONCOMMITTAL))], StepKind.CALL, Scene.FOLLOW_UP),
        ([(9, OFFER), (1, stated(Intent.REQUOTE))], StepKind.ASK_WHAT, Scene.WHAT_REQUOTE),
        ([(9, OFFER), (1, stated(Intent.LATER_VAGUE))], StepKind.ASK_WHAT, Scene.WHAT),
        ([(9, OFFER), (1, stated(Intent.STALLED_NAMED))], StepKind.ANSWER, Scene.WHEN),
        ([(9, OFFER), (1, stated(Intent.ENGAGED))], StepKind.ANSWER, Scene.ANSWER),
        ([(9, OFFER), (1, stated(Intent.NO))], StepKind.STOP, Scene.THANKS),
        ([(9, OFFER)], StepKind.STOP, Scene.CLARIFY),
        ([(9, OFFER)], StepKind.CHECK_CONDITION, Scene.CALL_BACK),
    ],
)
def test_the_scene_is_the_step_in_its_situation(
    facts: list[tuple[float, Fact]], step: StepKind, scene: Scene
) -> None:
    assert sheet(told(*facts), step).scene is scene


def test_a3_the_clarifying_call_asks_leave_and_names_what_was_offered() -> None:
    made = sheet(told((21, OFFER), (9, CALLED), (2, PUT_OFF)), StepKind.CLARIFY)
    assert made.scene is Scene.CLARIFY
    assert sum(line.key.startswith("clarify.") for line in made.versions) == 3
    assert any("vom 3. November" in line.text for line in made.versions)
    assert any(line.key.startswith("personal.") for line in made.versions)
    intents = {made.turns[key].intent for key in made.first}
    assert Intent.NO in intents


def test_b1_a_vague_later_gets_the_what_question() -> None:
    made = sheet(cast.story(cast.EVADER))
    assert made.scene is Scene.WHAT
    strong = [part.text for part in made.say.parts if part.strong]
    assert strong == ["Was müsste bis dahin passiert sein"]
    assert len(made.versions) >= 5
    assert {"names_it", "rather_not"} <= set(made.first)


def test_b2_a_named_condition_is_asked_for_in_their_words() -> None:
    named = stated(Intent.STALLED_NAMED, condition="wenn das Budget frei ist.")
    made = sheet(told((40, OFFER), (20, named)), StepKind.CHECK_CONDITION)
    assert made.scene is Scene.CONDITION
    assert "‚wenn das Budget frei ist‘" in made.say.text


def test_b2_what_has_been_settled_is_not_asked_again() -> None:
    named = stated(Intent.STALLED_NAMED, condition="wenn das Budget frei ist")
    check = replace(CALLED, step=StepKind.CHECK_CONDITION)
    made = sheet(told((40, OFFER), (20, named), (2, check)), StepKind.CALL)
    assert not any("Budget frei" in line.text for line in made.versions)


def test_c1_each_follow_up_has_its_own_angle() -> None:
    story = told((60, OFFER))
    said: list[str] = []
    for nth in range(1, 7):
        made = sheet(story, StepKind.CALL)
        assert made.scene is (Scene.FIRST_FOLLOW_UP if nth == 1 else Scene.FOLLOW_UP)
        assert made.say.key not in said
        if nth > 1:
            assert playbook().scripts[made.say.key].nth == nth
        said.append(made.say.key)
        touch = replace(CALLED, scripts=(made.say.key,))
        entry = Entry(
            id=nth + 1,
            occurred_at=cast.NOW - timedelta(days=50 - 7 * nth),
            recorded_at=cast.NOW - timedelta(days=50 - 7 * nth),
            actor="",
            source_key=str(nth),
            fact=touch,
        )
        story = replace(story, timeline=Timeline.of([*story.timeline, entry]))
    assert "persistent" in sheet(story, StepKind.CALL).likely


def test_c1_own_figures_stand_on_the_sheet() -> None:
    assert sheet(told((9, OFFER)), courage="Etwa 3 von 5 antworten.").courage.startswith("Etwa")


def test_c3_a_no_is_asked_for_its_reason() -> None:
    made = sheet(told((30, OFFER), (1, stated(Intent.NO))))
    assert (made.step, made.scene) == (StepKind.ASK_REASON, Scene.REASON)
    assert len(made.versions) >= 4
    assert "silent_reason" in made.first


def test_d3_a_refusal_of_ours_names_the_colleague_where_there_is_one() -> None:
    story = told((9, OFFER))
    alone = sheet(story, StepKind.DECLINE)
    assert len(alone.versions) >= 3
    named = sheet(story, StepKind.DECLINE, colleague="Anna Wirth")
    assert any("Anna Wirth" in line.text for line in named.versions)
    assert len(named.versions) == len(alone.versions) + 1


def test_e4_two_calls_in_a_row_do_not_begin_with_the_same_questions() -> None:
    facts: list[tuple[float, Fact]] = [(60, OFFER)]
    before: set[str] = set()
    for day in range(50, 10, -4):
        made = {question.key for question in sheet(told(*facts), StepKind.CALL).questions}
        assert len(made) == 3
        assert made != before
        assert sheet(told(*facts)).questions == sheet(told(*facts)).questions
        facts.append((day, CALLED))
        before = made


def test_e4_what_they_told_is_asked_about_first() -> None:
    made = sheet(told((9, OFFER), (5, Mentioned(what="Die Tochter macht im März Abitur."))))
    assert "Die Tochter macht im März Abitur" in made.questions[0].text
    assert [k.text for k in made.known if k.what == "told"] == ["Die Tochter macht im März Abitur."]


def test_e4_questions_fit_the_season_and_the_customer() -> None:
    book = playbook()
    for standing in cast.CAST:
        story = replace(cast.story(standing), is_consumer=True)
        for line in sheet(story).questions:
            asked = book.questions[line.key]
            assert asked.fits & {"any", "consumer"}
            assert not asked.when & {"winter", "spring", "summer", "new_year", "told"}


def test_e5_consent_is_asked_for_the_time_that_they_named() -> None:
    made = sheet(told((9, OFFER), (1, wrote("Melden Sie sich bitte Ende Januar wieder."))))
    assert "Ende Januar" in made.consent.text
    gone = told((60, OFFER), (50, wrote("Melden Sie sich bitte nach Allerheiligen wieder.")))
    assert "Sie bestimmen den Tag" in sheet(gone).consent.text
    over = told((60, OFFER), (1, stated(Intent.NO)))
    assert "in einem halben Jahr" in sheet(over).consent.text


def test_e5_what_was_said_makes_a_refusal_likely() -> None:
    lost = stated(Intent.NO, no_reason=NoReason.PRICE)
    assert sheet(told((9, OFFER), (1, lost))).likely[0] == "too_expensive"


def test_e5_what_worked_comes_first_and_what_was_said_last() -> None:
    story = told((30, OFFER), (2, PUT_OFF))
    plain = sheet(story)
    second, third = plain.versions[1].key, plain.versions[2].key
    rank = {plain.say.key: 0.1, third: 0.4}
    assert [v.key for v in sheet(story, own_rank=rank).versions][:2] == [third, second]
    heard = told((30, OFFER), (9, replace(CALLED, scripts=(third,))), (2, PUT_OFF))
    assert sheet(heard, own_rank=rank).versions[-1].key == third
    answer = plain.objections[0].answers[-1].key
    assert sheet(story, own_rank={answer: 0.9}).objections[0].answers[0].key == answer


def test_e5_own_words_are_offered_where_they_fit() -> None:
    own = Script(
        key="own.7",
        scene=Scene.WHAT,
        say={Voice.SIE: "Was muss heißen, dass es passt, {name}?"},
        angle={"de": "kurz", "en": "kurz"},
    )
    book = with_own(playbook(), [own])
    made = sheet(told((30, OFFER), (2, PUT_OFF)), playbook=book, script="own.7")
    assert made.say.text == "Was muss heißen, dass es passt, Rosa Huber?"
    assert made.first
    swiss = sheet(told((30, OFFER), (2, PUT_OFF), region="CH-ZH"), playbook=book, script="own.7")
    assert swiss.say.text == "Was muss heissen, dass es passt, Rosa Huber?"
    du = sheet(told((30, OFFER), (2, PUT_OFF)), playbook=book, person_voice="du", script="own.7")
    assert "own.7" not in {line.key for line in du.versions}


def test_an_empty_playbook_leaves_the_line_empty() -> None:
    made = sheet(told((9, OFFER)), playbook=replace(playbook(), scripts={}))
    assert (made.say.key, made.say.text, made.first, made.turns) == ("", "", (), {})
