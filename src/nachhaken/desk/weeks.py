"""Weeks as people name them: Monday to Sunday, numbered by ISO 8601, in the user's zone."""

import re
from datetime import date, datetime, time, timedelta

from nachhaken.desk.pages_review import Week
from nachhaken.desk.preferences import own_zone

_NAME = re.compile(r"(\d{4})-W(\d{2})")
_DAYS = timedelta(days=7)
_MONDAY_TO_WEDNESDAY = range(3)


def week_of(day: date) -> Week:
    """Return the week in which `day` lies."""
    year, number, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Week(
        name=f"{year}-W{number:02d}",
        number=number,
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=name_of(monday - _DAYS),
        after=name_of(monday + _DAYS),
    )


def week_named(name: str, *, today: date) -> Week:
    """Return the week of that name; the running one for what names none, or one still to come."""
    found = _NAME.fullmatch(name)
    if found is None:
        return week_of(today)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return week_of(today)
    is_known = date(2000, 1, 1) <= monday <= today
    return week_of(monday if is_known else today)


def name_of(day: date) -> str:
    """Return the name of the week in which `day` lies: 2026-W47."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def reviewed_on(day: date) -> str:
    """Return the name of the week that one looks back on: until Wednesday the one before."""
    return name_of(day - _DAYS if day.weekday() in _MONDAY_TO_WEDNESDAY else day)


def moments_of(week: Week) -> tuple[datetime, datetime]:
    """Return when the week starts and when it is over (exclusive): midnights on the own clock."""
    zone = own_zone()
    after = week.sunday + timedelta(days=1)
    return datetime.combine(week.monday, time(), zone), datetime.combine(after, time(), zone)
