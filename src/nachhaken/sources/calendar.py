"""An iCalendar file as meetings: what was agreed, when, and with whom."""

import warnings
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nachhaken.sources.cells import mail_address
from nachhaken.sources.charsets import decoded
from nachhaken.sources.faults import EmptyFile, Fault, NotACalendar

if TYPE_CHECKING:
    from icalendar import Component

# The names of entries that a desk wrote into calendars itself end so (`desk.calendars`).
OWN_DOMAIN = "@steps.nachhaken.invalid"
_MOST_BYTES = 20_000_000
_YEARS = range(1980, 2200)
_BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A calendar entry with a time; `attendees` are mail addresses, lower case."""

    uid: str
    start: datetime
    end: datetime
    title: str
    attendees: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """The meetings of a file by their start, and what could not be read."""

    meetings: tuple[Meeting, ...]
    faults: tuple[Fault, ...]


def read_meetings(raw: bytes, name: str = "", *, zone: str = "Europe/Berlin") -> Meetings:
    """Return the meetings in an .ics file; cancelled ones are left out, and what a desk wrote.

    `zone` is for times that name none; an entry for a whole day begins at its midnight. Raises
    `EmptyFile` and `NotACalendar`.
    """
    if not raw.strip():
        raise EmptyFile(Fault(file=name, code="empty"))
    read = [_meeting(event, name, ZoneInfo(zone)) for event in _events(raw, name)]
    meetings = {m.uid: m for m, _ in read if m}
    return Meetings(
        meetings=tuple(sorted(meetings.values(), key=lambda m: (m.start, m.uid))),
        faults=tuple(fault for _, fault in read if fault),
    )


def _events(raw: bytes, name: str) -> list["Component"]:
    # A sixth of a second of import that only a calendar pays.
    from icalendar import Calendar  # noqa: PLC0415

    text = decoded(raw[:_MOST_BYTES]).lstrip("\ufeff")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd names of time zones, well guessed
            calendars = Calendar.from_ical(text, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (*_BROKEN, RecursionError):
        raise NotACalendar(Fault(file=name, code="no_calendar")) from None
    if not calendars:
        raise NotACalendar(Fault(file=name, code="no_calendar"))
    return [event for event in events if not (_is_cancelled(event) or _is_own(event))]


def _is_cancelled(event: "Component") -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _is_own(event: "Component") -> bool:
    """Our own steps, read back from a calendar that they were put into, are no meetings."""
    return str(event.get("UID", "")).casefold().endswith(OWN_DOMAIN)


def _meeting(event: "Component", name: str, zone: ZoneInfo) -> tuple[Meeting | None, Fault | None]:
    title = " ".join(str(event.get("SUMMARY", "")).split())[:500]
    said = {"value": title or str(event.get("UID", "?"))[:80]}
    start = _moment(_value(event, "DTSTART"), zone)
    if start is None:
        return None, Fault(file=name, code="broken_meeting", params=said)
    meeting = Meeting(
        uid=str(event.get("UID", "")) or f"{start.isoformat()} {title}",
        start=start,
        end=max(start, _end(event, start, zone)),
        title=title,
        attendees=_attendees(event),
    )
    repeats = Fault(file=name, code="recurring", params=said) if "RRULE" in event else None
    return meeting, repeats


def _end(event: "Component", start: datetime, zone: ZoneInfo) -> datetime:
    end = _moment(_value(event, "DTEND"), zone)
    lasts = _value(event, "DURATION")
    if end is None and isinstance(lasts, timedelta):
        try:
            end = start + lasts
        except OverflowError:
            end = None
    return end or start


def _value(event: "Component", key: str) -> object:
    found = event.get(key)
    try:
        return getattr(found[0] if isinstance(found, list) and found else found, "dt", None)
    except ValueError:  # the library's stand-in for a broken value raises at every touch
        return None


def _moment(value: object, zone: ZoneInfo) -> datetime | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), zone)
    if not isinstance(value, datetime) or value.year not in _YEARS:
        return None
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _attendees(event: "Component") -> tuple[str, ...]:
    found = [event.get(key, []) for key in ("ATTENDEE", "ORGANIZER")]
    flat = [one for many in found for one in (many if isinstance(many, list) else [many])]
    mails = [mail_address(str(one)[:500].lower().removeprefix("mailto:")) for one in flat]
    return tuple(dict.fromkeys(mail for mail in mails if mail))
