"""When a mail was sent, as mail programs write it for people: "Do., 12. Nov. 2026 um 09:12"."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from nachhaken.sources.moments import moment_of

_LONGEST = 120
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner jan january janvier janv gennaio gen",
            "februar feber feb february février févr fév febbraio febb",
            "märz mär mrz march mar mars marzo",
            "april apr avril avr aprile",
            "mai may maggio mag",
            "juni jun june juin giugno giu",
            "juli jul july juillet juil luglio lug",
            "august aug août agosto ago",
            "september sept sep septembre settembre set sett",
            "oktober okt october oct octobre ottobre ott",
            "november nov novembre",
            "dezember dez december dec décembre déc dicembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_STANDARD = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT)")
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:\.|er)?\s*(?P<m>{_MONTH})\b\.?,?\s*(?P<y>\d{{4}}|\d\d)\b(?!:)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})", re.IGNORECASE
)
_FIGURES = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?P<sign>[./-])\s?(?P<m>\d{1,2})(?P=sign)\s?(?P<y>\d{4}|\d\d)(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d.])(?P<h>\d{1,2})\s?[:.h]\s?(?P<m>\d\d)(?:[:.](?P<s>\d\d))?\s*(?P<half>[ap]\.?m\b)?",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\b(?:(?P<name>MESZ|CEST|MEZ|CET|UTC|GMT)\b)?\s?(?:(?P<sign>[+-])(?P<h>\d\d?):?(?P<m>\d\d)?)?",
)
_HOURS = {"MESZ": 2, "CEST": 2, "MEZ": 1, "CET": 1, "UTC": 0, "GMT": 0}
_NOON = 12


def moment_in_words(words: str, zone: tzinfo) -> datetime | None:
    """Return the moment that a mail program shows, in German, English, French or Italian.

    `zone` is where it was shown, for a clock without one. None where no day or no clock is named.
    """
    words = " ".join(words[:_LONGEST].split())
    if _STANDARD.search(words):
        return moment_of(words)
    day, rest = _day(words)
    clock = _CLOCK.search(rest) if day else None
    if day is None or clock is None:
        return None
    try:
        at = datetime.combine(day, _time(clock), tzinfo=_zone(rest[clock.end() :]) or zone)
        return at if moment_of(at.astimezone(UTC).strftime("%d %b %Y %H:%M:%S +0000")) else None
    except (ValueError, OverflowError):
        return None


def _day(words: str) -> tuple[date | None, str]:
    """Return the day, and what stands besides it."""
    for form in (_ISO, _DAY_FIRST, _MONTH_FIRST, _FIGURES):
        found = form.search(words)
        if found:
            rest = f"{words[: found.start()]} {words[found.end() :]}"
            return _date(found, is_american=bool(re.search(r"\d\s?[AP]M\b", rest))), rest
    return None, words


def _date(found: re.Match[str], *, is_american: bool) -> date | None:
    year, day = int(found["y"]), int(found["d"])
    month = _MONTHS.get(found["m"].lower()) or int(found["m"])
    if found.re is _FIGURES and is_american and found["sign"] == "/":
        day, month = month, day
    try:
        return date(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004
    except ValueError:
        return None


def _time(clock: re.Match[str]) -> time:
    hour = int(clock["h"])
    if clock["half"]:
        hour = hour % _NOON + (_NOON if clock["half"][0] in "pP" else 0)
    return time(hour, int(clock["m"]), int(clock["s"] or 0))


def _zone(rest: str) -> timezone | None:
    found = _ZONE.search(rest)
    while found and not found[0].strip():
        found = _ZONE.search(rest, found.end() + 1) if found.end() < len(rest) else None
    if found is None:
        return None
    hours = _HOURS.get(found["name"] or "", 0)
    if found["sign"]:
        offset = timedelta(hours=int(found["h"]), minutes=int(found["m"] or 0))
        hours_off = offset if found["sign"] == "+" else -offset
        return timezone(hours_off) if abs(hours_off) < timedelta(hours=24) else None
    return timezone(timedelta(hours=hours))
