"""Spans counted from the reply ("in 2-3 Monaten"), feasts and school holidays."""

from datetime import date, timedelta

from nachhaken.reading.atoms import Match, Rule, When
from nachhaken.reading.atoms_periods import stepped
from nachhaken.reading.atoms_weekdays import weekday_after
from nachhaken.reading.feasts import feast, feast_in, next_break, school_break
from nachhaken.reading.periods import Grain, Period, add_days, add_months, day

_LONG_UNITS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_FEW = (2, 4)
_MOST = 500
_FORTNIGHT = 14
_TEN_YEARS = 10


def _offset(match: Match, when: When) -> Period | None:
    low, *high = _counted(match)
    unit = _unit(match)
    if not 0 < low <= _MOST or (high and high[0] > _MOST) or unit == "":
        return None
    return between(when, low, high[0] if high else 0, unit)


def _bare_offset(match: Match, when: When) -> Period | None:
    """A span without "in": "zwei, drei Wochen", "WV 2 Wo.", "drei Wochen später"."""
    return None if when.plain and ">" not in match.kinds else _offset(match, when)


def _short_months(match: Match, when: When) -> Period | None:
    """In 2 Mon.: behind a number it is no Monday."""
    if "mon" not in match.line.words[match.first : match.last]:
        return None
    low, *high = _counted(match)
    return between(when, low, high[0] if high else 0, "month")


def _counted(match: Match) -> list[int]:
    """The one or two numbers of a span; "ein paar" is two to four."""
    if "p" in match.kinds:
        low, high = str(match.get("few")).split("-")
        return [int(low), int(high)]
    return [int(one) for one in match.all("day", "number", "count")][-2:] or [1]


def _unit(match: Match) -> str:
    if "Q" in match.kinds:
        return "quarter"
    return "half" if "H" in match.kinds else str(match.get("unit"))


def between(when: When, low: int, high: int, unit: str) -> Period:
    """The window of "in low(-high) units": the width grows with the unit, as the table says."""
    start = _moved(when.reference, low, unit)
    if high > low:
        return Period(start, _moved(when.reference, high, unit), Grain.OFFSET)
    if when.plain or unit in {"day", "fortnight"}:
        return Period(start, start, Grain.OFFSET)
    if unit == "week":
        return Period(start, add_days(start, 6), Grain.OFFSET)
    if unit in {"year", "decade"}:
        return Period(start, add_days(add_months(start, 1), -1), Grain.OFFSET)
    return Period(start, add_days(start, 13), Grain.OFFSET)


def _moved(on: date, count: int, unit: str) -> date:
    days = {"day": 1, "week": 7, "fortnight": _FORTNIGHT}.get(unit)
    if days:
        return add_days(on, days * count)
    return add_months(on, count * _LONG_UNITS.get(unit, 12 * _TEN_YEARS))


def _ago(match: Match, when: When) -> Period | None:
    if not when.plain:
        return None
    back = _moved(when.reference, -match.number("day", "count"), _unit(match))
    return day(back)


def _within(match: Match, when: When) -> Period | None:
    """In den nächsten zwei Wochen, binnen 14 Tagen: from tomorrow to the last of them."""
    unit = _unit(match)
    if not unit or (_is_one(match) and unit != "fortnight"):
        return None
    return Period(
        add_days(when.reference, 1), _moved(when.reference, _most(match, when), unit), Grain.OFFSET
    )


def _is_one(match: Match) -> bool:
    """Whether a single coming week or month is named, which is a period of the calendar."""
    bare = not any(kind in match.kinds for kind in "dcp")
    return bare and match.line.words[match.last - 1] not in {
        "wochen", "monate", "monaten", "tage", "tagen", "weeks", "months", "days", "wocha",
        "quartale",
    }  # fmt: skip


def _most(match: Match, when: When) -> int:
    if "p" in match.kinds or not any(kind in match.kinds for kind in "dc"):
        return _FEW[0] if when.plain else _FEW[1]
    return max(int(one) for one in match.all("day", "count"))


def _last_days(match: Match, when: When) -> Period | None:
    if not when.plain:
        return None
    start = _moved(when.reference, -match.number("day", "count"), _unit(match))
    return Period(start, add_days(when.reference, -1), Grain.OFFSET)


