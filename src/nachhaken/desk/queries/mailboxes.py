"""The mailboxes: how far each was read, whether something is missing, what is wrong with one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from nachhaken.desk import mailbox_words
from nachhaken.desk.access import allow
from nachhaken.desk.models import MailAccount, MailFolder, User
from nachhaken.desk.pages_mailbox import Doubt, FolderHealth, MailboxHealth, Trouble
from nachhaken.desk.post_words import server_fault
from nachhaken.desk.rows import FaultRow, is_chase
from nachhaken.sources.imap import NotReached
from nachhaken.terms import StepKind

PATIENCE = timedelta(hours=1)
"""So long a mailbox may be silent before it counts as unread: most come back by themselves."""

FAULT = "mailbox"
"""The kind of row that tells of a mailbox that gives nothing."""

GAP = "mailbox_gap"
"""The kind of row that tells of mails that are missing."""

_OF_ACCOUNT = ("pk", "user_id", "address", "imap_host", "imap_port", "watched_at")
_OF_OWNER = ("user__first_name", "user__last_name", "user__username")
_OF_FOLDER = (
    "name", "is_sent", "last_uid", "fetched_at", "last_mail_at", "compared_at", "held", "kept",
    "unmatched", "skipped", "faulty", "missing", "fault",
)  # fmt: skip
_WORST_FIRST = tuple(Trouble)


def health_of(user: User, now: datetime) -> MailboxHealth | None:
    """Return how it stands with the user's own mailbox; None where there is none."""
    return healths([allow(user).pk], now=now).get(user.pk)


def healths(user_ids: Collection[int], *, now: datetime) -> Mapping[int, MailboxHealth]:
    """Return how it stands with the mailboxes of these users, in one query; none where none is."""
    accounts = MailAccount.objects.filter(user__in=user_ids, user__is_active=True)
    # A join and not a query for each table: every list of advice asks this.
    rows = (
        accounts.exclude(imap_host="")
        .order_by("pk", "folders__pk")
        .values(*_OF_ACCOUNT, *_OF_OWNER, *(f"folders__{name}" for name in _OF_FOLDER))
    )
    grouped = groupby(rows, key=lambda row: int(row["user_id"]))
    return {user_id: _health(list(group), now) for user_id, group in grouped}


def doubts(
    user: User, steps: Iterable[tuple[int | None, StepKind]], *, now: datetime
) -> Mapping[int, Doubt]:
    """Return what is to be said before advice, by its owner; what nobody owns is the user's.

    `steps` are (owner, kind) of all that is shown. Where nobody is to be chased nothing is asked.
    """
    owners = {owner or user.pk for owner, kind in steps if is_chase(kind)}
    if not owners:
        return {}
    found = healths(owners, now=now)
    return {
        owner: mailbox_words.doubt(one, is_own=owner == user.pk, now=now)
        for owner, one in found.items()
        if not one.is_well
    }


def doubt_of(user: User, owner: int | None, kind: StepKind, *, now: datetime) -> Doubt | None:
    """Return what is to be said before one advice; None where nothing is."""
    return doubts(user, [(owner, kind)], now=now).get(owner or user.pk)


def mailbox_faults(*, now: datetime) -> tuple[FaultRow, ...]:
    """Return a row for each mailbox that needs a person."""
    rows = faulty_folders(now=now).select_related("account").order_by("account", "pk")
    # A fault before a gap: it is what keeps the gap open.
    worst_last = sorted(rows, key=lambda row: bool(row.fault))
    by_account = {row.account_id: row for row in worst_last}
    return tuple(_fault_row(row) for row in by_account.values())


def faulty_folders(*, now: datetime) -> QuerySet[MailFolder]:
    """Return folders that need a person: a server that refuses or is silent for long, a gap."""
    active = MailFolder.objects.filter(account__user__is_active=True)
    # What was found on checking the account is told there.
    watched = active.exclude(account__imap_host="").filter(account__fault="")
    dated = watched.annotate(last=Coalesce("fetched_at", "account__set_at"))
    # It may come back by itself, or be fetched by the next visit.
    passing = Q(fault=NotReached.code, last__gt=now - PATIENCE)
    return dated.exclude(fault="", missing="").exclude(passing)


