"""A calendar entry that repeats as single ones, within a span and without end nowhere."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Component, vRecur

MOST_TIMES = 1_000
"""No series of meetings has more within the span; what has is a machine's."""
_RARE = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_MOST_A_DAY = 24
_EARLIEST = 1900  # Apple counts birthdays without a year from 1604: yearly ones may be older
_PROBED = range(9944, 9972)


class TooOften(ValueError):  # noqa: N818
    """The rule repeats by the hour, the minute or the second: that is no meeting."""


def repeats(entries: Sequence["Component"]) -> bool:
    """Say whether one of the entries of a name has more times than its own."""
    return any("RRULE" in entry or "RDATE" in entry for entry in entries)


def unrolled(
    entries: Sequence["Component"], span: tuple[datetime, datetime]
) -> tuple["Component", ...]:
    """Return the single entries that begin or last within `span`, exceptions in their places.

    `entries` have one name: the series and its exceptions. A rule that never comes true counts as
    none. Raises TooOften, and ValueError or another of the library's errors for a broken rule.
    """
    # A sixth of a second of import that only a calendar pays.
    import recurring_ical_events  # noqa: PLC0415
    from icalendar import Calendar  # noqa: PLC0415

    whole = Calendar()
    for entry in entries:
        whole.add_component(_bounded(entry))
    found: list[Component] = []
    for one in recurring_ical_events.of(whole).between(*span):
        found.append(one)
        if len(found) > MOST_TIMES:
            raise TooOften
    return tuple(found)


def _bounded(entry: "Component") -> "Component":
    """Return the entry with rules alone that come true within a life."""
    said = entry.get("RRULE")
    rules: list[vRecur] = said if isinstance(said, list) else [said] if said else []
    if not rules:
        return entry
    start = getattr(entry["DTSTART"], "dt", None)
    if not isinstance(start, date):
        raise ValueError("a series without a beginning")  # noqa: TRY004 - bad input, not a slip
    if start.year < _EARLIEST and any(_first(rule.get("FREQ")) != "YEARLY" for rule in rules):
        raise ValueError("a series that began before anybody here was born")
    good = [rule for rule in rules if _is_rare(rule) and _comes_true(rule, start)]
    bounded = entry.copy()
    del bounded["RRULE"]
    for rule in good:
        bounded.add("RRULE", rule)
    return bounded


def _is_rare(rule: "vRecur") -> bool:
    times = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= max(1, len(_many(rule.get(part))))
    if str(_first(rule.get("FREQ"))).upper() not in _RARE or times > _MOST_A_DAY:
        raise TooOften
    return all(int(str(every)) > 0 for every in _many(rule.get("INTERVAL")))


def _comes_true(rule: "vRecur", start: date) -> bool:
    """Try the rule near the end of all years, where a search without success is short.

    Years of a kind repeat after 28: the one tried begins on the same weekday. The library would
    search for the 30th of February until the year 9999.
    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - comes with the library

    bare = {key: value for key, value in rule.items() if key.upper() not in {"UNTIL", "COUNT"}}
    text = str(type(rule)(bare).to_ical().decode())  # type: ignore[no-untyped-call]
    like = next(year for year in _PROBED if _kind(year) == _kind(start.year))
    begin = datetime(like, start.month, start.day)  # noqa: DTZ001 - nothing is compared with it
    return next(iter(rrulestr(text, dtstart=begin)), None) is not None


def _kind(year: int) -> tuple[int, int]:
    """Return on which weekdays a year begins and ends."""
    return date(year, 1, 1).weekday(), date(year, 12, 31).weekday()


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: object) -> object:
    return next(iter(_many(value)), None)
