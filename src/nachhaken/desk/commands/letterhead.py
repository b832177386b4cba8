"""What stands on paper: the own letterhead, and where a prospect gets its letters."""

from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import locked_prospect
from nachhaken.desk.documents import keep_document
from nachhaken.desk.letterhead import KEY, Letterhead
from nachhaken.desk.models import Preference, User

LONGEST_ADDRESS = 500
MOST_LINES = 8


def set_letterhead(
    paper: Letterhead,
    *,
    actor: User,
    now: datetime,
    logo: tuple[bytes, str, str] | None = None,
) -> Letterhead:
    """Keep the own paper as it is from now on; `logo` is a new one: bytes, name, media type."""
    allow(actor)
    if logo:
        raw, name, kind = logo
        row = keep_document(raw, name=name, media_type=kind, actor=actor, now=now)
        paper = replace(paper, logo=row.sha256)
    Preference.objects.update_or_create(
        key=KEY, defaults={"value": asdict(paper), "set_at": now, "set_by": actor}
    )
    return paper


def set_postal_address(*, actor: User, prospect_id: int, address: str) -> None:
    """Set the lines below the name on a letter to this prospect; "" for unknown."""
    allow(actor)
    lines = [" ".join(line.split()) for line in address[:LONGEST_ADDRESS].splitlines()]
    with transaction.atomic():
        row = locked_prospect(prospect_id)
        row.address = "\n".join([line for line in lines if line][:MOST_LINES])
        row.save(update_fields=["address"])
