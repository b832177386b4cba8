"""The outcome of a call: what it writes, that it counts once, that nothing of it is ever lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from nachhaken.desk import commands, queries
from nachhaken.desk.commands import Call, Change, PutAside
from nachhaken.desk.models import Event, Opportunity, SetAside, User
from nachhaken.desk.records import decode
from nachhaken.desk.rows import EntryRow
from nachhaken.desk.wishes import window_in
from nachhaken.terms import Channel, Form, Intent, NoReason, OutcomeKind, StepKind
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Json = dict[str, Any]


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


def head(row: Opportunity) -> int:
    return row.events.latest("pk").pk


def made(**more: Any) -> Call:
    return Call(**({"step": StepKind.CALL, "result": "later_vague"} | more))


def send(
    actor: User, row: Opportunity, key: str = "k1", *, now: datetime = NOW, **more: Any
) -> Change | PutAside:
    return commands.record_call(
        actor=actor, now=now, key=key, opportunity_id=row.pk, call=made(**more)
    )


def stored(
    actor: User, row: Opportunity, key: str = "k1", *, now: datetime = NOW, **more: Any
) -> list[Event]:
    change = send(actor, row, key, now=now, **more)
    assert isinstance(change, Change)
    return list(Event.objects.filter(pk__in=change.event_ids).order_by("pk"))


def aside(
    actor: User, row: Opportunity, key: str = "k1", *, now: datetime = NOW, **more: Any
) -> SetAside:
    put = send(actor, row, key, now=now, **more)
    assert isinstance(put, PutAside)
    return SetAside.objects.get(pk=put.set_aside_id)


def payload(events: list[Event], kind: str) -> Json:
    found: Json = next(event.payload for event in events if event.kind == kind)
    return found


def entries(owner: User, row: Opportunity) -> list[EntryRow]:
    return list(queries.opportunity(owner, row.pk, now=NOW).entries)


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
    assert silent.outcome == OutcomeKind.STOPPED


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


def test_five_posts_are_one_event(owner: User, silent: Opportunity) -> None:
    changes = [send(owner, silent, head=head(silent)) for _ in range(5)]
    assert [isinstance(one, Change) and one.repeated for one in changes] == [False] + [True] * 4
    assert silent.events.filter(kind="touched", recorded_at=NOW).count() == 1


@pytest.mark.parametrize(
    ("made_at", "sent_at", "expected"),
    [
        (None, None, NOW),
        (NOW - DAY, None, NOW - DAY),
        (NOW + DAY, None, NOW),
        (NOW - timedelta(hours=3), NOW, NOW - timedelta(hours=3)),
        (NOW - DAY - timedelta(hours=3), NOW - DAY, NOW - timedelta(hours=3)),
        (NOW + DAY - timedelta(hours=3), NOW + DAY, NOW - timedelta(hours=3)),
        (NOW + DAY, NOW - DAY, NOW),
        (NOW - 900 * DAY, NOW, NOW - 33 * DAY),
        (datetime.min.replace(tzinfo=NOW.tzinfo), None, NOW - 33 * DAY),
        (datetime.max.replace(tzinfo=NOW.tzinfo), None, NOW),
    ],
)
def test_a_wrong_clock_changes_nothing(
    owner: User,
    silent: Opportunity,
    made_at: datetime | None,
    sent_at: datetime | None,
    expected: datetime,
) -> None:
    events = stored(owner, silent, made_at=made_at, sent_at=sent_at)
    assert {event.occurred_at for event in events} == {expected}
    assert {event.recorded_at for event in events} == {NOW}


def ended(owner: User, row: Opportunity) -> Change:
    return commands.close(
        actor=owner, now=NOW, key="end", opportunity_id=row.pk, outcome=OutcomeKind.LOST
    )


def closed_meanwhile(owner: User, row: Opportunity, **more: Any) -> SetAside:
    known = head(row)
    ended(owner, row)
    two_hours = timedelta(hours=2)
    return aside(owner, row, head=known, made_at=NOW - two_hours, sent_at=NOW, **more)


def test_what_was_closed_meanwhile_sets_the_outcome_aside(owner: User, silent: Opportunity) -> None:
    call = {"result": "yes", "line": "Er nimmt es", "when": "KW 3", "consent": True, "minutes": 5}
    row = closed_meanwhile(owner, silent, **call)
    assert (row.why, row.at, row.about_event.kind) == (
        "closed", NOW - timedelta(hours=2), "closed"
    )  # fmt: skip
    kept = decode(Call, row.payload)
    assert {name: getattr(kept, name) for name in call} == call
    assert not silent.events.filter(kind="touched", recorded_at=NOW).exists()
    (fault,) = queries.inbox(owner).faults
    assert (fault.kind, fault.id) == ("set_aside", row.pk)
    assert fault.detail == (
        "Der Vorgang wurde inzwischen abgeschlossen: von Katharina Brandt am 24.11.2026."
    )
    assert fault.excerpt == ("Zusage · Wieder melden: KW 3 · Er nimmt es")
    assert queries.badges(owner, now=NOW).inbox == 1


def test_what_was_closed_before_the_call_is_no_surprise(owner: User, silent: Opportunity) -> None:
    ended(owner, silent)
    assert stored(owner, silent, head=head(silent), result="no")


def test_what_was_opened_again_fits_again(owner: User, silent: Opportunity) -> None:
    known = head(silent)
    ended(owner, silent)
    commands.reopen(actor=owner, now=NOW, key="again", opportunity_id=silent.pk)
    assert stored(owner, silent, head=known)


def test_set_aside_five_times_is_one_row(owner: User, silent: Opportunity) -> None:
    first = closed_meanwhile(owner, silent)
    for _ in range(4):
        assert aside(owner, silent, head=1).pk == first.pk
    assert SetAside.objects.count() == 1


def test_a_noted_outcome_is_an_act_of_its_maker_at_its_time(
    owner: User, silent: Opportunity
) -> None:
    row = closed_meanwhile(owner, silent)
    later = NOW + timedelta(hours=4)
    other = cast.colleague()
    changes = [
        commands.accept_set_aside(actor=other, now=later, set_aside_id=row.pk) for _ in range(5)
    ]
    assert [change.repeated for change in changes] == [False] + [True] * 4
    touched = silent.events.get(kind="touched", recorded_at=later)
    assert (touched.occurred_at, touched.actor) == (row.at, owner)
    row.refresh_from_db()
    assert (row.settled_by, row.settled_at) == (other, later)
    assert queries.inbox(owner).faults == ()
    put = send(owner, silent, head=1)
    assert isinstance(put, PutAside)
    assert put.is_settled


def test_undo_brings_it_back_and_it_can_be_noted_anew(owner: User, silent: Opportunity) -> None:
    row = closed_meanwhile(owner, silent)
    change = commands.accept_set_aside(actor=owner, now=NOW, set_aside_id=row.pk)
    commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    assert [fault.id for fault in queries.inbox(owner).faults] == [row.pk]
    assert standing_calls(silent) == 0
    again = commands.accept_set_aside(actor=owner, now=NOW, set_aside_id=row.pk)
    assert not again.repeated
    assert standing_calls(silent) == 1
    assert queries.inbox(owner).faults == ()


def test_an_undo_that_is_undone_settles_it_again(owner: User, silent: Opportunity) -> None:
    row = closed_meanwhile(owner, silent)
    change = commands.accept_set_aside(actor=owner, now=NOW, set_aside_id=row.pk)
    undone = commands.undo(actor=owner, now=NOW, key="u", entry_id=change.entry_id)
    commands.undo(actor=owner, now=NOW, key="v", entry_id=undone.entry_id)
    assert queries.inbox(owner).faults == ()
    assert commands.accept_set_aside(actor=owner, now=NOW, set_aside_id=row.pk).repeated
    assert standing_calls(silent) == 1


def test_a_dismissed_outcome_can_be_taken_back(owner: User, silent: Opportunity) -> None:
    row = closed_meanwhile(owner, silent)
    for _ in range(2):
        commands.dismiss_set_aside(actor=owner, now=NOW, set_aside_id=row.pk)
    assert queries.inbox(owner).faults == ()
    commands.return_set_aside(actor=owner, set_aside_id=row.pk)
    assert [fault.id for fault in queries.inbox(owner).faults] == [row.pk]
    commands.accept_set_aside(actor=owner, now=NOW, set_aside_id=row.pk)
    commands.dismiss_set_aside(actor=owner, now=NOW, set_aside_id=row.pk)
    assert standing_calls(silent) == 1
    with pytest.raises(commands.NotFoundError):
        commands.return_set_aside(actor=owner, set_aside_id=row.pk)
    with pytest.raises(commands.NotFoundError):
        commands.dismiss_set_aside(actor=owner, now=NOW, set_aside_id=999)


def standing_calls(row: Opportunity) -> int:
    return row.events.filter(kind="touched", recorded_at=NOW).standing().count()


def test_two_people_record_the_same_call(owner: User, silent: Opportunity) -> None:
    known, other = head(silent), cast.colleague()
    stored(other, silent, result="not_reached")
    row = aside(owner, silent, head=known, result="engaged")
    assert (row.why, row.about_event.actor) == ("recorded", other)
    assert queries.inbox(owner).faults[0].detail == (
        "Jonas Wirth hat am 24.11.2026 schon einen Anruf bei diesem Kunden festgehalten."
    )


def test_a_call_about_another_matter_of_the_customer_counts_too(
    owner: User, silent: Opportunity
) -> None:
    known = head(silent)
    change = commands.create_opportunity(
        actor=owner, now=NOW, key="n", prospect=cast.SILENT.prospect, title="Zaun", amount_cents=1
    )
    assert change.opportunity_id is not None
    stored(cast.colleague(), Opportunity.objects.get(pk=change.opportunity_id))
    assert aside(owner, silent, head=known).why == "recorded"


def test_what_else_happened_meanwhile_is_no_conflict(owner: User, silent: Opportunity) -> None:
    known, other = head(silent), cast.colleague()
    elsewhere = cast.settle(cast.EVADER, actor=owner)
    stored(other, elsewhere)
    stored(owner, silent, "first")
    stored(other, silent, now=NOW - DAY, made_at=NOW - DAY)
    stored(other, silent, "mail", channel=Channel.MAIL, result="wrote")
    mistaken = stored(other, silent, "mistake")
    commands.undo(actor=other, now=NOW, key="u", entry_id=mistaken[0].pk)
    assert stored(owner, silent, "second", head=known)


def test_without_a_sheet_nothing_is_compared(owner: User, silent: Opportunity) -> None:
    stored(cast.colleague(), silent)
    assert stored(owner, silent)


@pytest.mark.parametrize(
    "wrong",
    [{"result": "perhaps"}, {"result": ""}, {"result": "said", "line": " "}, {"minutes": -1}],
)
def test_what_cannot_be_is_refused(owner: User, silent: Opportunity, wrong: Json) -> None:
    with pytest.raises(commands.InvalidError):
        send(owner, silent, **wrong)
    assert not Event.objects.filter(recorded_at=NOW).exists()


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Do all acts at the same moment, each on a connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """SQLite's tests have one connection: two at once can only be had from a server."""

    @pytest.fixture(autouse=True)
    def _on_a_server(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("two connections at once need PostgreSQL")

    def test_two_posts_at_once_are_one_event(self, owner: User, silent: Opportunity) -> None:
        done = race(*[lambda: send(owner, silent, head=head(silent))] * 4)
        assert sorted(one.repeated for one in done) == [False, True, True, True]
        assert len({one.event_ids for one in done}) == 1

    def test_of_two_people_at_once_one_is_set_aside(self, owner: User, silent: Opportunity) -> None:
        known, other = head(silent), cast.colleague()
        done = race(
            lambda: send(owner, silent, head=known), lambda: send(other, silent, head=known)
        )
        assert {type(one) for one in done} == {Change, PutAside}
        assert standing_calls(silent) == 1

    def test_noted_twice_at_once_is_noted_once(self, owner: User, silent: Opportunity) -> None:
        row = closed_meanwhile(owner, silent)
        done = race(
            *[lambda: commands.accept_set_aside(actor=owner, now=NOW, set_aside_id=row.pk)] * 3
        )
        assert sorted(one.repeated for one in done) == [False, True, True]
        assert standing_calls(silent) == 1


def test_a_statement_is_of_the_person_who_made_the_call(owner: User, silent: Opportunity) -> None:
    other = cast.colleague()
    events = stored(other, silent, result="engaged")
    assert {event.actor for event in events} == {other}
    row = next(row for row in entries(owner, silent) if row.reading)
    assert row.reading is not None
    assert row.reading.intent is Intent.ENGAGED
