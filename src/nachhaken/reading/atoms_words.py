"""Which kind of time word a word is: each kind one character, so that rules are short patterns."""

import re
import tomllib
from functools import cache
from pathlib import Path

from nachhaken.reading.memory import Memory
from nachhaken.reading.numerals import cardinals, ordinals

Value = int | str

KINDS = {
    "day": "d", "year": "y", "number": "x", "count": "c", "nth": "o", "month": "M",
    "weekday": "W", "wd": "V", "unit": "U", "quarter": "Q", "half": "H", "span": "D",
    "halfof": "h", "season": "S", "part": "P", "rel": "R", "past": "L", "word": "T", "edge": "G",
    "heuer": "Y", "weekend": "N", "new": "E", "kw": "K", "feast": "F", "break": "B",
    "holidays": "f", "in": "i", "within": "I", "after": "n", "until": "b", "before": "v",
    "from": "a", "first": "e", "between": "z", "of": "O", "since": "s", "art": "g", "on": "u",
    "and": "&", "or": "|", "about": "~", "few": "p", "big": "k", "not": "0", "more": "+",
    "then": ">", "suffix": "1", "hour": "j", "monthpart": "X", "other": "w", "short": "r",
    "dot": ".", "comma": ",", "dash": "-", "slash": "/", "line": "\n",
}  # fmt: skip
"""The names that rules use for the kinds, with their characters."""

_SECTIONS = {
    "about": "about", "then": "then", "hour": "hour", "suffix": "suffix", "few": "few",
    "big": "big", "not": "not", "more": "more", "new": "new", "past": "past", "parts": "part",
    "edges": "edge", "this_year": "heuer", "weekends": "weekend", "calendar_weeks": "kw",
    "breaks": "break", "holiday_words": "holidays", "feasts": "feast", "seasons": "season",
    "half_words": "halfof", "spans": "span", "halves": "half", "quarters": "quarter",
    "short_weekdays": "wd", "days": "word", "relatives": "rel", "units": "unit",
    "weekdays": "weekday", "months": "month",
}  # fmt: skip
_PLAIN_MARKS = ".,-/:()!?;'\"\n"
_SHORT = 2
_EDGES = {"spaet": "late", "frueh": "early", "hoch": "mid"}
_LONGEST_DAY = 2
_YEAR_DIGITS = 4


def value(word: str) -> Value:
    """What a time word or a number stands for; "" for other words."""
    if word.isdecimal() and word.isascii():
        return int(word[:9])
    found = _words().get(word) or _compound(word)
    return found[1] if found else ""


def _kind(word: str) -> str:
    if word.isdecimal() and word.isascii():
        return _number_kind(word)
    found = _words().get(word) or _compound(word)
    if found:
        return found[0]
    if word in _PLAIN_MARKS:
        return word
    return "r" if len(word) <= _SHORT else "w"


def _number_kind(digits: str) -> str:
    if len(digits) <= _LONGEST_DAY:
        return "d"
    return "y" if len(digits) == _YEAR_DIGITS and digits[:2] in {"19", "20"} else "x"


@cache
def _words() -> dict[str, tuple[str, Value]]:
    path = Path(__file__).with_name("tables") / "time_words.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    words: dict[str, tuple[str, Value]] = {}
    for section, kind in _SECTIONS.items():
        for meaning, listed in table[section].items():
            words |= {word: (KINDS[kind], _typed(meaning)) for word in _spelled(listed)}
    words |= {word: ("c", number) for word, number in cardinals().items() if word not in words}
    words |= {word: ("o", number) for word, number in ordinals().items()}
    for name, listed in table["prepositions"].items():
        kind = KINDS["of" if name == "of_from" else "art" if name == "article" else name]
        words |= dict.fromkeys(_spelled(listed), (kind, name))
    return words


def _typed(meaning: str) -> Value:
    return int(meaning) if re.fullmatch(r"-?\d+", meaning) else meaning


def _spelled(listed: str) -> list[str]:
    """The words of a table cell, "tag(|e|en)" written out."""
    spelled = []
    for entry in listed.split():
        stem, _, endings = entry.partition("(")
        spelled += [stem + ending for ending in endings.rstrip(")").split("|")]
    return spelled


def _compound(word: str) -> tuple[str, Value] | None:
    """Words made of two: freitagnachmittag, spaetsommer, maiwoche, aprilhaelfte."""
    if match := _day_time().fullmatch(word):
        return _words()[match[1]]
    if match := _season_part().fullmatch(word):
        return "S", f"{_words()[match[2]][1]}-{_EDGES[match[1]]}"
    if match := _month_part().fullmatch(word):
        return "X", f"{_words()[match[1]][1]}-{match[2]}"
    return None


@cache
def _day_time() -> re.Pattern[str]:
    return re.compile(
        rf"({_any_of('weekday')})s?(?:vor|nach)?"
        r"(?:mittag|mittach|abend|frueh|morgen|nacht|nomittag|obend|vormittach|nachmittach)"
    )


@cache
def _season_part() -> re.Pattern[str]:
    return re.compile(rf"(spaet|frueh|hoch)({_any_of('season')})")


@cache
def _month_part() -> re.Pattern[str]:
    return re.compile(rf"({_any_of('month')})(woche|haelfte|mitte|anfang|ende|wochenende)")


def _any_of(kind: str) -> str:
    words = (word for word, (char, _) in _words().items() if char == KINDS[kind] and len(word) > 2)  # noqa: PLR2004
    return "|".join(sorted(words, key=len, reverse=True))


KIND_OF = Memory(_kind)
"""The kind's character of each word, number and mark of a folded text."""
