"""An iCalendar file as meetings: what was agreed, when, and with whom."""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nachhaken.sources.cells import mail_address
from nachhaken.sources.charsets import decoded
from nachhaken.sources.faults import EmptyFile, Fault, NotACalendar
from nachhaken.sources.repeating import TooOften, repeats, unrolled

if TYPE_CHECKING:
    from icalendar import Calendar, Component

# The names of entries that a desk wrote into calendars itself end so (`desk.calendars`).
OWN_DOMAIN = "@steps.nachhaken.invalid"
BACK, AHEAD = timedelta(days=365), timedelta(days=60)
"""How far what repeats is unrolled."""
_MOST_BYTES = 20_000_000
_MOST_SERIES = 2_000
_YEARS = range(1980, 2200)
_BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
_HIDDEN = {"PRIVATE", "CONFIDENTIAL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A calendar entry with a time; `attendees` are mail addresses, lower case.

    `entry` is the name of the entry in its calendar, `uid` that of this one time of it. Who
    `declined` is not among the attendees. A private entry has its time and people, and no title.
    """

    uid: str
    entry: str
    start: datetime
    end: datetime
    title: str
    attendees: tuple[str, ...]
    declined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """The meetings of a file by their start, and what could not be read.

    `entries` are the names of all that the file tells about, cancelled ones too: what was known of
    them within `span` and is not among the meetings takes place no more.
    """

    meetings: tuple[Meeting, ...]
    faults: tuple[Fault, ...]
    entries: frozenset[str]
    span: tuple[datetime, datetime]


def read_meetings(
    raw: bytes, name: str = "", *, around: datetime, zone: str = "Europe/Berlin"
) -> Meetings:
    """Return the meetings in an .ics file; cancelled ones are left out, and what a desk wrote.

    What repeats is unrolled from a year before the day `around` to 60 days after it; single ones
    are taken whenever they are. `zone` is for times that name none, where the calendar has none
    either; an entry for a whole day begins at its midnight. Raises `EmptyFile` and `NotACalendar`.
    """
    if not raw.strip():
        raise EmptyFile(Fault(file=name, code="empty"))
    reader = _Reader(name, around.astimezone(UTC))
    for calendar in _calendars(raw, name):
        reader.read(calendar, _zone_of(calendar, ZoneInfo(zone)))
    return reader.found()


def read_entries(raws: Iterable[bytes], *, around: datetime, zone: str) -> Meetings:
    """Return the meetings in calendars of one entry each, as a server stores them."""
    reader = _Reader("", around.astimezone(UTC))
    for raw in raws:
        try:
            calendars = _calendars(raw, "")
        except NotACalendar as error:
            reader.faults.append(error.fault)
            continue
        for calendar in calendars:
            reader.read(calendar, _zone_of(calendar, ZoneInfo(zone)))
    return reader.found()


def _calendars(raw: bytes, name: str) -> list["Calendar"]:
    # A sixth of a second of import that only a calendar pays.
    from icalendar import Calendar  # noqa: PLC0415

    text = decoded(raw[:_MOST_BYTES]).lstrip("\ufeff")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd names of time zones, well guessed
            calendars = Calendar.from_ical(text, multiple=True)
    except (*_BROKEN, RecursionError):
        raise NotACalendar(Fault(file=name, code="no_calendar")) from None
    if not calendars:
        raise NotACalendar(Fault(file=name, code="no_calendar"))
    return list(calendars)


def _zone_of(calendar: "Calendar", otherwise: ZoneInfo) -> ZoneInfo:
    """Return the zone of the calendar as a whole, as Google and Apple name it."""
    try:
        return ZoneInfo(str(calendar.get("X-WR-TIMEZONE", otherwise.key)).strip())
    except (ValueError, OSError):
        return otherwise


class _Reader:
    """One file on its way."""

    def __init__(self, name: str, around: datetime) -> None:
        self.name = name
        self.span = (around - BACK, around + AHEAD)
        self.meetings: dict[str, Meeting] = {}
        self.faults: list[Fault] = []
        self.entries: set[str] = set()
        self.series = 0

    def found(self) -> Meetings:
        return Meetings(
            meetings=tuple(sorted(self.meetings.values(), key=lambda m: (m.start, m.uid))),
            faults=tuple(self.faults),
            entries=frozenset(self.entries),
            span=self.span,
        )

    def read(self, calendar: "Calendar", zone: ZoneInfo) -> None:
        is_off = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        for entry, components in _by_entry(calendar.walk("VEVENT"), zone).items():
            self.entries.add(entry)
            for component in [] if is_off else self._times(components):
                self._take(entry, component, zone)

    def _times(self, components: list["Component"]) -> Iterable["Component"]:
        """Return the single times of an entry."""
        if not repeats(components):
            return _newest(components)
        self.series += 1
        if self.series > _MOST_SERIES:
            return self._refused(components[0], "many_series")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return unrolled(components, self.span)
        except TooOften:
            return self._refused(components[0], "too_often")
        except Exception:  # noqa: BLE001 - whatever a rule does to the library, the next is read
            return self._refused(components[0], "broken_series")

    def _refused(self, component: "Component", code: str) -> tuple["Component", ...]:
        self.faults.append(Fault(file=self.name, code=code, params={"value": _said(component)}))
        return ()

    def _take(self, entry: str, component: "Component", zone: ZoneInfo) -> None:
        if _is_cancelled(component):
            return
        try:
            meeting = _meeting(entry, component, zone)
        except _BROKEN:
            meeting = None
        if meeting:
            self.meetings[meeting.uid] = meeting
        else:
            self._refused(component, "broken_meeting")


def _by_entry(components: Iterable["Component"], zone: ZoneInfo) -> dict[str, list["Component"]]:
    """Return the components by the name that they share: a series with its exceptions."""
    found: dict[str, list[Component]] = defaultdict(list)
    for one in components:
        start = _moment(_value(one, "DTSTART"), zone)
        named = str(one.get("UID", "")).strip()
        # Our own steps, read back from a calendar that they were put into, are no meetings.
        if not named.casefold().endswith(OWN_DOMAIN):
            found[named or f"{start.isoformat() if start else '?'} {_title(one)}"].append(one)
    return found


def _newest(components: list["Component"]) -> Iterator["Component"]:
    """Yield what stands of entries with one name that do not repeat: the last version of each."""
    last: dict[object, Component] = {}
    for one in sorted(components, key=_sequence):
        last[_value(one, "RECURRENCE-ID")] = one
    yield from last.values()


def _sequence(component: "Component") -> int:
    said = str(component.get("SEQUENCE", 0))
    return int(said) if said.isdecimal() else 0


def _is_cancelled(component: "Component") -> bool:
    return str(component.get("STATUS", "")).upper() == "CANCELLED"


def _meeting(entry: str, component: "Component", zone: ZoneInfo) -> Meeting | None:
    start = _moment(_value(component, "DTSTART"), zone)
    if start is None:
        return None
    is_hidden = str(component.get("CLASS", "")).upper() in _HIDDEN
    coming, declined = _people(component)
    return Meeting(
        uid=entry + _which(component, zone),
        entry=entry,
        start=start,
        end=max(start, _end(component, start, zone)),
        title="" if is_hidden else _title(component),
        attendees=coming,
        declined=declined,
    )


def _which(component: "Component", zone: ZoneInfo) -> str:
    """Return which time of a series this is, by when it was to be at first; "" for a single one."""
    first = _moment(_value(component, "RECURRENCE-ID"), zone)
    return f"/{first.astimezone(UTC):%Y%m%dT%H%M}" if first else ""


def _title(component: "Component") -> str:
    return " ".join(str(component.get("SUMMARY", "")).split())[:500]


def _said(component: "Component") -> str:
    return _title(component) or str(component.get("UID", "?"))[:80]


def _end(component: "Component", start: datetime, zone: ZoneInfo) -> datetime:
    end = _moment(_value(component, "DTEND"), zone)
    lasts = _value(component, "DURATION")
    if end is None and isinstance(lasts, timedelta):
        try:
            end = start + lasts
        except OverflowError:
            end = None
    return end or start


def _value(component: "Component", key: str) -> object:
    found = component.get(key)
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


def _people(component: "Component") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who comes, or has not answered, and who declined."""
    said: dict[str, bool] = {}
    for key in ("ATTENDEE", "ORGANIZER"):
        found = component.get(key, [])
        for one in found if isinstance(found, list) else [found]:
            mail = mail_address(str(one)[:500].lower().removeprefix("mailto:"))
            if mail:
                said.setdefault(mail, _has_declined(one))
    coming = tuple(mail for mail, is_off in said.items() if not is_off)
    return coming, tuple(mail for mail, is_off in said.items() if is_off)


def _has_declined(attendee: object) -> bool:
    params = getattr(attendee, "params", {})
    return str(params.get("PARTSTAT", "")).upper() == "DECLINED"
