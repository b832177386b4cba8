"""Good manners: the customer's quiet time, and how often a person may be asked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nachhaken.plan.law.facts import Contact, Facts
from nachhaken.plan.values import Param, Preferences
from nachhaken.terms import Purpose
from nachhaken.workdays import REGIONS, Calendar

_SATURDAY, _SUNDAY = 5, 6
# Longer than any row of days off: settings that leave no hour of a day must not search for ever.
_LONGEST_REST = 14


class Unwelcome(NamedTuple):
    """Why a contact is not welcome yet, from when it is, and what its reason tells."""

    because: str
    until: datetime
    told: dict[str, Param]


def unwelcome(facts: Facts, contact: Contact, preferences: Preferences) -> Unwelcome | None:
    """Return why the contact should wait, and until when; None: it is welcome."""
    limit = None
    if contact.purpose is Purpose.CHASE:
        limit = over_limit(facts.chases, contact.local, preferences)
    if limit is not None:
        free, most, days = limit
        opens = datetime.combine(free, preferences.quiet_before, contact.local.tzinfo)
        until = _welcome_from(opens, facts, preferences)
        return Unwelcome("limit", until, {"count": most, "days": days, "until": until.date()})
    word = _quiet(contact.local, facts, preferences)
    if not word:
        return None
    until = _welcome_from(contact.local, facts, preferences)
    told: dict[str, Param] = {
        "quiet": f"law.said.quiet_{word}",
        "opens": _clock(preferences.quiet_before),
        "closes": _clock(_closes(contact.on, facts, preferences)),
        "until": until.date(),
        "clock": _clock(until.time()),
    }
    return Unwelcome("quiet", until, told)


def over_limit(
    chases: Sequence[datetime], at: datetime, preferences: Preferences
) -> tuple[date, int, int] | None:
    """Return from which day on the next chase is within every limit, and the limit that says so.

    The limit is how often in how many days; None: no limit is reached at `at`. `chases` are
    ascending; those after `at` do not count.
    """
    zone = ZoneInfo(preferences.zone)
    done = [chase for chase in chases if chase <= at]
    reached: list[tuple[date, int, int]] = []
    for most, days in spans(preferences):
        if len(done) >= most:
            free = done[-most].astimezone(zone).date() + timedelta(days=days)
            reached.append((free, most, days))
    latest = max(reached, default=None)
    return latest if latest and latest[0] > at.astimezone(zone).date() else None


def spans(preferences: Preferences) -> tuple[tuple[int, int], ...]:
    """Return how often a person may be chased in how many days."""
    return (max(1, preferences.touches_per_week), 7), (max(1, preferences.touches_per_month), 30)


@cache
def calendar_of(region: str) -> Calendar:
    """Return the working days of `region`; of its country, or of Germany, where it is unknown."""
    known = (r for r in (region, region[:2]) if r in REGIONS)
    return Calendar(next(known, "DE"))


def _quiet(local: datetime, facts: Facts, preferences: Preferences) -> str:
    """Return which quiet time it is, in one word; "" for none."""
    on, clock = local.date(), local.time()
    if on.weekday() == _SUNDAY:
        return "sunday"
    if calendar_of(facts.region).is_holiday(on):
        return "holiday"
    if preferences.quiet_before <= clock < _closes(on, facts, preferences):
        return ""
    is_day = preferences.quiet_before <= clock < preferences.quiet_after
    return "saturday" if is_day else "night"


def _closes(on: date, facts: Facts, preferences: Preferences) -> time:
    """People have their weekend from Saturday noon on; businesses that open then want to hear."""
    if facts.is_consumer and on.weekday() == _SATURDAY:
        return min(preferences.quiet_saturday, preferences.quiet_after)
    return preferences.quiet_after


def _welcome_from(local: datetime, facts: Facts, preferences: Preferences) -> datetime:
    """Return the first moment from `local` on that is outside the quiet time."""
    for _ in range(_LONGEST_REST):
        if not _quiet(local, facts, preferences):
            break
        opens = preferences.quiet_before
        on = local.date() + timedelta(days=local.time() >= opens)
        local = datetime.combine(on, opens, local.tzinfo)
    return local


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}" if at.minute else str(at.hour)
