"""Which mail addresses are ours: as set, those of the users, and those of their mailboxes."""

from collections.abc import Iterable

from nachhaken.desk.models import MailAccount, Person, User
from nachhaken.desk.preferences import own_addresses
from nachhaken.sources.match import is_own


def our_addresses() -> frozenset[str]:
    """Return our addresses and domains ("@firma.de"), in lower case."""
    named = [
        *User.objects.values_list("email", flat=True),
        *MailAccount.objects.values_list("address", flat=True),
    ]
    return own_addresses() | {mail.casefold() for mail in named if mail}


def is_by_us(sender: str, others: Iterable[str], *, ours: frozenset[str], is_sent: bool) -> bool:
    """Say whether we wrote a mail: under an address of ours, or any that is in our sent mail.

    What a customer wrote, or somebody to us, is theirs, wherever it was filed.
    """
    if is_own(sender, ours) or not is_sent:
        return is_own(sender, ours)
    is_to_us = any(is_own(one, ours) for one in others)
    return not is_to_us and not Person.objects.filter(mail=sender).exists()
