"""Mails of ours that came back: each is noted where it went out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from nachhaken.desk.commands.arriving import Arrival, stem_of
from nachhaken.desk.commands.parties import person_of
from nachhaken.desk.models import Event, Opportunity, Outgoing, Person
from nachhaken.desk.records import encode, kind_of
from nachhaken.sources.bounce import Bounce
from nachhaken.sources.mail import MailMessage
from nachhaken.terms import Channel
from nachhaken.timeline import Bounced

_SENT = ("touched", "offer_sent")
_SOON = timedelta(days=7)  # servers give up after five days


@dataclass(frozen=True, slots=True)
class _Ours:
    """What came back: where it belongs, its event where one is noted, and whom it was for."""

    opportunity: Opportunity
    event_id: int | None
    person: Person | None
    address: str


def mail_key(message_id: str) -> str:
    """Return the source key of a message."""
    return stem_of("mail", message_id.lower())


def import_bounces(arrival: Arrival, mails: Sequence[MailMessage]) -> None:
    """Note what came back of our mails; what is not ours is counted and forgotten.

    So is a delay, which is no failure: the server still tries.
    """
    events = []
    for mail in mails:
        bounce = mail.bounce
        ours = _ours(bounce, mail) if bounce and not bounce.is_delayed else None
        if bounce is None or ours is None:
            arrival.skipped += 1
            continue
        events.append(_event(arrival, mail, bounce, ours))
    Event.objects.bulk_create(events)
    arrival.new += len(events)
    arrival.prospects |= {event.prospect_id for event in events}


def _event(arrival: Arrival, mail: MailMessage, bounce: Bounce, ours: _Ours) -> Event:
    fact = Bounced(
        address=bounce.recipient or ours.address,
        is_permanent=bounce.is_permanent,
        entry_id=ours.event_id,
        status=bounce.status,
        reason=bounce.reason,
        person_id=ours.person.pk if ours.person else None,
    )
    return Event(
        kind=kind_of(fact),
        prospect_id=ours.opportunity.prospect_id,
        opportunity=ours.opportunity,
        person=ours.person,
        occurred_at=min(mail.sent_at, arrival.now),
        recorded_at=arrival.now,
        actor=arrival.actor,
        run=arrival.run,
        source_key=mail_key(mail.message_id),
        payload=encode(fact),
        about=ours.event_id,
    )


def _ours(bounce: Bounce, mail: MailMessage) -> _Ours | None:
    if not bounce.message_id:
        return _lately_sent(bounce, mail)
    return _noted(bounce) or _outgoing(bounce)


def _noted(bounce: Bounce) -> _Ours | None:
    """Find the event of the mail that came back, by the id of the message."""
    rows = Event.objects.filter(source_key=mail_key(bounce.message_id), kind__in=_SENT)
    event = rows.select_related("opportunity", "person").first()
    return _sent(event, bounce) if event else None


def _outgoing(bounce: Bounce) -> _Ours | None:
    """Find a mail that left the desk, even one of which nobody knew whether it did."""
    rows = Outgoing.objects.filter(message_id__iexact=bounce.message_id)
    row = rows.select_related("opportunity", "person").first()
    if row is None:
        return None
    return _Ours(row.opportunity, row.event_id, row.person, row.recipient)


def _lately_sent(bounce: Bounce, mail: MailMessage) -> _Ours | None:
    """Find what was last written to an address, where the bounce names no message."""
    person = person_of(bounce.recipient)
    if person is None:
        return None
    rows = Event.objects.filter(
        kind__in=_SENT,
        prospect_id=person.prospect_id,
        occurred_at__gte=mail.sent_at - _SOON,
        occurred_at__lte=mail.sent_at,
    ).exclude(opportunity=None)
    written = rows.standing().select_related("opportunity", "person").order_by("-occurred_at")
    found = (e for e in written if _is_mail(e) and e.person_id in {person.pk, None})
    event = next(found, None)
    return _sent(event, bounce) if event else None


def _is_mail(event: Event) -> bool:
    return event.payload.get("channel") in {Channel.MAIL, None}


def _sent(event: Event, bounce: Bounce) -> _Ours | None:
    if event.opportunity is None:
        return None
    copied = person_of(bounce.recipient)
    if copied and event.person_id and copied.pk != event.person_id:
        # Only the copy to a colleague came back; whom it was for has it.
        return _Ours(event.opportunity, None, copied, copied.mail)
    person = event.person or copied
    return _Ours(event.opportunity, event.pk, person, person.mail if person else "")
