"""Outcomes of calls as pages and telephones send them, and the pages of what is agreed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import Event, Opportunity, Person, SetAside, User
from nachhaken.terms import OutcomeKind, StepKind
from tests import cast
from tests.desk.conftest import PASSWORD

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
CALL = {"key": "a", "step": "call", "result": "later_vague"}
Json = dict[str, Any]


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def answer(desk: Client, pk: int, sent: Json | None = None, **more: Any) -> tuple[int, Json]:
    """Send an outcome as a telephone does; return the status and what was answered."""
    response = desk.post(f"/opportunities/{pk}/calls", CALL | (sent or {}), headers=JSON, **more)
    return response.status_code, response.json()


def standing(kind: str) -> Event:
    return Event.objects.standing().get(kind=kind)


def test_a_call_is_kept_told_and_taken_back(desk: Client, alpenblick: int) -> None:
    page = html(desk.get(f"/opportunities/{alpenblick}/calls"))
    assert 'name="result"' in page
    assert f'name="head" value="{Event.objects.latest("pk").pk}"' in page
    sent = CALL | {
        "line": "im neuen Jahr",
        "when": "in 2-3 Monaten",
        "consent": "on",
        "gut": "alive",
        "own_share": "40",
        "minutes": "10",
        "scripts": ["first_follow_up.simple", "Ungültig!"],
        "mentioned": "Baut um",
    }
    text = html(desk.post(f"/opportunities/{alpenblick}/calls", sent, follow=True))
    assert "Festgehalten." in text
    assert "im neuen Jahr" in text
    touched = standing("touched")
    assert (touched.payload["scripts"], touched.payload["own_share"]) == (
        ["first_follow_up.simple"],
        40,
    )
    assert "Von sich erzählt: Baut um" in text
    desk.post(f"/entries/{touched.pk}/undo")
    assert "im neuen Jahr" not in html(desk.get(f"/opportunities/{alpenblick}/"))


def test_a_telephone_is_told_what_came_of_it(desk: Client, alpenblick: int) -> None:
    status, said = answer(desk, alpenblick)
    assert (status, said["state"], said["url"]) == (200, "stored", f"/opportunities/{alpenblick}/")
    assert said["notice"].startswith("Festgehalten.")
    for _ in range(4):
        assert answer(desk, alpenblick)[1]["state"] == "repeated"
    assert Event.objects.filter(kind="touched").count() == 1


def test_an_outcome_comes_as_json_too(desk: Client, alpenblick: int) -> None:
    point = commands.set_key_point(
        actor=User.objects.get(),
        now=timezone.now(),
        key="p",
        opportunity_id=alpenblick,
        text="Montage in zwei Tagen",
    )
    sent = {
        "consent": True, "minutes": 10, "start": None, "conveyed": [f"{point.entry_id}:story", "x"],
        "scripts": ["what.until_then"], "no_reason": "", "own_share": 30, "ours": "Zeichnung",
    }  # fmt: skip
    response = desk.post(
        f"/opportunities/{alpenblick}/calls",
        json.dumps(CALL | sent),
        content_type="application/json",
        headers=JSON,
    )
    assert response.json()["state"] == "stored"
    assert standing("conveyed").payload == {
        "key_points": [point.entry_id],
        "form": "story",
        "two_way": True,
    }
    assert standing("touched").payload["scripts"] == ["what.until_then"]
    assert standing("consented").payload["heard_on"] == "call"
    assert standing("promised").payload["what"] == "Zeichnung"


@pytest.mark.parametrize("body", ["", "[1]", "{", '{"key": "a", "consent": false}'])
def test_what_is_no_outcome_is_refused_with_reasons(
    desk: Client, alpenblick: int, body: str
) -> None:
    response = desk.post(
        f"/opportunities/{alpenblick}/calls", body, content_type="application/json", headers=JSON
    )
    assert response.status_code == 422
    said = response.json()
    assert said["state"] == "refused"
    assert said["errors"]["result"] == ["Bitte wählen, was herauskam."]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"result": "said", "line": ""}, "line"),
        ({"result": "perhaps"}, "result"),
        ({"own_share": "101"}, "own_share"),
        ({"step": "dance"}, "step"),
        ({"start": "2027-02-01", "end": "2027-01-01"}, "end"),
    ],
)
def test_a_fault_is_said_at_its_field(
    desk: Client, alpenblick: int, wrong: Json, field: str
) -> None:
    status, said = answer(desk, alpenblick, wrong)
    assert (status, list(said["errors"])) == (422, [field])
    assert not Event.objects.filter(kind="touched").exists()


def test_a_form_keeps_what_was_typed_where_a_time_cannot_be_read(
    desk: Client, alpenblick: int
) -> None:
    typed = CALL | {"when": "irgendwann", "line": "nur das", "scripts": ["a.b", "c.d"]}
    response = desk.post(f"/opportunities/{alpenblick}/calls", typed)
    assert response.status_code == 422
    text = html(response)
    assert "Das ergibt keinen Zeitraum" in text
    assert 'value="nur das"' in text
    assert text.count('name="scripts"') == 2


def test_a_telephone_asks_nobody_back_about_a_time(desk: Client, alpenblick: int) -> None:
    assert answer(desk, alpenblick, {"when": "irgendwann"})[1]["state"] == "stored"
    assert standing("replied").payload["text"] == "Wieder melden: irgendwann"


@pytest.mark.parametrize("clock", ["gestern", "2026-13-40T99:00", "2026-11-20T09:00"])
def test_a_clock_that_cannot_be_read_counts_as_none(
    desk: Client, alpenblick: int, clock: str
) -> None:
    before = timezone.now()
    assert answer(desk, alpenblick, {"made_at": clock, "sent_at": clock})[0] == 200
    assert standing("touched").occurred_at >= before


def test_what_was_made_hours_ago_happened_hours_ago(desk: Client, alpenblick: int) -> None:
    now = timezone.now()
    wrong = now + timedelta(days=1)
    clock = {
        "made_at": (wrong - timedelta(hours=5)).isoformat().replace("+00:00", "Z"),
        "sent_at": wrong.isoformat(),
    }
    answer(desk, alpenblick, clock)
    late = standing("touched").occurred_at - (now - timedelta(hours=5))
    assert timedelta() <= late < timedelta(minutes=1)


def closed_meanwhile(desk: Client, owner: User, pk: int) -> int:
    head = Event.objects.filter(opportunity=pk).latest("pk").pk
    commands.close(
        actor=owner, now=timezone.now(), key="end", opportunity_id=pk, outcome=OutcomeKind.LOST
    )
    return head


def test_a_conflict_is_said_and_decided_in_the_inbox(
    desk: Client, owner: User, alpenblick: int
) -> None:
    head = closed_meanwhile(desk, owner, alpenblick)
    line = {"head": head, "line": "Er will doch"}
    answers = [answer(desk, alpenblick, line) for _ in range(5)]
    assert {(status, said["state"]) for status, said in answers} == {(409, "set_aside")}
    said = answers[0][1]
    assert "nichts ist verloren" in said["notice"]
    row = SetAside.objects.get()
    assert said["url"] == f"/inbox/#fault-set_aside-{row.pk}"
    text = html(desk.get("/inbox/"))
    assert "Ein Anruf wartet auf Sie: Pension Alpenblick" in text
    assert "Er will doch" in text
    assert "Ein Anruf wartet auf Sie" in html(desk.get("/"))
    kept = html(desk.post(f"/set-aside/{row.pk}/acceptance", follow=True))
    assert "Festgehalten." in kept
    assert "Ein Anruf wartet" not in kept
    status, said = answer(desk, alpenblick, {"head": head})
    assert (status, said["state"]) == (200, "repeated")
    back = html(
        desk.post(f"/entries/{standing('touched').pk}/undo", {"next": "/inbox/"}, follow=True)
    )
    assert "Ein Anruf wartet auf Sie" in back


def test_a_page_leads_to_the_inbox_where_it_waits(
    desk: Client, owner: User, alpenblick: int
) -> None:
    head = closed_meanwhile(desk, owner, alpenblick)
    answered = desk.post(f"/opportunities/{alpenblick}/calls", CALL | {"head": head}, follow=True)
    assert answered.redirect_chain[-1][0].startswith("/inbox/#fault-set_aside-")
    assert "inzwischen abgeschlossen: von Katrin Brandt" in html(answered)


def test_a_dismissal_is_taken_back_by_its_toast(desk: Client, owner: User, alpenblick: int) -> None:
    answer(desk, alpenblick, {"head": closed_meanwhile(desk, owner, alpenblick)})
    pk = SetAside.objects.get().pk
    text = html(desk.post(f"/set-aside/{pk}/dismissal", follow=True))
    assert f'action="/set-aside/{pk}/return"' in text
    assert "Ein Anruf wartet" not in text
    assert "Ein Anruf wartet" in html(desk.post(f"/set-aside/{pk}/return", follow=True))
    assert desk.post("/set-aside/999/acceptance").status_code == 404
    assert desk.get(f"/set-aside/{pk}/acceptance").status_code == 405


def test_two_people_record_the_same_call(desk: Client, owner: User, alpenblick: int) -> None:
    head = Event.objects.latest("pk").pk
    other = cast.colleague()
    commands.record_call(
        actor=other,
        now=timezone.now(),
        key="x",
        opportunity_id=alpenblick,
        call=commands.Call(step=StepKind.CALL, result="not_reached"),
    )
    status, said = answer(desk, alpenblick, {"head": head})
    assert (status, said["state"]) == (409, "set_aside")
    assert "Jonas Wirth hat am" in said["notice"]


def test_a_telephone_whose_login_is_over_is_told_so(owner: User, alpenblick: int) -> None:
    browser = Client(enforce_csrf_checks=True)
    address = f"/opportunities/{alpenblick}/calls"
    assert browser.post(address, CALL, headers=JSON).status_code == 401
    browser.get("/login/")
    token = browser.cookies["csrftoken"].value
    sent = browser.post(address, CALL, headers={**JSON, "X-CSRFToken": token})
    assert (sent.status_code, sent.json()) == (401, {"state": "logged_out"})
    browser.post(
        "/login/",
        {"login": owner.username, "password": PASSWORD, "csrfmiddlewaretoken": token},
    )
    old = browser.post(address, CALL, headers={**JSON, "X-CSRFToken": "x" * 32})
    assert (old.status_code, old.json()) == (403, {"state": "stale_token"})
    fresh = browser.cookies["csrftoken"].value
    kept = browser.post(address, CALL, headers={**JSON, "X-CSRFToken": fresh})
    assert kept.json()["state"] == "stored"


def test_an_old_form_keeps_every_line_of_it(owner: User, alpenblick: int) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    typed = CALL | {"line": "ruft im Januar an", "scripts": ["a.b", "c.d"]}
    address = f"/opportunities/{alpenblick}/calls"
    ours = html(browser.post(address, typed, headers={"Origin": "http://testserver"}))
    assert "ruft im Januar an" in ours
    assert ours.count('name="scripts"') == 2


def test_an_opportunity_that_is_not_there_is_said_so(desk: Client) -> None:
    assert desk.post("/opportunities/77/calls", CALL, headers=JSON).status_code == 404


PARTS: list[tuple[str, Json, str]] = [
    ("goal", {"goal": "Auftrag", "minimum": "ein Termin"}, "goal_set"),
    ("pin", {"step": "clarify", "on": "2099-12-01", "reason": "Messe"}, "pinned"),
    ("cadence", {"workdays": "3, 5; 10"}, "cadence_set"),
    ("points", {"side": "theirs", "what": "Maße", "due": "2099-12-01"}, "promised"),
    ("key-points", {"text": "Montage in zwei Tagen", "importance": "2"}, "key_point_set"),
    ("mentions", {"what": "Baut um"}, "mentioned"),
    (
        "consents",
        {"heard_on": "call", "channel": "call", "scope": "follow_up", "words": "im März 2099"},
        "consented",
    ),
]


@pytest.mark.parametrize(("part", "typed", "kind"), PARTS)
def test_what_is_agreed_is_asked_and_kept_without_script(
    desk: Client, alpenblick: int, part: str, typed: Json, kind: str
) -> None:
    address = f"/opportunities/{alpenblick}/{part}"
    assert desk.get(address).status_code == 200
    for _ in range(2):
        answered = desk.post(address, typed | {"key": "a"}, follow=True)
        assert "Rückgängig" in html(answered)
    assert standing(kind).opportunity_id == alpenblick
    assert desk.get(f"/opportunities/77/{part}").status_code == 404
    assert desk.get(address).status_code == 200


def test_what_was_typed_means_what_it_says(desk: Client, alpenblick: int) -> None:
    for part, typed, _ in PARTS:
        desk.post(f"/opportunities/{alpenblick}/{part}", typed | {"key": part})
    assert standing("cadence_set").payload == {"workdays": [3, 5, 10]}
    assert standing("key_point_set").payload["importance"] == 2.0
    assert standing("promised").payload["by_us"] is False
    consented = standing("consented").payload
    assert (consented["window"], consented["channel"]) == (["2099-03-01", "2099-03-31"], "call")
    pinned = html(desk.get(f"/opportunities/{alpenblick}/goal"))
    assert 'value="ein Termin"' in pinned


@pytest.mark.parametrize(
    ("part", "typed", "words"),
    [
        ("pin", {"step": "call", "on": "2020-01-01"}, "Bitte heute oder einen Tag danach"),
        ("pin", {"step": "wait", "on": "2099-01-01"}, 'class="errors"'),
        ("cadence", {"workdays": "3, bald"}, "Bitte Zahlen von 1 bis 250"),
        ("cadence", {"workdays": "251"}, "Bitte Zahlen von 1 bis 250"),
        ("points", {"side": "ours", "what": " "}, 'class="errors"'),
        ("key-points", {"text": ""}, 'class="errors"'),
        ("consents", {"heard_on": "call", "scope": "advertising"}, "braucht es den Wortlaut"),
        ("consents", {"heard_on": "call", "scope": "follow_up", "heard": "2099-01-01"}, "noch"),
        ("consents", {"heard_on": "call", "scope": "follow_up", "words": "bald"}, "Zeitraum"),
    ],
)
def test_what_cannot_be_is_asked_again(
    desk: Client, alpenblick: int, part: str, typed: Json, words: str
) -> None:
    answered = desk.post(f"/opportunities/{alpenblick}/{part}", typed | {"key": "a"})
    assert answered.status_code == 422
    assert words in html(answered)


def test_an_open_point_a_key_point_and_a_consent_come_to_their_end(
    desk: Client, alpenblick: int
) -> None:
    for part, typed, _ in PARTS:
        desk.post(f"/opportunities/{alpenblick}/{part}", typed | {"key": part})
    about = f"/opportunities/{alpenblick}"
    point, key, consent = (standing(kind).pk for kind in ("promised", "key_point_set", "consented"))
    for address, typed, kind in (
        (f"{about}/points/{point}", {"state": "moved", "due": "2099-12-09"}, "promise_moved"),
        (f"{about}/points/{point}", {"state": "kept"}, "promise_settled"),
        (f"{about}/key-points/{key}/removal", {}, "key_point_dropped"),
        (f"{about}/consents/{consent}/withdrawal", {"words": "nicht mehr"}, "consent_withdrawn"),
    ):
        assert desk.get(address).status_code == 200
        assert desk.post(address, typed | {"key": kind}).status_code == 302
        assert standing(kind).about == int(address.split("/")[4])
    assert desk.get(f"{about}/points/{key}").status_code == 404


def test_a_persons_address_is_set(desk: Client, alpenblick: int) -> None:
    person = Person.objects.get()
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    address = f"/prospects/{prospect}/people/{person.pk}/address"
    assert "Rosa Huber" in html(desk.get(address))
    answered = desk.post(address, {"tone": "du", "salutation": "frau"}, follow=True)
    assert "Anrede gemerkt." in html(answered)
    person.refresh_from_db()
    assert (person.tone, person.salutation) == ("du", "frau")
    assert desk.post(address, {"tone": "ihr"}).status_code == 422
    assert desk.get(f"/prospects/{prospect}/people/999/address").status_code == 404


@pytest.mark.parametrize(
    ("words", "kept"), [("im März 2099", ["2099-03-01", "2099-03-31"]), ("", None)]
)
def test_when_again_is_said_in_words_too(
    desk: Client, alpenblick: int, words: str, kept: list[str] | None
) -> None:
    typed = {"key": "a", "result": "later_vague", "channel": "call", "words": words}
    desk.post(f"/opportunities/{alpenblick}/outcomes", typed)
    assert standing("replied").payload["statement"].get("callback") == kept


def test_words_that_say_no_time_are_asked_about(desk: Client, alpenblick: int) -> None:
    typed = {"key": "a", "result": "later_vague", "channel": "call", "words": "irgendwann"}
    answered = desk.post(f"/opportunities/{alpenblick}/outcomes", typed)
    assert answered.status_code == 422
    assert "Das ergibt keinen Zeitraum" in html(answered)
