"""What a person decides: later, otherwise, over, alive again, read wrongly, taken back."""

from datetime import date, datetime

from django.db import transaction

from nachhaken.desk import teaching
from nachhaken.desk.commands.ledger import (
    Act,
    Change,
    Decided,
    InvalidError,
    NotFoundError,
    act_of,
    events_of,
    glance,
    locked,
    locked_prospect,
    record,
    record_advice,
    write,
)
from nachhaken.desk.commands.offers import settle_drafts
from nachhaken.desk.commands.set_aside import reconsider_set_aside
from nachhaken.desk.models import Event, UnmatchedMail, User
from nachhaken.desk.planning import OVERRULED, replan, replan_prospects
from nachhaken.desk.records import encode, kind_of
from nachhaken.desk.speech import local_date
from nachhaken.terms import NoReason, OurReason, OutcomeKind, StepKind
from nachhaken.timeline import Closed, Reopened, Restated, Snoozed, Statement, Undone


def snooze(
    *, actor: User, now: datetime, key: str, opportunity_id: int, until: date, reason: str = ""
) -> Change:
    """Move the next step to a later day."""
    if until <= local_date(now):
        raise InvalidError("until")
    fact = Snoozed(until=until, reason=reason.strip())
    decided = Decided(decision="snoozed", chosen=StepKind.WAIT)
    return record(act_of(actor, now, key), opportunity_id, [fact], decided=decided)


def decide(
    *, actor: User, now: datetime, key: str, opportunity_id: int, chosen: StepKind
) -> Change:
    """Take another step than the proposed one; it stands until something happens."""
    if chosen is StepKind.STOP:
        return close(
            actor=actor,
            now=now,
            key=key,
            opportunity_id=opportunity_id,
            outcome=OutcomeKind.STOPPED,
        )
    act = act_of(actor, now, key)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        record_advice(act, opportunity, Decided(decision=OVERRULED, chosen=chosen))
        before = glance(opportunity_id)
        replan([opportunity_id], now=now)
        after = glance(opportunity_id)
    return Change(
        opportunity_id=opportunity_id,
        prospect_id=opportunity.prospect_id,
        event_ids=(),
        before=before,
        after=after,
    )


def close(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    outcome: OutcomeKind,
    no_reason: NoReason | None = None,
    note: str = "",
    our_reason: OurReason | None = None,
    comeback: str = "",
    referred_to: str = "",
) -> Change:
    """End the opportunity.

    `no_reason` is the customer's, `our_reason` ours; `comeback` is what he would need to begin
    anew, `referred_to` whom we recommended.
    """
    if outcome is OutcomeKind.WON and (no_reason or our_reason or comeback or referred_to):
        raise InvalidError("an order needs no reason for a no")
    if outcome is OutcomeKind.LOST and our_reason:
        raise InvalidError("the reason for the customer's no is the customer's")
    fact = Closed(
        outcome=outcome,
        no_reason=no_reason,
        note=note.strip(),
        our_reason=our_reason,
        comeback=comeback.strip(),
        referred_to=referred_to.strip(),
    )
    decided = Decided(decision="closed", chosen=StepKind.STOP)
    return record(act_of(actor, now, key), opportunity_id, [fact], decided=decided)


def reopen(
    *, actor: User, now: datetime, key: str, opportunity_id: int, reason: str = ""
) -> Change:
    """Let a closed opportunity live again."""
    return record(act_of(actor, now, key), opportunity_id, [Reopened(reason=reason.strip())])


def restate_reply(
    *, actor: User, now: datetime, key: str, entry_id: int, statement: Statement
) -> Change:
    """Correct the reading of a reply."""
    event = Event.objects.filter(pk=entry_id, kind="replied").first()
    if event is None or event.opportunity_id is None:
        raise NotFoundError(f"reply {entry_id}")
    fact = Restated(entry_id=entry_id, statement=statement)
    change = record(act_of(actor, now, key), event.opportunity_id, [fact])
    transaction.on_commit(teaching.said_something.set)
    return change


def undo(*, actor: User, now: datetime, key: str, entry_id: int) -> Change:
    """Take back an act: all that was written with `entry_id` in one go. Undo an undo to redo."""
    act = act_of(actor, now, key)
    event = Event.objects.filter(pk=entry_id).first()
    if event is None:
        raise NotFoundError(f"entry {entry_id}")
    with transaction.atomic():
        prospect = locked_prospect(event.prospect_id)
        before = glance(event.opportunity_id) if event.opportunity_id else None
        done = events_of(act)
        events = done or _take_back(event, act)
        if not done:
            _return_to_inbox(event.act)
            reconsider_set_aside(prospect.pk, actor=actor, now=now)
            if event.opportunity_id:
                settle_drafts(event.opportunity_id)
            replan_prospects([prospect.pk], now=now)
            transaction.on_commit(teaching.said_something.set)
        after = glance(event.opportunity_id) if event.opportunity_id else None
    return Change(
        opportunity_id=event.opportunity_id,
        prospect_id=prospect.pk,
        event_ids=tuple(row.pk for row in events),
        before=before,
        after=after,
        repeated=bool(done),
    )


def _take_back(event: Event, act: Act) -> list[Event]:
    """Append an `Undone` for each event of the same act that still counts."""
    same = [event]
    if event.act:
        same = list(Event.objects.filter(act=event.act).order_by("pk"))
    undone = _undone_by(event.prospect_id)
    return write(
        act,
        [
            Event(
                kind=kind_of(Undone(entry_id=row.pk)),
                prospect_id=row.prospect_id,
                opportunity_id=row.opportunity_id,
                occurred_at=act.now,
                payload=encode(Undone(entry_id=row.pk)),
            )
            for row in same
            if not _is_undone(row.pk, undone)
        ],
    )


def _return_to_inbox(act: str) -> None:
    """A mail that was assigned by the act waits for a person again."""
    if act:
        UnmatchedMail.objects.filter(settled_act=act).update(
            settled_at=None, settled_by=None, settled_act="", opportunity=None
        )


def _undone_by(prospect_id: int) -> dict[int, list[int]]:
    """Return the undoing events by the event that they undo."""
    found: dict[int, list[int]] = {}
    rows = Event.objects.filter(prospect_id=prospect_id, kind="undone", about__isnull=False)
    for pk, about in rows.values_list("pk", "about"):
        found.setdefault(about or 0, []).append(pk)
    return found


def _is_undone(entry_id: int, undone: dict[int, list[int]]) -> bool:
    return any(not _is_undone(by, undone) for by in undone.get(entry_id, ()))
