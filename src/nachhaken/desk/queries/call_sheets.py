"""Which call sheets somebody takes along today."""

from datetime import date, datetime
from typing import NamedTuple

from nachhaken.desk.access import allow
from nachhaken.desk.models import Plan, User
from nachhaken.desk.queries.inbox import day_of_list
from nachhaken.desk.speech import decode_phrase, speak

MOST_SHEETS = 40


class SheetRow(NamedTuple):
    """A call sheet to take along; `head` is the newest event that its plan knows."""

    opportunity_id: int
    head: int
    prospect: str
    step: str
    due: date


def call_sheets(user: User, *, now: datetime) -> tuple[SheetRow, ...]:
    """Return the sheets of what is due, in today's order, from the plans' rows alone."""
    allow(user)
    due = Plan.objects.filter(due__lte=day_of_list(now)).order_by("-rate", "pk")
    best = due.values_list("pk", flat=True)[:MOST_SHEETS]
    rows = (
        Plan.objects.filter(pk__in=list(best))
        .order_by("-rate", "pk")
        .values_list("pk", "head", "opportunity__prospect__name", "title", "due")
    )
    return tuple(
        SheetRow(pk, head, name, speak(decode_phrase(title)), on)
        for pk, head, name, title, on in rows
        if on
    )
