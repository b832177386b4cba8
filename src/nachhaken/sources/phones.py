"""Telephone numbers as the whole world dials them, however they are written."""

import re
from functools import lru_cache

_LIKE = re.compile(r"(?<![\w/])(?:\+|00|\(?0)[\d\s()/.–-]{6,24}\d(?![\w])")
_FEWEST_DIGITS = 7
MOST = 10


@lru_cache(maxsize=100_000)
def dialled(phone: str, region: str = "DE") -> str:
    """Return the number in E.164 ("+49…"), "" where it is none; `region` is where it is dialled."""
    # Late: only who compares numbers needs the numbering plans of the world.
    import phonenumbers  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(phone, region[:2].upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phones_in(text: str, region: str = "DE") -> tuple[str, ...]:
    """Return the numbers that stand in `text`, the first ten."""
    found = (match[0] for match in _LIKE.finditer(text))
    likely = [one for one in found if sum(map(str.isdigit, one)) >= _FEWEST_DIGITS][:MOST]
    return tuple(dict.fromkeys(filter(None, (dialled(one.strip(), region) for one in likely))))
