"""Fetching what is new from a user's mailbox: inbox and sent mail, each mail once.

Position and events of a batch are written together: a kill in between loses and doubles nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import chain

from django.db import IntegrityError, transaction

from nachhaken.desk.access import allow
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_mails import import_mails
from nachhaken.desk.commands.imports import Imported
from nachhaken.desk.lines import SEAL, has_password, mailbox_of
from nachhaken.desk.models import ImportRun, MailAccount, MailFolder
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.speech import local_date
from nachhaken.sources.faults import Fault, NotAMail
from nachhaken.sources.imap import Fetched, Mailbox, MailboxError, Refused
from nachhaken.sources.imap_answers import LARGEST_WHOLE
from nachhaken.sources.mail import MailMessage, parse_message

INBOX = "INBOX"
KIND = "imap"
FIRST = timedelta(days=365)
"""How far back a folder is read that was never read; older mail comes in as a file."""

_MOST_MAILS = 50
_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMail:
    """What a visit to the mailbox brought; `fault` is a code, "" where all went well.

    `has_more`: there was more than was asked for, the next visit goes on.
    """

    taken: Imported
    fault: str = ""
    has_more: bool = False


class _OvertakenError(Exception):
    """Another process has read this folder further meanwhile."""


@dataclass(slots=True)
class _Visit:
    """How far each folder is read, by its name, and what the batches brought so far."""

    account: MailAccount
    now: datetime
    read: dict[str, tuple[int, int]] = field(default_factory=dict)
    brought: list[Arrival] = field(default_factory=list)


def fetch_mail(*, account: MailAccount, now: datetime, most: int | None = None) -> FetchedMail:
    """Take in what is new in the account's inbox and sent mail, as a file of mails is taken in.

    At most `most` mails. What goes wrong is kept with the folders and returned as a code; what was
    read until then stays.
    """
    allow(account.user)
    visit = _Visit(account, now)
    if not has_password(account):
        return _failed(visit, SEAL)
    try:
        with mailbox_of(account) as box:
            has_more = _read(visit, box, most)
    except MailboxError as error:
        return _failed(visit, error.code)
    except _OvertakenError:
        return FetchedMail(taken=_taken(visit))
    return FetchedMail(taken=_taken(visit), has_more=has_more)


def _read(visit: _Visit, box: Mailbox, most: int | None) -> bool:
    """Read the folders side by side, so that a mail comes before the answer to it."""
    streams = [
        _begun(visit, box, name)
        for name in dict.fromkeys((INBOX, visit.account.sent_folder or box.sent_folder()))
        if name
    ]
    left = most
    found = merge(*streams, key=lambda one: one[1].internal_date)
    for batch in _batches(found):
        if left is not None and len(batch) > left:
            _take_in(visit, batch[:left])
            return True
        _take_in(visit, batch)
        left = None if left is None else left - len(batch)
    _whole(visit)
    return False


def _begun(visit: _Visit, box: Mailbox, name: str) -> Iterator[tuple[str, Fetched]]:
    """Return the new mails of a folder; none, and a fault, where the server refuses it."""
    row, _ = MailFolder.objects.get_or_create(account=visit.account, name=name[:200])
    first_day = local_date(visit.now - FIRST)
    stream = box.new_since(name, row.uid_validity, row.last_uid, since=first_day)
    try:
        first = list(_first(stream))
    except Refused as error:
        if name == INBOX:
            raise
        MailFolder.objects.filter(pk=row.pk).update(fault=error.code)
        return iter(())
    visit.read[name] = (row.uid_validity, row.last_uid)
    return ((name, one) for one in chain(first, stream))


def _first(stream: Iterator[Fetched]) -> Iterator[Fetched]:
    for one in stream:
        yield one
        return


def _batches(found: Iterator[tuple[str, Fetched]]) -> Iterator[list[tuple[str, Fetched]]]:
    batch: list[tuple[str, Fetched]] = []
    size = 0
    for name, one in found:
        batch.append((name, one))
        size += len(one.raw)
        if len(batch) >= _MOST_MAILS or size >= _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _take_in(visit: _Visit, batch: Sequence[tuple[str, Fetched]]) -> None:
    if not batch:
        return
    mails = [_parsed(visit, one) for _, one in batch]
    found = list(chain.from_iterable(mails))
    arrival = _kept(visit, batch, found)
    for name, one in batch:
        visit.read[name] = (one.uid_validity, one.uid)
    visit.brought.append(arrival)
    replan_prospects(arrival.prospects, now=visit.now)


def _kept(
    visit: _Visit, batch: Sequence[tuple[str, Fetched]], found: Sequence[MailMessage | Fault]
) -> Arrival:
    """Write the batch as a whole; a second try where the desk wrote one of the mails meanwhile."""
    try:
        return _written(visit, batch, found)
    except IntegrityError:
        return _written(visit, batch, found)


def _written(
    visit: _Visit, batch: Sequence[tuple[str, Fetched]], found: Sequence[MailMessage | Fault]
) -> Arrival:
    arrival = Arrival(actor=visit.account.user, now=visit.now)
    with transaction.atomic():
        _move_on(visit, batch)
        import_mails(arrival, found)
        _keep_faults(visit, arrival)
    return arrival


def _parsed(visit: _Visit, one: Fetched) -> list[MailMessage | Fault]:
    """Read a mail; of one too large for the line there is its beginning, and a note."""
    try:
        mail = parse_message(one.raw, fallback=one.internal_date)
    except NotAMail as error:
        return [replace(error.fault, file=visit.account.address)]
    if not one.is_cut:
        return [mail]
    told: dict[str, str | int] = {"value": mail.subject, "limit": LARGEST_WHOLE // 1_000_000}
    return [mail, Fault(file=visit.account.address, code="mail_cut", params=told)]


def _move_on(visit: _Visit, batch: Sequence[tuple[str, Fetched]]) -> None:
    """Note how far the folders are read; whoever comes second gives way."""
    rows = MailFolder.objects.select_for_update().filter(account=visit.account).order_by("pk")
    by_name = {row.name: row for row in rows}
    for name, position in visit.read.items():
        row = by_name.get(name)
        if row is None or (row.uid_validity, row.last_uid) != position:
            raise _OvertakenError
    for name, one in batch:
        row = by_name[name]
        row.uid_validity, row.last_uid = one.uid_validity, one.uid
        row.last_mail_at = max(filter(None, (row.last_mail_at, one.internal_date)))
    for name in {name for name, _ in batch}:
        by_name[name].save(update_fields=["uid_validity", "last_uid", "last_mail_at"])


def _keep_faults(visit: _Visit, arrival: Arrival) -> None:
    if not arrival.faults:
        return
    ImportRun.objects.create(
        name=visit.account.address[:200],
        kind=KIND,
        at=arrival.now,
        actor=arrival.actor,
        new=arrival.new,
        same=arrival.same,
        changed=arrival.changed,
        unmatched=arrival.unmatched,
        faults=arrival.faults,
    )


def _whole(visit: _Visit) -> None:
    rows = MailFolder.objects.filter(account=visit.account, name__in=visit.read)
    rows.update(fetched_at=visit.now, fault="")


def _failed(visit: _Visit, code: str) -> FetchedMail:
    MailFolder.objects.get_or_create(account=visit.account, name=INBOX)
    MailFolder.objects.filter(account=visit.account).update(fault=code)
    return FetchedMail(taken=_taken(visit), fault=code)


def _taken(visit: _Visit) -> Imported:
    return Imported(
        name=visit.account.address,
        kind=KIND,
        new=sum(one.new for one in visit.brought),
        same=sum(one.same for one in visit.brought),
        changed=sum(one.changed for one in visit.brought),
        unmatched=sum(one.unmatched for one in visit.brought),
        skipped=sum(one.skipped for one in visit.brought),
        faults=tuple(fault for one in visit.brought for fault in one.faults),
    )
