"""Number words in folded German and English: zwei, zwoa, fourteen, dritter, einunddreissigsten."""

_UNITS = {
    1: "ein eine einem einen einer eines ana an ane oa oan oaner oane aan one a nem nen ne ner eim",
    2: "zwei zwe zwo zwoa zwee zwaa two beiden zwoi zweie zwou zwie zwene zwoar",
    3: "drei drue dree three droi dri drui drii dreie",
    4: "vier four viere vea fiar",
    5: "fuenf five fuenfe foif fimf fuef feif fuemf",
    6: "sechs six saechs soechs sex secks seggs",
    7: "sieben seven siebm siebn siebe sibe",
    8: "acht eight ocht achte_",
    9: "neun nine nein_ nuen neune",
    10: "zehn ten zeh zehne zehen",
    11: "elf eleven oef",
    12: "zwoelf twelve zwoef",
    13: "dreizehn thirteen",
    14: "vierzehn fourteen vierzeh fiazehn vierzen",
    15: "fuenfzehn fifteen",
    16: "sechzehn sixteen",
    17: "siebzehn seventeen",
    18: "achtzehn eighteen",
    19: "neunzehn nineteen",
    20: "zwanzig twenty",
    30: "dreissig thirty",
    40: "vierzig forty",
    60: "sechzig sixty",
    90: "neunzig ninety",
}
_TENS = {20: "zwanzig", 30: "dreissig"}
_ONES = ("", "ein", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun")
_STEMS = {
    1: "erst first", 2: "zweit second", 3: "dritt third", 4: "viert fourth", 5: "fuenft fifth",
    6: "sechst sixth", 7: "siebt siebent seventh", 8: "acht eighth", 9: "neunt ninth",
    10: "zehnt tenth", 11: "elft eleventh", 12: "zwoelft twelfth",
}  # fmt: skip
_ENDINGS = ("e", "en", "er", "es", "em", "a")


def cardinals() -> dict[str, int]:
    """Every counting word up to 39, with its value."""
    words = {
        f"{_ONES[one]}und{name}": ten + one
        for ten, name in _TENS.items()
        for one in range(1, len(_ONES))
    }
    return words | {word: value for value, names in _UNITS.items() for word in names.split()}


def ordinals() -> dict[str, int]:
    """Every ordinal word of a day from 1 to 31, in all endings, with its value."""
    stems = {stem: value for value, names in _STEMS.items() for stem in names.split()}
    for word, value in cardinals().items():
        if 13 <= value <= 19:  # noqa: PLR2004
            stems[f"{word}t"] = value
        elif 20 <= value <= 31:  # noqa: PLR2004
            stems[f"{word}st"] = stems[f"{word}scht"] = value
    german = {stem + ending: value for stem, value in stems.items() for ending in _ENDINGS}
    english = {
        stem: value
        for stem, value in stems.items()
        if stem.endswith(("th", "first", "second", "third"))
    }
    return german | english
