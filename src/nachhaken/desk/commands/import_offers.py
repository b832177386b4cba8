"""A table of offers into opportunities: offers, work in advance, how they ended."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.utils import timezone

from nachhaken.desk.commands.arriving import Arrival, Told, compare, stem_of
from nachhaken.desk.commands.bulk import Named, blocks
from nachhaken.desk.commands.matters import Matters, by_source_key, matters_of
from nachhaken.desk.commands.pending import Pending
from nachhaken.desk.folding import fold
from nachhaken.desk.models import Opportunity, Person, Prospect
from nachhaken.sources.job_row import JobDone
from nachhaken.sources.offer_row import OfferRow
from nachhaken.sources.offer_words import OfferStatus
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import Closed, EffortSpent, JobFinished, OfferSent

# A table knows days only. Work comes before the offer, replies of the day in between, and the
# decision after them.
WORKED, SENT, DECIDED, DONE = time(7), time(8), time(18), time(19)

_OUTCOMES = {
    OfferStatus.WON: OutcomeKind.WON,
    OfferStatus.LOST: OutcomeKind.LOST,
    OfferStatus.WITHDRAWN: OutcomeKind.STOPPED,
}
_Versions = list[OfferRow]


def import_offers(arrival: Arrival, rows: Sequence[OfferRow], pending: Pending) -> None:
    """Take in the rows of a table; the versions of one number are one opportunity."""
    done = 0
    for block in blocks(_by_opportunity(rows).values()):
        _take(arrival, block, pending)
        done += sum(map(len, block))
        arrival.progress("write", done, len(rows))


def moment(on: date, clock: time) -> datetime:
    """Return a day of a table with the hour at which such a thing is taken to have happened."""
    return datetime.combine(on, clock, tzinfo=timezone.get_default_timezone())


def _by_opportunity(rows: Sequence[OfferRow]) -> dict[str, _Versions]:
    found: dict[str, _Versions] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.sent_on, r.version, r.row)):
        found[_key(row)].append(row)
    return found


def _key(row: OfferRow) -> str:
    """The number names the matter; without one the customer and what it is about."""
    return row.number or f"{fold(row.customer)}|{fold(row.title)}"


def _take(arrival: Arrival, block: list[_Versions], pending: Pending) -> None:
    parties = pending.parties
    keys = [stem_of("offer", _key(versions[0])) for versions in block]
    known = by_source_key(keys)
    unknown = [versions for key, versions in zip(keys, block, strict=True) if key not in known]
    parties.learn([Named.by(versions[-1]) for versions in unknown])
    places = [parties.prospect(Named.by(versions[-1])) for versions in unknown]
    matters = matters_of(places, own=("offer:",))
    fresh: list[Opportunity] = []
    for place, versions in zip(places, unknown, strict=True):
        last = versions[-1]
        person = parties.person(place, Named.by(last))
        held = matters.numbered(place, last.number)
        row = held or _begun(arrival, versions, place, person)
        known[stem_of("offer", _key(last))] = row
        fresh += [] if held else [row]
    parties.end_block()
    told = [
        one
        for key, versions in zip(keys, block, strict=True)
        for one in _told(known[key], versions, matters)
    ]
    touched, due = compare(arrival, told)
    pending.keep(fresh, due)
    for version in (version for versions in block for version in versions):
        _count(arrival, version, touched)


def _begun(
    arrival: Arrival, versions: _Versions, prospect: Prospect, person: Person | None
) -> Opportunity:
    first, last = versions[0], versions[-1]
    return Opportunity(
        source_key=stem_of("offer", _key(first)),
        prospect=prospect,
        person=person,
        owner=arrival.actor,
        title=(last.title or last.number or last.customer)[:200],
        created_at=moment(first.sent_on, SENT),
        run=arrival.run,
    )


def _told(opportunity: Opportunity, versions: _Versions, matters: Matters) -> Iterator[Told]:
    for row in versions:
        # What somebody sent from the desk is told better there.
        if not matters.has_offer(opportunity, row.number, row.version):
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
                at=moment(row.sent_on, SENT),
            )
        yield Told(
            stem=stem_of("effort", row.key),
            opportunity=opportunity,
            fact=EffortSpent(minutes=row.effort_minutes) if row.effort_minutes else None,
            at=moment(row.sent_on, WORKED),
        )
    last = versions[-1]
    yield _end(opportunity, last)
    yield Told(
        stem=stem_of("job", _key(last)),
        opportunity=opportunity,
        fact=finished(last.job, last.currency),
        at=moment(last.decided_on or last.sent_on, DONE),
    )


def finished(job: JobDone | None, currency: str) -> JobFinished | None:
    """Return what a table says of a won job; it has no day of its own there."""
    if job is None:
        return None
    return JobFinished(
        planned_minutes=job.planned_minutes,
        worked_minutes=job.worked_minutes,
        margin_cents=job.margin_cents,
        currency=currency,
        again=job.again,
    )


def _end(opportunity: Opportunity, last: OfferRow) -> Told:
    """How the newest version ended; an older one was only replaced."""
    outcome = _OUTCOMES.get(last.status)
    return Told(
        stem=stem_of("closed", _key(last)),
        opportunity=opportunity,
        fact=Closed(outcome=outcome, no_reason=last.reason) if outcome else None,
        at=moment(last.decided_on or last.sent_on, DECIDED),
    )


def _count(arrival: Arrival, row: OfferRow, touched: dict[str, bool]) -> None:
    offer = touched.get(stem_of("offer", row.key))
    rest = {stem_of("effort", row.key), stem_of("closed", _key(row)), stem_of("job", _key(row))}
    if offer:
        arrival.new += 1
    elif offer is False or touched.keys() & rest:
        arrival.changed += 1
    else:
        arrival.same += 1
