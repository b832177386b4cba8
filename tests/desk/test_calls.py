"""The outcome of a call: what it writes of what was said, agreed and told."""

from datetime import date

import pytest
from django.utils import translation

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Opportunity, User
from nachhaken.desk.wishes import window_in
from nachhaken.terms import Form, NoReason, OutcomeKind, StepKind
from tests import cast
from tests.cast import NOW
from tests.desk.sent import DAY, ended, entries, payload, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


def test_one_act_holds_all_that_a_call_brought(owner: User, silent: Opportunity) -> None:
    point = commands.set_key_point(
        actor=owner, now=NOW - DAY, key="p", opportunity_id=silent.pk, text="Montage in zwei Tagen"
    )
    events = stored(
        owner,
        silent,
        gut="alive",
        consent=True,
        scripts=("first_follow_up.simple", "no_time.short"),
        own_share=40,
        conveyed=((point.entry_id, Form.CALL),),
        mentioned="Seine Tochter heiratet im Mai",
        ours="Zeichnung schicken",
        ours_by=date(2026, 11, 27),
        theirs="Maße nachmessen",
        minutes=10,
    )
    assert [event.kind for event in events] == [
        "touched", "replied", "gut_felt", "consented", "conveyed", "mentioned", "promised",
        "promised", "effort_spent",
    ]  # fmt: skip
    assert len({event.act for event in events}) == 1
    assert payload(events, "touched")["scripts"] == ["first_follow_up.simple", "no_time.short"]
    promised = [event.payload for event in events if event.kind == "promised"]
    assert promised == [
        {"by_us": True, "what": "Zeichnung schicken", "due": "2026-11-27"},
        {"by_us": False, "what": "Maße nachmessen"},
    ]


def test_e5_the_consent_is_kept_as_evidence(owner: User, silent: Opportunity) -> None:
    events = stored(owner, silent, consent=True, when="in KW 3 2027")
    kept = payload(events, "consented")
    assert kept["words"] == (
        "Markus Kern ist einverstanden, dass wir "
        "zwischen dem 18.1.2027 und dem 24.1.2027 wieder anrufen."
    )
    assert kept["evidence"] == "Anruf, notiert von Katharina Brandt am 24.11.2026 um 9:30"
    assert (kept["heard_on"], kept["channel"], kept["scope"]) == ("call", "call", "follow_up")
    assert kept["window"] == ["2027-01-18", "2027-01-24"]
    assert kept["rule"] == "DE-2"
    row = next(entry for entry in entries(owner, silent) if entry.icon == "consent")
    assert "notiert von Katharina Brandt" in row.detail


def test_e5_the_words_of_the_customer_stand_above_ours(owner: User, silent: Opportunity) -> None:
    events = stored(owner, silent, consent=True, consent_words=" Ja, im  Januar gern. ")
    assert payload(events, "consented")["words"] == "Ja, im Januar gern."


def test_e5_the_plain_sentence_is_in_the_users_language(owner: User, silent: Opportunity) -> None:
    with translation.override("en"):
        events = stored(owner, silent, consent=True)
    assert payload(events, "consented")["words"] == "Markus Kern agrees that we call again."


@pytest.mark.parametrize("result", ["not_reached", "voicemail", "wrong_person", "opt_out"])
def test_nobody_agrees_who_was_not_there_or_objects(
    owner: User, silent: Opportunity, result: str
) -> None:
    kinds = [event.kind for event in stored(owner, silent, result=result, consent=True)]
    assert "consented" not in kinds


def test_an_objection_stops_every_contact(owner: User, silent: Opportunity) -> None:
    kinds = [event.kind for event in stored(owner, silent, result="opt_out")]
    assert kinds == ["touched", "replied", "opted_out"]


@pytest.mark.parametrize(("gut", "dead"), [("dead_horse", True), ("alive", False)])
def test_a2_the_gut_is_one_tap(owner: User, silent: Opportunity, gut: str, *, dead: bool) -> None:
    assert payload(stored(owner, silent, gut=gut), "gut_felt") == {"dead_horse": dead}


def test_b2_a_condition_is_kept_with_its_time(owner: User, silent: Opportunity) -> None:
    events = stored(
        owner,
        silent,
        result="stalled_named",
        condition="das Budget ist  freigegeben",
        when="nach Ostern",
    )
    assert payload(events, "replied")["statement"] == {
        "intent": "stalled_named",
        "callback": ["2027-03-30", "2027-04-12"],
        "condition": "das Budget ist freigegeben",
    }


def test_c3_a_no_keeps_its_reason(owner: User, silent: Opportunity) -> None:
    events = stored(owner, silent, result="no", no_reason=NoReason.PRICE, condition="egal")
    assert payload(events, "replied")["statement"] == {"intent": "no", "no_reason": "price"}


