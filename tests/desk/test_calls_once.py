"""The outcome of a call counts once, at its time, and nothing of it is ever lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from nachhaken.desk import commands, queries
from nachhaken.desk.commands import Call, Change, PutAside
from nachhaken.desk.models import Event, Opportunity, SetAside, User
from nachhaken.desk.records import decode
from nachhaken.terms import Channel, Intent
from tests import cast
from tests.cast import NOW
from tests.desk.race import race
from tests.desk.sent import DAY, Json, aside, ended, entries, head, send, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


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
