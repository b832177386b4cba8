"""The account from which a user's mails go out: set, and looked after."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import InvalidError, NotFoundError
from nachhaken.desk.commands.post import something_to_send
from nachhaken.desk.letters import AddressError, address_of
from nachhaken.desk.lines import Findings, check_account
from nachhaken.desk.mailer import LOCAL
from nachhaken.desk.models import MailAccount, MailFolder, Outgoing, Security, User
from nachhaken.desk.sealing import seal

_SAME_PLACE = ("username", "smtp_host", "imap_host")
_MAILBOX = ("username", "imap_host")


class PasswordNeededError(InvalidError):
    """The stored password was given for another name or server; the message says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountWish:
    """An account as a person wants it, without its password."""

    address: str
    name: str
    username: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = Security.TLS
    sent_folder: str = ""


def set_mail_account(
    *, actor: User, now: datetime, wish: AccountWish, password: str = ""
) -> MailAccount:
    """Set the user's account; an empty password keeps the old one, for the same name and servers.

    Mails that wait because of the old one are tried at once.
    """
    user = allow(actor)
    _check(wish)
    with transaction.atomic():
        row = MailAccount.objects.select_for_update().filter(user=user).first()
        row = row or MailAccount(user=user)
        if not password and _needs_password(row, wish):
            raise PasswordNeededError(_("Bitte geben Sie das Passwort ein."))
        if row.pk and any(getattr(row, n) != getattr(wish, n) for n in _MAILBOX):
            # Positions in one mailbox mean nothing in another.
            MailFolder.objects.filter(account=row).delete()
            row.folders_chosen_at = None
        for name in AccountWish.__dataclass_fields__:
            setattr(row, name, getattr(wish, name))
        row.secret = seal(password) if password else row.secret
        row.set_at, row.fault = now, ""
        row.save()
        waiting = Outgoing.objects.filter(actor=user, state=Outgoing.State.QUEUED)
        waiting.exclude(fault="").update(due_at=now)
        transaction.on_commit(something_to_send.set)
    return row


def remove_mail_account(*, actor: User) -> None:
    """Forget the user's account and how far it was read; a second time changes nothing.

    What waits in the outbox does not go; it says why, and can be sent once there is an account.
    """
    MailAccount.objects.filter(user=allow(actor)).delete()


def check_mail_account(*, actor: User, now: datetime) -> Findings:
    """Log in to both servers of the user's account and keep what was found."""
    account = MailAccount.objects.filter(user=allow(actor)).first()
    if account is None:
        raise NotFoundError("mail account")
    return check_account(account, now=now)


def _check(wish: AccountWish) -> None:
    try:
        address_of(wish.address)
    except AddressError as error:
        raise InvalidError(_("Das ist keine Mailadresse.")) from error
    lines = [(wish.smtp_host, wish.smtp_security), (wish.imap_host, wish.imap_security)]
    if any(security == Security.NONE and host not in {*LOCAL, ""} for host, security in lines):
        raise InvalidError(
            _("Ohne Verschlüsselung geht ein Passwort nur an diesen Rechner selbst.")
        )


def _needs_password(row: MailAccount, wish: AccountWish) -> bool:
    """A password must not be shown to a server for which it was not given."""
    return not row.secret or any(getattr(row, n) != getattr(wish, n) for n in _SAME_PLACE)
