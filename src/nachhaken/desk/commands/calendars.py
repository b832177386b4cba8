"""The next steps in a user's own calendar: written where the plan changed, deleted when done.

An entry that the user moved or deleted there is left alone as long as the plan stays the same;
with a new plan it is written again. Each entry is recorded as soon as the server has it, and its
name follows from the opportunity: a process that dies in between leaves one entry, not two.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import quote

from django.utils.translation import override

from nachhaken.desk.access import allow
from nachhaken.desk.caldav import CalDavError, Calendars, Fault, Found, checked
from nachhaken.desk.calendars import Item, entry, plan_mark
from nachhaken.desk.commands.ledger import InvalidError, NotFoundError
from nachhaken.desk.models import CalendarAccount, CalendarItem, CalendarRead, Event, User
from nachhaken.desk.preferences import own_zone
from nachhaken.desk.queries.calendar import step_items
from nachhaken.desk.sealing import SealBrokenError, seal, unseal

EVERY = timedelta(minutes=10)
# A person has to do something first: asking again would only lock the account.
NEEDS_PERSON = frozenset(
    {Fault.LOGIN, Fault.CERTIFICATE, Fault.ELSEWHERE, Fault.INSECURE, Fault.NO_CALENDAR}
)
# Of one entry alone; the others can still be written.
_OF_ONE = frozenset({Fault.REFUSED, Fault.CONFLICT})

_log = logging.getLogger(__name__)


def connect_calendar(
    *, actor: User, now: datetime, address: str, username: str, password: str, with_words: bool
) -> tuple[Found, ...]:
    """Log in, keep the account and return its calendars; the only one there is chosen at once.

    An empty password keeps the known one where server and name are the same. Raises CalDavError.
    """
    user = allow(actor)
    place, before = checked(address), _account(user)
    if not password and before and (before.address, before.username) == (place, username):
        password = _password(before)
    with Calendars(place, username, password) as line:
        found = line.found()
    is_same = before is not None and (before.address, before.username) == (place, username)
    reads = list(before.reads.all()) if before and is_same else []
    if before:
        disconnect_calendar(actor=user)
    one = found[0] if len(found) == 1 else None
    account = CalendarAccount.objects.create(
        user=user,
        address=place,
        username=username,
        secret=seal(password),
        url=one.url if one else "",
        name=one.name if one else "",
        with_words=with_words,
        set_at=now,
    )
    for read in reads:
        read.pk, read.account = None, account
    CalendarRead.objects.bulk_create(reads)
    return found


def calendars_there(*, actor: User) -> tuple[Found, ...]:
    """Ask the server for the user's calendars; raises CalDavError."""
    with line_to(account_of(actor)) as line:
        return line.found()


def choose_calendar(*, actor: User, url: str) -> None:
    """Write into this calendar from now on; what stands in the one before is taken out."""
    account = account_of(actor)
    with line_to(account) as line:
        chosen = next((one for one in line.found() if one.url == url), None)
        if chosen is None:
            raise InvalidError("url")
        if account.url != chosen.url:
            _take_out(account, line)
    account.url, account.name, account.fault, account.synced_at = chosen.url, chosen.name, "", None
    account.save(update_fields=["url", "name", "fault", "synced_at"])


def disconnect_calendar(*, actor: User) -> bool:
    """Forget the account; say whether our entries could be taken out of the calendar first."""
    account = account_of(actor)
    try:
        with line_to(account) as line:
            _take_out(account, line)
        is_clean = True
    except CalDavError:
        is_clean = False
    account.delete()
    return is_clean


