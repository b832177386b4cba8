"""Date tokens such as {{-45|tag}}: days counted in working days from today, Monday to Friday."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
TOKEN = re.compile(
    r"\{\{\s*(?P<days>[+-]?\d{1,4})(?:\s+(?P<time>\d{1,2}:\d\d))?(?:\|(?P<form>[a-z]+))?\s*\}\}"
)

_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
_FRIDAY = 4

_FORMS: dict[str | None, Callable[[date], str]] = {
    None: lambda on: f"{on:%d.%m.%Y}",
    "tag": lambda on: f"{on.day}. {_MONTHS[on.month - 1]}",
    "kurz": lambda on: f"{on:%d.%m.}",
    "monat": lambda on: _MONTHS[on.month - 1],
    "wochentag": lambda on: _WEEKDAYS[on.weekday()],
    "kw": lambda on: f"KW {on.isocalendar().week}",
    "jahr": lambda on: f"{on.year}",
    "iso": lambda on: on.isoformat(),
    "en": lambda on: f"{on.day} {_ENGLISH[on.month - 1]} {on.year}",
}


class UnknownToken(ValueError):  # noqa: N818
    """A text holds "{{...}}" that is no date token."""


def dated(text: str, today: date) -> str:
    """Return `text` with every token as a day, in the form that it asks for."""
    return _replaced(text, lambda token: _in_text(token, today))


def dated_header(text: str, today: date) -> str:
    """Return a Date header's value: the token's moment in Berlin as RFC 5322 writes it."""
    return _replaced(text, lambda token: format_datetime(moment(token, today)))


def moment(token: re.Match[str], today: date) -> datetime:
    """Return the token's day and time in Berlin."""
    at = time.fromisoformat(f"{token['time'] or '12:00':0>5}")
    return datetime.combine(day(token, today), at, BERLIN)


def day(token: re.Match[str], today: date) -> date:
    """Return the token's day."""
    return workday(today, int(token["days"]))


def workday(today: date, n: int) -> date:
    """Return the n-th day from Monday to Friday after today, before it for negative n."""
    if n == 0:
        return today
    # From a weekend, one counts on from its Friday and back from its Monday.
    beyond = max(0, today.weekday() - _FRIDAY)
    start = today - timedelta(days=beyond) if n > 0 else today + timedelta(days=-beyond % 3)
    weeks, rest = divmod(abs(n), 5)
    step = 1 if n > 0 else -1
    at = start + timedelta(weeks=step * weeks)
    while rest:
        at += timedelta(days=step)
        rest -= at.weekday() <= _FRIDAY
    return at


def _replaced(text: str, say: Callable[[re.Match[str]], str]) -> str:
    result = TOKEN.sub(say, text)
    left = re.search(r"\{\{.{0,40}", result)
    if left:
        raise UnknownToken(left[0])
    return result


def _in_text(token: re.Match[str], today: date) -> str:
    form = _FORMS.get(token["form"])
    if form is None:
        raise UnknownToken(token[0])
    clock = f" {token['time']:0>5}" if token["time"] else ""
    return form(day(token, today)) + clock
