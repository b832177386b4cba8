"""Files that come in from the terminal: looked at or taken in at once; twice is once."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from nachhaken.desk import incoming
from nachhaken.desk.access import allow
from nachhaken.desk.blocking import objecting
from nachhaken.desk.commands.arriving import Arrival, Watch, unwatched
from nachhaken.desk.commands.imports_by_kind import Source, looking, source_at
from nachhaken.desk.commands.imports_taking import AlreadyRunningError, plan_after, taken
from nachhaken.desk.models import ImportRun, User
from nachhaken.desk.speech import language
from nachhaken.desk.twins import Likely
from nachhaken.sources.faults import Unreadable, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file brought: rows or mails by what became of them, and faults in words.

    `objecting` are customers in it who want no contact: for them nothing is planned. `likely` are
    newcomers who may be somebody known, as far as a look at contacts tells. `run_id` is the import
    that can be taken back, 0 for a mere look and for a mailbox on a server.
    """

    name: str
    kind: str
    new: int
    same: int
    changed: int
    unmatched: int
    skipped: int
    faults: tuple[str, ...]
    doubtful: int = 0
    objecting: int = 0
    run_id: int = 0
    likely: tuple[Likely, ...] = ()


class UnreadableError(ValueError):
    """The file as a whole cannot be read; the message is a sentence for the user."""


def import_file(
    *, raw: bytes, name: str, actor: User, now: datetime, dry_run: bool = False
) -> Imported:
    """Take in bytes as `import_path` takes in a file."""
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
    *,
    path: Path,
    name: str,
    actor: User | None,
    now: datetime,
    dry_run: bool = False,
    progress: Watch = unwatched,
    **meant: Any,
) -> Imported:
    """Take in the file at `path` under its own `name`; with `dry_run` only look.

    Raises UnreadableError for a file that is none of ours, AlreadyRunningError where it is being
    taken in. One that was killed goes on where it stood. `meant` are `about` and `mapping`.
    """
    try:
        source = source_at(path, name, **meant)
        if dry_run:
            return _looked_at(source, actor=actor, now=now)
        return _taken_in(source, actor=actor, now=now, progress=progress)
    except Unreadable as error:
        raise UnreadableError(say(error.fault, language())) from error


def _looked_at(source: Source, *, actor: User | None, now: datetime) -> Imported:
    arrival = Arrival(actor=actor, now=now)
    looking(arrival, source)
    unwelcome = arrival.objecting or objecting(arrival.prospects)
    return replace(imported(arrival, source), objecting=unwelcome)


def _taken_in(source: Source, *, actor: User | None, now: datetime, progress: Watch) -> Imported:
    run = _begun(source, actor=actor, now=now)
    with incoming.worked_on(run.file) as is_mine:
        if not is_mine:
            raise AlreadyRunningError
        try:
            arrival = taken(run, source, now=now, progress=progress)
        except Unreadable:
            run.delete()  # nothing came of it
            incoming.forget(run.file)
            raise
        plan_after(run, now=now, also=arrival.prospects, progress=progress)
    found = imported(arrival, source)
    return replace(found, objecting=objecting(arrival.prospects), run_id=run.pk)


def imported(arrival: Arrival, source: Source) -> Imported:
    """Return what the arrival came to."""
    run = arrival.run or arrival
    return Imported(
        name=source.name,
        kind=source.kind,
        new=run.new,
        same=run.same,
        changed=run.changed,
        unmatched=run.unmatched,
        skipped=arrival.skipped,
        doubtful=arrival.doubtful,
        faults=tuple(arrival.faults),
        likely=arrival.likely,
    )


def _begun(source: Source, *, actor: User | None, now: datetime) -> ImportRun:
    """Return a new run, or the one of the same file that a process began and did not end."""
    digest = _digest(source.path)
    states = [ImportRun.State.RUNNING, ImportRun.State.FAILED]
    unfinished = ImportRun.objects.filter(state__in=states, sha256=digest, actor=actor)
    if run := unfinished.order_by("pk").first():
        run.state = ImportRun.State.RUNNING
        return run
    return ImportRun.objects.create(
        name=source.name[:200],
        kind=source.kind,
        about=source.about,
        mapping={str(index): field for index, field in source.mapping.items()},
        state=ImportRun.State.RUNNING,
        file=incoming.new_name(),
        sha256=digest,
        at=now,
        actor=actor,
        started_at=now,
    )


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and sizes in a folder."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        told = "\n".join(f"{file.relative_to(path)} {file.stat().st_size}" for file in files)
        return sha256(told.encode()).hexdigest()
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
