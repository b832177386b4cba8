"""Which folders of a mailbox are read, and from which day on."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import InvalidError, NotFoundError
from nachhaken.desk.models import MailAccount, MailFolder, User


def choose_folders(
    *,
    actor: User,
    now: datetime,
    names: Collection[str],
    sent: Collection[str],
    since: date | None,
) -> MailAccount:
    """Read these folders of the user's mailbox, from the day `since` on; those in `sent` are ours.

    How far a folder was read stays with it; what came in from one that is dropped stays, too.
    """
    user = allow(actor)
    if not names:
        raise InvalidError(_("Bitte wählen Sie mindestens einen Ordner."))
    if since and since > now.date():
        raise InvalidError(_("Dieser Tag liegt in der Zukunft."))
    with transaction.atomic():
        account = MailAccount.objects.select_for_update().filter(user=user).first()
        if account is None or not account.imap_host:
            raise NotFoundError("mail account")
        MailFolder.objects.filter(account=account).exclude(name__in=names).delete()
        for name in names:
            is_sent = {"is_sent": name in sent}
            MailFolder.objects.update_or_create(account=account, name=name, defaults=is_sent)
        account.folders_chosen_at, account.since = now, since
        account.save(update_fields=["folders_chosen_at", "since"])
    return account
