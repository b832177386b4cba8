"""iCalendar from plain rows: a whole feed, or one entry for a CalDAV server.

The frame and the rules of the time zone come from the icalendar library. The entries are written
here, line by line after RFC 5545: the library takes most of a second for two thousand of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from nachhaken.desk.content_lines import escaped, folded
from nachhaken.sources.calendar import OWN_DOMAIN

PRODUCER = "-//Nachhaken//Nachhaken//DE"
LEAST = timedelta(minutes=15)
_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCER}", "CALSCALE:GREGORIAN")
_STAMP = "%Y%m%dT%H%M%SZ"
_ORIGIN = date(2020, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a calendar.

    `why` stands above `text`. `start` and `end` are two days (`end` is not part of it) or two aware
    moments. The entry blocks the time only where `is_busy`. `changed_at` and `sequence` say which
    of two versions is newer.
    """

    uid: str
    title: str
    why: str
    text: str
    address: str
    start: date
    end: date
    changed_at: datetime
    sequence: int
    is_busy: bool = False


def uid_of(name: str, desk: str) -> str:
    """Return the lasting name of an entry; `desk` keeps two desks in one calendar apart."""
    return f"{name}.{desk}{OWN_DOMAIN}"


def sequence_of(head: int, on: date) -> int:
    """Return a number that grows with every event, and with every day of planning."""
    return head + on.toordinal() - _ORIGIN


def hours_of(day: date, span: tuple[float, float], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments of two local hours of `day`, such as (9.0, 10.5), as UTC."""
    start, end = (_moment(day, hour, zone) for hour in span)
    return start, max(end, start + LEAST)


def feed(items: Iterable[Item], *, name: str, zone: ZoneInfo) -> bytes:
    """Return a calendar with all `items`, read by programs that subscribe to it."""
    head = (
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{zone.key}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    )
    return _calendar(list(items), head, zone)


def pieces(
    items: Iterable[Item], *, name: str, zone: ZoneInfo, years: tuple[int, int]
) -> Iterator[bytes]:
    """Return a calendar piece by piece, however long it is; all its hours lie in `years`."""
    head = ("METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", f"X-WR-TIMEZONE:{zone.key}")
    yield "".join(map(folded, (*_HEAD, *head))).encode()
    yield _zone(zone, years[0], years[1] + 1).encode()
    for item in items:
        yield "".join(map(folded, _event(item, zone))).encode()
    yield b"END:VCALENDAR\r\n"


def entry(item: Item, *, zone: ZoneInfo) -> bytes:
    """Return a calendar of one entry, as a CalDAV server stores it (RFC 4791, 4.1)."""
    return _calendar([item], (), zone)


def mark_of(items: Iterable[Item], *, name: str) -> str:
    """Return a fingerprint of the feed, known before it is written."""
    return sha256(repr((name, list(items))).encode()).hexdigest()[:32]


def plan_mark(item: Item) -> str:
    """Return a fingerprint of what is planned: when, what, and in which words.

    The version is not part of it, nor is why now: with "seit 12 Tagen still" only the day moved on.
    """
    said = (item.uid, item.title, item.text, item.address, item.start, item.end, bool(item.why))
    return sha256(repr(said).encode()).hexdigest()


def _moment(day: date, hour: float, zone: ZoneInfo) -> datetime:
    minutes = min(round(hour * 60), 24 * 60 - 1)
    local = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    return local.astimezone(UTC)


def _calendar(items: list[Item], head: Iterable[str], zone: ZoneInfo) -> bytes:
    lines = [*_HEAD, *head]
    years = [item.start.year for item in items if isinstance(item.start, datetime)]
    parts = ["".join(map(folded, lines))]
    if years:
        parts.append(_zone(zone, min(years), max(years) + 1))
    parts += [_entry_of(item, zone) for item in items]
    return "".join([*parts, "END:VCALENDAR\r\n"]).encode()


@lru_cache(maxsize=8)
def _zone(zone: ZoneInfo, first: int, last: int) -> str:
    """Return the rules of the zone for these years: programs may know other rules, or none."""
    from icalendar import Timezone  # a sixth of a second of import that only a calendar pays

    rules = Timezone.from_tzinfo(zone, zone.key, date(first, 1, 1), date(last, 12, 31))
    lines: str = rules.to_ical().decode()
    return lines


@lru_cache(maxsize=4_096)
def _entry_of(item: Item, zone: ZoneInfo) -> str:
    """Return the lines of an entry; programs ask again and again, and few entries change."""
    return "".join(map(folded, _event(item, zone)))


def _event(item: Item, zone: ZoneInfo) -> Iterator[str]:
    stamp = item.changed_at.astimezone(UTC).strftime(_STAMP)
    said = "\n\n".join(part for part in (item.why, item.text) if part)
    yield "BEGIN:VEVENT"
    yield f"UID:{item.uid}"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    yield f"SEQUENCE:{item.sequence}"
    yield f"DTSTART{_at(item.start, zone)}"
    yield f"DTEND{_at(item.end, zone)}"
    yield f"SUMMARY:{escaped(item.title)}"
    yield f"DESCRIPTION:{escaped(said)}"
    yield f"URL:{item.address}"
    yield f"TRANSP:{'OPAQUE' if item.is_busy else 'TRANSPARENT'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _at(when: date, zone: ZoneInfo) -> str:
    if not isinstance(when, datetime):
        return f";VALUE=DATE:{when:%Y%m%d}"
    local = when.astimezone(zone)
    if local.fold:
        # The hour that comes twice in autumn: a local time would mean the first of the two.
        return f":{when.astimezone(UTC).strftime(_STAMP)}"
    return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"
