"""An offer that is being written, for the tests: what is typed, and the way out."""

from datetime import timedelta
from typing import Any

from nachhaken.desk import commands
from nachhaken.desk.models import Event, OfferDraft, Opportunity, User
from nachhaken.desk.papers import rows_of
from nachhaken.desk.records import decode
from nachhaken.terms import Channel
from nachhaken.timeline import OfferSent, Position
from tests.cast import NOW

RAILING = Position(text="Geländer", unit_cents=12_000, quantity=10.0, unit="m")
FITTING = Position(text="Montage", unit_cents=240_000)
TYPED = {"positions": rows_of((RAILING, FITTING)), "vat_permille": 190, "title": "Balkone"}
DAY = timedelta(days=1)


def write(owner: User, row: Opportunity, *, seen: Any = "", **typed: Any) -> OfferDraft:
    return commands.write_offer(
        actor=owner, now=NOW, opportunity_id=row.pk, typed=TYPED | typed, seen=seen
    )


def send(owner: User, draft: OfferDraft, key: str = "s", **more: object) -> commands.Change:
    return commands.send_offer(
        actor=owner,
        now=NOW,
        key=key,
        opportunity_id=draft.opportunity_id,
        draft_id=draft.pk,
        channel=Channel.LETTER,
        **more,  # type: ignore[arg-type]
    )


def sent(change: commands.Change) -> OfferSent:
    return decode(OfferSent, Event.objects.get(pk=change.entry_id).payload)
