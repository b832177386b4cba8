"""Settling what came in without a place: assign a mail, dismiss it, dismiss an import's faults."""

from datetime import datetime

from django.db import IntegrityError, transaction

from nachhaken.desk.access import allow
from nachhaken.desk.aliases import kept_person
from nachhaken.desk.blocking import heed
from nachhaken.desk.commands.ledger import (
    Act,
    Change,
    InvalidError,
    NotFoundError,
    act_of,
    events_of,
    glance,
    locked,
    write,
)
from nachhaken.desk.models import Event, ImportRun, Opportunity, Person, UnmatchedMail, User
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.records import encode, kind_of
from nachhaken.terms import Channel
from nachhaken.timeline import Replied


def assign_mail(
    *, actor: User, now: datetime, key: str, mail_id: int, opportunity_id: int
) -> Change:
    """Make the mail a reply to this opportunity; its sender is known from now on."""
    act = act_of(actor, now, key)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        before = glance(opportunity_id)
        done = events_of(act)
        events = done or write(act, [_reply(_unsettled(mail_id), opportunity, act)])
        if not done:
            UnmatchedMail.objects.filter(pk=mail_id).update(
                settled_at=now, settled_by=actor, settled_act=act.source, opportunity=opportunity
            )
            replan_prospects([opportunity.prospect_id], now=now)
        after = glance(opportunity_id)
    return Change(
        opportunity_id=opportunity_id,
        prospect_id=opportunity.prospect_id,
        event_ids=tuple(event.pk for event in events),
        before=before,
        after=after,
        repeated=bool(done),
    )


def dismiss_mail(*, actor: User, now: datetime, mail_id: int) -> None:
    """Put the mail away: it is no business of the desk. Dismissing twice changes nothing."""
    _settle(UnmatchedMail, mail_id, actor=actor, now=now)


def dismiss_import(*, actor: User, now: datetime, run_id: int) -> None:
    """Put the faults of an import away as seen."""
    _settle(ImportRun, run_id, actor=actor, now=now)


def _unsettled(mail_id: int) -> UnmatchedMail:
    row = UnmatchedMail.objects.select_for_update().filter(pk=mail_id).first()
    if row is None:
        raise NotFoundError(f"mail {mail_id}")
    if row.opportunity_id is not None:
        raise InvalidError("assigned already")
    return row


def _reply(mail: UnmatchedMail, opportunity: Opportunity, act: Act) -> Event:
    person = _sender(mail, opportunity, act)
    fact = Replied(
        channel=Channel.MAIL,
        text=mail.text,
        subject=mail.subject,
        person_id=person.pk,
        automatic=mail.automatic,
        message_id=mail.message_id or None,
        note=mail.note or None,
    )
    return Event(
        kind=kind_of(fact),
        prospect=opportunity.prospect,
        opportunity=opportunity,
        person=person,
        occurred_at=mail.at,
        source_key=_free_key(mail),
        payload=encode(fact),
        came_in=True,
    )


def _free_key(mail: UnmatchedMail) -> str:
    """Return the mail's own key; that of the act ("") where it was assigned before and undone."""
    is_taken = Event.objects.filter(source_key=mail.source_key).exists()
    return "" if is_taken else mail.source_key


def _sender(mail: UnmatchedMail, opportunity: Opportunity, act: Act) -> Person:
    address = mail.sender.casefold()
    try:
        with transaction.atomic():
            person, is_new = Person.objects.get_or_create(
                mail=address,
                defaults={"prospect": opportunity.prospect, "name": mail.sender_name},
            )
    except IntegrityError:
        return kept_person(Person.objects.get(mail=address))
    if is_new:
        heed(opportunity.prospect, person, actor=act.actor, now=act.now)
    return kept_person(person)


def _settle(
    model: type[UnmatchedMail] | type[ImportRun], pk: int, *, actor: User, now: datetime
) -> None:
    allow(actor)
    rows = model._default_manager.filter(pk=pk)  # noqa: SLF001 - Django's public name for it
    if not rows.exists():
        raise NotFoundError(f"{model.__name__} {pk}")
    rows.filter(settled_at__isnull=True).update(settled_at=now, settled_by=actor)
