"""Files that come in: looked at first, then taken in; twice is the same as once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from django.db import transaction

from nachhaken.desk import incoming
from nachhaken.desk.access import allow
from nachhaken.desk.blocking import objecting
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_mails import import_mails
from nachhaken.desk.commands.import_meetings import import_meetings
from nachhaken.desk.commands.import_tables import import_table
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.commands.setting_up import set_preferences
from nachhaken.desk.models import ImportRun, User
from nachhaken.desk.pages import ImportPreview
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.preferences import OWN_ADDRESSES, own_addresses
from nachhaken.desk.speech import language
from nachhaken.sources.calendar import read_meetings
from nachhaken.sources.columns import Column
from nachhaken.sources.faults import Unreadable, say
from nachhaken.sources.kind import HEAD, Kind, kind_of
from nachhaken.sources.mailbox import messages
from nachhaken.sources.tables import read_table

_SILENT = {Kind.UNKNOWN, Kind.CSV}
_MAIL_NAMES = {".mbox", ".eml"}
UPLOADS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file brought: rows or mails by what became of them, and faults in words.

    `objecting` are customers in it who want no contact: for them nothing is planned.
    """

    name: str
    kind: str
    new: int
    same: int
    changed: int
    unmatched: int
    skipped: int
    faults: tuple[str, ...]
    objecting: int = 0
    columns: tuple[Column, ...] = ()


class UnreadableError(ValueError):
    """The file as a whole cannot be read; the message is a sentence for the user."""


def import_file(
    *, raw: bytes, name: str, actor: User, now: datetime, dry_run: bool = False
) -> Imported:
    """Take in a mailbox, a mail, a table of offers or a calendar; with `dry_run` only look.

    Raises UnreadableError for a file that is none of these. A run that is killed leaves whole rows
    and mails; importing again completes it.
    """
    return taken_in(raw=raw, name=name, actor=allow(actor), now=now, dry_run=dry_run)


def taken_in(
    *, raw: bytes, name: str, actor: User | None, now: datetime, dry_run: bool = False
) -> Imported:
    """Do what `import_file` does; without an actor on a first start from the command line."""
    kept = incoming.keep([raw])
    try:
        path = incoming.path_of(kept.name)
        return import_path(path=path, name=name, actor=actor, now=now, dry_run=dry_run)
    finally:
        incoming.forget(kept.name)


def import_path(
    *, path: Path, name: str, actor: User | None, now: datetime, dry_run: bool = False
) -> Imported:
    """Take in the file that lies at `path`, under its own `name`."""
    arrival = Arrival(actor=actor, now=now)
    kind = _meant(kind_of(_head(path), name), name)
    try:
        if dry_run:
            with transaction.atomic():
                columns = _take_in(arrival, kind, path, name)
                unwelcome = objecting(arrival.prospects)
                transaction.set_rollback(True)
        else:
            arrival.run = _begun(arrival, kind, name)
            columns = _take_in(arrival, kind, path, name)
            unwelcome = objecting(arrival.prospects)
            _finish(arrival)
    except Unreadable as error:
        if arrival.run:
            arrival.run.delete()  # nothing came of it
        raise UnreadableError(say(error.fault, language())) from error
    return Imported(
        name=name,
        kind=kind,
        new=arrival.new,
        same=arrival.same,
        changed=arrival.changed,
        unmatched=arrival.unmatched,
        skipped=arrival.skipped,
        faults=tuple(arrival.faults),
        objecting=unwelcome,
        columns=columns,
    )


def preview_import(*, raw: bytes, name: str, actor: User, now: datetime) -> ImportPreview:
    """Say what the file would bring and keep it, for a day, until `confirm_import` takes it."""
    name = PurePath(name).name[:200]
    seen = import_file(raw=raw, name=name, actor=actor, now=now, dry_run=True)
    _clear(now)
    kept = incoming.keep([raw])
    run = ImportRun.objects.create(
        token=secrets.token_urlsafe(32),
        name=name,
        kind=seen.kind,
        state=ImportRun.State.SEEN,
        file=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        at=now,
        actor=actor,
    )
    return ImportPreview(
        token=run.token or "",
        name=name,
        kind=seen.kind,
        columns=tuple((c.field or "", c.header, c.examples) for c in seen.columns),
        new=seen.new,
        same=seen.same,
        changed=seen.changed,
        unmatched=seen.unmatched,
        faults=seen.faults,
        objecting=seen.objecting,
    )


def confirm_import(*, token: str, actor: User, now: datetime) -> Imported:
    """Take in the file of a preview, or raise NotFoundError where it is gone or somebody else's."""
    rows = ImportRun.objects.filter(state=ImportRun.State.SEEN, actor=allow(actor))
    run = rows.filter(token=token).first()
    if run is None:
        raise NotFoundError("import")
    path = incoming.path_of(run.file)
    imported = import_path(path=path, name=run.name, actor=actor, now=now)
    _forget(run)
    return imported


def _clear(now: datetime) -> None:
    for old in ImportRun.objects.filter(state=ImportRun.State.SEEN, at__lt=now - UPLOADS_KEPT):
        _forget(old)


def _forget(run: ImportRun) -> None:
    incoming.forget(run.file)
    run.delete()


def _meant(kind: Kind, name: str) -> Kind:
    """Return what the name promises where the content says nothing, so that the fault names it."""
    if kind in _SILENT and PurePath(name).suffix.lower() in _MAIL_NAMES:
        return Kind.MBOX
    return kind


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _take_in(arrival: Arrival, kind: Kind, path: Path, name: str) -> tuple[Column, ...]:
    raw = path.read_bytes()
    match kind:
        case Kind.MBOX | Kind.EML | Kind.MSG | Kind.PST:
            own = import_mails(arrival, list(messages(raw, name=name)))
            if not own_addresses() and own:
                set_preferences({OWN_ADDRESSES: sorted(own)}, actor=arrival.actor, now=arrival.now)
        case Kind.ICS:
            found = read_meetings(raw, name, around=arrival.now)
            with transaction.atomic():
                import_meetings(arrival, found)
        case _:
            table = read_table(raw, name)
            import_table(arrival, table)
            return table.columns
    return ()


def _begun(arrival: Arrival, kind: Kind, name: str) -> ImportRun:
    return ImportRun.objects.create(
        name=name[:200],
        kind=kind,
        state=ImportRun.State.RUNNING,
        at=arrival.now,
        actor=arrival.actor,
        started_at=arrival.now,
    )


def _finish(arrival: Arrival) -> None:
    replan_prospects(arrival.prospects, now=arrival.now)
    run = arrival.run
    assert run is not None  # noqa: S101 - begun before anything was taken in
    run.state, run.ended_at = ImportRun.State.DONE, arrival.now
    run.new, run.same, run.changed = arrival.new, arrival.same, arrival.changed
    run.unmatched, run.skipped, run.faults = (
        arrival.unmatched,
        arrival.skipped,
        arrival.faults[:1000],
    )
    run.save()
