"""The next steps in a real calendar server: written once, changed, respected, deleted."""

import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from nachhaken.desk import commands
from nachhaken.desk.caldav import CalDavError, Calendars, Fault, checked
from nachhaken.desk.commands.calendars import sync_calendar, sync_calendars
from nachhaken.desk.models import CalendarAccount, CalendarItem, Opportunity, User
from nachhaken.sources.calendar import read_meetings
from tests import cast
from tests.cast import NOW
from tests.real import radicale
from tests.real.radicale import PASSWORD, USERNAME, CalendarServer

# WhiteNoise warns about a folder that `nachhaken serve` would have made.
Path(settings.STATIC_ROOT).mkdir(exist_ok=True)

pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif(not radicale.is_there(), reason="no Radicale on this machine"),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    with radicale.running(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def server(program: CalendarServer) -> Iterator[CalendarServer]:
    """The server with one fresh calendar."""
    program.make("arbeit")
    yield program
    program.ask("DELETE", program.url("arbeit"))


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def placed(owner: User) -> dict[str, Opportunity]:
    return cast.settle_all(actor=owner)


@pytest.fixture
def account(server: CalendarServer, owner: User) -> CalendarAccount:
    connect(server, owner)
    return CalendarAccount.objects.get()


def connect(server: CalendarServer, owner: User, **more: Any) -> Any:
    asked: dict[str, Any] = {
        "address": server.address, "username": USERNAME, "password": PASSWORD, "with_words": True,
    }  # fmt: skip
    return commands.connect_calendar(actor=owner, now=NOW, **(asked | more))


def event_of(server: CalendarServer, row: Opportunity) -> Any:
    text = server.entries()[CalendarItem.objects.get(opportunity=row).href]
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_a_full_round_write_change_and_take_away(
    server: CalendarServer, owner: User, account: CalendarAccount, placed: dict[str, Opportunity]
) -> None:
    sync_calendar(account, now=NOW)
    assert (account.fault, account.name) == ("", "Arbeit")
    steps = set(CalendarItem.objects.values_list("href", flat=True))
    assert set(server.entries()) == steps
    assert not any("Lohmeier" in text for text in server.entries().values())
    silent = placed["Autohaus Kern"]
    assert "Autohaus Kern" in str(event_of(server, silent)["SUMMARY"])
    commands.snooze(
        actor=owner, now=NOW, key="s", opportunity_id=silent.pk, until=date(2026, 12, 15)
    )
    sync_calendar(account, now=NOW)
    assert f"{event_of(server, silent)['DTSTART'].dt:%Y-%m-%d}" == "2026-12-15"
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=silent.prospect_id)
    sync_calendar(account, now=NOW)
    assert len(server.entries()) == len(steps) - 1
    assert not any("Autohaus Kern" in text for text in server.entries().values())


def test_what_did_not_change_is_not_written_again(
    server: CalendarServer, owner: User, account: CalendarAccount, placed: dict[str, Opportunity]
) -> None:
    written: list[str] = []
    sync_calendar(account, now=NOW, on_written=written.append)
    assert len(written) == len(server.entries()) > 2
    sync_calendar(account, now=NOW, on_written=written.append)
    assert len(written) == len(server.entries())


def test_what_the_user_moved_or_deleted_is_respected_until_the_plan_changes(
    server: CalendarServer, owner: User, account: CalendarAccount, placed: dict[str, Opportunity]
) -> None:
    sync_calendar(account, now=NOW)
    moved, deleted = placed["Autohaus Kern"], placed["Pension Alpenblick"]
    place = CalendarItem.objects.get(opportunity=moved).href
    by_hand = server.entries()[place].replace("DTSTART;TZID=Europe/Berlin:2026", "DTSTART:2030")
    by_hand = by_hand.replace("DTSTART;VALUE=DATE:2026", "DTSTART;VALUE=DATE:2025")
    assert server.ask("PUT", place, by_hand).is_success
    gone = CalendarItem.objects.get(opportunity=deleted).href
    assert server.ask("DELETE", gone).is_success
    sync_calendar(account, now=NOW)
    assert server.entries()[place] != ""
    assert event_of(server, moved)["DTSTART"].dt.year in {2025, 2030}
    assert gone not in server.entries()
    for row in (moved, deleted):
        commands.snooze(
            actor=owner, now=NOW, key=f"s{row.pk}", opportunity_id=row.pk, until=date(2026, 12, 15)
        )
    sync_calendar(account, now=NOW)
    assert account.fault == ""
    for row in (moved, deleted):
        assert f"{event_of(server, row)['DTSTART'].dt:%Y-%m-%d}" == "2026-12-15"


