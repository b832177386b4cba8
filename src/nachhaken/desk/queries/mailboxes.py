"""The mailboxes: when each was last read, and what is wrong with one."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from nachhaken.desk.models import MailAccount, MailFolder, User
from nachhaken.desk.pages import MailboxState
from nachhaken.desk.post_words import line_fault
from nachhaken.desk.rows import FaultRow
from nachhaken.sources.imap import NotReached

PATIENCE = timedelta(hours=1)
"""So long a server may be silent before anybody is told: most come back by themselves."""


def mailbox_of(user: User) -> MailboxState | None:
    """Return how it stands with the user's own mailbox; None where there is none."""
    account = MailAccount.objects.filter(user=user).exclude(imap_host="").first()
    if account is None:
        return None
    rows = list(account.folders.all())
    fetched = [row.fetched_at for row in rows if row.fetched_at]
    return MailboxState(
        fetched_at=timezone.localtime(min(fetched)) if fetched else None,
        is_well=not any(row.fault for row in rows),
    )


def mailbox_faults(*, now: datetime) -> tuple[FaultRow, ...]:
    """Return a row for each mailbox that needs a person."""
    rows = faulty_folders(now=now).select_related("account").order_by("account", "pk")
    by_account = {row.account_id: row for row in reversed(rows)}
    return tuple(_row(row) for row in by_account.values())


def faulty_folders(*, now: datetime) -> QuerySet[MailFolder]:
    """Return folders that need a person; a server that is silent may come back by itself."""
    active = MailFolder.objects.filter(account__user__is_active=True)
    # What was found on checking the account is told there.
    faulty = active.exclude(fault="").exclude(account__imap_host="").filter(account__fault="")
    dated = faulty.annotate(last=Coalesce("fetched_at", "account__set_at"))
    return dated.exclude(fault=NotReached.code, last__gt=now - PATIENCE)


def _row(row: MailFolder) -> FaultRow:
    return FaultRow(
        kind="mailbox",
        id=row.account_id,
        at=timezone.localtime(row.fetched_at or row.account.set_at),
        title=row.account.address,
        detail=line_fault(row.account, "imap", row.fault),
    )
