"""Number words, month and weekday names in folded German and English, and their patterns."""

_UNITS = {
    "ein": 1, "eine": 1, "einem": 1, "einen": 1, "einer": 1, "a": 1, "an": 1, "one": 1,
    "zwei": 2, "two": 2, "beiden": 2, "drei": 3, "three": 3, "vier": 4, "four": 4,
    "fuenf": 5, "five": 5, "sechs": 6, "six": 6, "sieben": 7, "seven": 7, "acht": 8, "eight": 8,
    "neun": 9, "nine": 9, "zehn": 10, "ten": 10, "elf": 11, "eleven": 11, "zwoelf": 12,
    "twelve": 12, "vierzehn": 14, "fourteen": 14, "fuenfzehn": 15, "zwanzig": 20, "twenty": 20,
    "dreissig": 30, "thirty": 30,
}  # fmt: skip
_ORDINALS = [
    "erst",
    "zweit",
    "dritt",
    "viert",
    "fuenft",
    "sechst",
    "siebt",
    "acht",
    "neunt",
    "zehnt",
    "elft",
    "zwoelft",
    "dreizehnt",
    "vierzehnt",
    "fuenfzehnt",
    "sechzehnt",
    "siebzehnt",
    "achtzehnt",
    "neunzehnt",
    "zwanzigst",
    "einundzwanzigst",
    "zweiundzwanzigst",
    "dreiundzwanzigst",
    "vierundzwanzigst",
    "fuenfundzwanzigst",
    "sechsundzwanzigst",
    "siebenundzwanzigst",
    "achtundzwanzigst",
    "neunundzwanzigst",
    "dreissigst",
    "einunddreissigst",
]
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "letzt": 4, "last": 4}
_MONTHS = (
    "januar|jaenner|january|jan", "februar|feber|february|feb", "maerz|march|mrz|maer|mar",
    "april|apr", "mai|may", "juni|june|jun", "juli|july|jul", "august|aug",
    "september|sept|sep", "oktober|october|okt|oct", "november|nov", "dezember|december|dez|dec",
)  # fmt: skip
_WEEKDAYS = (
    "montag|monday|mo", "dienstag|tuesday|di|tue", "mittwoch|wednesday|mi|wed",
    "donnerstag|thursday|do|thu", "freitag|friday|fr|fri", "samstag|sonnabend|saturday|sa",
    "sonntag|sunday|so",
)  # fmt: skip

MONTH_NUMBER = {
    name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")
}
WEEKDAY_NUMBER = {
    name: number for number, names in enumerate(_WEEKDAYS) for name in names.split("|")
}
# Also verbs, first names or other words: they need a preposition, a part or a year beside them.
UNSURE_MONTHS = frozenset({"may", "march", "mar", "jan", "august", "april", "juni", "maer"})
SURE_WEEKDAYS = frozenset(name for name in WEEKDAY_NUMBER if len(name) > len("thu"))

MONTH = "(?:" + "|".join(sorted(MONTH_NUMBER, key=len, reverse=True)) + ")"
WEEKDAY = "(?:" + "|".join(sorted(WEEKDAY_NUMBER, key=len, reverse=True)) + ")"
NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"
ORDINAL = "(?:" + "|".join(sorted(_ORDINALS, key=len, reverse=True)) + ")(?:e[nrs]?)"
QUARTER_WORD = "(?:erst|zweit|dritt|viert|letzt)e[nrs]?|first|second|third|fourth|last"


def number(word: str) -> int:
    """The value of a number in digits or words; 0 where it is none."""
    return int(word) if word.isdecimal() and word.isascii() else _UNITS.get(word, 0)


def ordinal(word: str) -> int:
    """1-31 for an ordinal word in any ending, 1-4 for an English one; 0 where it is none."""
    if word in _QUARTERS:
        return _QUARTERS[word]
    stem = word.rstrip("nrs").removesuffix("e")
    if stem in _ORDINALS:
        return _ORDINALS.index(stem) + 1
    return _QUARTERS.get(stem, 0)
