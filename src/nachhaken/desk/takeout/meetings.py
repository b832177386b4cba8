"""Meetings and next steps as one calendar file."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from nachhaken.desk import labels
from nachhaken.desk.calendars import LEAST, Item, hours_of, pieces, sequence_of, uid_of
from nachhaken.desk.models import Event, Plan
from nachhaken.desk.models.story import EventRows
from nachhaken.desk.preferences import own_zone
from nachhaken.desk.queries.calendar import address_of
from nachhaken.desk.records import RecordError, decode_fact
from nachhaken.desk.rows import is_talk
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.desk.takeout.scope import Scope
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Met

_AT_ONCE = 1_000
_DAY = timedelta(days=1)
_DESK = "export"
_SHOWN = (
    *("due", "kind", "channel", "hour_from", "hour_to", "title", "head", "planned_on"),
    *("opportunity__title", "opportunity__prospect__name"),
)


def meetings(scope: Scope, *, now: datetime) -> Iterator[bytes]:
    """Return past and agreed meetings, and the next steps; nobody who wants no contact has one."""
    zone = own_zone()
    items = _meetings(scope)
    if scope.prospects is None:
        items = _both(items, _steps(zone))
    return pieces(items, name="Nachhaken", zone=zone, years=_years(scope, now))


def _both(first: Iterator[Item], second: Iterator[Item]) -> Iterator[Item]:
    yield from first
    yield from second


def _met(scope: Scope) -> EventRows:
    rows = Event.objects.filter(kind="met").standing()
    return rows if scope.prospects is None else rows.filter(prospect__in=scope.prospects)


def _meetings(scope: Scope) -> Iterator[Item]:
    rows = _met(scope).select_related("prospect", "opportunity").order_by("pk")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        try:
            fact = decode_fact(row.kind, row.payload)
        except RecordError:
            continue
        if isinstance(fact, Met):
            yield _meeting(row, fact)


def _meeting(row: Event, fact: Met) -> Item:
    end = max(fact.ends_at or row.occurred_at, row.occurred_at + LEAST)
    return Item(
        uid=uid_of(f"meeting-{row.pk}", _DESK),
        title=f"{_('Termin')}: {row.prospect.name}",
        why="",
        text=fact.title,
        address=address_of(row.opportunity_id) if row.opportunity_id else "",
        start=row.occurred_at,
        end=end,
        changed_at=row.recorded_at,
        sequence=row.pk,
        is_busy=True,
    )


def _steps(zone: ZoneInfo) -> Iterator[Item]:
    rows = Plan.objects.filter(due__isnull=False, opportunity__prospect__opted_out_at=None)
    plans = rows.select_related("opportunity__prospect").only(*_SHOWN).order_by("pk")
    for plan in plans.iterator(chunk_size=_AT_ONCE):
        yield _step(plan, zone)


def _step(plan: Plan, zone: ZoneInfo) -> Item:
    row, kind = plan.opportunity, StepKind(plan.kind)
    assert plan.due is not None  # noqa: S101 - asked for
    start, end = plan.due, plan.due + _DAY
    if is_talk(kind, Channel(plan.channel) if plan.channel else None):
        start, end = hours_of(plan.due, (plan.hour_from, plan.hour_to), zone)
    return Item(
        uid=uid_of(f"step-{row.pk}", _DESK),
        title=f"{labels.step_name(kind)}: {row.prospect.name}",
        why="",
        text="\n\n".join((speak(decode_phrase(plan.title)), row.title)),
        address=address_of(row.pk),
        start=start,
        end=end,
        changed_at=datetime.combine(plan.planned_on, time(), zone),
        sequence=sequence_of(plan.head, plan.planned_on),
    )


def _years(scope: Scope, now: datetime) -> tuple[int, int]:
    """Return the first and the last year in which something stands."""
    met = _met(scope).aggregate(first=Min("occurred_at"), last=Max("occurred_at"))
    due = Plan.objects.aggregate(first=Min("due"), last=Max("due"))
    years = [one.year for one in (*met.values(), *due.values(), now) if one is not None]
    return min(years), max(years)
