"""A new opportunity, with the offer that is out already."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from nachhaken.desk.commands.ledger import (
    Act,
    Change,
    InvalidError,
    act_of,
    append,
    glance,
    locked_prospect,
)
from nachhaken.desk.commands.parties import person_at, prospect_named
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.desk.planning import replan_prospects
from nachhaken.terms import Origin
from nachhaken.timeline import Fact, OfferSent, Opened

OFFICE_OPENS = time(8)


def create_opportunity(
    *,
    actor: User,
    now: datetime,
    key: str,
    prospect: str,
    title: str,
    person: str = "",
    mail: str = "",
    phone: str = "",
    amount_cents: int | None = None,
    sent_on: date | None = None,
    number: str = "",
    valid_until: date | None = None,
    place: str = "",
    is_consumer: bool = False,
    known_id: int | None = None,
    origin: Origin | None = None,
) -> Change:
    """Begin an opportunity; with `sent_on` or an amount an offer went out, on that day or today.

    `known_id` is the prospect that is meant, however `prospect` is spelt; `origin` is how it began.
    """
    act = act_of(actor, now, key)
    if not prospect.strip() or not title.strip():
        raise InvalidError("prospect and title are needed")
    with transaction.atomic():
        customer = (
            locked_prospect(known_id)
            if known_id
            else prospect_named(
                prospect, actor=actor, place=place, now=now, mail=mail, is_consumer=is_consumer
            )
        )
        contact = person_at(customer, actor=actor, now=now, name=person, mail=mail, phone=phone)
        row, is_new = Opportunity.objects.get_or_create(
            source_key=act.source,
            defaults={
                "prospect": customer,
                "person": contact,
                "owner": actor,
                "title": title.strip()[:200],
                "created_at": now,
            },
        )
        if is_new:
            offer = OfferSent(
                number=number.strip(),
                net_cents=amount_cents,
                valid_until=valid_until,
                title=row.title,
            )
            is_offered = bool(amount_cents is not None or sent_on or number)
            _open(act, row, offer if is_offered else None, sent_on, origin=origin)
            replan_prospects([customer.pk], now=now)
    events = Event.objects.filter(act=act.source).order_by("pk").values_list("pk", flat=True)
    return Change(
        opportunity_id=row.pk,
        prospect_id=row.prospect_id,
        event_ids=tuple(events),
        before=None,
        after=glance(row.pk),
        repeated=not is_new,
    )


def moment_of(on: date | None, now: datetime) -> datetime:
    """Return `now`, or the opening of an earlier day `on` in the user's zone."""
    if on is None or on >= timezone.localtime(now).date():
        return now
    return datetime.combine(on, OFFICE_OPENS, tzinfo=timezone.get_default_timezone())


def _open(
    act: Act,
    row: Opportunity,
    offer: OfferSent | None,
    sent_on: date | None,
    *,
    origin: Origin | None,
) -> None:
    facts: list[Fact] = [Opened(title=row.title, origin=origin)]
    if offer:
        facts.append(offer)
    append(act, facts, opportunity=row, at=moment_of(sent_on, act.now))
