"""Everything in again: an export of a desk becomes a fresh desk, with the same rows and ids."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.analysing import analyse_after
from nachhaken.desk.documents import DocumentError, forget_documents, keep_brought
from nachhaken.desk.models import Event, Opportunity, Preference, Prospect, User
from nachhaken.desk.planning import plan_missing
from nachhaken.desk.preferences import BLOCK_LIST_KEY, read_once
from nachhaken.desk.records import RecordError, decode_fact
from nachhaken.desk.sealing import seal
from nachhaken.desk.takeout.archive import Archive, ArchiveError, opened
from nachhaken.desk.takeout.fields import TABLES, Table, table_of
from nachhaken.desk.takeout.files import mail_path

__all__ = ["NotFreshError", "RestoreError", "Restored", "is_fresh", "restore"]

RestoreError = ArchiveError
Progress = Callable[[str, int, int], None]

_AT_ONCE = 500  # rows
_WHOLE_MAILS = 4  # of up to 30 MB each
_OWNER = "owner"


class NotFreshError(ArchiveError):
    """The desk has business of its own; nothing was touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came in: rows in all, customers, opportunities, files; `user` is now who did it."""

    moment: datetime
    rows: int
    prospects: int
    opportunities: int
    documents: int
    user: User | None


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def is_fresh() -> bool:
    """Say whether nothing was done here yet: no customers, and nobody but the first user."""
    return User.objects.count() <= 1 and not any(
        model._default_manager.exists()  # noqa: SLF001
        for model in (Prospect, Opportunity, Event)
    )


def restore(
    path: Path, *, actor: User | None, now: datetime, progress: Progress = _silent
) -> Restored:
    """Take in the export of a whole desk, or raise RestoreError with nothing half done.

    Only a fresh desk takes it (else NotFreshError). Who does it keeps their way in and goes on as
    the user of the same address, else as the first one; all others come without a password and
    inactive. Without an actor nobody comes in until the first start names them. The plans are made
    anew: the first ones here, the others by the running desk.
    """
    if actor is not None:
        allow(actor)
    with opened(path) as archive:
        if not is_fresh():
            raise _not_fresh()
        kept: list[str] = []
        try:
            for digest, raw in _documents(archive):
                kept += keep_brought(raw, digest)
            restored = _all(archive, actor, now, progress)
        except DocumentError as error:
            forget_documents(kept)
            raise RestoreError(str(error)) from error
        except DatabaseError as error:
            forget_documents(kept)
            raise _unfit() from error
        except BaseException:
            forget_documents(kept)
            raise
    with read_once():  # the settings are others now
        plan_missing(now=now)
    return restored


@transaction.atomic
def _all(archive: Archive, actor: User | None, now: datetime, progress: Progress) -> Restored:
    if not is_fresh() or (actor and not User.objects.filter(pk=actor.pk).exists()):
        raise _not_fresh()
    _empty()
    counts = archive.manifest.counts
    total, done = sum(counts.get(table.name, 0) for table in TABLES), 0
    user_id = _user_taken_over(archive, actor)
    for table in TABLES:
        for batch in _batches(archive.rows(table), _AT_ONCE if not table.files else _WHOLE_MAILS):
            rows = [_row(table, values, archive) for values in batch]
            if table.model is User:
                _let_in(rows, actor, user_id)
            table.model._default_manager.bulk_create(rows)  # noqa: SLF001
            done += len(rows)
            progress("write", done, total)
    archive.check_rest()
    analyse_after(done)
    _settle(actor)
    _keep_key(archive, now)
    return Restored(
        moment=archive.manifest.moment,
        rows=done,
        prospects=counts["prospects"],
        opportunities=counts["opportunities"],
        documents=counts["documents"],
        user=User.objects.get(pk=user_id) if user_id else None,
    )


def _documents(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Return the files that rows name, by their digests."""
    known = {str(row["sha256"]) for row in archive.rows(table_of("documents"))}
    for name, raw in archive.files("documents"):
        digest = archive.manifest.parts[name][1]
        if digest in known:
            yield digest, raw


def _empty() -> None:
    """Delete what setting up left: settings, the first user, an import that was looked at."""
    own = [*apps.get_app_config("desk").get_models(), *apps.get_app_config("account").get_models()]
    for model in own:
        # What hangs on what is asked at the end of the transaction.
        model._base_manager.all()._raw_delete(connection.alias)  # noqa: SLF001


def _user_taken_over(archive: Archive, actor: User | None) -> int | None:
    """Return whom `actor` goes on as: the one of the same address, else the first."""
    users = list(archive.rows(table_of("users")))
    if actor is None or not users:
        return None
    own = {actor.username.casefold(), actor.email.casefold()} - {""}
    same = [
        one
        for one in users
        if {str(one["username"]).casefold(), str(one["email"]).casefold()} & own
    ]
    return int(str(min(one["id"] for one in same or users)))  # type: ignore[type-var]


def _let_in(rows: list[Any], actor: User | None, user_id: int | None) -> None:
    for row in rows:
        row.password, row.is_active = make_password(None), False
        if actor is not None and row.pk == user_id:
            row.username, row.email = actor.username, actor.email
            row.password, row.is_active = actor.password, True


def _row(table: Table, values: dict[str, object], archive: Archive) -> Any:
    row = table.model(**values)
    match row:
        case Prospect():
            row.refold()
        case Event():
            try:
                decode_fact(row.kind, row.payload)
            except RecordError as error:
                raise _unfit() from error
    for name in table.files.split():
        setattr(row, name, archive.file(mail_path(row.pk)))
    return row


def _keep_key(archive: Archive, now: datetime) -> None:
    Preference.objects.filter(key=BLOCK_LIST_KEY).delete()
    sealed = seal(archive.manifest.block_list_key.hex()).decode()
    Preference.objects.create(key=BLOCK_LIST_KEY, value=sealed, set_at=now)


def _settle(actor: User | None) -> None:
    """Let the next ids follow the ones that came, and check that every row finds what it names."""
    if actor is None:
        # The first start is still to come; it takes the seat.
        Preference.objects.filter(key=_OWNER).delete()
    models = [table.model for table in TABLES]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    connection.check_constraints()


def _batches(rows: Iterator[dict[str, object]], size: int) -> Iterator[list[dict[str, object]]]:
    while batch := list(islice(rows, size)):
        yield batch


def _not_fresh() -> NotFreshError:
    return NotFreshError(
        _(
            "Hier gibt es schon Kunden. Ein ganzer Tisch lässt sich nur an einem frischen Tisch "
            "einlesen; geändert wurde nichts."
        )
    )


def _unfit() -> RestoreError:
    return RestoreError(
        _("Die Zeilen in diesem Archiv passen nicht zueinander. Übernommen wurde nichts.")
    )
