"""The round from mailbox to mailbox, where nobody listens: every five minutes, or more rarely."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from nachhaken.desk import commands
from nachhaken.desk.models import MailAccount

EVERY = timedelta(minutes=5)
RARELY = timedelta(hours=6)
"""The longest pause: some servers lock out who knocks too often with a wrong password."""

_log = logging.getLogger(__name__)


class Postman:
    """Goes round all mailboxes; remembers when to knock at each one again."""

    def __init__(self) -> None:
        self._again: dict[tuple[int, datetime], tuple[datetime, timedelta]] = {}

    def go_round(self, *, now: datetime, without: Collection[int] = ()) -> None:
        """Fetch from each mailbox that is due; one that fails does not keep the others waiting.

        `without` are the accounts that somebody listens at.
        """
        accounts = MailAccount.objects.exclude(imap_host="").filter(user__is_active=True)
        accounts = accounts.exclude(pk__in=without)
        known = {}
        for account in accounts.select_related("user").order_by("pk"):
            # An account that was set anew is tried at once.
            key = (account.pk, account.set_at)
            at, pause = self._again.get(key, (now, EVERY))
            known[key] = (at, pause) if at > now else _visited(account, pause, now)
        self._again = known


def _visited(account: MailAccount, pause: timedelta, now: datetime) -> tuple[datetime, timedelta]:
    is_well = _is_fetched(account, now)
    pause = EVERY if is_well else min(2 * pause, RARELY)
    return now + pause, pause


def _is_fetched(account: MailAccount, now: datetime) -> bool:
    try:
        return not commands.fetch_mail(account=account, now=now).fault
    except Exception as error:  # noqa: BLE001 - the next mailbox must not wait for this one
        # The type alone: the message may hold what a customer wrote.
        _log.error("fetching failed: %s", type(error).__name__)
        return False
