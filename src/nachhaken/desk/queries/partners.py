"""Whom one recommends: the list, and who comes first for this customer."""

import re

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.folding import plain
from nachhaken.desk.models import Opportunity, Partner, User

_WORD = re.compile(r"\w{4,}")  # shorter ones say nothing about a trade
_STEM = 5  # "Balkone" and "Balkonsanierung" are one trade


def partners(user: User, *, is_retired: bool = False) -> list[Partner]:
    """Return the list by name, or who was taken off it."""
    allow(user)
    return list(Partner.objects.filter(retired_at__isnull=not is_retired).order_by("name", "pk"))


def partner(user: User, partner_id: int) -> Partner:
    """Return one entry, or raise NotFoundError."""
    allow(user)
    row = Partner.objects.filter(pk=partner_id).first()
    if row is None:
        raise NotFoundError(f"partner {partner_id}")
    return row


def partners_for(user: User, opportunity_id: int) -> list[Partner]:
    """Return the list for this matter: whose trade its title names first, then the same place."""
    allow(user)
    row = Opportunity.objects.select_related("prospect").filter(pk=opportunity_id).first()
    if row is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    asked, place = _stems(row.title), plain(row.prospect.place)

    def rank(one: Partner) -> tuple[int, bool, str]:
        near = bool(place) and plain(one.place) == place
        return -len(asked & _stems(one.trade)), not near, plain(one.name)

    return sorted(partners(user), key=rank)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(plain(text)))
