"""The copy of a sent mail in the user's Sent folder: looked for first, then laid there."""

from datetime import datetime, timedelta

from nachhaken.desk.lines import mailbox_of
from nachhaken.desk.models import MailAccount, Outgoing
from nachhaken.sources.imap import Mailbox, MailboxError

PATIENCE = timedelta(days=3)
"""For how long it is tried; without a copy the mail is sent all the same."""

_USUAL = "Sent"
_AT_WORK = timedelta(minutes=10)


def file_copy(outgoing_id: int, *, now: datetime) -> bool:
    """Lay the copy of a sent mail into the Sent folder, unless it lies there; True if it does now.

    What goes wrong here changes nothing about the mail; it is tried again, ever more rarely.
    """
    row = Outgoing.objects.get(pk=outgoing_id)
    account = _account(row)
    if account is None or now - row.state_at > PATIENCE:
        _again_at(row, None)
        return False
    # Moving the time on takes it for this process: two would file two copies.
    mine = Outgoing.objects.filter(pk=row.pk, due_at=row.due_at, filed_at=None)
    if row.due_at is None or not mine.update(due_at=now + _AT_WORK):
        return False
    try:
        with mailbox_of(account) as box:
            _filed(box, account, row)
    except MailboxError as error:
        _again_at(row, now + max(now - row.state_at, timedelta(minutes=1)))
        _told(account, f"imap.{error.code}")
        return False
    Outgoing.objects.filter(pk=row.pk).update(filed_at=now, due_at=None)
    _told(account, "")
    return True


def is_filed(row: Outgoing) -> bool:
    """Say whether the Sent folder is known to hold the mail; False where nobody can say."""
    account = _account(row)
    if account is None:
        return False
    try:
        with mailbox_of(account) as box:
            folder = _folder(box, account)
            return folder is not None and box.holds(folder, row.message_id)
    except MailboxError:
        return False


def _filed(box: Mailbox, account: MailAccount, row: Outgoing) -> None:
    folder = _folder(box, account)
    if folder is None or not box.holds(folder, row.message_id):
        box.keep_sent(folder or _USUAL, bytes(row.raw), row.state_at)


def _folder(box: Mailbox, account: MailAccount) -> str | None:
    return account.sent_folder or box.sent_folder()


def _account(row: Outgoing) -> MailAccount | None:
    return MailAccount.objects.filter(user=row.actor_id).exclude(imap_host="").first()


def _again_at(row: Outgoing, at: datetime | None) -> None:
    Outgoing.objects.filter(pk=row.pk, filed_at=None).update(due_at=at)


def _told(account: MailAccount, fault: str) -> None:
    """Keep what is wrong with the mailbox; what is known of the way out stands before it."""
    rows = MailAccount.objects.filter(pk=account.pk).exclude(fault__startswith="smtp.")
    rows.update(fault=fault)
