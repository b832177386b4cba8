"""Single days: dates in digits and words, ordinals."""

from datetime import date

from nachhaken.reading.atoms import Match, Rule, When
from nachhaken.reading.periods import Grain, Period, add_months, day, safe_date

# A day without a year so shortly past is meant as past: "Ihre Mail vom Montag, 4.5.".
JUST_PAST = 21
_MONTHS = 12
_LAST_DAY = 31
_SMALL_COUNT = 4
_CENTURY = 2000
# What stands before a number that counts things, and after one that measures.
_NUMBERED = {
    "pos", "position", "positionen", "nr", "nummer", "ziffer", "punkt", "kapitel", "version", "v",
    "abschnitt", "paragraf", "paragraph", "art", "artikel", "seite", "abs", "absatz", "los", "teil",
    "rev", "anlage", "um", "gegen", "uhr", "at", "raum", "zimmer", "din", "iso", "en", "update",
    "formular", "umsatz", "faktor",
}  # fmt: skip
_MEASURED = {
    "uhr", "h", "%", "€", "$", "euro", "eur", "chf", "mm", "cm", "m", "km", "kg", "g", "t", "qm",
    "prozent", "stunden", "std", "stueck", "stk", "x", "mio", "tsd", "k", "l", "liter", "zoll",
    "grad", "kw", "kwh", "am", "pm", "franken", "meter", "lfm", "mal", "personen", "plaetze",
}  # fmt: skip
_NOT_DAYS = {
    "stock", "og", "platz", "mal", "mahnung", "versuch", "etage", "stelle", "klasse", "person",
    "rate", "version", "punkt", "runde", "angebot", "jahrestag", "geburtstag", "hochzeitstag",
    "lebensjahr", "variante", "entwurf", "zahlung", "floor", "grade", "time", "draft", "century",
    "teilrechnung", "auflage", "bauabschnitt", "abschnitt", "obergeschoss", "weltkrieg", "rang",
}  # fmt: skip
_ENGLISH_MONTHS = {
    "january", "february", "march", "may", "june", "july", "october", "oct", "december", "dec",
}  # fmt: skip
_YEARS_AHEAD = 3


def dated(year: int | None, month: int, number: int, reference: date) -> date | None:
    """The day meant: without a year the next one, or the one that has just passed."""
    if year is not None:
        return safe_date(year, month, number)
    this = safe_date(reference.year, month, number)
    earlier = safe_date(reference.year - 1, month, number)
    if earlier is not None and (reference - earlier).days <= JUST_PAST:
        return earlier
    if this is not None and (this >= reference or (reference - this).days <= JUST_PAST):
        return this
    return safe_date(reference.year + 1, month, number) or this


def full_year(number: int) -> int:
    """The year in four digits; two digits are of this century."""
    return number if number >= _MONTHS * 100 else _CENTURY + number


def is_counted(match: Match) -> bool:
    """Whether the number belongs to a thing, a price or a time of day, and is no date."""
    before = match.before
    if before == "." and match.first > 1:
        before = match.line.words[match.first - 2]
    if (
        before in {"bis", "und"}
        and match.line.kinds[max(0, match.first - 4) : match.first - 1] == "d.d"
    ):
        # "Pos. 3.2 bis 3.5": what is counted first is counted throughout.
        return is_counted(Match(match.line, match.first - 4, match.first - 1))
    if match.after == "am" and match.kinds.endswith("."):
        # "Bis 19.7. am Tisch": only "9.30 am" is an hour.
        return before in _NUMBERED
    return before in _NUMBERED or match.after in _MEASURED


def _iso(match: Match, _when: When) -> Period | None:
    year, month, number = (int(one) for one in match.all("year", "day"))
    return _one(safe_date(year, month, number))


def _numeric(match: Match, when: When) -> Period | None:
    numbers = [int(one) for one in match.all("day", "nth", "year")]
    year = full_year(numbers[2]) if len(numbers) > 2 else None  # noqa: PLR2004
    if match.kinds == "d.d.d" and not match.line.is_tight(match.last - 2):
        # "13.5. 20 Uhr": the third number is an hour.
        year = None
    elif is_counted(match) or not (_is_sure(match, numbers, when) and _is_one_date(match)):
        return None
    return _one(dated(year, numbers[1], numbers[0], when.reference))


def _is_sure(match: Match, numbers: list[int], when: When) -> bool:
    """Whether "4.5" is a day and no decimal: by its last dot, its year, its zeros, its lead."""
    kinds = match.kinds
    if kinds not in {"d.d", "d/d", "d-d"} or when.plain:
        return kinds != "d-d"
    lead = match.line.kinds[match.first - 1] if match.first else ""
    if kinds == "d/d":
        return (lead in tuple("gban") or match.before == "wv") and numbers[1] <= _MONTHS
    padded = all(len(word) == len("05") for word in match.line.words[match.first : match.last : 2])
    return lead in tuple("gbanvWVOuez") or (padded and numbers[1] <= _MONTHS)


def _is_one_date(match: Match) -> bool:
    line = match.line
    last = match.last - (line.kinds[match.last - 1] == ".") - 1
    if line.is_tight(match.last - 1) and match.after[:1].isdigit() and match.kinds[-1] != ".":
        return False
    return all(
        line.is_tight(index) or line.kinds[index] == "." for index in range(match.first, last)
    )


def _named(match: Match, when: When) -> Period | None:
    numbers = [int(one) for one in match.all("day", "nth")]
    month = match.number("month")
    if "y" in match.kinds:
        return _one(dated(match.number("year"), month, numbers[0], when.reference))
    if len(numbers) > 1 and not _is_year_after_month(match, numbers[1], when):
        numbers.pop()
    year = full_year(numbers[1]) if len(numbers) > 1 else None
    return _one(dated(year, month, numbers[0], when.reference))


