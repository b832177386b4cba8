"""The list of today: what is due, ranked by what a minute of it is worth."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.models import Event, Opportunity, Plan, User
from nachhaken.desk.pages import DoneRow, OpportunityPage, StepRow, TodayPage
from nachhaken.desk.preferences import preferences
from nachhaken.desk.queries.entries import title_of
from nachhaken.desk.queries.inbox import came_in, fault_rows
from nachhaken.desk.queries.opportunity import opportunity
from nachhaken.desk.queries.replies import reply_rows
from nachhaken.desk.records import entry_of
from nachhaken.desk.speech import decode_phrase, local_date, speak
from nachhaken.plan.advice import calendar_of
from nachhaken.plan.limits import contact_day
from nachhaken.terms import Channel, StepKind, Truth

MOST_ROWS = 60
MOST_REPLIES = 5
MOST_FAULTS = 3
MOST_DONE = 30
FRIDAY = 4

_ACTS = ["touched", "closed", "snoozed", "offer_sent", "effort_spent", "opened", "reopened"]


def today(
    user: User, *, now: datetime, minutes: int = 30, selected: int | None = None
) -> TodayPage:
    """Return today's page for the time the person has; nothing but `selected` is judged anew."""
    allow(user)
    on = local_date(now)
    list_day = _list_day(now)
    due = Plan.objects.filter(due__lte=list_day)
    plans = due.select_related("opportunity__prospect", "opportunity__person")
    rows = tuple(_row(plan, on) for plan in plans.order_by("-rate", "pk")[:MOST_ROWS])
    replies = came_in().filter(occurred_at__gte=_news_since(on), occurred_at__lte=now)
    fitting = _fitting(rows, minutes)
    return TodayPage(
        today=on,
        list_day=list_day,
        minutes=minutes,
        replies=reply_rows(replies[:MOST_REPLIES]),
        replies_total=replies.count(),
        faults=fault_rows(MOST_FAULTS),
        rows=rows,
        total=due.count(),
        fits=len(fitting),
        fits_gain_cents=sum(row.gain_cents for row in fitting),
        done=_done(on),
        selected=_selected(user, rows, selected, now),
        next_due=Plan.objects.filter(due__gt=list_day).aggregate(at=Min("due"))["at"],
        has_data=bool(rows) or Opportunity.objects.exists(),
    )


def _list_day(now: datetime) -> date:
    """Return the day that the list is for: at night and on days off the next working day."""
    known = preferences()
    return calendar_of(known.region).next_workday(contact_day(now, known))


def _row(plan: Plan, on: date) -> StepRow:
    opportunity = plan.opportunity
    person = opportunity.person
    assert plan.due is not None  # noqa: S101 - only what is due is asked for
    return StepRow(
        opportunity_id=opportunity.pk,
        prospect=opportunity.prospect.name,
        title=opportunity.title,
        person=person.name if person else "",
        phone=person.phone if person else "",
        mail=person.mail if person else "",
        step=speak(decode_phrase(plan.title)),
        kind=StepKind(plan.kind),
        why=speak(decode_phrase(plan.why)),
        channel=Channel(plan.channel) if plan.channel else None,
        minutes=plan.minutes,
        amount_cents=plan.amount_cents,
        currency=plan.currency,
        gain_cents=plan.gain_cents,
        best_hours=(plan.hour_from, plan.hour_to),
        due=plan.due,
        is_overdue=plan.due < on,
        truth=Truth(plan.truth),
    )


def _fitting(rows: Iterable[StepRow], minutes: int) -> list[StepRow]:
    """Return the first rows that fit into the time together."""
    fitting: list[StepRow] = []
    for row in rows:
        minutes -= row.minutes
        if minutes < 0:
            break
        fitting.append(row)
    return fitting


def _news_since(on: date) -> datetime:
    """Return the start of the working day before: on Monday what came since Friday is new."""
    before = on - timedelta(days=1)
    while before.weekday() > FRIDAY:
        before -= timedelta(days=1)
    return _midnight(before)


def _done(on: date) -> tuple[DoneRow, ...]:
    """Return what people finished today, newest first, one row for an act."""
    rows = (
        Event.objects.filter(recorded_at__gte=_midnight(on), actor__isnull=False)
        .filter(kind__in=_ACTS, opportunity__isnull=False, act__startswith="act:")
        .standing()
        .select_related("prospect")
        .order_by("-pk")[: MOST_DONE * 2]
    )
    # The first fact of an act stands for it: the call, not the hours noted beside it.
    acts = {event.act: event for event in rows}
    found = sorted(acts.values(), key=lambda event: event.pk, reverse=True)
    return tuple(
        DoneRow(
            entry_id=event.pk,
            opportunity_id=event.opportunity_id or 0,
            at=timezone.localtime(event.recorded_at),
            prospect=event.prospect.name,
            what=title_of(entry_of(event)),
        )
        for event in found[:MOST_DONE]
    )


def _selected(
    user: User, rows: tuple[StepRow, ...], selected: int | None, now: datetime
) -> OpportunityPage | None:
    if selected is None and rows:
        selected = rows[0].opportunity_id
    if selected is None or not Opportunity.objects.filter(pk=selected).exists():
        return None
    return opportunity(user, selected, now=now)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=timezone.get_default_timezone())
