"""Whose mails concern us, by address and domain, and who of them became known only lately."""

import hashlib
from dataclasses import dataclass, field

from django.conf import settings

from nachhaken.desk.models import Person
from nachhaken.desk.ours import our_addresses
from nachhaken.sources.freemail import house_domain
from nachhaken.sources.match import is_own

FEW = 20
"""So many new ones the server is asked for; for more, all headers are read once more."""

_BYTES = 8
_NOBODY = b"\0" * _BYTES  # stands before the digests: who knows nobody has searched, too


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """By what mails of known people are told: addresses, and the domains of houses.

    `ours` are our own addresses. Every word is known by its digest, too.
    """

    ours: frozenset[str]
    words: frozenset[str]
    digests: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = sorted(_digest(word) for word in self.words)
        object.__setattr__(self, "digests", b"".join((_NOBODY, *found)))

    def knows(self, address: str) -> bool:
        """Say whether an address is that of somebody known, or of somebody at a known house."""
        return address in self.words or house_domain(address) in self.words

    def newer_than(self, looked_for: bytes) -> list[str]:
        """Return the words that a folder's mails were not searched for yet; "" where for nobody."""
        cut = range(0, len(looked_for), _BYTES)
        before = {looked_for[start : start + _BYTES] for start in cut}
        words = (word for word in self.words if _digest(word) not in before)
        return [*words] if looked_for else ["", *words]


def acquaintances() -> Acquaintances:
    """Return whom the desk knows now."""
    ours = our_addresses()
    mails = Person.objects.exclude(mail="").values_list("mail", flat=True)
    # The domain where it is that of a house: others of it concern us, too.
    words = frozenset(house_domain(mail) or mail for mail in mails if not is_own(mail, ours))
    return Acquaintances(ours, words)


def _digest(word: str) -> bytes:
    # The secret is long and random, so a plain hash of it is a key; the name keeps uses apart.
    key = hashlib.sha256(f"nachhaken.looked-for:{settings.SECRET_KEY}".encode()).digest()
    return hashlib.blake2b(word.encode(), digest_size=_BYTES, key=key).digest()