def _is_year_after_month(match: Match, number: int, when: When) -> bool:
    """Whether "3. Mai 27" names a year, and no hour or count of things."""
    if match.after in _MEASURED or match.after == ":":
        return False
    year = when.reference.year % 100
    return when.plain or year <= number <= year + _YEARS_AHEAD


def _month_first(match: Match, when: When) -> Period | None:
    kinds = match.line.kinds
    follows = kinds[match.last] if match.last < len(kinds) else ""
    is_plain = "1" in match.kinds or "y" in match.kinds or follows not in tuple("wU.:")
    lead = kinds[match.first - 1] if match.first else ""
    number = match.number("day")
    if (
        is_german_year(match, when)
        # "29 January at 14:00": the day stands before, the hour after.
        or "at" in match.line.words[match.first : match.last]
        or number > _LAST_DAY
        or match.after in _MEASURED
        or (lead == "i" and "1" not in match.kinds)
    ):
        return None
    english = match.line.words[match.first] in _ENGLISH_MONTHS
    if not (
        is_plain or english or lead in tuple("gbvn") or match.first == 0 or follows in tuple(".")
    ):
        return None
    year = match.number("year") or None
    return _one(dated(year, match.number("month"), number, when.reference))


def is_english_day(match: Match) -> bool:
    """Whether "until March 28" names a day: English months have theirs behind them."""
    month = match.line.words[match.first + match.kinds.index("M")]
    return month in _ENGLISH_MONTHS and match.kinds.endswith("Md")


def is_german_year(match: Match, when: When) -> bool:
    """Whether "Oktober 27" names a year: days stand before the month, but in English."""
    year = when.reference.year % 100
    word = match.line.words[match.first]
    is_day = word in _ENGLISH_MONTHS or "1" in match.kinds or "y" in match.kinds
    is_day = is_day or match.after in {".", ",", "-"} or match.after.isdigit()
    return not is_day and year <= match.number("day") <= year + _YEARS_AHEAD


def _day_range(match: Match, when: When) -> Period | None:
    first, last, *rest = (int(one) for one in match.all("day", "nth"))
    if is_counted(match):
        return None
    month = match.number("month") or (rest.pop(0) if rest else 0)
    year = match.number("year") or (full_year(rest[0]) if rest else None)
    end = dated(year, month, last, when.reference)
    if end is None or not 1 <= first <= end.day:
        return None
    return Period(end.replace(day=first), end, Grain.DAY)


def _ordinal_day(match: Match, when: When) -> Period | None:
    kinds = match.line.kinds
    number = match.number("day", "nth")
    follows = kinds[match.last] if match.last < len(kinds) else ""
    if match.after in _NOT_DAYS | _MEASURED or is_counted(match) or follows in tuple("dxyoMmQHKUF"):
        return None
    return _one(_next_numbered(number, when.reference))


def _ordinal_word(match: Match, when: When) -> Period | None:
    """Am Vierzehnten; "am zweiten Standort" and "zum ersten Mal" count other things."""
    kinds = match.line.kinds
    follows = kinds[match.last] if match.last < len(kinds) else ""
    number = match.number("nth")
    if number <= _SMALL_COUNT or (follows.isalpha() and number <= _MONTHS):
        return None
    return _one(_next_numbered(number, when.reference))


def _next_numbered(number: int, reference: date) -> date | None:
    first = reference.replace(day=1)
    for ahead in range(3):
        month = add_months(first, ahead)
        found = safe_date(month.year, month.month, number)
        if found is not None and found >= reference:
            return found
    return None


def _ordinal_range(match: Match, when: When) -> Period | None:
    first, last = (int(one) for one in match.all("day"))
    start = _next_numbered(first, when.reference)
    end = start and safe_date(start.year, start.month, last)
    return Period(start, end, Grain.DAY) if start and end and start <= end else None


def _one(on: date | None) -> Period | None:
    return None if on is None else day(on)


_JOIN = "comma? (dash|slash|until|on|and|or) art* of?"
_YEAR = "(comma? year)?"

RULES = (
    Rule("date", "y-d", "year dash day dash day", _iso),
    Rule("date", ".", "(day|nth) dot (day|nth) (dot (year|day)?)?", _numeric),
    Rule("date", "o", "day dot? nth (dot? year)?|nth day dot", _numeric),
    Rule("date", "/d", "day slash day (slash (year|day))?", _numeric),
    Rule("date", "-d", "day dash day dash (year|day)", _numeric),
    Rule("date", "M", "(day|nth) (suffix|count)? dot? art* month dot? (comma? year|day)?", _named),
    Rule("date", "Md", f"month dot? art? day suffix? {_YEAR}", _month_first),
    Rule("day range", "M", f"(day|nth) suffix? dot? {_JOIN} (day|nth) suffix? dot? month dot?"
         f" {_YEAR}", _day_range),
    Rule("day range", "Md", f"month dot? day {_JOIN} day", _day_range),
    Rule("day range", ".d", f"(?<!day dot) day dot {_JOIN} day dot day (dot (year|day)?)?",
         _day_range),
    Rule("ordinal day", "d", "(?<=art|until|from|after|before) day (dot|suffix|count)",
         _ordinal_day),
    Rule("ordinal day", "d", "(weekday|wd) dot? comma? art* day (dot|suffix)", _ordinal_day),
    Rule("ordinal day", "o", "(?<=art|until|from|after) nth", _ordinal_word),
    Rule("ordinal range", "d.", f"(?<!day dot) day dot {_JOIN} day dot (?!day)", _ordinal_range),
)  # fmt: skip