def test_an_entry_of_somebody_else_under_our_name_is_left_alone(
    server: CalendarServer, owner: User, account: CalendarAccount
) -> None:
    cast.settle(cast.SILENT, actor=owner)
    sync_calendar(account, now=NOW)
    (place,) = server.entries()
    uid = str(event_of(server, Opportunity.objects.get())["UID"])
    assert server.ask("DELETE", place).is_success
    theirs = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:fremd@x.example\r\n"
        "DTSTAMP:20261124T080000Z\r\nDTSTART;VALUE=DATE:20261124\r\nSUMMARY:Zahnarzt\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert server.ask("PUT", place, theirs).is_success
    CalendarItem.objects.update(fingerprint="old")
    sync_calendar(account, now=NOW)
    assert account.fault == Fault.CONFLICT
    assert "Zahnarzt" in server.entries()[place]
    assert uid not in server.entries()[place]


def test_killed_between_writing_and_noting_it_leaves_one_entry(
    server: CalendarServer, owner: User, account: CalendarAccount
) -> None:
    class Killed(BaseException):
        pass

    def die(url: str) -> None:
        raise Killed

    cast.settle(cast.SILENT, actor=owner)
    for _ in range(3):
        with pytest.raises(Killed):
            sync_calendar(account, now=NOW, on_written=die)
        assert (len(server.entries()), CalendarItem.objects.count()) == (1, 0)
    sync_calendar(account, now=NOW)
    assert (len(server.entries()), CalendarItem.objects.count()) == (1, 1)


def test_a_wrong_password_is_said_and_not_tried_again(
    server: CalendarServer, owner: User, account: CalendarAccount
) -> None:
    with pytest.raises(CalDavError) as raised:
        connect(server, owner, password="falsch")
    assert raised.value.fault is Fault.LOGIN
    with Calendars(server.address, USERNAME, "falsch") as line, pytest.raises(CalDavError):
        line.found()
    CalendarAccount.objects.update(fault=Fault.LOGIN)
    cast.settle(cast.SILENT, actor=owner)
    sync_calendars(now=NOW)
    assert server.entries() == {}


def test_a_password_of_another_key_has_to_be_entered_again(
    server: CalendarServer, account: CalendarAccount
) -> None:
    account.secret = b"gAAAAA"
    sync_calendar(account, now=NOW)
    assert account.fault == Fault.LOGIN


def test_a_dead_server_is_said_and_tried_again(
    server: CalendarServer, owner: User, account: CalendarAccount
) -> None:
    cast.settle(cast.SILENT, actor=owner)
    server.stop()
    sync_calendars(now=NOW)
    account.refresh_from_db()
    assert (account.fault, account.synced_at) == (Fault.NOT_REACHED, None)
    server.start()
    sync_calendars(now=NOW)
    account.refresh_from_db()
    assert (account.fault, account.synced_at) == ("", NOW)
    assert len(server.entries()) == 1


def test_one_calendars_fault_stops_no_other(
    server: CalendarServer, owner: User, account: CalendarAccount
) -> None:
    cast.settle(cast.SILENT, actor=owner)
    dead = CalendarAccount(user=cast.colleague(), address="http://127.0.0.1:9/", set_at=NOW)
    dead.url, dead.secret = "http://127.0.0.1:9/x/", account.secret
    dead.save()
    Opportunity.objects.update(owner=None)
    sync_calendars(now=NOW)
    dead.refresh_from_db()
    assert dead.fault == Fault.NOT_REACHED
    assert len(server.entries()) == 1


def test_of_several_calendars_one_is_chosen_and_changing_it_moves_all(
    server: CalendarServer, owner: User
) -> None:
    server.make("privat")
    cast.settle(cast.SILENT, actor=owner)
    try:
        found = connect(server, owner)
        assert {one.name for one in found} == {"Arbeit", "Privat"}
        account = CalendarAccount.objects.get()
        assert account.url == ""
        for name, other in (("arbeit", "privat"), ("privat", "arbeit")):
            commands.choose_calendar(actor=owner, url=server.url(name))
            sync_calendar(CalendarAccount.objects.get(), now=NOW)
            assert (len(server.entries(name)), len(server.entries(other))) == (1, 0)
        with pytest.raises(commands.InvalidError):
            commands.choose_calendar(actor=owner, url="https://elsewhere.example/x/")
    finally:
        server.ask("DELETE", server.url("privat"))


