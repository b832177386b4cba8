"""Weekdays, beside a week or alone, and heute and morgen."""

from datetime import date

from nachhaken.reading.atoms import Match, Rule, When
from nachhaken.reading.periods import Period, add_days, day, monday_of

_DAY_TIMES = {
    "vormittag", "nachmittag", "frueh", "abend", "mittag", "um", "vormittags", "nachmittags",
    "abends", "mittags",
}  # fmt: skip
_GREETING = {"guten", "schoenen", "schoen", "gute", "guata", "guete", "guads", "good", "am", "dem"}


def weekday_after(weekday: int, on: date) -> date:
    """The first day with this weekday after `on`."""
    return add_days(on, (weekday - on.weekday() - 1) % 7 + 1)


def _weekday(match: Match, when: When) -> Period | None:
    weekday = match.number("weekday", "wd")
    if "L" in match.kinds:
        return day(add_days(weekday_after(weekday, add_days(when.reference, -8)), 0))
    if "U" in match.kinds and "R" in match.kinds:
        return _weekday_of_week(weekday, match.number("rel"), when)
    if "U" in match.kinds and match.get("unit") == "day":
        return _weeks_of_days(weekday, match.number("count", "day"), when)
    if "U" in match.kinds and match.get("unit") != "week":
        return None
    later = (match.number("count", "day") or 1) if "U" in match.kinds else 0
    later += match.number("rel") == 2  # noqa: PLR2004
    return day(add_days(weekday_after(weekday, when.reference), 7 * later))


def _weeks_of_days(weekday: int, days: int, when: When) -> Period | None:
    """Montag in acht or in 14 Tagen: one week or two from the coming one."""
    weeks = {7: 1, 8: 1, 14: 2}.get(days)
    return day(add_days(weekday_after(weekday, when.reference), 7 * weeks)) if weeks else None


def _weekday_of_week(weekday: int, weeks: int, when: When) -> Period:
    return day(add_days(monday_of(when.reference), 7 * weeks + weekday))


def _weekday_past_week(match: Match, when: When) -> Period | None:
    return _weekday_of_week(match.number("weekday"), -match.number("past"), when)


def _weekday_after_next(match: Match, when: When) -> Period | None:
    found = weekday_after(match.number("weekday"), when.reference)
    return day(add_days(found, 7))


def _weekday_ago(match: Match, when: When) -> Period | None:
    if not when.plain:
        return None
    weekday = match.number("weekday")
    back = weekday_after(weekday, add_days(when.reference, -8))
    return day(add_days(back, -7 * (match.number("count", "day") - 1)))


def _short_weekday(match: Match, when: When) -> Period | None:
    follows = match.line.kinds[match.last] if match.last < len(match.line.kinds) else ""
    # "Fr. Loos" is a woman, "di" and "mi" are also pronouns of the south.
    name = match.line.words[match.first + match.kinds.index("V")]
    if name == "fr" and match.kinds == "V." and follows in tuple("wr") and match.first:
        return None
    if match.kinds in {"V", "gV"} and not when.plain and not _is_day_beside(match):
        return None
    return _weekday(match, when)


def _is_day_beside(match: Match) -> bool:
    """Whether a bare "mi" or "do" stands as a day: after "bis" or "wv", before a time or date."""
    before, after = match.before, match.after
    if before in {"you", "we", "i", "they", "to"}:
        return False
    if before in {"bis", "ab", "wv", "am", "by", "until", "naechste", "next", "on", "kw"}:
        return True
    words, last = match.line.words, match.last
    timed = after.isdigit() and last + 1 < len(words) and words[last + 1] in {".", ":", "h", "uhr"}
    return timed or after in _DAY_TIMES


def _day_word(match: Match, when: When) -> Period | None:
    ahead = match.number("word")
    if match.before in _GREETING and match.line.words[match.first] in {"morgen", "morgn", "moing"}:
        return None
    if ahead < 0 and not when.plain:
        return None
    return day(add_days(when.reference, ahead))


RULES = (
    Rule("weekday", "W", "(art? rel)? weekday", _weekday),
    Rule("weekday", "LW", "past weekday", _weekday),
    Rule("weekday", "WU", "weekday in? art? count? unit", _weekday),
    Rule("weekday", "WUi", "weekday in (count|day) unit", _weekday),
    Rule("weekday", "WUR", "weekday (comma|art|of)* rel dot? unit", _weekday),
    Rule("weekday", "VUR", "wd dot? (comma|art|of)* rel dot? unit", _weekday),
    Rule("weekday", "WUR", "rel dot? unit dot? comma? art? weekday", _weekday),
    Rule("weekday", "WUL", "weekday art? past unit", _weekday_past_week),
    Rule("weekday", "WnR", "weekday after art? rel", _weekday_after_next),
    Rule("weekday", "WvU", "weekday before (count|day) unit", _weekday_ago),
    Rule("weekday", "V", "(art|rel dot?)? wd dot?", _short_weekday),
    Rule("weekday", "VUR", "rel dot? unit dot? comma? art? wd dot?", _short_weekday),
    Rule("day word", "T", "word", _day_word),
)  # fmt: skip
