"""The private feed: what stands in it, who gets it, and that it rests while nothing changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from nachhaken.desk import calendars, commands, queries
from nachhaken.desk.models import CalendarFeed, Event, Opportunity, Plan, User
from nachhaken.desk.planning import replan
from nachhaken.sources.calendar import read_meetings
from nachhaken.terms import StepKind
from tests import cast
from tests.cast import NOW

BERLIN = ZoneInfo("Europe/Berlin")
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def all_of(owner: User) -> dict[str, Opportunity]:
    return cast.settle_all(actor=owner)


def feed_of(client: Client, owner: User, *, with_words: bool = False, **more: Any) -> HttpResponse:
    token = commands.make_feed(actor=owner, now=NOW, with_words=with_words)
    answer = client.get(f"/calendar/{token}.ics", **more)
    assert isinstance(answer, HttpResponse)
    return answer


def events(raw: bytes) -> list[Any]:
    return list(Calendar.from_ical(raw).walk("VEVENT"))


def item(**more: Any) -> calendars.Item:
    named: dict[str, Any] = {
        "uid": calendars.uid_of("step-1", "x"),
        "title": "Anruf: Kern",
        "why": "",
        "text": "",
        "address": "http://localhost:8000/opportunities/1/",
        "start": date(2026, 11, 24),
        "end": date(2026, 11, 25),
        "changed_at": NOW,
        "sequence": 1,
    }
    return calendars.Item(**(named | more))


def written(**more: Any) -> Any:
    (event,) = events(calendars.entry(item(**more), zone=BERLIN))
    return event


def test_e6_who_opted_out_is_never_in_the_feed(
    client: Client, owner: User, all_of: dict[str, Opportunity]
) -> None:
    raw = feed_of(client, owner, with_words=True).content.decode().replace("\r\n ", "")
    assert "Autohaus Kern" in raw
    assert "Lohmeier" not in raw


def test_an_opt_out_takes_step_promise_and_meeting_away(client: Client, owner: User) -> None:
    row = cast.settle(cast.SILENT, actor=owner)
    promised(owner, row)
    meeting(owner, "Aufmaß")
    assert len(events(feed_of(client, owner).content)) == 3
    commands.opt_out(actor=owner, now=NOW, key="o", prospect_id=row.prospect_id)
    assert events(feed_of(client, owner).content) == []


def promised(owner: User, row: Opportunity) -> None:
    commands.promise(
        actor=owner, now=NOW, key="p", opportunity_id=row.pk, by_us=True,
        what="Muster schicken", due=date(2026, 11, 30),
    )  # fmt: skip


def meeting(owner: User, title: str, *, days: int = 3) -> None:
    start = timezone.now() + timedelta(days=days)
    raw = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:m1@x.example\r\n"
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}\r\n"
        f"SUMMARY:{title}\r\nATTENDEE:mailto:{cast.SILENT.mail}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    commands.import_file(raw=raw.encode(), name="k.ics", actor=owner, now=timezone.now())


def test_steps_say_why_which_words_whom_and_where(client: Client, owner: User) -> None:
    row = cast.settle(cast.EVADER, actor=owner)
    commands.pin_step(
        actor=owner, now=NOW, key="p", opportunity_id=row.pk, step=StepKind.ASK_WHAT,
        on=date(2026, 11, 26),
    )  # fmt: skip
    (event,) = events(feed_of(client, owner, with_words=True).content)
    assert event["SUMMARY"] == "WAS-Frage: Pension Alpenblick"
    said = str(event["DESCRIPTION"])
    assert "WAS-Frage stellen" in said
    assert "passiert sein" in said
    assert "Rosa Huber, 08023 555 12 4" in said
    assert f"/opportunities/{row.pk}/" in said
    assert event["DTSTART"].dt == date(2026, 11, 26) or event["DTSTART"].dt.date() == date(
        2026, 11, 26
    )


def test_names_alone_leave_phone_reason_and_words_at_home(
    client: Client, owner: User, all_of: dict[str, Opportunity]
) -> None:
    for event in events(feed_of(client, owner).content):
        assert str(event["DESCRIPTION"]).startswith("http://localhost:8000/opportunities/")
        assert "\n" not in str(event["DESCRIPTION"])


def test_calls_stand_at_their_best_hours_and_the_rest_on_the_day(
    client: Client, owner: User, all_of: dict[str, Opportunity]
) -> None:
    found = {str(e["UID"]).partition(".")[0]: e for e in events(feed_of(client, owner).content)}
    for plan in Plan.objects.filter(due__isnull=False):
        start = found[f"step-{plan.pk}"]["DTSTART"].dt
        if plan.channel == "call":
            local = start.astimezone(BERLIN)
            assert (local.date(), local.hour + local.minute / 60) == (plan.due, plan.hour_from)
        else:
            assert start == plan.due
        assert found[f"step-{plan.pk}"]["TRANSP"] == "TRANSPARENT"
    assert {plan.channel == "call" for plan in Plan.objects.filter(due__isnull=False)} == {
        True,
        False,
    }


@pytest.mark.parametrize(
    ("day", "utc"),
    [(23, 8), (26, 8), (29, 7)],
    ids=["Tuesday before", "Friday before", "Monday after"],
)
def test_nine_o_clock_stays_nine_o_clock_when_summer_time_begins(day: int, utc: int) -> None:
    start, end = calendars.hours_of(date(2027, 3, day), (9.0, 10.5), BERLIN)
    event = written(start=start, end=end)
    assert event["DTSTART"].dt.astimezone(UTC).hour == utc
    assert event["DTSTART"].dt.astimezone(BERLIN).hour == 9
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)


@pytest.mark.parametrize(("day", "utc"), [(23, 7), (26, 8)], ids=["Friday", "Monday"])
def test_and_when_it_ends(day: int, utc: int) -> None:
    start, end = calendars.hours_of(date(2026, 10, day), (9.0, 11.0), BERLIN)
    assert written(start=start, end=end)["DTSTART"].dt.astimezone(UTC).hour == utc


def test_the_hour_that_comes_twice_keeps_its_moment() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for start in (first, first + timedelta(hours=1)):
        event = written(start=start, end=start + timedelta(hours=1))
        assert event["DTSTART"].dt.astimezone(UTC) == start


def test_the_hour_that_does_not_exist_is_an_hour_later() -> None:
    start, _end = calendars.hours_of(date(2027, 3, 28), (2.5, 4.0), BERLIN)
    assert start == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_the_zone_explains_itself_to_programs_without_its_rules() -> None:
    start, end = calendars.hours_of(date(2027, 3, 29), (9.0, 10.0), BERLIN)
    raw = calendars.entry(item(start=start, end=end), zone=BERLIN)
    zone: Any = Calendar.from_ical(raw).walk("VTIMEZONE")[0]
    found = zone.to_tz(lookup_tzid=False)
    assert datetime(2027, 3, 27, 9, tzinfo=found).utcoffset() == timedelta(hours=1)
    assert datetime(2027, 3, 29, 9, tzinfo=found).utcoffset() == timedelta(hours=2)


def test_hostile_words_stay_words() -> None:
    hostile = "Kern; GmbH, \\ Co\r\nBEGIN:VEVENT\nEND:VCALENDAR \x00 " + "ü€😀" * 60
    event = written(title=hostile, text=hostile)
    assert str(event["SUMMARY"]) == hostile.replace("\r\n", "\n").replace("\x00", " ")
    raw = calendars.entry(item(title=hostile), zone=BERLIN)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert len(events(raw)) == 1


def test_an_unchanged_plan_gives_the_same_bytes_and_is_not_sent_again(
    client: Client, owner: User, all_of: dict[str, Opportunity]
) -> None:
    token = commands.make_feed(actor=owner, now=NOW, with_words=True)
    first = client.get(f"/calendar/{token}.ics")
    second = client.get(f"/calendar/{token}.ics")
    assert isinstance(first, HttpResponse)
    assert isinstance(second, HttpResponse)
    assert (first.content, first["ETag"]) == (second.content, second["ETag"])
    again = client.get(f"/calendar/{token}.ics", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert isinstance(again, HttpResponse)
    assert again["Cache-Control"] == first["Cache-Control"]


def test_a_step_that_moved_keeps_its_name_and_counts_as_newer(client: Client, owner: User) -> None:
    row = cast.settle(cast.SILENT, actor=owner)
    (before,) = events(feed_of(client, owner).content)
    commands.snooze(actor=owner, now=NOW, key="s", opportunity_id=row.pk, until=date(2026, 12, 15))
    (after,) = events(feed_of(client, owner).content)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt != before["DTSTART"].dt


def test_planned_anew_on_another_day_it_counts_as_newer_too(client: Client, owner: User) -> None:
    row = cast.settle(cast.SILENT, actor=owner)
    (before,) = events(feed_of(client, owner).content)
    replan([row.pk], now=NOW + timedelta(days=1))
    (after,) = events(feed_of(client, owner).content)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_what_is_promised_stands_on_its_day_until_it_is_kept(client: Client, owner: User) -> None:
    row = cast.settle(cast.SILENT, actor=owner)
    promised(owner, row)
    raw = feed_of(client, owner, with_words=True).content
    promise = next(e for e in events(raw) if str(e["UID"]).startswith("promise-"))
    assert promise["SUMMARY"] == "Von uns zugesagt: Autohaus Kern"
    assert promise["DTSTART"].dt == date(2026, 11, 30)
    assert "Muster schicken" in str(promise["DESCRIPTION"])
    entry = Event.objects.get(kind="promised").pk
    commands.settle_promise(
        actor=owner, now=NOW, key="k", opportunity_id=row.pk, entry_id=entry, kept=True
    )
    raw = feed_of(client, owner).content
    assert not [e for e in events(raw) if str(e["UID"]).startswith("promise-")]


def test_a_meeting_ahead_keeps_its_name_when_it_is_moved(client: Client, owner: User) -> None:
    cast.settle(cast.SILENT, actor=owner)
    names = set()
    for days in (3, 4):
        meeting(owner, "Aufmaß", days=days)
        raw = feed_of(client, owner, with_words=True).content
        (found,) = [e for e in events(raw) if str(e["UID"]).startswith("meeting-")]
        names.add(str(found["UID"]))
        assert found["TRANSP"] == "OPAQUE"
        assert "Aufmaß" in str(found["DESCRIPTION"])
    assert len(names) == 1


def test_our_own_feed_read_back_brings_no_meetings(
    client: Client, owner: User, all_of: dict[str, Opportunity]
) -> None:
    meeting_count = Event.objects.filter(kind="met").count()
    raw = feed_of(client, owner, with_words=True).content
    assert len(events(raw)) > 3
    assert read_meetings(raw, around=NOW).meetings == ()
    done = commands.import_file(raw=raw, name="n.ics", actor=owner, now=timezone.now())
    assert (done.new, done.faults) == (0, ())
    assert Event.objects.filter(kind="met").count() == meeting_count


def test_only_own_steps_and_those_of_nobody_are_in_it(client: Client, owner: User) -> None:
    mine = cast.settle(cast.SILENT, actor=owner)
    theirs = cast.settle(cast.RETURNING, actor=owner)
    Opportunity.objects.filter(pk=theirs.pk).update(owner=cast.colleague())
    assert list(queries.step_items(owner, with_words=False)) == [mine.pk]


def test_the_address_is_kept_as_a_hash_alone(client: Client, owner: User) -> None:
    token = commands.make_feed(actor=owner, now=NOW, with_words=False)
    row = CalendarFeed.objects.get()
    assert len(token) >= 43
    assert token not in str(row.__dict__)
    assert len(row.token_sha256) == 64


@pytest.mark.parametrize("why", ["forged", "revoked", "renewed", "left"])
def test_a_wrong_address_is_a_plain_404(client: Client, owner: User, why: str) -> None:
    token = commands.make_feed(actor=owner, now=NOW, with_words=False)
    if why == "revoked":
        commands.revoke_feed(actor=owner)
    elif why == "renewed":
        commands.make_feed(actor=owner, now=NOW, with_words=False)
    elif why == "left":
        User.objects.update(is_active=False)
    else:
        token = "x" * 43
    answer = client.get(f"/calendar/{token}.ics")
    assert (answer.status_code, answer.content) == (404, b"404\n")
    assert answer.cookies == {}


def test_the_feed_is_nobody_elses_business(client: Client, owner: User) -> None:
    answer = feed_of(client, owner)
    assert "private" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.cookies == {}


def test_reading_costs_few_queries_and_seldom_a_write(
    client: Client, owner: User, all_of: dict[str, Opportunity], django_assert_max_num_queries: Any
) -> None:
    token = commands.make_feed(actor=owner, now=NOW, with_words=True)
    client.get(f"/calendar/{token}.ics")
    noted = CalendarFeed.objects.get().read_at
    with django_assert_max_num_queries(8):
        client.get(f"/calendar/{token}.ics")
    assert CalendarFeed.objects.get().read_at == noted


def test_a_new_address_is_shown_once(desk_of: Client) -> None:
    made = desk_of.post("/settings/calendar/feed", {"detail": "names", "act": "make"})
    assert isinstance(made, HttpResponse)
    text = made.content.decode()
    token = text.partition("testserver/calendar/")[2].partition(".ics")[0]
    assert desk_of.get(f"/calendar/{token}.ics").status_code == 200
    assert f'href="webcal://testserver/calendar/{token}.ics"' in text
    assert made["Cache-Control"] == "no-store"
    again = desk_of.get("/settings/calendar/")
    assert isinstance(again, HttpResponse)
    assert token not in again.content.decode()


def test_the_choice_changes_and_the_address_stays(desk_of: Client, owner: User) -> None:
    token = commands.make_feed(actor=owner, now=NOW, with_words=False)
    desk_of.post("/settings/calendar/feed", {"detail": "words", "act": "show"})
    found = queries.feed_of(token)
    assert found is not None
    assert found.with_words
    desk_of.post("/settings/calendar/feed", {"detail": "words", "act": "revoke"})
    assert queries.feed_of(token) is None


@pytest.fixture
def desk_of(owner: User, client: Client) -> Client:
    client.force_login(owner)
    return client