def _exactly(match: Match, when: When) -> Period | None:
    count = match.number("count", "day") or 1
    start = add_days(when.reference, match.number("word"))
    return day(_moved(start, count, _unit(match))) if _unit(match) else None


def _half_unit(match: Match, when: When) -> Period | None:
    """Ein halbes Jahr, anderthalb Monate."""
    unit = _unit(match)
    halves = 1 + 2 * match.number("halfof")
    months = {"year": 6 * halves, "quarter": 0, "month": 0}.get(unit, 0)
    if months:
        return between(when, months, 0, "month")
    days = {"month": 15, "week": 4 if halves == 1 else 10, "day": 1}.get(unit, 0)
    weeks = 6 if unit == "month" and halves > 1 else 0
    if weeks:
        return between(when, weeks, 0, "week")
    return between(when, days, 0, "day") if days else None


def _span_word(match: Match, when: When) -> Period | None:
    count = match.number("span") or (6 if "H" in match.kinds else 3)
    if "Q" in match.kinds and match.get("unit") != "year":
        return None
    return between(when, count, 0, "month")


def _feast(match: Match, when: When) -> Period | None:
    name = _feast_name(match, when)
    if name is None:
        return None
    year = match.number("year")
    if not year and "R" in match.kinds and match.get("unit") == "year":
        year = when.reference.year + match.number("rel")
    found = feast_in(name, year) if year else feast(name, when.reference)
    if when.plain and found.end != found.start and name in {"easter", "whitsun", "christmas"}:
        return day(found.start)
    return found


def _feast_name(match: Match, when: When) -> str | None:
    """The feast meant, where the words before it decide: Mariä Himmelfahrt, der 2. Advent."""
    name = str(match.get("feast"))
    before = match.before
    if "koenige" in match.line.words[match.last - 1] and before != "drei":
        # "Heilige Drei Könige"; other kings and people of that name are none.
        return name if "dreikoenig" in match.line.words[match.last - 1] else None
    if name == "austrian_day" and when.region.startswith("CH"):
        return "swiss_day"
    if name == "repentance" and (before in {"schweizer", "eidgenoessischer"} or _is_swiss(when)):
        return "swiss_repentance"
    if name == "advent":
        number = match.number("day", "nth")
        return f"advent_{number}" if 1 <= number <= 4 else "advent"  # noqa: PLR2004
    return name


def _long_feast(match: Match, when: When) -> Period | None:
    """Mariä Himmelfahrt, Buß- und Bettag, Heilige Drei Könige."""
    lead = match.line.words[match.first]
    name = _LONG_FEASTS.get((lead, str(match.get("feast"))))
    if name is None:
        return None
    if name == "repentance" and _is_swiss(when):
        name = "swiss_repentance"
    year = match.number("year")
    return feast_in(name, year) if year else feast(name, when.reference)


def _is_swiss(when: When) -> bool:
    return when.region.startswith("CH")


def _named_feast(match: Match, when: When) -> Period | None:
    """Feasts of several common words: Tag der Arbeit, Heilige Drei Könige, Peter und Paul."""
    words = " ".join(match.line.words[match.first : match.last])
    year = match.number("year")
    for said, name in _PHRASES.items():
        if words.startswith(said):
            return feast_in(name, year) if year else feast(name, when.reference)
    return None


_LONG_FEASTS = {
    ("mariae", "ascension"): "assumption",
    ("maria", "ascension"): "assumption",
    ("christi", "ascension"): "ascension",
    ("buss", "repentance"): "repentance",
    ("heilige", "epiphany"): "epiphany",
    ("heiligen", "epiphany"): "epiphany",
    ("hl", "epiphany"): "epiphany",
}
_PHRASES = {
    "tag der arbeit": "labour_day",
    "tag der deutschen einheit": "unity_day",
}


def _weekday_of_month(match: Match, when: When) -> Period | None:
    """Der letzte Sonntag im März 2014, der erste Mittwoch im Oktober."""
    year, month = match.number("year") or when.reference.year, match.number("month")
    first = date(year, month, 1)
    if add_months(first, 1) <= when.reference and not match.number("year"):
        first = date(year + 1, month, 1)
    if "L" in match.kinds or match.line.words[match.first].startswith("letzt"):
        last = add_months(first, 1) - timedelta(days=1)
        back = 0 if "U" in match.kinds else (last.weekday() - match.number("weekday")) % 7
        return day(add_days(last, -back))
    if "U" in match.kinds:
        return day(add_days(first, match.number("nth") - 1)) if match.get("unit") == "day" else None
    found = weekday_after(match.number("weekday"), add_days(first, -1))
    return day(add_days(found, 7 * (match.number("nth") - 1)))


