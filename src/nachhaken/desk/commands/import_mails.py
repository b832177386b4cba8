"""Mails into touches and replies; what looks like business from a stranger waits for a person."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction

from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_bounces import import_bounces, mail_key
from nachhaken.desk.directory import directory_of
from nachhaken.desk.models import Event, MailAccount, Opportunity, Outgoing, UnmatchedMail, User
from nachhaken.desk.preferences import own_addresses, preferences
from nachhaken.desk.records import encode, kind_of
from nachhaken.desk.speech import language
from nachhaken.sources.faults import Fault, say
from nachhaken.sources.mail import MailMessage
from nachhaken.sources.match import Direction, Match, match
from nachhaken.sources.phones import phones_in
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact, Replied, Touched

__all__ = ["import_mails", "mail_key"]

BATCH = 100  # short transactions, so that others can write in between
OWN_SHARE = 0.4  # of the mails of a box carry its owner's address

_LEAVING = (
    Outgoing.State.QUEUED,
    Outgoing.State.CLAIMED,
    Outgoing.State.TRANSMITTING,
    Outgoing.State.SENT,
)

_BUSINESS = re.compile(
    r"^\s*(re|aw|antw|wg|fwd?)\s*:|angebot|offert|anfrage|auftrag|kostenvoranschlag"
    r"|\b(quote|offer|quotation|inquiry|enquiry|order)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Box:
    """What is known while mails are taken in; `theirs` are the messages that customers wrote."""

    own: frozenset[str]
    threads: dict[str, int] = field(default_factory=dict)
    theirs: set[str] = field(default_factory=set)

    def remember(self, mail: MailMessage, place: Match) -> None:
        """Know the message for the answers to it."""
        self.threads[mail.message_id.lower()] = place.opportunity_id or 0
        if place.direction is Direction.IN:
            self.theirs.add(mail.message_id.lower())


def import_mails(arrival: Arrival, found: Sequence[MailMessage | Fault]) -> frozenset[str]:
    """Take in mails in the order of their dates; return the addresses that were taken for ours."""
    arrival.faults += [say(fault, language()) for fault in found if isinstance(fault, Fault)]
    mails = sorted(
        (mail for mail in found if isinstance(mail, MailMessage)),
        key=lambda mail: (mail.sent_at, mail.message_id),
    )
    box = _Box(own=_own(mails))
    for batch in _batches(mails):
        with transaction.atomic():
            _take_in(arrival, batch, box)
    return box.own


def _take_in(arrival: Arrival, mails: Sequence[MailMessage], box: _Box) -> None:
    known = _known(mails, box)
    directory = directory_of(_addresses(mails), own=box.own, threads=box.threads, mails=mails)
    placed: list[tuple[MailMessage, Match]] = []
    bounces: list[MailMessage] = []
    for mail in mails:
        key = mail_key(mail.message_id)
        if key in known:
            arrival.same += 1
            continue
        known.add(key)
        if mail.bounce is not None:
            bounces.append(mail)
            continue
        place = match(mail, directory)
        if place.opportunity_id is None:
            _leave(arrival, mail, place, box)
            continue
        placed.append((mail, place))
        box.remember(mail, place)
    _put(arrival, placed, box)
    import_bounces(arrival, bounces)  # after what they are about


def _put(arrival: Arrival, placed: Sequence[tuple[MailMessage, Match]], box: _Box) -> None:
    rows = Opportunity.objects.in_bulk([place.opportunity_id for _, place in placed])
    events = [
        Event(
            kind=kind_of(fact := _fact(mail, place, box)),
            prospect_id=rows[place.opportunity_id or 0].prospect_id,
            opportunity_id=place.opportunity_id,
            person_id=place.person_id,
            # A mail program's clock may run ahead; what has come in has happened.
            occurred_at=min(mail.sent_at, arrival.now),
            recorded_at=arrival.now,
            actor=arrival.actor,
            run=arrival.run,
            source_key=mail_key(mail.message_id),
            payload=encode(fact),
            came_in=isinstance(fact, Replied),
        )
        for mail, place in placed
    ]
    Event.objects.bulk_create(events)
    arrival.new += len(events)
    arrival.prospects |= {event.prospect_id for event in events}


def _fact(mail: MailMessage, place: Match, box: _Box) -> Fact:
    if place.direction is Direction.IN:
        return Replied(
            channel=Channel.MAIL,
            text=mail.new_text,
            subject=mail.subject,
            person_id=place.person_id,
            automatic=mail.automatic,
            message_id=mail.message_id,
        )
    return Touched(
        channel=Channel.MAIL,
        step=StepKind.ANSWER if mail.in_reply_to.lower() in box.theirs else StepKind.MAIL,
        text=mail.new_text,
        subject=mail.subject,
        person_id=place.person_id,
        message_id=mail.message_id,
    )


def _leave(arrival: Arrival, mail: MailMessage, place: Match, box: _Box) -> None:
    """Keep what a person should see; private and bulk mail is counted and forgotten."""
    is_to_us = any(address.mail in box.own for address in mail.recipients)
    is_ours = mail.sender.mail in box.own
    is_business = place.is_doubtful or _BUSINESS.search(mail.subject)
    if is_ours or not is_to_us or mail.automatic or not is_business:
        arrival.skipped += 1
        return
    UnmatchedMail.objects.create(
        source_key=mail_key(mail.message_id),
        at=mail.sent_at,
        sender_name=mail.sender.name[:200],
        sender=mail.sender.mail[:254],
        subject=mail.subject[:500],
        text=mail.new_text,
        automatic=mail.automatic,
        message_id=mail.message_id[:250],
        reason=place.reason,
        phones=" ".join(phones_in(mail.full_text, preferences().region))[:200],
        run=arrival.run,
    )
    arrival.unmatched += 1


def _known(mails: Sequence[MailMessage], box: _Box) -> set[str]:
    """Return the keys of these mails that are here, and learn the threads that they belong to."""
    named = {mail.message_id.lower() for mail in mails}
    answered = {i.lower() for mail in mails for i in (mail.in_reply_to, *mail.references) if i}
    by_key = {mail_key(i): i for i in named | answered}
    rows = Event.objects.filter(source_key__in=by_key).exclude(opportunity=None)
    keys = set()
    for key, opportunity_id, kind in rows.values_list("source_key", "opportunity_id", "kind"):
        keys.add(key)
        box.threads[by_key[key]] = opportunity_id or 0
        if kind == "replied":
            box.theirs.add(by_key[key])
    # Where a person put a mail stands above where it was put before.
    sorted_out = UnmatchedMail.objects.filter(source_key__in=by_key)
    for key, opportunity_id in sorted_out.values_list("source_key", "opportunity_id"):
        keys.add(key)
        if opportunity_id:
            box.threads[by_key[key]] = opportunity_id
            box.theirs.add(by_key[key])
    # What is leaving the desk will be noted by the desk, with more than its copy tells.
    ours = Outgoing.objects.filter(message_id__in=by_key.values(), state__in=_LEAVING)
    for message_id, opportunity_id in ours.values_list("message_id", "opportunity_id"):
        keys.add(mail_key(message_id))
        box.threads.setdefault(message_id, opportunity_id)
    return keys


def _addresses(mails: Sequence[MailMessage]) -> set[str]:
    return {address.mail for mail in mails for address in (mail.sender, *mail.recipients)} - {""}


def _own(mails: Sequence[MailMessage]) -> frozenset[str]:
    """Return our addresses: as set, those of the users, or the one that most of the mails carry."""
    named = [
        *User.objects.values_list("email", flat=True),
        *MailAccount.objects.values_list("address", flat=True),
    ]
    set_ones = own_addresses() | {mail.casefold() for mail in named if mail}
    carried = Counter(address for mail in mails for address in _addresses([mail]))
    if not carried or set_ones & carried.keys():
        return set_ones
    address, count = max(carried.items(), key=lambda item: (item[1], item[0]))
    return set_ones | {address} if count >= OWN_SHARE * len(mails) else set_ones


def _batches(mails: Sequence[MailMessage]) -> Iterator[list[MailMessage]]:
    walk = iter(mails)
    while batch := list(islice(walk, BATCH)):
        yield batch
