"""Meetings on a real calendar server: they come to the desk, and follow what happens there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from nachhaken.desk import commands, queries
from nachhaken.desk.commands.calendars import sync_calendar
from nachhaken.desk.models import CalendarAccount, CalendarRead, Event, Opportunity, User
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
    for name in ("arbeit", "team"):
        program.make(name)
    yield program
    for name in ("arbeit", "team"):
        program.ask("DELETE", program.url(name))


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def kern(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


@pytest.fixture
def read(server: CalendarServer, owner: User, kern: Opportunity) -> CalendarRead:
    commands.connect_calendar(
        actor=owner, now=NOW, address=server.address, username=USERNAME, password=PASSWORD,
        with_words=True,
    )  # fmt: skip
    commands.choose_calendar(actor=owner, url=server.url("arbeit"))
    commands.choose_reading(actor=owner, urls=[server.url("arbeit")])
    return CalendarRead.objects.get()


def put(
    server: CalendarServer, uid: str, start: str, *lines: str, title: str = "Ortstermin",
    mail: str = cast.SILENT.mail, name: str = "arbeit",
) -> None:  # fmt: skip
    inner = [f"UID:{uid}", f"DTSTART;TZID=Europe/Berlin:{start}", f"SUMMARY:{title}"]
    inner += [f"ATTENDEE:mailto:{mail}", "DTSTAMP:20261101T000000Z", *lines]
    rows = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//DE", "BEGIN:VEVENT", *inner]
    text = "\r\n".join([*rows, "END:VEVENT", "END:VCALENDAR", ""])
    answer = server.ask("PUT", f"{server.url(name)}{uid}.ics", text)
    assert answer.is_success, answer.text


def met() -> list[str]:
    rows = Event.objects.filter(kind="met").standing().order_by("occurred_at")
    return [f"{row.occurred_at.astimezone(NOW.tzinfo):%d.%m. %H:%M}" for row in rows]


def read_after(minutes: int) -> None:
    commands.read_calendars(now=NOW + timedelta(minutes=minutes))


def test_a_meeting_comes_moves_and_goes(
    server: CalendarServer, kern: Opportunity, read: CalendarRead
) -> None:
    put(server, "a", "20261126T100000")
    put(server, "b", "20261127T100000", mail="fremd@x.example", title="Zahnarzt")
    read_after(0)
    assert met() == ["26.11. 10:00"]
    event = Event.objects.filter(kind="met").get()
    assert (event.opportunity_id, event.person_id) == (kern.pk, kern.person_id)
    read.refresh_from_db()
    assert (read.entries, read.fault) == (["a"], "")
    assert not Event.objects.filter(payload__title="Zahnarzt").exists()

    put(server, "a", "20261127T150000")
    read_after(5)
    assert met() == ["26.11. 10:00"]  # a quarter of an hour is not over
    read_after(15)
    assert met() == ["27.11. 15:00"]

    assert server.ask("DELETE", f"{server.url('arbeit')}a.ics").is_success
    read_after(30)
    assert met() == []
    put(server, "a", "20261127T150000")
    read_after(45)
    assert met() == ["27.11. 15:00"]


def test_nothing_new_is_seen_by_one_question(server: CalendarServer, read: CalendarRead) -> None:
    put(server, "a", "20261126T100000")
    read_after(0)
    count = Event.objects.count()
    read.refresh_from_db()
    tag = read.tag
    assert tag
    read_after(20)
    read.refresh_from_db()
    assert (read.tag, Event.objects.count()) == (tag, count)
    assert read.read_at == NOW + timedelta(minutes=20)


def test_a_series_comes_time_by_time(server: CalendarServer, read: CalendarRead) -> None:
    put(server, "s", "20261102T090000", "RRULE:FREQ=WEEKLY;COUNT=3")
    read_after(0)
    assert met() == ["02.11. 09:00", "09.11. 09:00", "16.11. 09:00"]


def test_who_becomes_known_later_is_met_as_well(
    server: CalendarServer, owner: User, read: CalendarRead
) -> None:
    put(server, "a", "20261126T100000", mail=cast.EVADER.mail)
    read_after(0)
    assert met() == []
    cast.settle(cast.EVADER, actor=owner)
    read_after(15)
    assert met() == ["26.11. 10:00"]


def test_our_own_steps_are_not_read_back(
    server: CalendarServer, owner: User, read: CalendarRead
) -> None:
    sync_calendar(CalendarAccount.objects.get(), now=NOW)
    assert server.entries()
    read_after(0)
    assert met() == []


def test_a_calendar_that_is_read_no_more_leaves_what_it_brought(
    server: CalendarServer, owner: User, read: CalendarRead
) -> None:
    put(server, "a", "20261126T100000")
    read_after(0)
    commands.choose_reading(actor=owner, urls=[server.url("team")])
    read_after(15)
    assert met() == ["26.11. 10:00"]
    put(server, "a", "20261126T100000", name="team")
    commands.choose_reading(actor=owner, urls=[server.url("team"), server.url("arbeit")])
    read_after(30)
    assert server.ask("DELETE", f"{server.url('arbeit')}a.ics").is_success
    read_after(45)
    assert met() == ["26.11. 10:00"]  # it still stands in the other one


def test_a_server_that_is_away_is_told_and_read_again(
    program: CalendarServer, server: CalendarServer, owner: User, read: CalendarRead, client: Client
) -> None:
    put(server, "a", "20261126T100000")
    program.stop()
    try:
        assert commands.read_own_calendars(actor=owner, now=NOW) == "not_reached"
        (row,) = queries.calendars_page(owner).reads
        assert row.problem
    finally:
        program.start()
    read_after(0)
    assert met() == ["26.11. 10:00"]
    assert queries.calendars_page(owner).reads[0].problem == ""


def test_the_page_chooses_and_reads(
    server: CalendarServer, owner: User, read: CalendarRead, client: Client
) -> None:
    client.force_login(owner)
    shown = client.get("/settings/calendar/reading").content.decode()
    assert shown.count("checkbox") == 2
    assert shown.count("checked") == 1
    answer = client.post("/settings/calendar/reading", {"url": [server.url("team")]}, follow=True)
    assert "Team" in answer.content.decode()
    assert (
        "Zuletzt gelesen"
        in client.post("/settings/calendar/reading/now", follow=True).content.decode()
    )
    client.post("/settings/calendar/reading", {})
    assert not CalendarRead.objects.exists()