def _school(match: Match, when: When) -> Period | None:
    return school_break(str(match.get("break")), when.reference, when.region)


def _summer_break(match: Match, when: When) -> Period | None:
    name = str(match.get("season", "feast")) if "k" not in match.kinds else "summer"
    names = {"summer", "autumn", "easter", "whitsun", "christmas", "winter"}
    return school_break(name, when.reference, when.region) if name in names else None


def _holidays(match: Match, when: When) -> Period | None:
    """The school holidays that go on or come next, where no more is said: nach den Ferien."""
    lead = match.line.kinds[max(0, match.first - 4) : match.first]
    if "n" not in lead and not lead.endswith(("bg", "b")):
        return None
    return next_break(when.reference, when.region)


def _this_week(match: Match, when: When) -> Period | None:
    """Im Lauf der Woche: what is left of it."""
    if match.get("unit") not in {"week", "month"} or match.before not in {"lauf", "laufe", "ende"}:
        return None
    return stepped(str(match.get("unit")), 0, "", when)


_COUNT = "(day|number|count)"
_TO = "(comma|dash|slash|until|or|on|and)?"
_MANY = f"{_COUNT} ({_TO} about* {_COUNT})?"
_UNITS = "(unit|quarter|half)"
_LEAD = "(in|after|first) about* (in about*)?"

RULES = (
    Rule("offset", "U", f"{_LEAD} {_MANY} dash? about? {_UNITS}", _offset),
    Rule("offset", "Q", f"{_LEAD} {_MANY} {_UNITS}", _offset),
    Rule("offset", "pU", f"{_LEAD} count? few art? {_UNITS}", _offset),
    Rule("offset", "V", f"{_LEAD} {_MANY} wd dot?", _short_months),
    Rule("bare offset", "U", f"{_MANY} dash? unit dot? then?", _bare_offset),
    Rule("bare offset", "U|", "(in|after)? count unit or count (?!unit)", _bare_offset),
    Rule("bare offset", "Ua", f"{_MANY} unit from other", _bare_offset),
    Rule("bare offset", "pU", "count? few art? unit", _bare_offset),
    Rule("ago", "vU", f"before about? {_COUNT} unit", _ago),
    Rule("within", "RU", f"(in|within|until|of)? art* rel dot? (count? few|{_MANY})? unit",
         _within),
    Rule("within", "IU", f"within of? art? ({_MANY}|count? few) unit", _within),
    Rule("last days", "LU", f"past {_COUNT} unit", _last_days),
    Rule("exactly", "TU", f"word about? in about? {_COUNT} unit", _exactly),
    Rule("exactly", "TU", "word unit", _exactly),
    Rule("half span", "h", f"(in|after)? about* (count|art)? about* halfof (art|count)? {_UNITS}",
         _half_unit),
    Rule("half span", "D", "(in|after)? about* (count|art)? about* span", _span_word),
    Rule("half span", "H", "(in|after) about* (count|art) half", _span_word),
    Rule("half span", "Q", "(in|after) about* (count|art) quarter of? count? unit", _span_word),
    Rule("feast", "F", "art? (day dot|nth)? feast year?", _feast),
    Rule("feast", "Fy", "feast in art? unit? year", _feast),
    Rule("feast", "FRU", "feast (in|art)* rel unit", _feast),
    Rule("feast", "F", "other (dash? and|count)? feast year?", _long_feast),
    Rule("feast", "Ug", "unit art (word|other) year?", _named_feast),
    Rule("feast", "Ug", "unit art other other (in? unit? year)?", _named_feast),
    Rule("date", "M", "art? (nth|past) (weekday|unit) (in|art|of)* month year?", _weekday_of_month),
    Rule("school", "B", "break", _school),
    Rule("school", "fk", "big dot? holidays", _summer_break),
    Rule("school", "f", "(season|feast) (other|holidays)? holidays", _summer_break),
    Rule("holidays", "f", "holidays", _holidays),
    Rule("rest", "U", "art unit", _this_week),
)  # fmt: skip
