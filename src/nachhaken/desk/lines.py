"""From a user's account to the lines of its two servers, and whether they answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from nachhaken.desk import mailer
from nachhaken.desk.models import MailAccount, User
from nachhaken.desk.sealing import SealBrokenError, unseal
from nachhaken.sources.imap import Mailbox, MailboxError
from nachhaken.sources.imap.causes import cause_of

SEAL = "seal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is wrong with each server of an account, "" where it let us in; `answer` is its word.

    `imap` is None where no mailbox is set.
    """

    smtp: str
    imap: str | None
    answer: str = ""

    @property
    def fault(self) -> str:
        """Both in one word, as the account keeps it."""
        named = (f"smtp.{self.smtp}" if self.smtp else "", f"imap.{self.imap}" if self.imap else "")
        return " ".join(one for one in named if one)


def smtp_of(user: User) -> mailer.Server | None:
    """Return the server over which the user's mails go out; None without an account."""
    account = MailAccount.objects.filter(user=user).first()
    return _server(account) if account else None


@contextmanager
def mailbox_of(account: MailAccount) -> Iterator[Mailbox]:
    """Open the account's mailbox; raises MailboxError."""
    with Mailbox(
        host=account.imap_host,
        port=account.imap_port,
        security=account.imap_security,
        username=account.username,
        password=_password(account),
    ) as box:
        yield box


def check_account(account: MailAccount, *, now: datetime) -> Findings:
    """Log in to both servers and keep what was found with the account."""
    found = _findings(account)
    account.fault = found.fault
    account.checked_at = account.checked_at if found.fault else now
    account.save(update_fields=["fault", "checked_at"])
    return found


def _findings(account: MailAccount) -> Findings:
    if not has_password(account):
        return Findings(smtp=SEAL, imap=SEAL if account.imap_host else None)
    smtp = mailer.check(_server(account))
    imap, answer = _imap(account)
    return Findings(
        smtp=smtp.fault if smtp else "", imap=imap, answer=smtp.answer if smtp else answer
    )


def _imap(account: MailAccount) -> tuple[str | None, str]:
    if not account.imap_host:
        return None, ""
    try:
        with mailbox_of(account):
            return "", ""
    except MailboxError as error:
        return cause_of(error), mailer.words_of(error.answer)


def _server(account: MailAccount) -> mailer.Server:
    return mailer.Server(
        host=account.smtp_host,
        port=account.smtp_port,
        security=account.smtp_security,
        username=account.username,
        password=_password(account),
        patience=settings.MAIL_PATIENCE,
    )


def has_password(account: MailAccount) -> bool:
    """Say whether there is a password that this desk can read."""
    try:
        return bool(unseal(bytes(account.secret)))
    except SealBrokenError:
        return False


def _password(account: MailAccount) -> str:
    """Return the password; what was sealed with another key is no password, and no login works."""
    try:
        return unseal(bytes(account.secret))
    except SealBrokenError:
        return ""
