"""The list of today: what is due, ranked by what a minute of it is worth."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.models import Event, MailAccount, Opportunity, Plan, User
from nachhaken.desk.pages import OpportunityPage, TodayPage
from nachhaken.desk.pages_mailbox import Doubt
from nachhaken.desk.queries.alarms import alarms
from nachhaken.desk.queries.entries import title_of
from nachhaken.desk.queries.handing_over import answers_to, asked_of
from nachhaken.desk.queries.inbox import came_in, day_of_list, fault_rows
from nachhaken.desk.queries.mailboxes import FAULT, GAP, doubts
from nachhaken.desk.queries.opportunity import opportunity
from nachhaken.desk.queries.replies import reply_rows
from nachhaken.desk.records import entry_of
from nachhaken.desk.rows import DoneRow, FaultRow, StepRow, is_chase
from nachhaken.desk.speech import decode_phrase, local_date, speak
from nachhaken.terms import Channel, StepKind, Truth

MOST_ROWS = 60
MOST_REPLIES = 5
MOST_FAULTS = 3
MOST_DONE = 30
MOST_READ = 500
FRIDAY = 4

_ACTS = {"touched", "closed", "snoozed", "offer_sent", "effort_spent", "opened", "reopened"}


def today(
    user: User, *, now: datetime, minutes: int = 30, selected: int | None = None
) -> TodayPage:
    """Return today's page for the time the person has; nothing but `selected` is judged anew."""
    allow(user)
    on = local_date(now)
    list_day = day_of_list(now)
    due = Plan.objects.filter(due__lte=list_day)
    plans = _plans(due)
    owners = [(plan.opportunity.owner_id, StepKind(plan.kind)) for plan in plans]
    dark = doubts(user, owners, now=now)
    rows = tuple(step_row(plan, on, in_doubt=_is_dark(plan, user, dark)) for plan in plans)
    came = came_in().filter(occurred_at__gte=_news_since(on), occurred_at__lte=now)
    newest = list(came[:MOST_REPLIES])
    fitting = _fitting(rows, minutes)
    has_data = bool(rows) or Opportunity.objects.exists()
    return TodayPage(
        today=on,
        list_day=list_day,
        minutes=minutes,
        replies=reply_rows(newest),
        replies_total=_total(newest, came, MOST_REPLIES),
        faults=_unsaid(dark),
        alarms=alarms(user, now=now),
        rows=rows,
        total=_total(rows, due, MOST_ROWS),
        fits=len(fitting),
        fits_gain_cents=sum(row.gain_cents for row in fitting),
        done=_done(on),
        selected=_selected(user, rows, selected, now),
        next_due=Plan.objects.filter(due__gt=list_day).aggregate(at=Min("due"))["at"],
        has_data=has_data,
        has_mailbox=not has_data and _has_mailbox(user),
        # One's own mailbox first: there one can do something about it.
        asked=asked_of(user),
        answered=answers_to(user, now=now),
        doubts=tuple(sorted(dark.values(), key=lambda one: not one.is_own)),
    )


def _has_mailbox(user: User) -> bool:
    return MailAccount.objects.filter(user=user).exclude(imap_host="").exists()


def _unsaid(dark: Mapping[int, Doubt]) -> tuple[FaultRow, ...]:
    """Return the faults without those of a mailbox of which the word above the list tells."""
    rows = fault_rows(MOST_FAULTS + len(dark))
    accounts = MailAccount.objects.filter(user__in=dark)
    told = set(accounts.values_list("pk", flat=True)) if dark else set()
    kept = (row for row in rows if row.kind not in {FAULT, GAP} or row.id not in told)
    return tuple(kept)[:MOST_FAULTS]


def _total(shown: Sequence[object], of: QuerySet[Any], most: int) -> int:
    """Count only what is cut: fewer than fit are all that there are."""
    return len(shown) if len(shown) < most else of.count()


def _plans(due: QuerySet[Plan]) -> list[Plan]:
    # The ranking runs over the index alone; only the rows that are shown are fetched.
    best = list(due.order_by("-rate", "pk").values_list("pk", flat=True)[:MOST_ROWS])
    plans = Plan.objects.select_related("opportunity__prospect", "opportunity__person")
    found = plans.in_bulk(best)
    return [found[pk] for pk in best if pk in found]


def _is_dark(plan: Plan, user: User, dark: Mapping[int, Doubt]) -> bool:
    return is_chase(StepKind(plan.kind)) and (plan.opportunity.owner_id or user.pk) in dark


def step_row(plan: Plan, on: date, *, in_doubt: bool = False) -> StepRow:
    """Return what is due as a row; prospect and person of its matter are loaded."""
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
        words=speak(decode_phrase(plan.words)) if plan.words else "",
        head=plan.head,
        in_doubt=in_doubt,
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
    # By day alone: told of the kinds as well, SQLite would walk through all that ever happened.
    rows = (
        Event.objects.filter(~Q(act=""), recorded_at__gte=_midnight(on))
        .standing()
        .select_related("prospect")
        .order_by("-recorded_at", "-pk")[:MOST_READ]
    )
    # The first fact of an act stands for it: the call, not the hours noted beside it.
    acts = {e.act: e for e in rows if e.kind in _ACTS and e.opportunity_id}
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
    if selected is None:
        return None
    try:
        return opportunity(user, selected, now=now, beside_list=True)
    except NotFoundError:
        return None


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=timezone.get_default_timezone())
