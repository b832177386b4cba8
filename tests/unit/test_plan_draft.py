"""What a draft holds: the best version, the thread, the lines of the law; a mail for every step."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nachhaken.plan.advice import advise
from nachhaken.plan.draft import Draft, Paper, draft_of
from nachhaken.plan.law.values import Permission
from nachhaken.plan.thread import Thread, bare_subject, thread_of
from nachhaken.plan.values import Advice, Phrase, Preferences, Story
from nachhaken.plan.wording import Speaker
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import Scene, Voice
from nachhaken.reading import read
from nachhaken.terms import Channel, StepKind, Verdict
from nachhaken.timeline import Entry, Fact, OfferSent, Replied, Timeline, Touched
from tests.cast import (
    CAST,
    COLLECTOR,
    DECIDER,
    EVADER,
    NOW,
    OPTED_OUT,
    RETURNING,
    SILENT,
    Standing,
    story,
)

PREFERENCES = Preferences()
SPEAKER = Speaker(name="Karl Brandt", company="Metallbau Brandt")
ALLOWED = Permission(verdict=Verdict.ALLOWED, rule="DE-6", reason=Phrase("x"), source="x")
OBJECTION = "Wenn Sie keine Mails mehr von uns möchten, genügt ein kurzes Wort."


def draft(
    told: Standing | Story,
    kind: StepKind | None = None,
    *,
    salutation: str = "frau",
    key: str = "",
    tone: str = "",
    thread: Thread | None = None,
    permission: Permission | None = ALLOWED,
    paper: Paper | None = None,
    privacy: str = "",
    rank: dict[str, float] | None = None,
) -> Draft:
    whole = story(told) if isinstance(told, Standing) else told
    return draft_of(
        whole,
        _advice(whole, kind),
        speaker=SPEAKER,
        playbook=playbook(),
        now=NOW,
        preferences=PREFERENCES,
        salutation=salutation,
        person_voice=tone,
        thread=thread,
        permission=permission,
        paper=paper,
        privacy=privacy,
        own_rank=rank or {},
        key=key,
    )


def _advice(told: Story, kind: StepKind | None) -> Advice:
    advice = advise(told, now=NOW, preferences=PREFERENCES)
    return replace(advice, step=replace(advice.step, kind=kind)) if kind else advice


def told(*facts: tuple[float, str, Fact], of: Standing = SILENT) -> Story:
    entries = (
        Entry(
            id=index,
            occurred_at=NOW - timedelta(days=days),
            recorded_at=NOW - timedelta(days=days),
            actor="",
            source_key=key or f"act:1:{index}/0",
            fact=fact,
        )
        for index, (days, key, fact) in enumerate(facts, 1)
    )
    return replace(story(of), timeline=Timeline.of(entries), readings={})


OFFER = (20.0, "", OfferSent(number="AN-1633", net_cents=1_480_000))


@pytest.mark.parametrize("standing", [one for one in CAST if one is not OPTED_OUT])
@pytest.mark.parametrize("kind", StepKind)
def test_c1_every_step_has_a_mail_in_every_voice(standing: Standing, kind: StepKind) -> None:
    whole = story(standing)
    places = {Voice.SIE: "DE-BY", Voice.SWISS: "CH-ZH", Voice.DU: "DE-BY"}
    for voice, region in places.items():
        found = draft(
            replace(whole, region=region), kind, tone="du" if voice is Voice.DU else "sie"
        )
        assert found.voice is voice
        assert found.key
        assert found.subject
        assert "{" not in found.text
        assert found.text.count("Metallbau Brandt") >= 1


@pytest.mark.parametrize("kind", StepKind)
def test_who_writes_english_is_answered_in_english(kind: StepKind) -> None:
    said = "Thank you for the offer. We will have a look at it and come back to you."
    whole = told(OFFER, (4, "", Replied(channel=Channel.MAIL, text=said)))
    whole = replace(whole, readings={2: read(said, reference=NOW.date())})
    found = draft(whole, kind)
    assert found.voice is Voice.ENGLISH
    assert found.text.startswith("Dear Ms Kern,\n\n")
    assert found.text.endswith("Kind regards\nKarl Brandt\nMetallbau Brandt")


def test_e6_row_1_nothing_is_drafted_after_an_objection() -> None:
    for kind in StepKind:
        found = draft(OPTED_OUT, kind)
        assert (found.key, found.text, found.versions) == ("", "", ())


def test_the_mail_is_filled_in_for_this_customer() -> None:
    found = draft(EVADER, StepKind.ASK_WHAT)
    assert found.scene is Scene.WHAT
    assert found.text.startswith("Guten Tag Frau Huber,\n\n")
    assert found.text.endswith("\n\nFreundliche Grüße\nKarl Brandt\nMetallbau Brandt")
    assert "*" not in found.text


def test_b1_a_vague_later_is_answered_with_the_what_question() -> None:
    found = draft(EVADER, StepKind.ASK_WHAT)
    assert all(v.key.startswith("what.") for v in found.versions)
    assert found.key == found.versions[0].key


@pytest.mark.parametrize(
    ("standing", "kind", "scene"),
    [
        (RETURNING, StepKind.MAIL, Scene.FIRST_FOLLOW_UP),
        (SILENT, StepKind.MAIL, Scene.FOLLOW_UP),
        (COLLECTOR, StepKind.ASK_WHAT, Scene.WHAT_REQUOTE),
        (SILENT, StepKind.CLARIFY, Scene.CLARIFY),
        (SILENT, StepKind.STOP, Scene.THANKS),
        (DECIDER, StepKind.INVEST, Scene.ADAPT),
        (DECIDER, StepKind.CONFIRM, Scene.CONFIRM),
        (SILENT, StepKind.DECLINE, Scene.DECLINE),
        (SILENT, StepKind.ASK_REASON, Scene.REASON),
    ],
)
def test_a3_c3_d3_each_step_is_written_in_its_scene(
    standing: Standing, kind: StepKind, scene: Scene
) -> None:
    assert draft(standing, kind).scene is scene


def test_d3_a_refusal_names_somebody_whom_it_suits() -> None:
    found = draft(SILENT, StepKind.DECLINE)
    assert "[" in found.text or "{colleague}" not in found.text
    assert found.key.startswith("decline.")


def test_who_is_not_known_by_a_form_is_not_guessed() -> None:
    assert draft(SILENT, salutation="").text.startswith("Guten Tag Markus Kern,")
    assert draft(replace(story(SILENT), person="")).text.startswith("Guten Tag,\n\n")
    assert draft(SILENT, tone="du").text.startswith("Hallo Markus,")
    swiss = replace(story(SILENT), region="CH-ZH")
    assert draft(swiss, salutation="herr").text.startswith("Grüezi Herr Kern\n\n")


def test_nobody_gets_the_same_words_twice() -> None:
    first = draft(SILENT, StepKind.CLARIFY)
    mail = Touched(channel=Channel.MAIL, step=StepKind.CLARIFY, scripts=(first.key,))
    again = draft(told(OFFER, (5, "", mail)), StepKind.CLARIFY)
    others = [v.key for v in again.versions if v.key.startswith("clarify.")]
    assert others[-1] == first.key
    assert len(others) == 1 or again.key != first.key


def test_what_worked_leads_and_the_chosen_one_above_all() -> None:
    offered = told(
        OFFER, (12, "", Touched(channel=Channel.MAIL)), (9, "", Touched(channel=Channel.MAIL))
    )
    usual = draft(offered)
    last = usual.versions[-1].key
    assert usual.key != last
    assert draft(offered, key=last).key == last
    assert draft(offered, key="no.such").key == usual.key


def test_c1_a_follow_up_is_never_one_that_is_still_to_come() -> None:
    second = draft(told(OFFER, (12, "", Touched(channel=Channel.MAIL))))
    assert {playbook().mails[v.key].nth for v in second.versions} == {2}
    sixth = told(OFFER, *((n, "", Touched(channel=Channel.MAIL)) for n in (12, 10, 8, 6, 4)))
    assert playbook().mails[draft(sixth).key].nth == 6


def test_an_offer_that_runs_out_is_reminded_of() -> None:
    ends = replace(OFFER[2], valid_until=date(2026, 11, 29))
    told_ends = told((20, "", ends), (12, "", Touched(channel=Channel.MAIL)))
    assert draft(told_ends).scene is Scene.REMIND
    later = replace(OFFER[2], valid_until=date(2026, 12, 24))
    assert (
        draft(told((20, "", later), (12, "", Touched(channel=Channel.MAIL)))).scene
        is Scene.FOLLOW_UP
    )


def test_the_offer_goes_with_its_own_figures() -> None:
    first = draft(SILENT, paper=Paper(number="AN-1", net_cents=100_00))
    assert first.scene is Scene.OFFER
    second = draft(SILENT, paper=Paper(number="AN-1", version=2, changes=("Stufen verzinkt",)))
    assert second.scene is Scene.OFFER_REVISED
    assert all("AN-1633" not in v.text for v in (*first.versions, *second.versions))


# The thread


MAILED = Replied(
    channel=Channel.MAIL, text="Danke.", subject="AW: Re: Schiebetor", message_id="Q1x@mail.Kern"
)
WROTE = Touched(channel=Channel.MAIL, subject="Schiebetor", message_id="a1@brandt")


def test_an_answer_goes_into_the_thread_of_the_newest_mail() -> None:
    whole = told(
        (9, "mail:old@brandt", Touched(channel=Channel.MAIL, subject="Ganz anderes")),
        (8, "mail:a1@brandt", WROTE),
        (5, "mail:q1x@mail.kern", MAILED),
    )
    thread = thread_of(whole.timeline)
    assert thread == Thread(
        subject="Schiebetor", message_ids=("a1@brandt", "Q1x@mail.Kern"), person_id=None
    )
    found = draft(whole, StepKind.ANSWER, thread=thread)
    assert found.in_reply_to == "Q1x@mail.Kern"
    assert found.references == ("a1@brandt", "Q1x@mail.Kern")
    assert found.subject == "Re: Schiebetor"


def test_a_mail_imported_before_ids_were_kept_is_known_by_its_key() -> None:
    old = replace(MAILED, message_id=None)
    assert _ids(told((5, "mail:q1x@mail.kern", old))) == ("q1x@mail.kern",)
    assert _ids(told((5, "mail:0123456789abcdef", old))) == ()


def test_machines_and_calls_are_no_thread() -> None:
    assert _ids(told((5, "mail:m@x", replace(MAILED, automatic=True)))) == ()
    assert _ids(told((5, "", replace(MAILED, message_id=None)))) == ()
    assert _ids(told((5, "", Touched(channel=Channel.CALL)))) == ()


def test_what_the_desk_sent_is_known_beside_the_timeline() -> None:
    thread = thread_of(told(OFFER).timeline, {1: ("o1@brandt", "Unser Angebot")})
    assert thread
    assert (thread.in_reply_to, thread.reply_subject) == ("o1@brandt", "Re: Unser Angebot")


def _ids(whole: Story) -> tuple[str, ...]:
    thread = thread_of(whole.timeline)
    return thread.message_ids if thread else ()


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: Antw: Tor", "Tor"),
        ("RE[2]: Tor", "Tor"),
        ("WG: Tor", "WG: Tor"),
        ("Reparatur", "Reparatur"),
        (" Tor\r\n neu ", "Tor neu"),
        ("", ""),
    ],
)
def test_a_subject_keeps_one_re_and_one_line(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare
    assert Thread(subject=bare, message_ids=("a",)).reply_subject == (f"Re: {bare}" if bare else "")


def test_whom_we_were_referred_to_is_in_no_thread() -> None:
    thread = Thread(subject="Schiebetor", message_ids=("a1@brandt",))
    found = draft(SILENT, StepKind.ASK_REFERRED, thread=thread)
    assert found.in_reply_to == ""
    assert not found.subject.startswith("Re:")


# The law


def test_e6_row_8_who_gave_no_consent_is_asked_by_letter() -> None:
    first = replace(ALLOWED, verdict=Verdict.ASK_FIRST, rule="DE-8")
    found = draft(SILENT, StepKind.MAIL, permission=first)
    assert found.asks_first
    assert found.scene is Scene.CONSENT_LETTER
    assert found.in_reply_to == ""
    assert any(v.key.startswith("follow_up.") for v in found.versions)


def test_e6_row_9_the_objection_sentence_stands_below() -> None:
    customer = replace(ALLOWED, rule="DE-9", needs_objection_line=True)
    found = draft(RETURNING, StepKind.MAIL, permission=customer)
    assert found.text.endswith(OBJECTION)
    assert all(OBJECTION in v.text for v in found.versions)
    assert OBJECTION not in draft(RETURNING, StepKind.MAIL).text


def test_e6_the_first_mail_says_where_the_privacy_notice_stands() -> None:
    where = "https://metallbau-brandt.example/datenschutz"
    sentence = f"Wie wir mit Ihren Angaben umgehen, steht hier: {where}"
    asked = told((2, "", Replied(channel=Channel.MAIL, text="Was kostet ein Tor?")))
    assert draft(asked, privacy=where).text.endswith(sentence)
    assert sentence not in draft(SILENT, privacy=where).text
    assert draft(SILENT, paper=Paper(), privacy=where).text.endswith(sentence)
    own = "Unsere Hinweise zum Datenschutz liegen bei."
    assert draft(asked, privacy=own).text.endswith(own)
    assert draft(asked).text.endswith("Metallbau Brandt")


def test_where_the_playbook_has_no_words_the_frame_stands() -> None:
    bare = replace(playbook(), mails={})
    whole = story(SILENT)
    found = draft_of(
        whole,
        _advice(whole, None),
        speaker=SPEAKER,
        playbook=bare,
        now=NOW,
        preferences=PREFERENCES,
    )
    assert (found.key, found.versions, found.subject) == ("", (), "Schiebetor Hof")
    assert found.text.startswith("Guten Tag Markus Kern,\n\n")
    assert found.text.endswith("Metallbau Brandt")
