"""Offsets ("in 2-3 Monaten"), seasons, feasts and school holidays in a folded text."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from datetime import date
from functools import cache

from nachhaken.reading.atoms import Rule, When
from nachhaken.reading.atoms_days import full_year
from nachhaken.reading.atoms_periods import OF, PART, part_of
from nachhaken.reading.feasts import feast, feast_in, school_break
from nachhaken.reading.numerals import NUMBER, number
from nachhaken.reading.periods import (
    Grain,
    Period,
    add_days,
    add_months,
    coming,
    long_part,
    season,
)

_UNIT = (
    r"(?P<unit>tagen?|tg|wochen?|wo|monate?[n]?|mon|jahre?[n]?|quartale?[n]?|days?|weeks?|months?|years?"
    r"|quarters?)\b\.?"
)
_ROUGHLY = (
    r"(?:(?:etwa|ca\.?|circa|rund|gut|ungefaehr|so|knapp|fruehestens|vielleicht|about|roughly|maybe|ueber)"
    r" ){0,2}"
)
_SEASONS = {
    "fruehjahr": "spring", "fruehling": "spring", "spring": "spring", "sommer": "summer",
    "summer": "summer", "herbst": "autumn", "autumn": "autumn", "fall": "autumn",
    "winter": "winter",
}  # fmt: skip
_FEASTS = {
    "ostern": "osterfeiertagen?|osterwochenende|ostern|easter",
    "pfingsten": "pfingstfeiertagen?|pfingsten|whitsun|pentecost",
    "weihnachten": "weihnachtsfeiertagen?|weihnachten|christmas|xmas|festtagen?",
    "silvester": "silvester|new year's eve",
    "neujahr": "neujahr|new year's day",
    "karneval": "karneval|fasching|fastnacht|fasnacht|fasnet",
    "aschermittwoch": "aschermittwoch",
    "karfreitag": "karfreitag|good friday",
    "auffahrt": "auffahrt|christi himmelfahrt|ascension",
    "mariae himmelfahrt": "mariae? himmelfahrt",
    "fronleichnam": "fronleichnam|corpus christi",
    "allerheiligen": "allerheiligen",
    "dreikoenig": "dreikoenig(?:stag)?|heiligen? drei koenigen?",
    "maifeiertag": "tag der arbeit|maifeiertag",
    "nationalfeiertag": "nationalfeiertag",
    "reformationstag": "reformationstag",
}
_BREAKS = {
    "summer": "sommer", "autumn": "herbst", "christmas": "weihnachts", "easter": "oster",
    "grosse": "sommer",
}  # fmt: skip


def _offset(match: re.Match[str], when: When) -> Period | None:
    low = _count(match["low"])
    high = _count(match["high"]) if match["high"] else 0
    if not low:
        return None
    return between(when, low, high, match["unit"])


def _few(match: re.Match[str], when: When) -> Period | None:
    return between(when, 2, 4 if "couple" not in match[0] else 3, match["unit"])


def _next_few(match: re.Match[str], when: When) -> Period | None:
    count = _count(match["low"]) if match["low"] else 4
    end = _moved(when, count, match["unit"])
    return Period(add_days(when.reference, 1), end, Grain.OFFSET)


def _exactly(match: re.Match[str], when: When) -> Period | None:
    day = _moved(when, _count(match["low"]), match["unit"])
    return Period(day, day, Grain.OFFSET)


def _half_year(match: re.Match[str], when: When) -> Period | None:
    word = match[0]
    count = 9 if "dreiviertel" in word else 3 if "viertel" in word or "quarter" in word else 6
    return between(when, count, 0, "month")


def _one_and_half(match: re.Match[str], when: When) -> Period | None:
    if match["unit"].startswith(("jahr", "year")):
        return between(when, 18, 0, "month")
    if match["unit"].startswith("mon"):
        return between(when, 6, 0, "week")
    return between(when, 10, 0, "day")


def between(when: When, low: int, high: int, unit: str) -> Period:
    """The window of "in low(-high) units": the width grows with the unit, as the table says."""
    start = _moved(when, low, unit)
    if high > low:
        return Period(start, _moved(when, high, unit), Grain.OFFSET)
    if unit.startswith(("tag", "tg", "day")):
        return Period(start, start, Grain.OFFSET)
    if unit.startswith(("wo", "week")):
        return Period(start, add_days(start, 6), Grain.OFFSET)
    if unit.startswith(("mon", "quart")):
        return Period(start, add_days(start, 13), Grain.OFFSET)
    return Period(start, add_days(add_months(start, 1), -1), Grain.OFFSET)


def _moved(when: When, count: int, unit: str) -> date:
    if unit.startswith(("tag", "tg", "day")):
        return add_days(when.reference, count)
    if unit.startswith(("wo", "week")):
        return add_days(when.reference, 7 * count)
    return add_months(when.reference, count * _months_in(unit))


def _months_in(unit: str) -> int:
    if unit.startswith("mon"):
        return 1
    return 3 if unit.startswith("quart") else 12


def _count(word: str) -> int:
    return number(word.strip())


def _season(match: re.Match[str], when: When) -> Period | None:
    if match["season"] in {"fall", "spring"} and not _english_lead().search(
        match.string, 0, match.start("season")
    ):
        return None
    name = _SEASONS[match["season"]]
    year = full_year(match["year"])
    whole = season(name, year or when.reference.year)
    if year is None:
        whole = _this_or_next(name, when)
    if match["edge"]:
        return long_part(whole, "late" if match["edge"] in {"spaet", "late "} else "early")
    return long_part(whole, part_of(match["part"]))


@cache
def _english_lead() -> re.Pattern[str]:
    # "fall" is a German noun and an English verb, "spring" both languages' verb.
    return re.compile(
        r"\b(?:in|this|next|late|early|until|by|from|after|before|of|the)\s+(?:the )?$"
    )


def _this_or_next(name: str, when: When) -> Period:
    # A winter that began last December is still this winter in January and February.
    last = season(name, when.reference.year - 1)
    if last.end >= when.reference:
        return last
    return coming(season(name, when.reference.year), when.reference)


def _feast(match: re.Match[str], when: When) -> Period | None:
    for name, pattern in _FEASTS.items():
        if re.fullmatch(pattern, match["feast"]):
            year = full_year(match["year"])
            return feast_in(name, year) if year else feast(name, when.reference)
    return None


def _weekday_after(match: re.Match[str], when: When) -> Period | None:
    from_feast = _feast(match, when)
    if from_feast is None:
        return None
    ahead = (0 - from_feast.end.weekday() - 1) % 7 + 1
    monday = add_days(from_feast.end, ahead)
    return Period(monday, monday, Grain.OFFSET)


def _school(match: re.Match[str], when: When) -> Period | None:
    name = match["name"].strip()
    return school_break(_BREAKS.get(name, name), when.reference, when.region)


_FEAST = "(?P<feast>" + "|".join(_FEASTS.values()) + r")(?: (?P<year>20\d\d))?"

RULES = (
    Rule(
        "offset",
        rf"(?:in|wv|within|nach) {_ROUGHLY}(?P<low>{NUMBER})(?:\s?(?:-|bis|oder|to|or|,|/)\s?(?P<high>{NUMBER}))?"
        rf"\s?-?{_UNIT}",
        _offset,
    ),
    Rule("offset", rf"(?P<low>{NUMBER})(?:\s?(?:-|bis|oder|to|or|,|/)\s?(?P<high>{NUMBER}))?"
         rf" {_UNIT} (?:spaeter|from now|hence)", _offset),
    Rule("offset", rf"(?P<low>zwei|drei|two|three)(?:, | bis |-| to | or | oder )(?P<high>drei|vier|three|four)"
         rf" {_UNIT}", _offset),
    Rule("few", rf"(?:in|nach) (?:ein paar|einigen|wenigen|mehreren|paar|a few|a couple of|several) {_UNIT}",
         _few),
    Rule("next few", rf"(?:in|innerhalb|within)(?: den| der| the)? (?:naechsten|kommenden|next|coming)"
         rf" (?:(?P<low>{NUMBER}) |ein paar |paar |few |couple of )?{_UNIT}", _next_few),
    Rule("exactly", rf"(?:heute|morgen|today)(?: genau)? in (?P<low>{NUMBER}) {_UNIT}", _exactly),
    Rule("half-year span", r"(?:in|nach) (?:gut |etwa |rund |ca\.? )?(?:einem |'nem |nem |a |half a |einem guten )?"
         r"(?:dreivierteljahr|vierteljahr|halben jahr|half a year|half year|quarter of a year|halbjahr)",
         _half_year),
    Rule("half-year span", r"half a year", _half_year),
    Rule("one and a half", rf"in (?:anderthalb|eineinhalb) {_UNIT}", _one_and_half),
    Rule(
        "season",
        rf"(?:{PART}{OF})?(?:(?:im|naechste[ns]?|kommende[ns]?|next|this|diese[ns]?) )?"
        rf"(?P<edge>spaet|frueh(?!jahr|ling)|late |early )?(?P<season>{'|'.join(_SEASONS)})(?:(?<!fall)s)?"
        r"(?: (?P<year>20\d\d))?",
        _season,
    ),
    Rule("feast", _FEAST, _feast),
    Rule("offset", rf"nach {_FEAST},? (?:am|den) montag (?:drauf|darauf|danach)", _weekday_after),
    Rule("school", r"(?P<name>sommer|herbst|weihnachts|oster|pfingst|winter|semester|grosse)"
         r"(?:schul)?n? ?ferien", _school),
    Rule("school", r"(?P<name>summer|autumn|christmas|easter) (?:school )?holidays?", _school),
)  # fmt: skip
