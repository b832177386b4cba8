"""What a link from the morning's mail shows to whoever holds it: one name, one step, no more."""

from datetime import date, datetime

from nachhaken.desk.commands.ledger import events_of
from nachhaken.desk.commands.putting_off import act_by_link, still_planned
from nachhaken.desk.later import ForgedError, read_link
from nachhaken.desk.models import Event, Opportunity
from nachhaken.desk.pages_calendars import LaterPage
from nachhaken.desk.records import decode_fact
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.timeline import Snoozed


def later_page(token: str, *, now: datetime) -> LaterPage:
    """Return what stands behind a link; raises ForgedError and ExpiredError."""
    link = read_link(token, now=now)
    act = act_by_link(link, now=now)
    rows = Opportunity.objects.select_related("prospect", "plan")
    row = rows.filter(pk=link.opportunity_id, plan__isnull=False).first()
    if row is None:
        raise ForgedError
    done = [event.pk for event in events_of(act)]
    until = _until(done)
    return LaterPage(
        prospect=row.prospect.name,
        step=speak(decode_phrase(row.plan.title)),
        put_off_until=until,
        was_taken_back=bool(done) and until is None,
        is_planned=still_planned(link, row),
        language=act.actor.language or "de",
    )


def _until(events: list[int]) -> date | None:
    """Return until when these events put the step off; None where that was taken back."""
    row = Event.objects.filter(pk__in=events, kind="snoozed").standing().first()
    fact = decode_fact(row.kind, row.payload) if row else None
    return fact.until if isinstance(fact, Snoozed) else None
