"""A table of opportunities, as other programs keep them: begun, offered, worked for, ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nachhaken.desk.commands.arriving import Arrival, Told, compare, stem_of
from nachhaken.desk.commands.bulk import Named, blocks
from nachhaken.desk.commands.import_offers import DECIDED, DONE, SENT, WORKED, finished, moment
from nachhaken.desk.commands.matters import Matters, by_source_key, matters_of
from nachhaken.desk.commands.pending import Pending
from nachhaken.desk.models import Opportunity, Person, Prospect
from nachhaken.desk.speech import local_date
from nachhaken.sources.deal_row import OpportunityRow
from nachhaken.sources.profiles import Stage
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import Closed, EffortSpent, Fact, OfferSent, Opened

_DEAL, _OPENED, _OFFER, _EFFORT, _CLOSED, _JOB = (
    "deal", "deal-opened", "deal-offer", "deal-effort", "deal-closed", "deal-job",
)  # fmt: skip
_OUTCOMES = {
    Stage.WON: OutcomeKind.WON,
    Stage.LOST: OutcomeKind.LOST,
    Stage.WITHDRAWN: OutcomeKind.STOPPED,
}


def import_deals(arrival: Arrival, rows: Sequence[OpportunityRow], pending: Pending) -> None:
    """Take in opportunities; an offer went out only where the table says so."""
    taken: set[int] = set()
    done = 0
    for block in blocks(rows):
        _take(arrival, block, pending, taken)
        done += len(block)
        arrival.progress("write", done, len(rows))


def _take(
    arrival: Arrival,
    block: list[OpportunityRow],
    pending: Pending,
    taken: set[int],
) -> None:
    parties = pending.parties
    known = by_source_key(stem_of(_DEAL, row.key) for row in block)
    unknown = [row for row in block if stem_of(_DEAL, row.key) not in known]
    parties.learn([Named.by(row) for row in unknown])
    places = [
        parties.prospect(Named.by(row), by_mail=row.customer in {row.person, row.mail})
        for row in unknown
    ]
    matters = matters_of([*places, *(row.prospect for row in known.values())], own=(f"{_OFFER}:",))
    fresh: list[Opportunity] = []
    for place, row in zip(places, unknown, strict=True):
        person = parties.person(place, Named.by(row))
        held = _held(row, place, matters, taken)
        taken |= {held.pk} if held else set()
        known[stem_of(_DEAL, row.key)] = held or _begun(arrival, row, place, person)
        fresh += [] if held else [known[stem_of(_DEAL, row.key)]]
    parties.end_block()
    told = [one for row in block for one in _told(row, known[stem_of(_DEAL, row.key)], matters)]
    touched, due = compare(arrival, told)
    pending.keep(fresh, due)
    begun = {one.source_key for one in fresh}
    for row in block:
        _count(arrival, row, touched, begun)


def _held(
    row: OpportunityRow, place: Prospect, matters: Matters, taken: set[int]
) -> Opportunity | None:
    """Return what the desk holds already: the offer of this number, else the one of this title.

    Two of the same title in the table are two; what another row of it brought is that row's.
    """
    if held := matters.numbered(place, row.number):
        return held
    if not row.title:
        return None
    alike = matters.titled(place, row.title)
    ours = (one for one in alike if not one.source_key.startswith(f"{_DEAL}:"))
    return next((one for one in ours if one.pk not in taken), None)


def _begun(
    arrival: Arrival, row: OpportunityRow, prospect: Prospect, person: Person | None
) -> Opportunity:
    return Opportunity(
        source_key=stem_of(_DEAL, row.key),
        prospect=prospect,
        person=person,
        owner=arrival.actor,
        title=(row.title or row.number or row.customer)[:200],
        created_at=moment(_began_on(row) or local_date(arrival.now), WORKED),
        run=arrival.run,
    )


def _began_on(row: OpportunityRow) -> date | None:
    known = [on for on in (row.opened_on, row.sent_on) if on]
    return min(known) if known else row.decided_on


def _told(row: OpportunityRow, opportunity: Opportunity, matters: Matters) -> Iterator[Told]:
    is_ours = opportunity.source_key == stem_of(_DEAL, row.key)
    # Where the table gives no day, the one on which it came in first stays.
    began = _began_on(row) or local_date(opportunity.created_at)
    say = _Saying(row, opportunity).of
    if is_ours:
        yield say(_OPENED, Opened(title=row.title), moment(began, WORKED))
    if not matters.has_offer(opportunity, row.number, 1):
        offer = _offer(row) if row.is_offered else None
        yield say(_OFFER, offer, moment(row.sent_on or began, SENT))
    effort = EffortSpent(minutes=row.effort_minutes) if row.effort_minutes else None
    yield say(_EFFORT, effort, moment(began, WORKED))
    if is_ours or not opportunity.outcome:
        outcome = _OUTCOMES.get(row.stage)
        closed = Closed(outcome=outcome, no_reason=row.reason) if outcome else None
        ended = max(row.decided_on or began, row.sent_on or began)
        yield say(_CLOSED, closed, moment(ended, DECIDED))
        yield say(_JOB, finished(row.job, row.currency), moment(ended, DONE))


@dataclass(frozen=True, slots=True)
class _Saying:
    """What a row says of its opportunity."""

    row: OpportunityRow
    opportunity: Opportunity

    def of(self, source: str, fact: Fact | None, at: datetime) -> Told:
        stem = stem_of(source, self.row.key)
        return Told(stem=stem, opportunity=self.opportunity, fact=fact, at=at)


def _offer(row: OpportunityRow) -> OfferSent:
    return OfferSent(
        number=row.number,
        net_cents=row.net_cents,
        currency=row.currency,
        valid_until=row.valid_until,
        title=row.title,
    )


def _count(
    arrival: Arrival, row: OpportunityRow, touched: dict[str, bool], begun: set[str]
) -> None:
    stems = {stem_of(one, row.key) for one in (_OPENED, _OFFER, _EFFORT, _CLOSED, _JOB)}
    if stem_of(_DEAL, row.key) in begun:
        arrival.new += 1
    elif touched.keys() & stems:
        arrival.changed += 1
    else:
        arrival.same += 1
