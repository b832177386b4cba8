"""What the block list knows of somebody: keyed hashes, from which no address can be read back."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from django.conf import settings

from nachhaken.desk.folding import fold
from nachhaken.desk.models import Person, Prospect
from nachhaken.desk.preferences import BLOCK_LIST_KEY, preferences, stored
from nachhaken.desk.sealing import SealBrokenError, unseal

LEAST_DIGITS = 6  # fewer are an extension, which many houses have


class Kind(StrEnum):
    """What was hashed."""

    MAIL = "mail"
    PHONE = "phone"
    NAME = "name"


Digests = dict[str, Kind]


def region_of(prospect: Prospect) -> str:
    """Return where the prospect's telephone numbers are dialled, as far as it is known."""
    return prospect.region or preferences().region


def of_person(person: Person, *, region: str) -> Digests:
    """Return the digests of a person's addresses."""
    return of_addresses(person.mail, person.phone, region=region)


def of_addresses(mail: str, phone: str, *, region: str) -> Digests:
    """Return the digests of a mail address and a number, of each that there is."""
    found = {Kind.MAIL: _mail(mail), Kind.PHONE: _number(phone, region)}
    return {_digest(kind, value): kind for kind, value in found.items() if value}


def of_name(*names: str) -> Digests:
    """Return the digest of a name in a place, or of somebody at a house that has no address."""
    return {_digest(Kind.NAME, "|".join(fold(name) for name in names)): Kind.NAME}


def of_house(prospect: Prospect, people: Iterable[Person], *, region: str) -> Digests:
    """Return the digests of all that leads to a house.

    The name counts where there is nothing else, and for an organisation whose place is known: the
    table that it is read from again need not name the same people.
    """
    found: Digests = {}
    for person in people:
        found |= of_person(person, region=region)
    if not found or (prospect.place and not prospect.is_consumer):
        found |= of_name(prospect.name, prospect.place)
    return found


def block_list_key() -> bytes:
    """Return what the hashes are keyed with: the desk's own, or that of the desk it came from."""
    sealed = stored().get(BLOCK_LIST_KEY)
    if isinstance(sealed, str) and (brought := _unsealed(sealed)):
        return brought
    # The secret is long and random, so a plain hash of it is a key; the name keeps uses apart.
    return hashlib.sha256(f"nachhaken.block-list:{settings.SECRET_KEY}".encode()).digest()


@lru_cache(maxsize=1)
def _unsealed(sealed: str) -> bytes:
    try:
        return bytes.fromhex(unseal(sealed.encode()))
    except (SealBrokenError, ValueError):
        return b""


def _digest(kind: Kind, value: str) -> str:
    key = block_list_key()
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def _mail(mail: str) -> str:
    return unicodedata.normalize("NFC", mail.strip()).casefold()


def _number(phone: str, region: str) -> str:
    """Return the number as the whole world dials it, else its digits."""
    # Late: only who imports or objects needs the numbering plans of the world.
    import phonenumbers

    try:
        parsed = phonenumbers.parse(phone, region[:2] or None)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        digits = "".join(char for char in phone if char.isdigit())
        return digits if len(digits) >= LEAST_DIGITS else ""
    whole = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{whole};{parsed.extension}" if parsed.extension else whole
