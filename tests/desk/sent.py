"""Outcomes of calls as they are sent: what the tests of calls say in one word."""

from datetime import datetime, timedelta
from typing import Any

from nachhaken.desk import commands, queries
from nachhaken.desk.commands import Call, Change, PutAside
from nachhaken.desk.models import Event, Opportunity, SetAside, User
from nachhaken.desk.rows import EntryRow
from nachhaken.terms import OutcomeKind, StepKind
from tests.cast import NOW

DAY = timedelta(days=1)
Json = dict[str, Any]


def head(row: Opportunity) -> int:
    return row.events.latest("pk").pk


def made(**more: Any) -> Call:
    return Call(**({"step": StepKind.CALL, "result": "later_vague"} | more))


def send(
    actor: User, row: Opportunity, key: str = "k1", *, now: datetime = NOW, **more: Any
) -> Change | PutAside:
    return commands.record_call(
        actor=actor, now=now, key=key, opportunity_id=row.pk, call=made(**more)
    )


def stored(
    actor: User, row: Opportunity, key: str = "k1", *, now: datetime = NOW, **more: Any
) -> list[Event]:
    change = send(actor, row, key, now=now, **more)
    assert isinstance(change, Change)
    return list(Event.objects.filter(pk__in=change.event_ids).order_by("pk"))


def aside(
    actor: User, row: Opportunity, key: str = "k1", *, now: datetime = NOW, **more: Any
) -> SetAside:
    put = send(actor, row, key, now=now, **more)
    assert isinstance(put, PutAside)
    return SetAside.objects.get(pk=put.set_aside_id)


def payload(events: list[Event], kind: str) -> Json:
    found: Json = next(event.payload for event in events if event.kind == kind)
    return found


def entries(owner: User, row: Opportunity) -> list[EntryRow]:
    return list(queries.opportunity(owner, row.pk, now=NOW).entries)


def ended(owner: User, row: Opportunity) -> Change:
    return commands.close(
        actor=owner, now=NOW, key="end", opportunity_id=row.pk, outcome=OutcomeKind.LOST
    )
