"""The outbox and the account: what waits, what went, what needs a person."""

from datetime import datetime, time, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from nachhaken.desk import post_words
from nachhaken.desk.access import allow
from nachhaken.desk.commands.post import EDITABLE, FORBIDDEN, OBJECTED
from nachhaken.desk.models import MailAccount, Outgoing, User
from nachhaken.desk.pages_post import AccountPage, LineView, MailRow, PostPage
from nachhaken.desk.queries.mailboxes import health_of
from nachhaken.desk.rows import FaultRow

MOST = 50
_UNSETTLED = (Outgoing.State.UNKNOWN, Outgoing.State.REFUSED)
_UNDER_WAY = (Outgoing.State.QUEUED, Outgoing.State.CLAIMED, Outgoing.State.TRANSMITTING)
_EXCERPT = 160


def post(user: User, *, now: datetime) -> PostPage:
    """Return what waits in the outbox, what went today and what was taken back this week."""
    allow(user)
    zone = timezone.get_default_timezone()
    today = datetime.combine(timezone.localtime(now).date(), time(), tzinfo=zone)
    week = now - timedelta(days=7)
    return PostPage(
        has_account=MailAccount.objects.filter(user=user).exists(),
        unsettled=_rows(unsettled_mails()),
        waiting=_rows(_of(*_UNDER_WAY).order_by("due_at", "pk")),
        sent=_rows(_of(Outgoing.State.SENT).filter(state_at__gte=today)),
        withdrawn=_rows(_of(Outgoing.State.WITHDRAWN).filter(state_at__gte=week)),
    )


def outgoing(user: User, pk: int) -> MailRow | None:
    """Return one mail of the outbox."""
    allow(user)
    return next(iter(_rows(Outgoing.objects.filter(pk=pk))), None)


def mail_account(user: User, *, now: datetime) -> AccountPage | None:
    """Return how the user's account stands; None where there is none."""
    account = MailAccount.objects.filter(user=allow(user)).first()
    if account is None:
        return None
    mine = Outgoing.objects.filter(actor=user, state=Outgoing.State.SENT)
    faults = dict(post_words.line_faults(account))
    ways = ["smtp", "imap"] if account.imap_host else ["smtp"]
    is_known = account.checked_at is not None or bool(faults)
    health = health_of(user, now)
    down = {"imap"} if health and health.fault else set()
    return AccountPage(
        lines=tuple(
            LineView(way=w, fault=faults.get(w, ""), is_down=w in down) for w in ways if is_known
        ),
        checked_at=account.checked_at,
        sent_at=mine.aggregate(at=Max("state_at"))["at"],
        health=health,
    )


def unsettled_rows(most: int) -> list[FaultRow]:
    """Return mails that need a person."""
    return [_mail_fault(row) for row in _rows(unsettled_mails())[:most]]


def account_rows(most: int) -> list[FaultRow]:
    """Return accounts that do not work."""
    return [_account_fault(one) for one in faulty_accounts()[:most]]


def unsettled_mails() -> QuerySet[Outgoing]:
    """Return mails that did not go, or of which nobody knows whether they went."""
    return _of(*_UNSETTLED)


def faulty_accounts() -> QuerySet[MailAccount]:
    """Return accounts that did not work when they were last checked."""
    return MailAccount.objects.exclude(fault="").order_by("pk")


def _of(*states: str) -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(state__in=states).order_by("-state_at", "-pk")


def _rows(rows: QuerySet[Outgoing]) -> tuple[MailRow, ...]:
    found = list(rows.select_related("opportunity__prospect").defer("raw", "beside")[:MOST])
    accounts = MailAccount.objects.in_bulk({row.actor_id for row in found}, field_name="user_id")
    return tuple(_row(row, accounts.get(row.actor_id)) for row in found)


def _row(row: Outgoing, account: MailAccount | None) -> MailRow:
    return MailRow(
        id=row.pk,
        state=row.state,
        at=timezone.localtime(row.state_at),
        opportunity_id=row.opportunity_id,
        prospect=row.opportunity.prospect.name,
        title=row.opportunity.title,
        to=row.recipient,
        subject=row.subject,
        excerpt=" ".join(row.text.split())[:_EXCERPT],
        sentence=post_words.mail_sentence(row, account),
        answer="" if row.state == Outgoing.State.SENT else row.answer,
        due_at=timezone.localtime(row.due_at) if row.due_at else None,
        is_late=bool(row.fault),
        can_be_corrected=row.state in EDITABLE and row.fault not in {OBJECTED, FORBIDDEN},
    )


def _mail_fault(row: MailRow) -> FaultRow:
    return FaultRow(
        kind="post" if row.state == Outgoing.State.UNKNOWN else "post_refused",
        id=row.id,
        at=row.at,
        title=row.prospect,
        detail=row.sentence,
        excerpt=row.answer,
    )


def _account_fault(account: MailAccount) -> FaultRow:
    return FaultRow(
        kind="mailbox",
        id=account.pk,
        at=timezone.localtime(account.checked_at or account.set_at),
        title=account.address,
        detail=" ".join(one.sentence for one in post_words.line_faults(account)),
    )
