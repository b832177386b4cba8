"""What a device asks for to work without a network."""

import json
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from nachhaken.desk import queries
from nachhaken.desk.models import Event, Opportunity, Plan, User
from nachhaken.desk.queries.call_sheets import MOST_SHEETS
from nachhaken.desk.shell import files, version
from tests.desk.conftest import opened

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def test_the_sheets_to_take_along_are_those_of_today_in_its_order(
    desk: Client, owner: User, alpenblick: int
) -> None:
    other = opened(owner, "Weingut Hallwachs", "Hoftor", "info@hallwachs.example")
    Plan.objects.filter(pk=alpenblick).update(due=timezone.localdate(), rate=1)
    Plan.objects.filter(pk=other).update(due=timezone.localdate() - timedelta(days=3), rate=2)
    answer = desk.get("/call-sheets", headers=JSON)
    told = answer.json()
    assert [sheet["url"] for sheet in told["sheets"]] == [
        f"/opportunities/{other}/call",
        f"/opportunities/{alpenblick}/call",
    ]
    second = told["sheets"][1]
    newest = Event.objects.filter(opportunity=alpenblick).order_by("-pk")[0].pk
    assert (second["prospect"], second["head"]) == ("Pension Alpenblick", newest)
    assert second["due_words"] == "heute"
    assert (told["user"], told["day"]) == (owner.pk, timezone.localdate().isoformat())
    assert "no-store" in answer["Cache-Control"]


def test_what_is_not_due_is_not_taken_along(desk: Client, alpenblick: int) -> None:
    Plan.objects.filter(pk=alpenblick).update(due=timezone.localdate() + timedelta(days=30))
    assert desk.get("/call-sheets", headers=JSON).json()["sheets"] == []


def test_the_list_costs_four_questions_however_long_and_ends_somewhere(
    owner: User, alpenblick: int, django_assert_num_queries: object
) -> None:
    plan = Plan.objects.get(pk=alpenblick)
    prospect = Opportunity.objects.get(pk=alpenblick).prospect
    for nth in range(MOST_SHEETS + 5):
        plan.opportunity = Opportunity.objects.create(
            prospect=prospect, title=str(nth), source_key=str(nth), created_at=timezone.now()
        )
        plan.pk, plan.due = plan.opportunity.pk, timezone.localdate()
        plan.save(force_insert=True)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(queries.call_sheets(owner, now=timezone.now())) == MOST_SHEETS


@pytest.mark.parametrize("address", ["/call-sheets", "/csrf"])
def test_a_script_that_is_logged_out_is_told_so(owner: User, client: Client, address: str) -> None:
    answer = client.get(address, headers=JSON)
    assert (answer.status_code, answer.json()) == (401, {"state": "logged_out"})


def test_a_fresh_token_fits_a_form_that_is_old(owner: User, alpenblick: int) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    fields = {"key": "k", "step": "call", "result": "not_reached"}
    address = f"/opportunities/{alpenblick}/calls"
    assert client.post(address, fields, headers=JSON).status_code == 403
    told = client.get("/csrf", headers=JSON).json()
    assert told["user"] == owner.pk
    sent = {**fields, "csrfmiddlewaretoken": told["token"]}
    assert client.post(address, sent, headers=JSON).json()["state"] == "stored"


def test_the_worker_stands_at_the_root_and_keeps_files_that_exist(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    first = answer.content.decode().splitlines()[0]
    known = json.loads(first.removeprefix("self.ROAD = ").removesuffix(";"))
    assert known["offline"] in known["shell"]
    assert "/static/desk/road/sheet.js" in known["shell"]
    assert [file for file in files() if finders.find(file) is None] == []


def test_the_shell_has_another_name_in_another_language() -> None:
    assert version("de") == version("de") != version("en")


def test_the_offline_page_is_of_nobody(desk: Client, owner: User) -> None:
    page = desk.get("/offline").content.decode()
    assert "Kein Netz" in page
    assert "hx-headers" not in page
    assert "csrfmiddlewaretoken" not in page
    assert "data-user" not in page
    assert owner.email not in page


def test_the_manifest_speaks_the_language_and_names_pictures_that_exist(client: Client) -> None:
    told = client.get("/manifest.webmanifest").json()
    assert (told["lang"], told["start_url"], told["display"]) == ("de", "/", "standalone")
    sizes = {(icon["sizes"], icon.get("purpose", "any")) for icon in told["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    drawn = [icon["src"].removeprefix("/static/") for icon in told["icons"]]
    assert all(finders.find(name) for name in drawn)
    english = client.get("/manifest.webmanifest", headers={"Accept-Language": "en"}).json()
    assert english["lang"] == "en"
    assert english["description"] != told["description"]


def test_logging_out_empties_the_device_once_its_page_asks_for_it(desk: Client) -> None:
    assert desk.post("/logout/", {"cleared": "1"})["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in desk.post("/logout/")


def test_the_opening_is_sent_before_the_answers(desk: Client, alpenblick: int) -> None:
    page = desk.get(f"/opportunities/{alpenblick}/call?whole=1").content.decode()
    assert page.count("data-opening") == 1
    assert page.index("data-opening") < page.index('type="checkbox" name="scripts"')
