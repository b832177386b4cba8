"""Calendar files as meetings, and foreign ones that must not break anything."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nachhaken.sources.calendar import read_meetings
from nachhaken.sources.faults import EmptyFile, NotACalendar, say

FIXTURES = Path(__file__).parents[2].parent / "shared" / "data" / "vcard_ics" / "ical4j"


def calendar(*lines: str) -> bytes:
    inner = ["BEGIN:VEVENT", *lines, "END:VEVENT"] if lines else []
    return "\r\n".join(["BEGIN:VCALENDAR", *inner, "END:VCALENDAR", ""]).encode()


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


def test_cancelled_ones_are_left_out_and_repeating_ones_told() -> None:
    assert read_meetings(calendar("STATUS:CANCELLED", "DTSTART:20260712T100000")).meetings == ()
    found = read_meetings(
        calendar("SUMMARY:Jour fixe", "DTSTART:20260712T100000", "RRULE:FREQ=DAILY")
    )
    assert len(found.meetings) == 1
    assert (
        say(found.faults[0])
        == "Der Termin „Jour fixe“ wiederholt sich, übernommen ist nur der erste."
    )


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
    for file in sorted(f for f in FIXTURES.glob("*.ics") if f.stat().st_size < 10_000):
        try:
            read += bool(read_meetings(file.read_bytes(), file.name).meetings)
        except (NotACalendar, EmptyFile):
            continue
    assert read > 40