def test_e4_who_spoke_and_what_was_told_is_kept(owner: User, silent: Opportunity) -> None:
    stored(owner, silent, own_share=35, mentioned="Baut gerade die Halle um")
    rows = entries(owner, silent)
    assert "wir sprachen 35 %" in [row.aside for row in rows]
    assert "Von sich erzählt: Baut gerade die Halle um" in [row.title for row in rows]


def test_c2_what_we_promised_on_the_phone_is_open(owner: User, silent: Opportunity) -> None:
    stored(owner, silent, ours="Angebot mit Handlauf aus Eiche", ours_by=date(2026, 11, 27))
    promises = queries.opportunity(owner, silent.pk, now=NOW).entries
    assert "Zugesagt von uns: Angebot mit Handlauf aus Eiche" in [row.title for row in promises]


@pytest.mark.parametrize("when", ["in 2-3 Monaten", "nach Ostern", "KW 12", "in einer Woche"])
def test_b1_a_time_is_read_from_the_day_of_the_call(
    owner: User, silent: Opportunity, when: str
) -> None:
    events = stored(owner, silent, when=when, made_at=NOW - 3 * DAY)
    start, end = payload(events, "replied")["statement"]["callback"]
    assert (date.fromisoformat(start), date.fromisoformat(end)) == window_in(
        when, on=date(2026, 11, 21), region=""
    )


def test_days_from_the_calendar_stand_above_the_words(owner: User, silent: Opportunity) -> None:
    events = stored(owner, silent, when="nach Ostern", start=date(2027, 1, 11))
    statement = payload(events, "replied")["statement"]
    assert statement["callback"] == ["2027-01-11", "2027-01-11"]


def test_words_that_say_no_time_are_kept_to_be_seen(owner: User, silent: Opportunity) -> None:
    events = stored(owner, silent, when="wenn es passt", line="war in Eile")
    replied = payload(events, "replied")
    assert replied["text"] == "war in Eile · Wieder melden: wenn es passt"
    assert "callback" not in replied["statement"]


def test_a_line_in_own_words_is_read_with_the_time_behind_it(
    owner: User, silent: Opportunity
) -> None:
    stored(owner, silent, result="said", line="Im Moment nicht.", when="im März 2027")
    row = next(row for row in entries(owner, silent) if row.reading)
    assert row.reading is not None
    assert not row.reading.by_person
    assert row.reading.window == (date(2027, 3, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("result", "title"),
    [
        ("wrong_person", "Anruf, falsche Person am Apparat"),
        ("voicemail", "Anruf, auf die Mailbox gesprochen"),
        ("not_reached", "Anruf, nicht erreicht"),
    ],
)
def test_who_was_not_reached_said_nothing(
    owner: User, silent: Opportunity, result: str, title: str
) -> None:
    (touched,) = stored(owner, silent, result=result, own_share=50, line="nach 12 Uhr")
    assert touched.payload["reached"] is False
    assert "own_share" not in touched.payload
    row = next(row for row in entries(owner, silent) if row.entry_id == touched.pk)
    assert (row.title, row.detail) == (title, "nach 12 Uhr")


def test_e2_a_key_point_is_conveyed_in_the_form_it_was_said(
    owner: User, silent: Opportunity
) -> None:
    other = cast.settle(cast.EVADER, actor=owner)
    mine, more, foreign = (
        commands.set_key_point(
            actor=owner, now=NOW, key=text, opportunity_id=row.pk, text=text
        ).entry_id
        for text, row in (("Montage", silent), ("Garantie", silent), ("Fremdes", other))
    )
    said = ((mine, Form.CALL), (more, Form.STORY), (foreign, Form.CALL), (999_999, Form.CALL))
    events = stored(owner, silent, conveyed=said)
    conveyed = [event.payload for event in events if event.kind == "conveyed"]
    assert conveyed == [
        {"key_points": [mine], "form": "call", "two_way": True},
        {"key_points": [more], "form": "story", "two_way": True},
    ]
    (_, alone) = stored(owner, silent, "k2", result="voicemail", conveyed=((mine, Form.CALL),))
    assert alone.payload["two_way"] is False
    assert len(stored(owner, silent, "k3", result="not_reached", conveyed=said)) == 1


def test_d3_our_refusal_ends_the_matter_once_it_was_said(owner: User, silent: Opportunity) -> None:
    stored(owner, silent, step=StepKind.DECLINE, result="voicemail")
    silent.refresh_from_db()
    assert silent.outcome == ""
    stored(owner, silent, "k2", step=StepKind.DECLINE, result="noncommittal")
    silent.refresh_from_db()
    assert silent.outcome == OutcomeKind.DECLINED


def test_a_matter_that_ended_lives_again_when_the_customer_wants(
    owner: User, silent: Opportunity
) -> None:
    ended(owner, silent)
    stored(owner, silent, step=StepKind.REOPEN, result="no")
    silent.refresh_from_db()
    assert silent.outcome == OutcomeKind.LOST
    stored(owner, silent, "k2", step=StepKind.REOPEN, result="engaged")
    silent.refresh_from_db()
    assert silent.outcome == ""
