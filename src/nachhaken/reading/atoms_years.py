"""Years, seasons, the turn of the year and weekends."""

from nachhaken.reading.atoms import Match, Rule, When
from nachhaken.reading.atoms_periods import OF, PART, stepped, two_digit_year
from nachhaken.reading.periods import Period, add_days, long_part, monday_of, months, season

_ENGLISH_LEADS = {"the", "this", "next", "late", "early", "until", "by", "from", "last", "of", "in",
                  "after", "before", "coming"}  # fmt: skip


def _year(match: Match, _when: When) -> Period | None:
    return long_part(months(match.number("year"), 1, 12), str(match.get("part")))


def _bare_year(match: Match, when: When) -> Period | None:
    return _year(match, when) if when.plain or match.before in {"erst", "wieder", "dann"} else None


def _this_year(match: Match, when: When) -> Period | None:
    return stepped("year", 0, str(match.get("part")), when) if when.plain else None


def _new_year(match: Match, when: When) -> Period | None:
    if match.get("unit") not in {"year", "business"}:
        return None
    if "P" in match.kinds:
        return stepped("year", 1, str(match.get("part")), when)
    return months(when.reference.year + 1, 1, 1)


def _no_more_this_year(match: Match, when: When) -> Period | None:
    if "R" in match.kinds and (match.number("rel") or match.get("unit") != "year"):
        return None
    return months(when.reference.year + 1, 1, 1)


def _negated_year(match: Match, when: When) -> Period | None:
    """Dieses Jahr wird das nichts mehr; heuer nimmer."""
    words = match.line.words[match.first : match.last]
    if "+" not in match.kinds and not {"nimmer", "nimma", "nichmehr", "nuemme"} & set(words):
        return None
    return _no_more_this_year(match, when)


def _between_years(match: Match, when: When) -> Period | None:
    if "F" in match.kinds and match.all("feast")[1] not in {"new_year", "new_years_eve"}:
        return None
    if "U" in match.kinds and match.get("unit") != "year":
        return None
    december = months(when.reference.year, 12, 1)
    return Period(december.start.replace(day=27), december.end)


def _weekend(match: Match, when: When) -> Period | None:
    steps = max(match.number("rel") - 1, 0)
    saturday = add_days(monday_of(when.reference), 5 + 7 * steps)
    return Period(saturday, add_days(saturday, 1))


def _midweek(match: Match, when: When) -> Period | None:
    if not when.plain or match.before != "unter" or match.get("unit") != "week":
        return None
    monday = monday_of(when.reference)
    return Period(monday, add_days(monday, 4))


def _season(match: Match, when: When) -> Period | None:
    kinds = match.kinds
    word = match.line.words[match.first + kinds.index("S")]
    if word in {"fall", "spring"} and "y" not in kinds and not _is_english(match):
        return None
    name, _, edge = str(match.get("season")).partition("-")
    year = match.number("year") or two_digit_year(match, when)
    whole = season(name, year) if year else this_or_next(name, when)
    if "R" in kinds and match.number("rel") == 2:  # noqa: PLR2004
        whole = season(name, whole.start.year + 1)
    found = long_part(whole, edge or str(match.get("part")))
    if not year and found.end < when.reference:
        return long_part(season(name, whole.start.year + 1), edge or str(match.get("part")))
    return found


def _season_with_year(match: Match, when: When) -> Period | None:
    return _season(match, when) if two_digit_year(match, when) else None


def _is_english(match: Match) -> bool:
    # "fall" is a German noun and an English verb, "spring" both languages' verb.
    inside = match.line.words[match.first : match.last]
    if {"dem", "den", "der", "diesem", "jedem", "im"} & {*inside, match.before}:
        return False
    return match.before in _ENGLISH_LEADS or any(one in _ENGLISH_LEADS for one in inside) or (
        "P" in match.kinds
    )  # fmt: skip


def this_or_next(name: str, when: When) -> Period:
    """The season that goes on or comes; a winter of last December still goes on in February."""
    for year in (when.reference.year - 1, when.reference.year):
        whole = season(name, year)
        if whole.end >= when.reference:
            return whole
    return season(name, when.reference.year + 1)


RULES = (
    Rule("year", "yP", f"part {OF} unit? year", _year),
    Rule("year", "y", "(in|from|art|first|before|after|until) unit? year", _year),
    Rule("year", "y", "year", _bare_year),
    Rule("year", "Y", f"part {OF} heuer|heuer", _this_year),
    Rule("new year", "EU", f"{PART} (in|art)* new unit", _new_year),
    Rule("new year", "+0", "not more in? (heuer|rel unit)", _no_more_this_year),
    Rule("new year", "0", "(heuer|rel unit) (word|other|short|art|new|about)? (other|short|art)?"
         " (other|short)? not (other|short|new|half)? more?", _negated_year),
    Rule("new year", "0", "not (other|more)? (in)? (heuer|rel unit)", _no_more_this_year),
    Rule("between years", "zU", "between dot? art* unit", _between_years),
    Rule("between years", "zF", "between feast and feast", _between_years),
    Rule("weekend", "N", "(art|in|rel)* weekend", _weekend),
    Rule("week", "U", "art unit", _midweek),
    Rule("season", "S", f"{PART} (rel|in|art)? season (year|' day)?", _season),
    Rule("season", "Sd", "(in|first)? season dot? day", _season_with_year),
)  # fmt: skip
