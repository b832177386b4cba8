"""Fetching what is new from a user's mailbox, and comparing what it holds with what was taken.

Position and events of a batch are written together: a kill in between loses and doubles nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import accumulate, islice

from django.db import OperationalError

from nachhaken.desk.access import allow
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.imports import Imported
from nachhaken.desk.commands.looking_again import Acquaintances, acquaintances
from nachhaken.desk.commands.mail_folders import (
    INBOX,
    Asked,
    OvertakenError,
    Reading,
    begun,
    first_day,
    folders_of,
)
from nachhaken.desk.commands.sifting import Fate, Sieve
from nachhaken.desk.commands.taking_mails import KIND, Taker, portions, take_in
from nachhaken.desk.lines import SEAL, has_password, mailbox_of
from nachhaken.desk.models import MailAccount, MailFolder
from nachhaken.sources.imap import Mailbox, MailboxError, Refused

STORAGE = "storage"
"""The code of a fault of this machine: nothing can be written."""

_AT_ONCE = 200
_ROUNDS = 3
_PASSED_OVER_FOR_ONE = 50  # mails that are only looked at, for each that may be read


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMail:
    """What a visit to the mailbox brought; `fault` is a code, "" where all went well.

    `has_more`: there was more than was asked for, the next visit goes on.
    """

    taken: Imported
    fault: str = ""
    has_more: bool = False


@dataclass(slots=True)
class _Visit:
    """What the batches brought so far, and how many mails were read and looked at."""

    taker: Taker
    known: Acquaintances
    most: int | None
    readings: list[Reading] = field(default_factory=list)
    brought: list[Arrival] = field(default_factory=list)
    read: int = 0
    looked_at: int = 0

    @property
    def is_over(self) -> bool:
        """Whether as much was done as was asked for."""
        if self.most is None:
            return False
        return self.read >= self.most or self.looked_at >= self.most * _PASSED_OVER_FOR_ONE


def fetch_mail(*, account: MailAccount, now: datetime, most: int | None = None) -> FetchedMail:
    """Take in what the account's folders hold of people we know, and compare that nothing is left.

    At most `most` mails are read. What goes wrong is kept with the folders and returned as a code;
    what was taken until then stays.
    """
    allow(account.user)
    known = acquaintances()
    visit = _Visit(Taker(account, now, known.ours), known, most)
    if not has_password(account):
        return _failed(visit, SEAL)
    try:
        with mailbox_of(account) as box:
            return _visited(visit, box)
    except MailboxError as error:
        return _failed(visit, error.code)
    except OvertakenError:
        return FetchedMail(taken=_taken(visit))
    except OperationalError:
        return _failed(visit, STORAGE)


def _visited(visit: _Visit, box: Mailbox) -> FetchedMail:
    fault = _begin(visit, box)
    if not visit.readings:
        return FetchedMail(taken=_taken(visit), fault=fault)
    _read(visit, box)
    for reading in visit.readings:
        _conclude(visit, reading)
    has_more = visit.is_over and not all(one.is_done for one in visit.readings)
    return FetchedMail(taken=_taken(visit), has_more=has_more)


def _begin(visit: _Visit, box: Mailbox) -> str:
    """Open each folder; one that the server refuses keeps nobody from the others."""
    fault = ""
    for row in folders_of(visit.taker.account, box):
        try:
            visit.readings.append(begun(row, box, visit.known))
        except Refused as error:
            MailFolder.objects.filter(pk=row.pk).update(fault=error.code)
            fault = fault or error.code
    return fault


def _read(visit: _Visit, box: Mailbox) -> None:
    """Take in what is there, then what came or failed meanwhile, until nothing is left to ask."""
    since = first_day(visit.taker.account)
    sieve = Sieve(visit.known, visit.taker.book)
    for _ in range(_ROUNDS):
        readings = [one for one in visit.readings if not one.is_done]
        if not readings or visit.is_over:
            return
        _take_round(visit, box, sieve, readings)
        for reading in readings:
            if not reading.fault and not visit.is_over:
                reading.look(box, since)


def _take_round(visit: _Visit, box: Mailbox, sieve: Sieve, readings: Sequence[Reading]) -> None:
    """Read the folders side by side, so that a mail comes before the answer to it."""
    letters = merge(*(one.letters(box) for one in readings), key=lambda one: one.at)
    while batch := list(islice(letters, _AT_ONCE)):
        fates = sieve.fates_of([asked.head for asked in batch])
        for portion in portions(list(zip(batch, fates, strict=True))):
            part = _allowed(visit, portion)
            visit.brought += take_in(visit.taker, box, part)
            visit.looked_at += len(part)
            visit.read += sum(fate is Fate.READ for _, fate in part)
            if visit.is_over:
                return


def _allowed(visit: _Visit, portion: Sequence[tuple[Asked, Fate]]) -> list[tuple[Asked, Fate]]:
    """Return the mails up to the one that is more than was asked for."""
    if visit.most is None:
        return list(portion)
    reads = accumulate(fate is Fate.READ for _, fate in portion)
    left = visit.most - visit.read
    return [one for one, count in zip(portion, reads, strict=True) if count <= left]


def _conclude(visit: _Visit, reading: Reading) -> None:
    """Keep whether all is here that the server holds; what came after the last look can wait."""
    rows = MailFolder.objects.filter(pk=reading.row.pk)
    if reading.fault:
        rows.update(fault=reading.fault)
    elif not visit.is_over or reading.is_done:
        # Where another process took more meanwhile, it has compared, too.
        rows.filter(uid_validity=reading.span.uid_validity, taken=reading.row.taken).update(
            fault="",
            fetched_at=visit.taker.now,
            compared_at=visit.taker.now,
            held=len(reading.span.uids),
            missing=str(reading.left & reading.asked),
            looked_for=_looked_for(visit, reading),
        )


def _looked_for(visit: _Visit, reading: Reading) -> bytes:
    """Return for whom the mails were searched; nobody where older mails came in beside them.

    To those an answer may have been passed over, of somebody whom only the thread makes known.
    """
    is_first = not reading.before
    others = [one for one in visit.readings if one is not reading]
    if reading.again:
        return bytes(reading.row.looked_for)
    if is_first or not (reading.went_back or any(map(_brought_older, others))):
        return visit.known.digests
    return b""


def _brought_older(reading: Reading) -> bool:
    return reading.went_back or (not reading.before and bool(reading.taken))


def _failed(visit: _Visit, code: str) -> FetchedMail:
    account = visit.taker.account
    with suppress(OperationalError):
        if account.folders_chosen_at is None:
            MailFolder.objects.get_or_create(account=account, name=INBOX)
        MailFolder.objects.filter(account=account).update(fault=code)
    return FetchedMail(taken=_taken(visit), fault=code)


def _taken(visit: _Visit) -> Imported:
    return Imported(
        name=visit.taker.account.address,
        kind=KIND,
        new=sum(one.new for one in visit.brought),
        same=sum(one.same for one in visit.brought),
        changed=sum(one.changed for one in visit.brought),
        unmatched=sum(one.unmatched for one in visit.brought),
        skipped=sum(one.skipped for one in visit.brought),
        faults=tuple(fault for one in visit.brought for fault in one.faults),
    )
