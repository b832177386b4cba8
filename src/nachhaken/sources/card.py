"""Cards of contact: the lines that tell who the writer is and where to reach them."""

import re

from nachhaken.sources.closing import is_full_name, is_name
from nachhaken.sources.history import LONGEST_LINE


def is_contact(line: str) -> bool:
    """Whether `line` holds a number, an address or what a register knows of a company."""
    return bool(_CONTACT.search(line[:LONGEST_LINE]))


def is_named(line: str) -> bool:
    """Whether `line` may head a card: a name, and nothing of where to reach its bearer."""
    return is_name(line) and not is_contact(line)


def is_reached(line: str) -> bool:
    """Whether `line` holds a number or an address on the net."""
    return bool(_REACHED_AT.search(line[:LONGEST_LINE]))


def is_card(paragraph: list[str], *, above: str) -> bool:
    """Whether a paragraph tells where to reach the writer.

    `above` is the line with words before it: what that introduces, or what introduces itself
    ("Lieferadresse: ..."), is said and no card.
    """
    is_told = above.endswith(":") or bool(paragraph and _INTRODUCED.match(paragraph[0]))
    if len(paragraph) < _FEWEST_LINES or is_told or max(map(len, paragraph)) > LONGEST_LINE:
        return False
    contacts = sum(map(is_contact, paragraph))
    if is_named(paragraph[0]):
        contacts += any(map(_ROLE.search, paragraph[1:])) or is_full_name(paragraph[0])
    is_short = all(len(line) <= _LONGEST and line.rstrip()[-1] not in ".?!" for line in paragraph)
    return contacts > 0 and (is_short or 2 * contacts >= len(paragraph))


_FEWEST_LINES = 2
_LONGEST = 60
_REACHED = (
    r"@\w|\bwww\.|https?://|\b(?:tel|telefon|phone|fon|mobil|mobile|handy|cell|fax|telefax)\b"
    r"\W*[\d+(:.]|\+\d{1,3}[\d\s()/.-]{6,}|^\W*0\d{2,4}[\s/-]\d|^\W*[TMF]\W+[+\d]"
)
_REACHED_AT = re.compile(_REACHED, re.IGNORECASE)
_CONTACT = re.compile(
    _REACHED
    + r"|\w\s+[|·•]\s+\w|\b(?:gmbh|kg|ohg|gbr|e\.\s?k|ag|ug|sàrl|ltd)\b|\b\d{4,5} [A-ZÄÖÜ]\w+|"
    r"(?:straße|strasse|str\.|weg|platz|gasse)\s\d+|\b(?:amtsgericht|handelsregister|hrb|ust-?id|"
    r"steuernummer|geschäftsführer\w*|iban|bic)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:geschäftsf\w+|inhaber\w*|\w*leiter\w*|\w*leitung|assisten\w+|einkauf\w*|vertrieb|"
    r"prokurist\w*|sekretariat|abteilung\w*|director|\w*manager\w*|head of|c[etf]o|architekt\w*|"
    r"rechtsanw\w+|steuerberat\w+|hotel|pension|gasthof|gasthaus|\w+schreinerei|tischlerei)\b",
    re.IGNORECASE,
)
# "Lieferadresse: ...", "Ansprechpartner vor Ort: ..." is what the mail wants to say.
_INTRODUCED = re.compile(
    r"\W*(?:liefer|rechnungs|bau|ansprech|kontakt|neue|unsere|adress|bitte|anbei|hier|zuständig)"
    r"[\w ]*:?",
    re.IGNORECASE,
)
