"""What came in: replies with their readings, and the faults that need a person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import Truncator

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.commands.calls import Call, in_words, put_aside
from nachhaken.desk.models import (
    Event,
    ImportRun,
    Plan,
    SetAside,
    UnmatchedMail,
    User,
)
from nachhaken.desk.models.story import EventRows
from nachhaken.desk.pages import InboxPage
from nachhaken.desk.preferences import preferences
from nachhaken.desk.queries.candidates import candidates_of
from nachhaken.desk.queries.handing_over import answers_to, asked_of
from nachhaken.desk.queries.mailboxes import health_of, mailbox_faults
from nachhaken.desk.queries.paging import Page
from nachhaken.desk.queries.post import account_rows, unsettled_rows
from nachhaken.desk.queries.replies import reply_rows
from nachhaken.desk.queries.waiting import (
    ACCOUNT,
    ASIDE,
    MAIL,
    MAILBOX,
    POST,
    RUN,
    faulty_runs,
    outcomes_aside,
    unmatched_mails,
    waiting,
)
from nachhaken.desk.records import decode
from nachhaken.desk.rows import CandidateRow, FaultRow
from nachhaken.plan.law.manners import calendar_of
from nachhaken.plan.limits import contact_day

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Badges:
    """The numbers in the navigation: faults that need a person, and steps due today."""

    inbox: int
    today: int


def inbox(user: User, *, page: int = 1) -> InboxPage:
    """Return the mails that came in, newest first, and what is not settled."""
    allow(user)
    rows = came_in()
    at = Page.of(rows.count(), page)
    return InboxPage(
        replies=reply_rows(rows[at.start : at.end]),
        faults=fault_rows(),
        mailbox=health_of(user, timezone.now()),
        page=at.number,
        pages=at.pages,
        asked=asked_of(user),
        answered=answers_to(user, now=timezone.now()),
    )


def badges(user: User, *, now: datetime) -> Badges:
    """Return what the navigation counts."""
    allow(user)
    due = Plan.objects.filter(due__lte=day_of_list(now)).count()
    return Badges(inbox=sum(waiting(now=now).values()), today=due)


def day_of_list(now: datetime) -> date:
    """Return the day that today's list is for: at night and on days off the next working day."""
    known = preferences()
    return calendar_of(known.region).next_workday(contact_day(now, known))


def came_in() -> EventRows:
    """Return the customers' mails as rows, newest first; notes of our talks are not among them."""
    rows = Event.objects.filter(came_in=True)
    found: EventRows = (
        rows.standing()
        .select_related("prospect", "opportunity", "person")
        .order_by("-occurred_at", "-pk")
    )
    return found


def fault_rows(most: int = MOST_FAULTS) -> tuple[FaultRow, ...]:
    """Return what needs a person: our mails first, outcomes set aside, unmatched mails, imports."""
    now = timezone.now()
    makers: dict[str, Callable[[], Iterable[FaultRow]]] = {
        POST: lambda: unsettled_rows(most),
        ACCOUNT: lambda: account_rows(most),
        MAILBOX: lambda: mailbox_faults(now=now),
        ASIDE: lambda: _aside_rows(most),
        MAIL: lambda: _mail_rows(most),
        RUN: lambda: (_run_row(run) for run in faulty_runs()[:most]),
    }
    # On most days nothing waits: then no rows are asked for.
    counts = waiting(now=now)
    rows = [row for kind, make in makers.items() if counts.get(kind) for row in make()]
    return tuple(rows[:most])


def _aside_rows(most: int) -> list[FaultRow]:
    rows = outcomes_aside().select_related("opportunity__prospect", "about_event__actor")
    return [_aside_row(row) for row in rows[:most]]


def _mail_rows(most: int) -> list[FaultRow]:
    mails = list(unmatched_mails()[:most])
    candidates = candidates_of(mails)
    return [_mail_row(mail, candidates[mail.pk]) for mail in mails]


def _aside_row(row: SetAside) -> FaultRow:
    opportunity = row.opportunity
    name = f"{opportunity.prospect.name} · {opportunity.title}"
    return FaultRow(
        kind="set_aside",
        id=row.pk,
        at=timezone.localtime(row.at),
        title=name,
        detail=put_aside(row).sentence,
        excerpt=in_words(decode(Call, row.payload)),
        candidates=(CandidateRow(id=opportunity.pk, label=name),),
    )


def _mail_row(mail: UnmatchedMail, candidates: tuple[CandidateRow, ...]) -> FaultRow:
    return FaultRow(
        kind="mail",
        id=mail.pk,
        at=timezone.localtime(mail.at),
        title=mail.sender_name or mail.sender,
        detail=mail.subject,
        excerpt=Truncator(" ".join(mail.text.split())).chars(200, truncate=" …"),
        candidates=candidates,
    )


def _run_row(run: ImportRun) -> FaultRow:
    count = len(run.faults)
    key = "left_out_one" if count == 1 else "left_out"
    return FaultRow(
        kind="import",
        id=run.pk,
        at=timezone.localtime(run.at),
        title=run.name,
        detail=labels.text(key, count=count),
        excerpt="\n".join(run.faults[:20]),
    )