def count_of(numbers: str) -> int:
    """Return how many are in a set in the words of IMAP: "1:40,42" are 41."""
    spans = [part.partition(":") for part in numbers.split(",") if part]
    return sum(int(end or start) - int(start) + 1 for start, _colon, end in spans)


def _health(rows: list[dict[str, Any]], now: datetime) -> MailboxHealth:
    first = rows[0]
    folders = tuple(_folder(row, now) for row in rows if row["folders__name"] is not None)
    fetched = [folder.fetched_at for folder in folders]
    troubles = [folder.trouble for folder in folders if folder.trouble]
    trouble = min(troubles, key=_WORST_FIRST.index) if troubles else None
    full = f"{first['user__first_name']} {first['user__last_name']}".strip()
    known = MailboxHealth(
        user_id=first["user_id"],
        owner=full or first["user__username"],
        address=first["address"],
        trouble=trouble if folders else Trouble.UNREAD,
        fetched_at=min((at for at in fetched if at), default=None) if all(fetched) else None,
        last_mail_at=max((f.last_mail_at for f in folders if f.last_mail_at), default=None),
        watched_at=_local(first["watched_at"]),
        gaps=sum(folder.missing for folder in folders),
        fault=next((f.sentence for f in folders if f.trouble is Trouble.FAULT), ""),
        sentence="",
        folders=folders,
    )
    return replace(known, sentence=mailbox_words.mailbox_sentence(known, now=now))


def _folder(row: dict[str, Any], now: datetime) -> FolderHealth:
    of = {name: row[f"folders__{name}"] for name in _OF_FOLDER}
    missing = count_of(of["missing"])
    known = FolderHealth(
        name=of["name"],
        title=mailbox_words.folder_title(of["name"], is_sent=of["is_sent"]),
        is_sent=of["is_sent"],
        read_up_to=of["last_uid"],
        fetched_at=_local(of["fetched_at"]),
        last_mail_at=_local(of["last_mail_at"]),
        compared_at=_local(of["compared_at"]),
        held=of["held"],
        kept=of["kept"],
        doubtful=of["unmatched"],
        passed_over=of["skipped"],
        faulty=of["faulty"],
        missing=missing,
        trouble=_trouble(of, missing, now),
        sentence="",
    )
    fault = server_fault(of["fault"], host=row["imap_host"], port=row["imap_port"])
    return replace(known, sentence=mailbox_words.folder_sentence(known, fault, now=now))


def _trouble(of: Mapping[str, Any], missing: int, now: datetime) -> Trouble | None:
    """Return the worst that is wrong with a folder; its order is that of Trouble."""
    fetched, compared = of["fetched_at"], of["compared_at"]
    found = {
        Trouble.FAULT: bool(of["fault"]),
        Trouble.UNREAD: fetched is None,
        Trouble.GAP: missing > 0,
        Trouble.STALE: fetched is not None and fetched < now - PATIENCE,
        Trouble.UNCOMPARED: compared is None or compared < now - PATIENCE,
    }
    return next((trouble for trouble, is_so in found.items() if is_so), None)


def _local(at: datetime | None) -> datetime | None:
    return timezone.localtime(at) if at else None


def _fault_row(row: MailFolder) -> FaultRow:
    account = row.account
    detail = server_fault(row.fault, host=account.imap_host, port=account.imap_port)
    return FaultRow(
        kind=FAULT if row.fault else GAP,
        id=row.account_id,
        at=timezone.localtime(row.fetched_at or account.set_at),
        title=account.address,
        detail=detail if row.fault else mailbox_words.missing_in(row.name, count_of(row.missing)),
    )
