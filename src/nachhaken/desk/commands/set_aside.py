"""Settling an outcome that did not fit: note it all the same, or dismiss it; both can be undone."""

from datetime import datetime

from django.db import transaction

from nachhaken.desk.access import allow
from nachhaken.desk.commands.calls import Call, outcome_of
from nachhaken.desk.commands.ledger import Act, Change, NotFoundError, locked, record
from nachhaken.desk.commands.outcomes import facts_of
from nachhaken.desk.models import Event, Opportunity, SetAside, User
from nachhaken.desk.records import decode


def accept_set_aside(*, actor: User, now: datetime, set_aside_id: int) -> Change:
    """Note the outcome at the time of its call, in the name of who made it; twice is once."""
    allow(actor)
    with transaction.atomic():
        row, opportunity = _held(set_aside_id)
        act = Act(actor=row.actor, now=now, key=_key(row))
        outcome = outcome_of(decode(Call, row.payload), opportunity, actor=row.actor, at=row.at)
        change = record(act, opportunity.pk, facts_of(outcome, opportunity), at=row.at)
        if row.settled_at is None or not row.settled_act:
            _settle(row, actor=actor, now=now, act=act.source)
    return change


def dismiss_set_aside(*, actor: User, now: datetime, set_aside_id: int) -> None:
    """Put the outcome away; the row stays, with who did so and when."""
    allow(actor)
    with transaction.atomic():
        row, _ = _held(set_aside_id)
        if row.settled_at is None:
            _settle(row, actor=actor, now=now, act="")


def return_set_aside(*, actor: User, set_aside_id: int) -> None:
    """Take a dismissal back: the outcome waits for a person again."""
    allow(actor)
    rows = SetAside.objects.filter(pk=set_aside_id, settled_act="")
    if not rows.update(settled_at=None, settled_by=None):
        raise NotFoundError(f"dismissed outcome {set_aside_id}")


def reconsider_set_aside(prospect_id: int, *, actor: User, now: datetime) -> None:
    """After an undo: what was noted and taken back waits again, what was redone is settled."""
    rows = SetAside.objects.filter(opportunity__prospect=prospect_id).exclude(settled_act="")
    for row in rows:
        stands = _stands(row)
        if stands and row.settled_at is None:
            _settle(row, actor=actor, now=now, act=row.settled_act)
        elif not stands and row.settled_at is not None:
            row.settled_at = row.settled_by = None
            row.save(update_fields=["settled_at", "settled_by"])


def _held(set_aside_id: int) -> tuple[SetAside, Opportunity]:
    rows = SetAside.objects.select_related("actor").filter(pk=set_aside_id)
    places = list(rows.values_list("opportunity_id", flat=True))
    if not places:
        raise NotFoundError(f"set-aside outcome {set_aside_id}")
    opportunity = locked(places[0])
    return rows.get(), opportunity


def _key(row: SetAside) -> str:
    """Another key after each undo: what was taken back can be noted again."""
    if row.settled_act and _stands(row):
        return row.settled_act.rpartition(":")[2]
    stem = f"set-aside.{row.pk}."
    acts = Event.objects.filter(opportunity=row.opportunity_id, act__contains=f":{stem}")
    return f"{stem}{acts.values('act').distinct().count()}"


def _stands(row: SetAside) -> bool:
    return Event.objects.filter(act=row.settled_act).standing().exists()


def _settle(row: SetAside, *, actor: User, now: datetime, act: str) -> None:
    row.settled_at, row.settled_by, row.settled_act = now, actor, act
    row.save(update_fields=["settled_at", "settled_by", "settled_act"])
