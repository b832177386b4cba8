"""Lines that wait at the mailboxes: what comes in is fetched at once, and a dead line is noticed.

One thread for a mailbox, so that one whose server hangs keeps nobody else waiting.
"""

import logging
from collections.abc import Set
from datetime import date, datetime, timedelta
from threading import Event, Thread
from time import monotonic

from django.db import close_old_connections, connection
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.commands.fetching import STORAGE
from nachhaken.desk.lines import mailbox_of
from nachhaken.desk.models import MailAccount
from nachhaken.desk.postman import EVERY, RARELY
from nachhaken.sources.imap import Mailbox, MailboxError, NoIdle, NotReached

RENEWED = timedelta(minutes=9)
"""A line that waits is renewed so often: servers and routers may cut it after 29 minutes."""

AT_ONCE = timedelta(seconds=10)
"""The first pause after a server that does not answer: mostly it is only restarted."""

MOST_LINES = 25
"""So many mailboxes are listened at; any further ones are visited in turns."""

_FLEETING = 60.0  # seconds: a line that dies sooner is not worth waiting at
_INBOX = "INBOX"

_Key = tuple[int, datetime, datetime | None, date | None]
_log = logging.getLogger(__name__)


class Listening:
    """The lines of all accounts, as many as there may be; follows what people change in them."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._most = most
        self._lines: dict[_Key, Listener] = {}

    def follow(self) -> Set[int]:
        """Begin and end lines as the accounts are now; return whose mailbox is listened at."""
        rows = MailAccount.objects.exclude(imap_host="").filter(user__is_active=True)
        wanted = {_key(row): row for row in rows.order_by("pk")[: self._most]}
        for key in [key for key, line in self._lines.items() if not line.is_alive()]:
            del self._lines[key]
        for key in self._lines.keys() - wanted.keys():
            self._lines.pop(key).end()
        for key in wanted.keys() - self._lines.keys():
            self._lines[key] = Listener(wanted[key])
            self._lines[key].start()
        return frozenset(pk for pk, *_ in self._lines)

    def lines(self) -> "list[Listener]":
        """Return the lines that stand."""
        return list(self._lines.values())

    def end(self, patience: float = 2.0) -> None:
        """Hang up everywhere and wait so many seconds for the lines to close."""
        lines, self._lines = self.lines(), {}
        for line in lines:
            line.end()
        until = monotonic() + patience
        for line in lines:
            line.join(max(until - monotonic(), 0))


class Listener(Thread):
    """The line to one mailbox: it waits, fetches, and knocks again where nobody answers."""

    def __init__(self, account: MailAccount) -> None:
        super().__init__(name=f"mailbox-{account.pk}", daemon=True)
        self._account_id = account.pk
        self._over = Event()
        self._box: Mailbox | None = None

    def end(self) -> None:
        """Hang up; the thread is over at once, or as soon as what it fetches is kept."""
        self._over.set()
        box = self._box
        if box is not None:
            box.interrupt()

    def run(self) -> None:
        """Go on until the end: nothing that happens at one mailbox may stop it for good."""
        pause: timedelta | None = None
        while not self._over.is_set():
            try:
                fault = self._fetched() or self._listened()
            except Exception as error:  # noqa: BLE001 - the mail must not wait for the next start
                # The type alone: the message may hold what a customer wrote.
                _log.error("listening failed: %s", type(error).__name__)
                fault = STORAGE  # it is this desk's fault, and may pass
            pause = pause_after(fault, pause)
            connection.close()
            self._over.wait(pause.total_seconds())

    def _fetched(self) -> str:
        """Fetch what is new and return what went wrong as a code, "" where nothing did."""
        close_old_connections()
        account = self._account()
        if account is None:
            return ""
        fault = commands.fetch_mail(account=account, now=timezone.now()).fault
        if not fault:
            MailAccount.objects.filter(pk=account.pk).update(watched_at=timezone.now())
        return fault

    def _listened(self) -> str:
        """Wait at the mailbox until the line fails; "" where it can be trusted to work again."""
        account, since = self._account(), monotonic()
        if account is None:
            return ""
        try:
            with mailbox_of(account) as box:
                return self._attend(box, _folder(account))
        except NoIdle:
            return NoIdle.code
        except MailboxError:
            # Only the line that waited is gone: what a visit finds is the truth.
            is_worth_it = monotonic() - since > _FLEETING
            return self._fetched() or ("" if is_worth_it else NoIdle.code)
        finally:
            self._box = None

    def _attend(self, box: Mailbox, folder: str) -> str:
        self._box = box
        box.wait(folder, 0)  # from here on nothing comes unnoticed
        while not self._over.is_set():
            fault = self._fetched()
            if fault:
                return fault
            connection.close()  # nobody needs it while nothing comes
            box.wait(folder, RENEWED.total_seconds())
        return ""

    def _account(self) -> MailAccount | None:
        """Return the account as it is now; None, and the end, where it is gone."""
        rows = MailAccount.objects.select_related("user")
        found = None if self._over.is_set() else rows.filter(pk=self._account_id).first()
        if found is None:
            self._over.set()
        return found


def pause_after(fault: str, pause: timedelta | None) -> timedelta:
    """Return how long to rest after a visit that ended with `fault`, the last pause being `pause`.

    Where the server tells nothing by itself it is asked every so often. One that does not answer,
    or a full disk, is tried again soon; one that refuses ever more rarely: some lock out who
    knocks too often.
    """
    if fault == "":
        return timedelta(0)
    if fault == NoIdle.code:
        return EVERY
    if fault in {NotReached.code, STORAGE}:
        return min(2 * pause, EVERY) if pause else AT_ONCE
    return min(2 * max(pause or EVERY, EVERY), RARELY)


def _key(account: MailAccount) -> _Key:
    """What a line must follow: where and as whom, which folders, from which day on."""
    return (account.pk, account.set_at, account.folders_chosen_at, account.since)


def _folder(account: MailAccount) -> str:
    """Return the folder to wait at: the inbox, or the first of those that were chosen instead."""
    names = list(
        account.folders.filter(is_sent=False).order_by("pk").values_list("name", flat=True)
    )
    return _INBOX if _INBOX in names or not names else names[0]
