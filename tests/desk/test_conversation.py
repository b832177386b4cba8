"""What is agreed beside a call, and who may write it: goal, path, points, consent, address."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import translation

from nachhaken.desk import commands, queries
from nachhaken.desk.commands import Change
from nachhaken.desk.models import Event, Opportunity, OwnScript, Person, SetAside, User
from nachhaken.playbook.values import Scene, Voice
from nachhaken.terms import Channel, ConsentScope, StepKind
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


@pytest.fixture
def evader(owner: User) -> Opportunity:
    return cast.settle(cast.EVADER, actor=owner)


def done(
    command: Callable[..., Change], actor: User, row: Opportunity, key: str = "k", **more: Any
) -> Event:
    change = command(actor=actor, now=NOW, key=key, opportunity_id=row.pk, **more)
    return Event.objects.get(pk=change.entry_id)


def shown(owner: User, row: Opportunity, event: Event) -> tuple[str, str, str, str]:
    entries = queries.opportunity(owner, row.pk, now=NOW).entries
    found = next(entry for entry in entries if entry.entry_id == event.pk)
    return found.icon, found.title, found.detail, found.aside


WRITES: list[tuple[Callable[..., Change], dict[str, Any], tuple[str, str, str, str]]] = [
    (
        commands.set_goal,
        {"goal": "Auftrag noch dieses Jahr", "minimum": "ein Termin"},
        ("goal", "Ziel: Auftrag noch dieses Jahr", "mindestens: ein Termin", ""),
    ),
    (commands.set_goal, {}, ("goal", "Ziel wie vom Schritt vorgegeben", "", "")),
    (
        commands.pin_step,
        {"step": StepKind.CLARIFY, "on": date(2026, 12, 1), "reason": "Messe"},
        ("pinned", "Festgelegt: Klärungsgespräch am 1.12.2026", "Messe", ""),
    ),
    (
        commands.set_cadence,
        {"workdays": [3, 5, 10]},
        ("cadence", "Eigener Rhythmus: nach 3, 5, 10 Arbeitstagen", "", ""),
    ),
    (commands.set_cadence, {"workdays": []}, ("cadence", "Der Fahrplan gilt wieder", "", "")),
    (
        commands.set_key_point,
        {"text": " Montage  in zwei Tagen "},
        ("key_point", "Schlüsselpunkt: Montage in zwei Tagen", "", ""),
    ),
    (
        commands.note_mentioned,
        {"what": "Fährt im Januar in den Urlaub"},
        ("mentioned", "Von sich erzählt: Fährt im Januar in den Urlaub", "", ""),
    ),
    (
        commands.promise,
        {"by_us": False, "what": "Maße nachmessen", "due": date(2026, 12, 4)},
        ("promise", "Zugesagt vom Kunden: Maße nachmessen", "", "bis 4.12.2026"),
    ),
    (
        commands.give_consent,
        {
            "heard_on": Channel.MAIL,
            "words": "Gern, auch mit Neuem",
            "scope": ConsentScope.ADVERTISING,
        },
        (
            "consent",
            "Einwilligung: jeder Weg",
            "„Gern, auch mit Neuem“ · E-Mail, notiert von Katharina Brandt am 24.11.2026 um 9:30",
            "auch für Werbung",
        ),
    ),
]


@pytest.mark.parametrize(("command", "said", "row"), WRITES)
def test_what_is_agreed_stands_in_the_timeline_once(
    owner: User,
    silent: Opportunity,
    command: Callable[..., Change],
    said: dict[str, Any],
    row: tuple[str, str, str, str],
) -> None:
    event = done(command, owner, silent, **said)
    assert shown(owner, silent, event) == row
    assert done(command, owner, silent, **said) == event
    with translation.override("en"):
        english = shown(owner, silent, event)[1]
    assert english != row[1]
    commands.undo(actor=owner, now=NOW, key="u", entry_id=event.pk)
    entries = queries.opportunity(owner, silent.pk, now=NOW).entries
    assert event.pk not in [entry.entry_id for entry in entries]


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (commands.pin_step, {"step": StepKind.CALL, "on": TODAY - timedelta(days=1)}),
        (commands.set_cadence, {"workdays": [0]}),
        (commands.set_cadence, {"workdays": [251]}),
        (commands.set_key_point, {"text": "  "}),
        (commands.set_key_point, {"text": "Preis", "importance": 0}),
        (commands.note_mentioned, {"what": " "}),
        (commands.promise, {"by_us": True, "what": " "}),
        (commands.give_consent, {"heard_on": Channel.CALL, "scope": ConsentScope.ADVERTISING}),
    ],
)
def test_what_cannot_be_is_refused(
    owner: User, silent: Opportunity, command: Callable[..., Change], wrong: dict[str, Any]
) -> None:
    with pytest.raises(commands.InvalidError):
        done(command, owner, silent, **wrong)


def test_a4_an_open_point_is_moved_and_settled(owner: User, silent: Opportunity) -> None:
    point = done(commands.promise, owner, silent, "a", by_us=True, what="Zeichnung")
    about = {"entry_id": point.pk}
    moved = done(commands.move_promise, owner, silent, "b", due=date(2026, 12, 9), **about)
    freed = done(commands.move_promise, owner, silent, "c", due=None, **about)
    kept = done(commands.settle_promise, owner, silent, "d", kept=True, **about)
    assert [shown(owner, silent, event)[:3] for event in (moved, freed, kept)] == [
        ("promise", "Offener Punkt auf 9.12.2026 verlegt", "Zeichnung"),
        ("promise", "Offener Punkt ohne festen Tag", "Zeichnung"),
        ("promise", "Offener Punkt erledigt", "Zeichnung"),
    ]
    assert {event.about for event in (moved, freed, kept)} == {point.pk}


def test_a4_a_condition_that_was_named_is_settled_with_its_words(
    owner: User, silent: Opportunity
) -> None:
    call = commands.Call(
        step=StepKind.CLARIFY, result="stalled_named", condition="das Gutachten liegt vor"
    )
    change = commands.record_call(
        actor=owner, now=NOW, key="c", opportunity_id=silent.pk, call=call
    )
    assert isinstance(change, Change)
    replied = Event.objects.get(pk__in=change.event_ids, kind="replied")
    kept = done(commands.settle_promise, owner, silent, "d", kept=True, entry_id=replied.pk)
    assert shown(owner, silent, kept)[1:3] == ("Offener Punkt erledigt", "das Gutachten liegt vor")


def test_a_consent_is_withdrawn_and_stays_on_record(owner: User, silent: Opportunity) -> None:
    window = (date(2027, 1, 11), date(2027, 1, 15))
    given = done(
        commands.give_consent,
        owner,
        silent,
        "a",
        heard_on=Channel.CALL,
        channel=Channel.CALL,
        window=window,
    )
    gone = done(commands.withdraw_consent, owner, silent, "b", entry_id=given.pk)
    assert shown(owner, silent, given)[3] == "zwischen dem 11.1.2027 und dem 15.1.2027"
    icon, title, detail, _ = shown(owner, silent, gone)
    assert (icon, title) == ("withdrawn", "Einwilligung widerrufen")
    assert detail.startswith("Markus Kern ist einverstanden")


def test_a_consent_of_yesterday_was_heard_yesterday(owner: User, silent: Opportunity) -> None:
    at = NOW - timedelta(days=1)
    event = done(commands.give_consent, owner, silent, heard_on=Channel.MEETING, at=at)
    assert (event.occurred_at, event.recorded_at) == (at, NOW)
    assert event.payload["evidence"].endswith("am 23.11.2026 um 9:30")
    assert event.payload["words"] == "Markus Kern ist einverstanden, dass wir wieder fragen."


def test_a_key_point_is_dropped(owner: User, silent: Opportunity) -> None:
    point = done(commands.set_key_point, owner, silent, "a", text="Garantie")
    gone = done(commands.drop_key_point, owner, silent, "b", entry_id=point.pk)
    assert shown(owner, silent, gone)[1:3] == ("Schlüsselpunkt fallen gelassen", "Garantie")


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (commands.drop_key_point, {}),
        (commands.withdraw_consent, {}),
        (commands.settle_promise, {"kept": True}),
        (commands.move_promise, {"due": None}),
    ],
)
def test_nobody_speaks_of_what_is_not_there(
    owner: User,
    silent: Opportunity,
    evader: Opportunity,
    command: Callable[..., Change],
    more: dict[str, Any],
) -> None:
    foreign = done(commands.set_key_point, owner, evader, "a", text="Preis").pk
    undone = done(commands.promise, owner, silent, "b", by_us=True, what="Zeichnung")
    commands.undo(actor=owner, now=NOW, key="u", entry_id=undone.pk)
    for entry_id in (foreign, undone.pk, 999_999):
        with pytest.raises(commands.NotFoundError):
            done(command, owner, silent, "c", entry_id=entry_id, **more)


def test_a_person_is_addressed_as_the_user_says(owner: User, silent: Opportunity) -> None:
    person = Person.objects.get(name="Markus Kern")
    said: dict[str, Any] = {
        "actor": owner,
        "now": NOW,
        "prospect_id": silent.prospect_id,
        "person_id": person.pk,
    }
    commands.address_person(**said, tone="du", salutation="herr")
    person.refresh_from_db()
    assert (person.tone, person.salutation) == ("du", "herr")
    with pytest.raises(commands.InvalidError):
        commands.address_person(**said, tone="ihr", salutation="")
    other = cast.settle(cast.EVADER, actor=owner)
    with pytest.raises(commands.NotFoundError):
        commands.address_person(
            **said | {"prospect_id": other.prospect_id}, tone="sie", salutation=""
        )


def test_an_own_line_is_written_once_retired_and_offered_again(owner: User) -> None:
    said: dict[str, Any] = {
        "actor": owner,
        "now": NOW,
        "key": "k",
        "scene": Scene.CLARIFY,
        "voice": Voice.DU,
    }
    row = commands.write_script(**said, text=" Sag ehrlich:  Wird das was? ", angle="ganz offen")
    assert commands.write_script(**said, text="anders") == row
    assert (row.key[:4], row.text, row.language) == ("own.", "Sag ehrlich: Wird das was?", "de")
    commands.retire_script(actor=owner, now=NOW, script_id=row.pk)
    commands.retire_script(actor=cast.colleague(), now=NOW, script_id=row.pk)
    row.refresh_from_db()
    assert (row.retired_at, row.retired_by) == (NOW, owner)
    commands.restore_script(actor=owner, script_id=row.pk)
    row.refresh_from_db()
    assert row.retired_at is None


@pytest.mark.parametrize("wrong", [{"text": " "}, {"text": "x" * 1_001}, {"nth": 7}, {"key": ""}])
def test_a_line_without_words_is_refused(owner: User, wrong: dict[str, Any]) -> None:
    said: dict[str, Any] = {"actor": owner, "now": NOW, "key": "k", "text": "Guten Tag"}
    with pytest.raises(commands.InvalidError):
        commands.write_script(**said | wrong, scene=Scene.CLARIFY, voice=Voice.SIE)
    assert not OwnScript.objects.exists()


def test_a_line_that_is_not_there_is_said_to_be_missing(owner: User) -> None:
    with pytest.raises(commands.NotFoundError):
        commands.retire_script(actor=owner, now=NOW, script_id=1)
    with pytest.raises(commands.NotFoundError):
        commands.restore_script(actor=owner, script_id=1)


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_strangers_are_refused_everywhere(owner: User, silent: Opportunity, who: str) -> None:
    user: Any = AnonymousUser() if who == "nobody" else cast.stranger()
    point = done(commands.promise, owner, silent, by_us=True, what="Zeichnung")
    events = Event.objects.count()
    write = {"actor": user, "now": NOW, "key": "k", "opportunity_id": silent.pk}
    about = write | {"entry_id": point.pk}
    person = {"prospect_id": silent.prospect_id, "person_id": silent.person_id or 0}
    call = commands.Call(step=StepKind.CALL, result="yes", head=1)
    line: dict[str, Any] = {"scene": Scene.CLARIFY, "voice": Voice.DU, "text": "Na?"}
    for refused in (
        lambda: commands.record_call(**write, call=call),
        lambda: commands.set_goal(**write),
        lambda: commands.pin_step(**write, step=StepKind.CALL, on=TODAY),
        lambda: commands.set_cadence(**write, workdays=[3]),
        lambda: commands.set_key_point(**write, text="Preis"),
        lambda: commands.drop_key_point(**about),
        lambda: commands.note_mentioned(**write, what="Urlaub"),
        lambda: commands.give_consent(**write, heard_on=Channel.CALL),
        lambda: commands.withdraw_consent(**about),
        lambda: commands.move_promise(**about, due=None),
        lambda: commands.address_person(
            actor=user, now=NOW, **person, tone="du", salutation="frau"
        ),
        lambda: commands.write_script(actor=user, now=NOW, key="k", **line),
        lambda: commands.retire_script(actor=user, now=NOW, script_id=1),
        lambda: commands.restore_script(actor=user, script_id=1),
        lambda: commands.accept_set_aside(actor=user, now=NOW, set_aside_id=1),
        lambda: commands.dismiss_set_aside(actor=user, now=NOW, set_aside_id=1),
        lambda: commands.return_set_aside(actor=user, set_aside_id=1),
        lambda: queries.heading(user, silent.pk),
        lambda: queries.newest(user, silent.pk, "goal_set"),
        lambda: queries.noted(user, silent.pk, point.pk, "promised"),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert Event.objects.count() == events
    assert not OwnScript.objects.exists()
    assert not SetAside.objects.exists()
