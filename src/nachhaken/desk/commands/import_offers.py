"""A table of offers into opportunities: offers, work in advance, how they ended."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.utils import timezone

from nachhaken.desk.commands.arriving import Arrival, Told, reconcile, stem_of
from nachhaken.desk.commands.parties import person_at, prospect_named
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Opportunity
from nachhaken.desk.speech import language
from nachhaken.sources.faults import say
from nachhaken.sources.offer_row import OfferRow
from nachhaken.sources.offer_words import OfferStatus
from nachhaken.sources.tables import Table
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import Closed, EffortSpent, OfferSent

# A table knows days only. Work comes before the offer, replies of the day in between, and the
# decision after them.
WORKED, SENT, DECIDED = time(7), time(8), time(18)

_OUTCOMES = {
    OfferStatus.WON: OutcomeKind.WON,
    OfferStatus.LOST: OutcomeKind.LOST,
    OfferStatus.WITHDRAWN: OutcomeKind.STOPPED,
}


def import_offers(arrival: Arrival, table: Table) -> None:
    """Take in the rows of `table`; the versions of one number are one opportunity."""
    arrival.faults += [say(fault, language()) for fault in table.faults if not fault.is_note]
    for rows in _by_opportunity(table.offers).values():
        opportunity = _opportunity(arrival, rows)
        touched = reconcile(arrival, _told(opportunity, rows))
        for row in rows:
            _count(arrival, row, touched)


def _by_opportunity(rows: Sequence[OfferRow]) -> dict[str, list[OfferRow]]:
    found: dict[str, list[OfferRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.sent_on, r.version, r.row)):
        found[_key(row)].append(row)
    return found


def _key(row: OfferRow) -> str:
    """The number names the matter; without one the customer and what it is about."""
    return row.number or f"{fold(row.customer)}|{fold(row.title)}"


def _opportunity(arrival: Arrival, rows: Sequence[OfferRow]) -> Opportunity:
    first, last = rows[0], rows[-1]
    source_key = stem_of("offer", _key(first))
    known = Opportunity.objects.filter(source_key=source_key).select_related("prospect").first()
    if known:
        return known
    prospect = prospect_named(
        last.customer,
        actor=arrival.actor,
        now=arrival.now,
        place=last.place,
        region=last.region,
        is_consumer=last.private,
        run=arrival.run,
    )
    person = person_at(
        prospect,
        actor=arrival.actor,
        now=arrival.now,
        name=last.person,
        mail=last.mail,
        phone=last.phone,
        run=arrival.run,
    )
    row, _ = Opportunity.objects.get_or_create(
        source_key=source_key,
        defaults={
            "prospect": prospect,
            "person": person,
            "owner": arrival.actor,
            "title": (last.title or last.number or last.customer)[:200],
            "created_at": _at(first.sent_on, SENT),
            "run": arrival.run,
        },
    )
    return row


def _told(opportunity: Opportunity, rows: Sequence[OfferRow]) -> Iterator[Told]:
    for row in rows:
        yield Told(
            stem=stem_of("offer", row.key),
            opportunity=opportunity,
            fact=OfferSent(
                number=row.number,
                version=row.version,
                net_cents=row.net_cents,
                currency=row.currency,
                valid_until=row.valid_until,
                title=row.title,
            ),
            at=_at(row.sent_on, SENT),
        )
        yield Told(
            stem=stem_of("effort", row.key),
            opportunity=opportunity,
            fact=EffortSpent(minutes=row.effort_minutes) if row.effort_minutes else None,
            at=_at(row.sent_on, WORKED),
        )
    yield _end(opportunity, rows[-1])


def _end(opportunity: Opportunity, last: OfferRow) -> Told:
    """How the newest version ended; an older one was only replaced."""
    outcome = _OUTCOMES.get(last.status)
    return Told(
        stem=stem_of("closed", _key(last)),
        opportunity=opportunity,
        fact=Closed(outcome=outcome, no_reason=last.reason) if outcome else None,
        at=_at(last.decided_on or last.sent_on, DECIDED),
    )


def _count(arrival: Arrival, row: OfferRow, touched: dict[str, bool]) -> None:
    offer = touched.get(stem_of("offer", row.key))
    rest = {stem_of("effort", row.key), stem_of("closed", _key(row))}
    if offer:
        arrival.new += 1
    elif offer is False or touched.keys() & rest:
        arrival.changed += 1
    else:
        arrival.same += 1


def _at(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, tzinfo=timezone.get_default_timezone())