def sync_calendars(*, now: datetime) -> None:
    """Bring every calendar up to date that something happened to, each on its own."""
    newest = Event.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    rows = CalendarAccount.objects.filter(user__is_active=True).exclude(url="")
    for account in rows.exclude(fault__in=NEEDS_PERSON).select_related("user"):
        last = account.synced_at
        if last and not account.fault and now - last < EVERY and (not newest or newest <= last):
            continue
        try:
            sync_calendar(account, now=now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next calendar is written
            _log.error("calendar of user %s: %s", account.user_id, type(error).__name__)


def sync_calendar(
    account: CalendarAccount,
    *,
    now: datetime,
    on_written: Callable[[str], None] | None = None,
) -> None:
    """Write what changed, delete what is done; what is wrong is kept with the account.

    `on_written` is called with each address that the server has and the desk not yet noted.
    """
    try:
        with line_to(account) as line:
            fault = _Sync(account, line, on_written).run()
    except CalDavError as error:
        fault = error.fault.value
    account.fault = fault
    account.synced_at = account.synced_at if fault else now
    account.save(update_fields=["fault", "synced_at"])


def sync_own_calendar(*, actor: User, now: datetime) -> str:
    """Write into the user's calendar at once, and return what is wrong ("" where nothing is)."""
    account = account_of(actor)
    if account.url:
        sync_calendar(account, now=now)
    return account.fault


class _Sync:
    """One round with one calendar."""

    def __init__(
        self, account: CalendarAccount, line: Calendars, on_written: Callable[[str], None] | None
    ) -> None:
        self.account, self.line, self.on_written = account, line, on_written
        self.known = {row.opportunity_id: row for row in account.items.all()}
        self.zone = own_zone()

    def run(self) -> str:
        """Return the last fault of a single entry, "" where all went well."""
        user = self.account.user
        with override(user.language or "de"):
            wanted = step_items(user, with_words=self.account.with_words)
        faults = [self._tried(pk, item) for pk, item in wanted.items()]
        faults += [self._tried(pk, None) for pk in self.known.keys() - wanted.keys()]
        return next((fault for fault in faults if fault), "")

    def _tried(self, pk: int, item: Item | None) -> str:
        try:
            self._write(pk, item) if item else _remove(self.line, self.known[pk])
        except CalDavError as error:
            if error.fault not in _OF_ONE:
                raise
            return error.fault.value
        return ""

    def _write(self, pk: int, item: Item) -> None:
        row, mark = self.known.get(pk), plan_mark(item)
        if row and row.fingerprint == mark:
            return
        url = self.account.url.rstrip("/") + f"/{quote(item.uid.partition('@')[0])}.ics"
        raw = entry(item, zone=self.zone)
        etag = _put(self.line, url, raw, uid=item.uid, etag=row.etag if row else "")
        if self.on_written:
            self.on_written(url)
        CalendarItem.objects.update_or_create(
            account=self.account,
            opportunity_id=pk,
            defaults={"href": url, "etag": etag, "fingerprint": mark},
        )


def _put(line: Calendars, url: str, raw: bytes, *, uid: str, etag: str) -> str:
    """Write an entry; one that lies there in another version is replaced if it is ours."""
    try:
        return line.put(url, raw, etag=etag)
    except CalDavError as error:
        if error.fault is not Fault.CONFLICT:
            raise
    stored = line.get(url)
    if stored and uid.encode() not in stored.raw.replace(b"\r\n ", b""):
        raise CalDavError(Fault.CONFLICT)
    return line.put(url, raw, etag=stored.etag if stored else "")


def _remove(line: Calendars, row: CalendarItem) -> None:
    """Delete our entry, also when the user moved it: its step is done."""
    try:
        line.delete(row.href, etag=row.etag)
    except CalDavError as error:
        if error.fault is not Fault.CONFLICT:
            raise
        if stored := line.get(row.href):
            line.delete(row.href, etag=stored.etag)
    row.delete()


def _take_out(account: CalendarAccount, line: Calendars) -> None:
    for row in account.items.all():
        _remove(line, row)


def _account(user: User) -> CalendarAccount | None:
    return CalendarAccount.objects.filter(user=user).first()


def account_of(actor: User) -> CalendarAccount:
    account = _account(allow(actor))
    if account is None:
        raise NotFoundError("calendar account")
    return account


@contextmanager
def line_to(account: CalendarAccount) -> Iterator[Calendars]:
    with Calendars(account.address, account.username, _password(account)) as line:
        yield line


def _password(account: CalendarAccount) -> str:
    """Return the password; what another key sealed is no password, and has to be entered again."""
    try:
        return unseal(bytes(account.secret))
    except SealBrokenError as error:
        raise CalDavError(Fault.LOGIN) from error
