"""Meetings with people whom we know: taken in once, and followed when they move."""

from datetime import datetime, timedelta

import pytest

from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_meetings import import_meetings
from nachhaken.desk.models import Event, ImportRun, Opportunity, User
from nachhaken.sources.calendar import read_meetings
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

KERN = f"ATTENDEE:mailto:{cast.SILENT.mail}"


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def kern(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


def entry(*lines: str, uid: str = "a") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def taken(owner: User, *entries: str, name: str = "a.ics") -> Arrival:
    run = ImportRun.objects.create(name=name, kind="ics", at=NOW, actor=owner)
    arrival = Arrival(actor=owner, now=NOW, run=run)
    raw = "BEGIN:VCALENDAR\r\n" + "".join(entries) + "END:VCALENDAR\r\n"
    import_meetings(arrival, read_meetings(raw.encode(), name, around=NOW))
    return arrival


def met() -> list[tuple[datetime, str]]:
    rows = Event.objects.filter(kind="met").standing().order_by("occurred_at")
    return [(row.occurred_at, row.payload["title"]) for row in rows]


def at(day: int, hour: int) -> datetime:
    return NOW.replace(day=day, hour=hour, minute=0)


ONE = entry("SUMMARY:Ortstermin", "DTSTART:20261126T100000", "DTEND:20261126T110000", KERN)


def test_a_meeting_with_somebody_known_is_taken_once(owner: User, kern: Opportunity) -> None:
    strange = entry("DTSTART:20261126T100000", "ATTENDEE:mailto:x@y.example", uid="b")
    first = taken(owner, ONE, strange)
    assert (first.new, first.skipped) == (1, 1)
    assert met() == [(at(26, 10), "Ortstermin")]
    again = taken(owner, ONE, strange)
    assert (again.new, again.changed, again.same) == (0, 0, 1)


def test_moved_and_cancelled_and_agreed_again(owner: User, kern: Opportunity) -> None:
    taken(owner, ONE)
    moved = taken(owner, ONE.replace("20261126", "20261127"))
    assert (moved.new, moved.changed, met()) == (0, 1, [(at(27, 10), "Ortstermin")])
    off = ONE.replace("SUMMARY", "STATUS:CANCELLED\r\nSUMMARY")
    assert (taken(owner, off).changed, met()) == (1, [])
    assert taken(owner, off).changed == 0
    assert (taken(owner, ONE).changed, met()) == (1, [(at(26, 10), "Ortstermin")])


def test_a_series_is_followed_time_by_time(owner: User, kern: Opportunity) -> None:
    series = ("SUMMARY:Jour fixe", "DTSTART:20261102T100000", KERN)
    taken(owner, entry(*series, "RRULE:FREQ=WEEKLY;COUNT=4"))
    assert [day for day, _ in met()] == [at(2, 10), at(9, 10), at(16, 10), at(23, 10)]
    less = taken(owner, entry(*series, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261109T100000"))
    assert less.changed == 2
    assert [day for day, _ in met()] == [at(2, 10), at(16, 10)]
    single = taken(owner, entry(*series))
    assert [day for day, _ in met()] == [at(2, 10)]
    assert (single.new, single.changed) == (1, 2)


def test_what_lies_longer_back_than_a_year_is_left_alone(owner: User, kern: Opportunity) -> None:
    old = f"{NOW - timedelta(days=500):%Y%m%d}T100000"
    taken(owner, entry("SUMMARY:Aufmaß", f"DTSTART:{old}", KERN))
    taken(owner, entry("STATUS:CANCELLED", f"DTSTART:{old}", KERN))
    assert [title for _, title in met()] == ["Aufmaß"]


def test_a_private_entry_is_a_meeting_without_words(owner: User, kern: Opportunity) -> None:
    taken(owner, entry("SUMMARY:Geheim", "CLASS:PRIVATE", "DTSTART:20261126T100000", KERN))
    assert met() == [(at(26, 10), "")]


def test_who_declined_does_not_meet(owner: User, kern: Opportunity) -> None:
    ours = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{cast.MAIL}"
    theirs = KERN.replace("ATTENDEE", "ATTENDEE;PARTSTAT=DECLINED")
    taken(owner, entry("DTSTART:20261126T100000", KERN, ours))
    taken(owner, entry("DTSTART:20261126T100000", theirs, uid="b"))
    assert met() == []
