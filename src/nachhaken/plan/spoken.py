"""Days, times and sums as a seller says them aloud, in German and English."""

from calendar import monthrange
from datetime import date, timedelta

from nachhaken.reading.values import Window

_MONTHS = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_QUARTERS = {
    "de": ("im ersten Quartal", "im zweiten Quartal", "im dritten Quartal", "im vierten Quartal"),
    "en": ("in the first quarter", "in the second quarter", "in the third quarter",
           "in the fourth quarter"),
}  # fmt: skip
_MONTH = {
    "whole": {"de": "im {}", "en": "in {}"},
    "early": {"de": "Anfang {}", "en": "at the beginning of {}"},
    "middle": {"de": "Mitte {}", "en": "in mid-{}"},
    "late": {"de": "Ende {}", "en": "at the end of {}"},
}
_ON = {"de": "am {}", "en": "on {}"}
_FROM = {"de": "ab dem {}", "en": "from {}"}
_WEEK = {"de": "in der Woche ab dem {}", "en": "in the week of {}"}
_YEAR = {"de": "im Jahr {}", "en": "in {}"}
_OF = {"de": "vom {}", "en": "of {}"}
_TODAY = {"de": "heute", "en": "today"}
_YESTERDAY = {"de": "gestern", "en": "yesterday"}
_OF_DAY = {"de": "von {}", "en": "from {}"}
_CURRENCIES = {
    "de": {"EUR": "Euro", "CHF": "Franken"},
    "en": {"EUR": "euros", "CHF": "francs"},
}

# A day within half a year is known without its year.
_NEAR = timedelta(days=183)
_EARLY_ENDS, _MIDDLE_ENDS = 10, 20
_WORKWEEK, _WEEK_DAYS = 4, 6
_QUARTER_MONTHS = 3


def on_day(on: date, *, today: date, language: str) -> str:
    """Return "am 3. November", "gestern" or "heute"."""
    return _relative(on, today, language) or _ON[language].format(day(on, today, language))


def of_day(on: date, *, today: date, language: str) -> str:
    """Return "vom 3. November", "von gestern" or "von heute"."""
    near = _relative(on, today, language)
    if near:
        return _OF_DAY[language].format(near)
    return _OF[language].format(day(on, today, language))


def in_window(window: Window, *, today: date, language: str) -> str:
    """Return a time with its preposition: "im Januar", "Ende Januar", "ab dem 12. Januar"."""
    start, end = window.start, window.end
    if start == end:
        return on_day(start, today=today, language=language)
    month = _month_part(start, end)
    if month:
        return _MONTH[month][language].format(_month(start, today, language))
    if (start.month, start.day, end) == (1, 1, date(start.year, 12, 31)):
        return _YEAR[language].format(start.year)
    if _is_quarter(start, end):
        return _QUARTERS[language][(start.month - 1) // _QUARTER_MONTHS]
    shown = day(start, today, language)
    if start.weekday() == 0 and (end - start).days in range(_WORKWEEK, _WEEK_DAYS + 1):
        return _WEEK[language].format(shown)
    return _FROM[language].format(shown)


def sum_of(cents: int, currency: str, *, swiss: bool = False, language: str = "de") -> str:
    """Return "31.200 Euro", in Swiss figures "31’200 Franken", in English "31,200 euros"."""
    whole = f"{round(cents / 100):,}"
    if language == "de":
        whole = whole.replace(",", "’" if swiss else ".")
    return f"{whole} {_CURRENCIES[language].get(currency, currency)}"


def day(on: date, today: date, language: str) -> str:
    """Return "3. November" or "3 November", with the year where it is far away."""
    shown = f"{on.day}. " if language == "de" else f"{on.day} "
    return shown + _month(on, today, language)


def _month(on: date, today: date, language: str) -> str:
    name = _MONTHS[language][on.month - 1]
    is_near = on.year == today.year or abs(on - today) <= _NEAR
    return name if is_near else f"{name} {on.year}"


def _relative(on: date, today: date, language: str) -> str:
    if on == today:
        return _TODAY[language]
    return _YESTERDAY[language] if on == today - timedelta(days=1) else ""


def _month_part(start: date, end: date) -> str:
    """Return which part of one month lies from `start` to `end`; "" where none does."""
    if (start.year, start.month) != (end.year, end.month):
        return ""
    last = monthrange(start.year, start.month)[1]
    parts = {
        (1, last): "whole",
        (1, _EARLY_ENDS): "early",
        (_EARLY_ENDS + 1, _MIDDLE_ENDS): "middle",
        (_MIDDLE_ENDS + 1, last): "late",
    }
    return parts.get((start.day, end.day), "")


def _is_quarter(start: date, end: date) -> bool:
    last = monthrange(end.year, end.month)[1]
    begins = start.day == 1 and start.month % _QUARTER_MONTHS == 1
    same = start.year == end.year and end.month - start.month == _QUARTER_MONTHS - 1
    return begins and same and end.day == last
