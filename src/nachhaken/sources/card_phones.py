"""Telephone numbers as the whole world dials them, and as people read them."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

LONGEST = 50


def e164(written: str, region: str = "DE") -> str:
    """Return the number in E.164; as it was written where that is no number of any country.

    `region` is the country of numbers without a code of their own. What follows as an extension
    stays: "+49 89 5550;ext=12" keeps its words, because E.164 has no place for them.
    """
    text = " ".join(written.split())[:LONGEST]
    parsed = _parsed(text, region[:2].upper())
    if parsed is None or parsed.extension:
        return text
    import phonenumbers  # noqa: PLC0415 - the numbering plans of the world, for who imports

    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """Return a number in E.164 with the blanks that its country puts in; others as they are."""
    parsed = _parsed(number, None) if number.startswith("+") else None
    if parsed is None or parsed.extension:
        return number
    import phonenumbers  # noqa: PLC0415 - see above

    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4_096)
def _parsed(text: str, region: str | None) -> "PhoneNumber | None":
    import phonenumbers  # noqa: PLC0415 - see above

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None
