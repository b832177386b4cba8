"""Calendar files as meetings, and foreign ones that must not break anything."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nachhaken.sources.calendar import Meetings
from nachhaken.sources.calendar import read_meetings as read_around
from nachhaken.sources.faults import EmptyFile, NotACalendar, say

FIXTURES = Path(__file__).parents[2].parent / "shared" / "data" / "vcard_ics" / "ical4j"


def calendar(*lines: str) -> bytes:
    inner = ["BEGIN:VEVENT", *lines, "END:VEVENT"] if lines else []
    return "\r\n".join(["BEGIN:VCALENDAR", *inner, "END:VCALENDAR", ""]).encode()


NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def read_meetings(raw: bytes, name: str = "") -> Meetings:
    return read_around(raw, name, around=NOW)


def series(*lines: str, exceptions: str = "") -> bytes:
    raw = calendar("UID:jf", "SUMMARY:Jour fixe", *lines).decode()
    return raw.replace("END:VCALENDAR", exceptions + "END:VCALENDAR").encode()


def starts(found: Meetings) -> list[str]:
    return [f"{meeting.start.astimezone(UTC):%m-%d %H:%M}" for meeting in found.meetings]


def test_a_meeting_is_read() -> None:
    raw = calendar(
        "UID:a@b",
        "SUMMARY:Ortstermin Treppe\\, Sudhaus",
        "DTSTART;TZID=Europe/Berlin:20261112T100000",
        "DTEND;TZID=Europe/Berlin:20261112T113000",
        "ATTENDEE;CN=Rosa:MAILTO:Huber@Braeu.example",
        "ORGANIZER:mailto:k.brandt@metallbau-brandt.example",
    )
    (meeting,) = read_meetings(raw).meetings
    assert meeting.title == "Ortstermin Treppe, Sudhaus"
    assert meeting.start == datetime(2026, 11, 12, 9, tzinfo=UTC)
    assert meeting.end == datetime(2026, 11, 12, 10, 30, tzinfo=UTC)
    assert meeting.attendees == ("huber@braeu.example", "k.brandt@metallbau-brandt.example")


def test_times_without_zone_and_durations_and_whole_days() -> None:
    floating = calendar("UID:a", "DTSTART:20260712T100000", "DURATION:PT90M")
    (meeting,) = read_meetings(floating).meetings
    assert (meeting.start, meeting.end) == (
        datetime(2026, 7, 12, 8, tzinfo=UTC),
        datetime(2026, 7, 12, 9, 30, tzinfo=UTC),
    )
    (whole,) = read_meetings(calendar("UID:a", "DTSTART;VALUE=DATE:20260712")).meetings
    assert whole.start == datetime(2026, 7, 11, 22, tzinfo=UTC)


def test_cancelled_ones_are_left_out_and_known_by_name() -> None:
    found = read_meetings(calendar("UID:a", "STATUS:CANCELLED", "DTSTART:20260712T100000"))
    assert not found.meetings
    assert found.entries == {"a"}
    taken_back = calendar("UID:a", "DTSTART:20260712T100000")
    taken_back = taken_back.replace(b"BEGIN:VEVENT", b"METHOD:CANCEL\r\nBEGIN:VEVENT")
    assert read_meetings(taken_back).meetings == ()


def test_what_repeats_is_unrolled_a_year_back_and_sixty_days_ahead() -> None:
    weekly = read_meetings(series("DTSTART:20200106T090000", "RRULE:FREQ=WEEKLY"))
    assert 60 <= len(weekly.meetings) <= 62
    assert weekly.meetings[0].start > NOW - timedelta(days=366)
    assert weekly.meetings[-1].start < NOW + timedelta(days=60)
    assert {meeting.entry for meeting in weekly.meetings} == {"jf"}
    assert len({meeting.uid for meeting in weekly.meetings}) == len(weekly.meetings)


def test_times_are_left_out_moved_and_cancelled() -> None:
    zone = ";TZID=Europe/Berlin:"
    moved = (
        f"BEGIN:VEVENT\r\nUID:jf\r\nRECURRENCE-ID{zone}20261026T100000\r\n"
        f"DTSTART{zone}20261027T150000\r\nEND:VEVENT\r\n"
    )
    cancelled = (
        f"BEGIN:VEVENT\r\nUID:jf\r\nRECURRENCE-ID{zone}20261102T100000\r\n"
        f"DTSTART{zone}20261102T100000\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n"
    )
    found = read_meetings(
        series(
            f"DTSTART{zone}20261005T100000",
            "RRULE:FREQ=WEEKLY;COUNT=6",
            f"EXDATE{zone}20261019T100000",
            exceptions=moved + cancelled,
        )
    )
    assert starts(found) == ["10-05 08:00", "10-12 08:00", "10-27 14:00", "11-09 09:00"]
    assert found.meetings[2].uid == "jf/20261026T0900"


@pytest.mark.parametrize(
    "zone", ["W. Europe Standard Time", "(UTC+01:00) Amsterdam\\, Berlin", "Nirgendwo", ""]
)
def test_zones_as_outlook_calls_them(zone: str) -> None:
    param = f';TZID="{zone.replace(chr(92), "")}"' if zone else ""
    rules = ""
    if "UTC" in zone:
        rules = (
            f"BEGIN:VTIMEZONE\r\nTZID:{zone}\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
            "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
            "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\n"
            "TZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n"
            "END:VTIMEZONE\r\n"
        )
    raw = series(f"DTSTART{param}:20261019T100000", "RRULE:FREQ=WEEKLY;COUNT=2")
    found = read_meetings(raw.replace(b"BEGIN:VEVENT", rules.encode() + b"BEGIN:VEVENT", 1))
    assert starts(found) == ["10-19 08:00", "10-26 09:00"]  # the clocks go back in between


def test_the_zone_of_the_whole_calendar_holds_for_times_without_one() -> None:
    raw = calendar("UID:a", "DTSTART:20260712T100000")
    named = raw.replace(b"BEGIN:VEVENT", b"X-WR-TIMEZONE:Europe/London\r\nBEGIN:VEVENT")
    assert starts(read_meetings(named)) == ["07-12 09:00"]


def test_whole_days_repeat_at_their_midnight() -> None:
    found = read_meetings(series("DTSTART;VALUE=DATE:20261019", "RRULE:FREQ=DAILY;COUNT=2"))
    assert starts(found) == ["10-18 22:00", "10-19 22:00"]


@pytest.mark.parametrize(
    ("rule", "taken", "said"),
    [
        ("FREQ=SECONDLY", 0, "öfter als ein Treffen"),
        ("FREQ=DAILY;BYHOUR=8,9;BYMINUTE=" + ",".join(map(str, range(60))), 0, "öfter als"),
        ("FREQ=DAILY;INTERVAL=0", 1, ""),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1, ""),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=10", 1, ""),
        ("FREQ=SELTEN", 0, "nicht zu lesen"),
    ],
)
def test_a_rule_without_end_or_sense_does_not_hang(rule: str, taken: int, said: str) -> None:
    begun = time.monotonic()
    found = read_meetings(series("DTSTART:20261019T100000", f"RRULE:{rule}"))
    assert time.monotonic() - begun < 10
    assert len(found.meetings) == taken
    assert said in " ".join(map(say, found.faults))


def test_a_private_entry_leaves_its_time_alone() -> None:
    raw = calendar("UID:a", "SUMMARY:Zahnarzt", "CLASS:PRIVATE", "DTSTART:20260712T100000")
    (meeting,) = read_meetings(raw).meetings
    assert meeting.title == ""
    assert "Zahnarzt" not in repr(read_meetings(raw))


def test_who_declined_does_not_come() -> None:
    raw = calendar(
        "UID:a", "DTSTART:20260712T100000",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:a@x.example", "ATTENDEE:mailto:b@x.example",
    )  # fmt: skip
    (meeting,) = read_meetings(raw).meetings
    assert (meeting.attendees, meeting.declined) == (("b@x.example",), ("a@x.example",))


def test_of_two_versions_the_later_counts() -> None:
    older = "BEGIN:VEVENT\r\nUID:jf\r\nSEQUENCE:2\r\nDTSTART:20260712T100000\r\nEND:VEVENT\r\n"
    raw = series("SEQUENCE:10", "DTSTART:20260713T100000", exceptions=older)
    assert starts(read_meetings(raw)) == ["07-13 08:00"]


def test_a_meeting_without_time_is_a_fault() -> None:
    found = read_meetings(calendar("SUMMARY:Irgendwann", "DTSTART:bald"))
    assert found.meetings == ()
    assert say(found.faults[0], "en").startswith("The meeting “Irgendwann” has no readable time")


@pytest.mark.parametrize(("raw", "error"), [(b"", EmptyFile), (b"Datum;Kunde", NotACalendar)])
def test_what_is_no_calendar_says_so(raw: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_meetings(raw, "a.ics")


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the foreign calendars are not here")
def test_foreign_calendars_are_read_or_refused() -> None:
    read = 0
    begun = time.monotonic()
    for file in sorted(FIXTURES.glob("*.ics")):
        try:
            read += bool(read_meetings(file.read_bytes(), file.name).entries)
        except (NotACalendar, EmptyFile):
            continue
    assert read > 80
    assert time.monotonic() - begun < 100
