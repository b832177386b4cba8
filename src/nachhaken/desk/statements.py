"""What a user said replies mean: the statements that stand, and the replies they are about."""

from collections.abc import Iterable
from datetime import date

from nachhaken.desk.models import Event, User
from nachhaken.desk.records import decode_fact
from nachhaken.terms import Intent, NoReason
from nachhaken.timeline import Restated, Statement

NEWEST = 5_000  # older ones say little about what is written today
CONDITIONAL = frozenset({Intent.STALLED_NAMED})


def stated(
    intent: Intent,
    *,
    window: tuple[date, date] | None = None,
    condition: str = "",
    no_reason: NoReason | None = None,
    conditional: frozenset[Intent] = CONDITIONAL,
) -> Statement:
    """Return what was chosen, without what belongs to another choice."""
    return Statement(
        intent=intent,
        callback=None if intent is Intent.OPT_OUT else window,
        condition=" ".join(condition.split()) or None if intent in conditional else None,
        no_reason=no_reason if intent is Intent.NO else None,
    )


def statements_of(user: User, *, since: int = 0) -> dict[int, Statement]:
    """Return the statements of `user` behind the event `since`, by reply, newest first."""
    rows = Event.objects.filter(kind="restated", actor=user, pk__gt=since).standing()
    said: dict[int, Statement] = {}
    for row in rows.order_by("-pk")[:NEWEST]:
        fact = decode_fact(row.kind, row.payload)
        if isinstance(fact, Restated):
            said.setdefault(fact.entry_id, fact.statement)
    return said


def replies_said(entry_ids: Iterable[int]) -> dict[int, Event]:
    """Return the replies among these entries that still stand."""
    events = Event.objects.filter(kind="replied").standing().select_related("prospect")
    return events.in_bulk(list(entry_ids))
