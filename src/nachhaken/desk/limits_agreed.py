"""The limits within which a job is taken although it does not fit."""

from nachhaken.desk.models import Event
from nachhaken.desk.records import decode
from nachhaken.timeline import TakenAnyway

KIND = "taken_anyway"


def limits_of(opportunity_id: int) -> TakenAnyway | None:
    """Return the newest standing note of an opportunity, None where there is none."""
    rows = Event.objects.filter(opportunity=opportunity_id, kind=KIND).standing()
    row = rows.order_by("occurred_at", "pk").last()
    return decode(TakenAnyway, row.payload) if row else None
