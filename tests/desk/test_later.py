"""Snoozing from the mail: a link that shows, a form that does, nothing that a scanner triggers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.later import VALID, ExpiredError, ForgedError, link_of, read_link
from nachhaken.desk.models import AdviceGiven, Event, Opportunity, Plan, User
from nachhaken.project.tokens import WithoutTokens
from nachhaken.terms import Channel, StepKind
from tests import cast
from tests.desk.shown import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def silent(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner, now=timezone.now())


def path(owner: User, row: Opportunity, *, now: datetime | None = None) -> str:
    head = Plan.objects.get(pk=row.pk).head
    address = link_of(owner.pk, row.pk, head, now=now or timezone.now())
    return address.removeprefix("http://localhost:8000")


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return " ".join(response.content.decode().split())


def counts() -> tuple[int, int]:
    return Event.objects.count(), AdviceGiven.objects.count()


def put_off(client: Client, address: str, **more: Any) -> str:
    asked = {"key": "k", "when": "7", "reason": "Messe"} | more
    return html(client.post(address, asked, follow=True))


def test_the_link_shows_one_name_and_one_step_and_changes_nothing(
    client: Client, owner: User, silent: Opportunity
) -> None:
    before, address = counts(), path(owner, silent)
    client.get(address)
    page = html(client.get(address))
    assert "Autohaus Kern" in page
    assert 'method="post"' in page
    for private in (
        cast.SILENT.person,
        cast.SILENT.mail,
        cast.SILENT.phone,
        silent.title,
        "14.800",
    ):
        assert private not in page
    assert counts() == before


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_scanner_that_opens_every_link_triggers_nothing(
    client: Client, owner: User, silent: Opportunity, method: str
) -> None:
    before, address = counts(), path(owner, silent)
    purposes = {"purpose": "prefetch", "sec-purpose": "prefetch", "x-moz": "prefetch"}
    getattr(client, method)(address, {"when": "7"}, headers=purposes)
    getattr(client, method)(f"{address}/undo")
    assert counts() == before


def test_nor_one_that_posts_without_the_pages_token(owner: User, silent: Opportunity) -> None:
    before, address = counts(), path(owner, silent)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, {"key": "k", "when": "7"}).status_code == 403
    strict.get(address)
    assert strict.post(address, {"key": "k", "when": "7"}).status_code == 403
    assert counts() == before


def test_the_form_with_the_pages_token_puts_off(owner: User, silent: Opportunity) -> None:
    strict, address = Client(enforce_csrf_checks=True), path(owner, silent)
    strict.get(address)
    token = strict.cookies["csrftoken"].value
    asked = {"key": "k", "when": "7", "csrfmiddlewaretoken": token}
    assert strict.post(address, asked).status_code == 302
    assert Plan.objects.get(pk=silent.pk).due is not None
    assert Event.objects.filter(kind="snoozed").get().actor == owner


def test_the_page_tells_the_new_day_and_keeps_the_reason(
    client: Client, owner: User, silent: Opportunity
) -> None:
    page = put_off(client, path(owner, silent))
    assert "Auf später gelegt" in page
    event = Event.objects.get(kind="snoozed")
    assert event.payload == {"until": in_days(7).isoformat(), "reason": "Messe"}
    assert AdviceGiven.objects.get().decision == "snoozed"


def test_sent_five_times_it_counts_once_and_the_first_day_stands(
    client: Client, owner: User, silent: Opportunity
) -> None:
    address = path(owner, silent)
    pages = [put_off(client, address, when=when) for when in ("7", "30", "1", "7", "14")]
    assert all("Auf später gelegt" in page for page in pages)
    assert Event.objects.get(kind="snoozed").payload["until"] == in_days(7).isoformat()
    token = address.rpartition("/")[2]
    change = commands.snooze_by_link(token=token, now=timezone.now(), until=in_days(30))
    assert change.repeated


def test_it_can_be_taken_back_there(client: Client, owner: User, silent: Opportunity) -> None:
    address, due = path(owner, silent), Plan.objects.get(pk=silent.pk).due
    put_off(client, address)
    assert Plan.objects.get(pk=silent.pk).due != due
    client.post(f"{address}/undo")
    page = html(client.post(f"{address}/undo", follow=True))
    assert "Rückgängig gemacht" in page
    assert Plan.objects.get(pk=silent.pk).due == due
    assert "Rückgängig gemacht" in put_off(client, address)
    assert Event.objects.filter(kind="undone").count() == 1


def test_undo_takes_back_nothing_that_the_link_did_not_do(
    client: Client, owner: User, silent: Opportunity
) -> None:
    address = path(owner, silent)
    before = counts()
    client.post(f"{address}/undo")
    assert counts() == before


def test_when_something_happened_meanwhile_it_says_so_and_does_nothing(
    client: Client, owner: User, silent: Opportunity
) -> None:
    address = path(owner, silent)
    commands.record_outcome(
        actor=owner, now=timezone.now(), key="c", opportunity_id=silent.pk, step=StepKind.CALL,
        channel=Channel.CALL, reached="reached", text="Wir warten noch auf die Bank.",
    )  # fmt: skip
    before = counts()
    assert "etwas geschehen" in put_off(client, address)
    token = address.rpartition("/")[2]
    with pytest.raises(commands.MovedOnError):
        commands.snooze_by_link(token=token, now=timezone.now(), until=in_days(7))
    assert counts() == before


@pytest.mark.parametrize(
    "asked", [{"when": "date", "until": "2020-01-01"}, {"when": ""}, {"when": "date", "until": "x"}]
)
def test_a_day_that_cannot_be_comes_back_with_a_sentence(
    client: Client, owner: User, silent: Opportunity, asked: dict[str, str]
) -> None:
    before = counts()
    answer = client.post(path(owner, silent), {"key": "k", "reason": "Messe"} | asked)
    assert answer.status_code == 422
    assert 'value="Messe"' in html(answer)
    assert counts() == before


def test_after_three_days_the_link_is_over(
    client: Client, owner: User, silent: Opportunity
) -> None:
    old = path(owner, silent, now=timezone.now() - VALID)
    answer = client.get(old)
    assert answer.status_code == 410
    assert "abgelaufen" in html(answer)
    assert "Autohaus" not in html(answer)
    young = path(owner, silent, now=timezone.now() - VALID + timedelta(minutes=1))
    assert client.get(young).status_code == 200


def test_a_forged_link_opens_nothing(client: Client, owner: User, silent: Opportunity) -> None:
    address = path(owner, silent)
    token = address.rpartition("/")[2]
    payload, _, mark = token.partition(":")
    for forged in (token[:-1], payload, f"{payload[:-2]}AA:{mark}", "x", f"{token}:x"):
        answer = client.get(f"/later/{forged}")
        assert answer.status_code == 410
        assert "stimmt nicht" in html(answer)
        with pytest.raises(ForgedError):
            read_link(forged, now=timezone.now())
    with pytest.raises(ExpiredError):
        read_link(token, now=timezone.now() + VALID)


def test_the_link_of_somebody_who_left_opens_nothing(
    client: Client, owner: User, silent: Opportunity
) -> None:
    address = path(owner, silent)
    User.objects.update(is_active=False)
    assert client.get(address).status_code == 410
    before = counts()
    client.post(address, {"key": "k", "when": "7"})
    assert counts() == before


def test_the_page_is_kept_nowhere_and_done_is_not_offered(
    client: Client, owner: User, silent: Opportunity
) -> None:
    answer = client.get(path(owner, silent))
    assert isinstance(answer, HttpResponse)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "/outcomes" not in html(answer)
    assert "Erledigt" not in html(answer)


def test_logs_do_not_keep_what_opens_something() -> None:
    import logging

    said = ("%s: %s", ("Not Found", "/later/WzEsMl0:abc-_x and /calendar/s3cr-et_.ics"))
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, *said, None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Not Found: /later/… and /calendar/…"