def test_leaving_takes_our_entries_along(
    server: CalendarServer, owner: User, account: CalendarAccount
) -> None:
    cast.settle(cast.SILENT, actor=owner)
    sync_calendar(account, now=NOW)
    assert commands.disconnect_calendar(actor=owner)
    assert server.entries() == {}
    assert not CalendarAccount.objects.exists()


def test_the_address_of_a_calendar_itself_does_too(server: CalendarServer, owner: User) -> None:
    (found,) = connect(server, owner, address=server.url("arbeit"))
    assert (found.url, found.name) == (server.url("arbeit"), "Arbeit")


def test_an_empty_password_keeps_the_one_of_the_same_server(
    server: CalendarServer, owner: User, account: CalendarAccount
) -> None:
    connect(server, owner, password="", with_words=False)
    assert not CalendarAccount.objects.get().with_words
    with pytest.raises(CalDavError):
        connect(server, owner, password="", username="anderer")


def test_our_entries_read_back_are_no_meetings(
    server: CalendarServer, account: CalendarAccount, placed: dict[str, Opportunity]
) -> None:
    sync_calendar(account, now=NOW)
    for text in server.entries().values():
        assert read_meetings(text.encode(), around=NOW).meetings == ()


def test_the_page_connects_chooses_and_writes(
    server: CalendarServer, owner: User, client: Client
) -> None:
    server.make("privat")
    cast.settle(cast.SILENT, actor=owner)
    client.force_login(owner)
    asked = {"address": server.address, "username": USERNAME, "detail": "names"}
    try:
        wrong = client.post("/settings/calendar/account", asked | {"password": "falsch-1"})
        assert wrong.status_code == 422
        assert "nimmt Name oder Passwort nicht an" in html(wrong)
        assert "falsch-1" not in html(wrong)
        right = client.post("/settings/calendar/account", asked | {"password": PASSWORD})
        assert right["Location"] == "/settings/calendar/account/choice"
        page = html(client.get("/settings/calendar/account/choice"))
        assert f'value="{server.url("privat")}"' in page
        assert "noch kein Kalender gewählt" in html(client.get("/settings/calendar/"))
        client.post("/settings/calendar/account/choice", {"url": server.url("privat")})
        client.post("/settings/calendar/account/sync")
        page = html(client.get("/settings/calendar/"))
        assert "Kalender „Privat“, ein Eintrag." in page
        assert PASSWORD not in page
        (text,) = server.entries("privat").values()
        assert cast.SILENT.phone not in text
        client.post("/settings/calendar/account/removal")
        assert server.entries("privat") == {}
    finally:
        server.ask("DELETE", server.url("privat"))


def test_a_calendar_that_fell_behind_shows_on_today(
    owner: User, account: CalendarAccount, client: Client
) -> None:
    CalendarAccount.objects.update(fault=Fault.LOGIN)
    client.force_login(owner)
    assert "Ihr Kalender ist nicht auf dem Stand." in html(client.get("/"))


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


class _Elsewhere(BaseHTTPRequestHandler):
    """A server that leads to another one, and would like to know who follows."""

    target, seen = "", 0

    def do_PROPFIND(self) -> None:
        self.send_response(302)
        self.send_header("Location", type(self).target)
        self.end_headers()

    def do_GET(self) -> None:
        type(self).seen += 1

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_no_password_follows_to_another_server(server: CalendarServer, owner: User) -> None:
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as liar:
        threading.Thread(target=liar.serve_forever, daemon=True).start()
        _Elsewhere.target = server.address
        with pytest.raises(CalDavError) as raised:
            connect(server, owner, address=f"http://127.0.0.1:{liar.server_address[1]}/")
        liar.shutdown()
    assert raised.value.fault is Fault.ELSEWHERE
    assert raised.value.where == server.address
    assert not CalendarAccount.objects.exists()


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://cloud.example/", Fault.INSECURE),
        ("ftp://cloud.example/", Fault.ADDRESS),
        ("https://", Fault.ADDRESS),
        ("https://a:b@cloud.example/", Fault.ADDRESS),
        ("https://cloud.example:99999/", Fault.ADDRESS),
        ("https://[::1", Fault.ADDRESS),
        ("", Fault.ADDRESS),
    ],
)
def test_addresses_that_will_not_do_are_told_before_anything_is_sent(
    address: str, fault: Fault
) -> None:
    with pytest.raises(CalDavError) as raised:
        checked(address)
    assert raised.value.fault is fault


def test_an_address_gets_what_is_missing() -> None:
    assert checked(" cloud.example ") == "https://cloud.example/"
    assert checked("http://localhost:5232") == "http://localhost:5232/"
