"""What a mail that went out leaves in the story: the touch or the offer, and what goes with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from nachhaken.desk.commands.import_mails import mail_key
from nachhaken.desk.commands.ledger import Act, events_of, locked, record_advice, write
from nachhaken.desk.commands.outcomes import decided_for
from nachhaken.desk.models import Event, Opportunity, Outgoing
from nachhaken.desk.papers import mark_sent
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.records import decode_fact, encode, kind_of
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact, NumberChecked, OptedOut, Touched, Undone

_UNDER_WAY = (Outgoing.State.TRANSMITTING, Outgoing.State.UNKNOWN)
_OF_THE_PROSPECT = (OptedOut, NumberChecked)


def note_sent(outgoing_id: int, *, now: datetime, answer: str = "") -> bool:
    """Write that the mail went, with its events, in one transaction; False where it is settled.

    The first event bears the key under which its copy from the Sent folder would be imported.
    """
    with transaction.atomic():
        row = Outgoing.objects.select_related("actor", "draft").get(pk=outgoing_id)
        opportunity = locked(row.opportunity_id)
        row.refresh_from_db(fields=["state", "state_at"])
        if row.state not in _UNDER_WAY:
            return False
        act = Act(actor=row.actor, now=now, key=row.source_key.split(":", 2)[2])
        row.event = _written(act, row, opportunity)
        # Where it was long unknown, it went when its text was on the line.
        row.state, row.due_at, row.fault, row.answer = Outgoing.State.SENT, now, "", answer
        row.save(update_fields=["event", "state", "due_at", "fault", "answer"])
        replan_prospects([row.opportunity.prospect_id], now=now)
    return True


def encoded(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return facts as JSON, to be written when the mail has gone."""
    return [{"kind": kind_of(fact), "payload": encode(fact)} for fact in facts]


def _written(act: Act, row: Outgoing, opportunity: Opportunity) -> Event:
    if done := events_of(act):
        return done[0]
    imported = Event.objects.filter(source_key=mail_key(row.message_id)).first()
    record_advice(act, opportunity, decided_for(opportunity.pk, StepKind(row.step)))
    events = [_event(fact, row, opportunity) for fact in _facts(row, imported)]
    if imported is None:
        events[0].source_key = mail_key(row.message_id)
    written = write(act, events)
    if row.draft is None:
        return imported or written[0]
    mark_sent(row.draft, written[0])
    return written[0]


def _facts(row: Outgoing, imported: Event | None) -> list[Fact]:
    """Return what is written, the offer or the touch first.

    A copy that was imported meanwhile has told the touch; where it brought an offer, that stands
    in its place.
    """
    beside = [decode_fact(**one) for one in row.beside]
    if row.draft is not None:
        return [*beside, Undone(entry_id=imported.pk)] if imported else beside
    if imported is not None:
        return beside
    touch = Touched(
        channel=Channel.MAIL,
        step=StepKind(row.step),
        text=row.text,
        subject=row.subject,
        person_id=row.person_id,
        scripts=tuple(row.scripts),
        message_id=row.message_id,
    )
    return [touch, *beside]


def _event(fact: Fact, row: Outgoing, opportunity: Opportunity) -> Event:
    return Event(
        kind=kind_of(fact),
        prospect=opportunity.prospect,
        opportunity=None if isinstance(fact, _OF_THE_PROSPECT) else opportunity,
        person_id=row.person_id,
        occurred_at=row.state_at,
        payload=encode(fact),
    )
