"""Whom one recommends: an address list of one's own."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import InvalidError, NotFoundError, act_of
from nachhaken.desk.models import Partner, User

_LENGTHS = {
    "name": 200, "person": 200, "trade": 200, "place": 120, "mail": 254, "phone": 50, "note": 500,
}  # fmt: skip


def add_partner(*, actor: User, now: datetime, key: str, about: Mapping[str, str]) -> Partner:
    """Put somebody on the list; one `key` of a user is one entry.

    `about` holds name, person, trade, place, mail, phone, note; InvalidError without a name.
    """
    act = act_of(actor, now, key)
    row, _is_new = Partner.objects.get_or_create(
        source_key=act.source, defaults={**_cleaned(about), "at": now, "actor": actor}
    )
    return row


def change_partner(
    *, actor: User, now: datetime, partner_id: int, about: Mapping[str, str]
) -> Partner:
    """Correct an entry; what was recommended before keeps the name that it was said with."""
    allow(actor)
    row = _partner(partner_id)
    for name, value in _cleaned(about).items():
        setattr(row, name, value)
    row.at, row.actor = now, actor
    row.save()
    return row


def retire_partner(*, actor: User, now: datetime, partner_id: int) -> None:
    """Take an entry off the list; what was recommended stays. Twice is once."""
    allow(actor)
    _partner(partner_id)
    Partner.objects.filter(pk=partner_id, retired_at=None).update(retired_at=now, retired_by=actor)


def restore_partner(*, actor: User, partner_id: int) -> None:
    """Put an entry on the list again."""
    allow(actor)
    _partner(partner_id)
    Partner.objects.filter(pk=partner_id).update(retired_at=None, retired_by=None)


def _partner(partner_id: int) -> Partner:
    row = Partner.objects.filter(pk=partner_id).first()
    if row is None:
        raise NotFoundError(f"partner {partner_id}")
    return row


def _cleaned(about: Mapping[str, str]) -> dict[str, str]:
    if unknown := about.keys() - _LENGTHS.keys():
        raise TypeError(f"no such field: {sorted(unknown)}")
    found = {name: " ".join(value.split()) for name, value in about.items()}
    if any(len(value) > _LENGTHS[name] for name, value in found.items()):
        raise InvalidError(_("Das ist zu lang."))
    if not found.get("name"):
        raise InvalidError(_("Ein Eintrag braucht einen Namen."))
    return found
