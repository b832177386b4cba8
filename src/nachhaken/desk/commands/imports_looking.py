"""The look at a file before it is taken in: what it would bring, column by column, row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from nachhaken.desk import background, incoming
from nachhaken.desk.access import allow
from nachhaken.desk.blocking import objecting
from nachhaken.desk.column_profiles import fields_to_keep, header_of
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_tables import import_table
from nachhaken.desk.commands.imports_by_kind import Source, looking, source_at, table_of
from nachhaken.desk.commands.imports_taking import waiting_run
from nachhaken.desk.left_out import reason_of
from nachhaken.desk.models import ColumnProfile, ImportRun, User
from nachhaken.desk.records import encode
from nachhaken.desk.speech import language
from nachhaken.sources.columns import Column
from nachhaken.sources.faults import Fault, NotATable, Unreadable, say
from nachhaken.sources.fields import About
from nachhaken.sources.tables import TableGuess, preview

UPLOADS_KEPT = timedelta(days=1)
LEFT_KEPT = timedelta(days=30)  # as long as an import can be taken back
AT_ONCE = 2**20  # bytes of a file that is looked at while its owner waits
MOST_FAULTS = 200
_FIRST_ROWS = 5


def receive_file(*, actor: User, now: datetime, name: str, chunks: Iterable[bytes]) -> int:
    """Keep an upload for a day and look at it, a large one in the background; returns its import.

    What waits already, dropped a second time, is the first one.
    Raises incoming.DiskFullError and leaves nothing where there is no room.
    """
    allow(actor)
    clear_uploads(now=now)
    kept = incoming.keep(chunks)
    name = PurePath(name).name[:200] or "?"
    kind = source_at(incoming.path_of(kept.name), name).kind
    same = ImportRun.objects.filter(sha256=kept.sha256, state=ImportRun.State.SEEN, actor=actor)
    waiting = same.filter(kind=kind).order_by("pk").first()
    if waiting and incoming.is_there(waiting.file):
        incoming.forget(kept.name)
        return waiting.pk
    run = ImportRun.objects.create(
        name=name,
        kind=kind,
        state=ImportRun.State.SEEN,
        file=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        at=now,
        actor=actor,
    )
    look_again(run)
    return run.pk


def look_again(run: ImportRun) -> None:
    """Look at the upload: at once where it is small, else in the background."""
    incoming.forget_look(run.file)
    if run.size <= AT_ONCE:
        look_at(run.pk)
    else:
        incoming.Note(run.file)("look", 0, 0)
        transaction.on_commit(partial(background.soon, run.file, partial(look_at, run.pk)))


def renew_look(*, actor: User, run_id: int) -> None:
    """Look again at an upload that waits, where another import came or went since."""
    rows = ImportRun.objects.filter(pk=run_id, actor=allow(actor), state=ImportRun.State.SEEN)
    run = rows.first()
    look = incoming.look_of(run.file) if run else None
    if run and look and "refused" not in look and look.get("after") != _imports_so_far():
        look_again(run)


def look_at(run_id: int) -> None:
    """Look at an upload that waits, and keep beside it what was found."""
    run = ImportRun.objects.select_related("actor").filter(pk=run_id).first()
    if run is None or run.state != ImportRun.State.SEEN or not incoming.is_there(run.file):
        return
    chosen = run.actor.language if run.actor else ""
    after = _imports_so_far()
    with incoming.worked_on(run.file) as is_mine:
        if is_mine:
            with translation.override(chosen or translation.get_language() or "de"):
                look = _look(run)
            if "refused" in look:
                incoming.forget_file(run.file)  # nobody needs it any more
            incoming.keep_look(run.file, look | {"after": after})
            incoming.no_progress(run.file)


def set_columns(
    *,
    actor: User,
    now: datetime,
    run_id: int,
    about: str,
    mapping: Mapping[int, str],
    profile: str = "",
) -> None:
    """Say what the table is about and what its columns mean, and look again.

    With the name of a `profile` it is kept for the next table with this header.
    """
    with transaction.atomic():
        run = waiting_run(run_id, allow(actor))
        run.about, run.mapping = about, {str(index): field for index, field in mapping.items()}
        run.save(update_fields=["about", "mapping"])
        if name := profile.strip()[:100]:
            _keep_profile(run, name, mapping, actor=actor, now=now)
    look_again(run)


def drop_upload(*, actor: User, run_id: int) -> None:
    """Delete an upload that is not to be taken in after all."""
    states = [ImportRun.State.SEEN, ImportRun.State.FAILED]
    rows = ImportRun.objects.filter(pk=run_id, actor=allow(actor), state__in=states)
    for run in rows:
        _forget(run)


def clear_uploads(*, now: datetime) -> None:
    """Delete uploads that nobody took in for a day, and left out rows that nobody mended."""
    old = ImportRun.objects.filter(state=ImportRun.State.SEEN, at__lt=now - UPLOADS_KEPT)
    for run in old:
        if not incoming.is_worked_on(run.file):
            _forget(run)
    ended = ImportRun.objects.exclude(file="").filter(ended_at__lt=now - LEFT_KEPT)
    for run in ended.order_by("-pk")[:100]:
        incoming.forget(run.file)
        ImportRun.objects.filter(pk=run.pk).update(file="")


def guess_of(run: ImportRun) -> TableGuess:
    """Return what the upload seems to hold, also where its rows cannot be read by that yet."""
    raw = incoming.path_of(run.file).read_bytes()
    return preview(raw, run.name, about=About(run.about) if run.about else None)


def _imports_so_far() -> list[int]:
    states = (ImportRun.State.DONE, ImportRun.State.REVERTED)
    rows = ImportRun.objects.exclude(kind="imap")
    return [rows.filter(state=state).count() for state in states]


def _forget(run: ImportRun) -> None:
    incoming.forget(run.file)
    run.delete()


def _keep_profile(
    run: ImportRun, name: str, mapping: Mapping[int, str], *, actor: User, now: datetime
) -> None:
    columns = guess_of(run).columns
    ColumnProfile.objects.update_or_create(
        header=header_of(columns),
        about=run.about,
        defaults={
            "name": name,
            "fields": fields_to_keep(columns, mapping),
            "at": now,
            "actor": actor,
        },
    )


def _look(run: ImportRun) -> dict[str, Any]:
    mapping = {int(index): field for index, field in run.mapping.items()}
    try:
        path = incoming.path_of(run.file)
        source = source_at(path, run.name, about=run.about, mapping=mapping)
        return _look_at_table(run, source) if source.is_table else _look_at_others(run, source)
    except Unreadable as error:
        return _refused(run, error)
    except (DatabaseError, OSError):
        busy = translation.gettext("Die Datei ließ sich gerade nicht ansehen.")
        return {"refused": busy}


def _refused(run: ImportRun, error: Unreadable) -> dict[str, Any]:
    """What is missing can be assigned; what is no table cannot be helped."""
    sentence = say(error.fault, language())
    if isinstance(error, NotATable) and error.fault.code.startswith("missing_"):
        guess = guess_of(run)
        columns = [_column(column) for column in guess.columns]
        for column in columns:
            column["field"] = run.mapping.get(str(column["index"]), column["field"])
        return {
            "missing": sentence,
            "about": str(guess.about),
            "program": guess.profile,
            "columns": columns,
        }
    return {"refused": sentence}


def _look_at_table(run: ImportRun, source: Source) -> dict[str, Any]:
    arrival = _arrival(run)
    arrival.progress("look", 0, 0)
    table, profile = table_of(source)
    import_table(arrival, table, dry_run=True)
    return {
        **_counts(arrival, arrival.objecting),
        "about": str(table.about),
        "program": table.profile,
        "profile": profile.name if profile else "",
        "columns": [_column(column) for column in table.columns],
        "rows": len(table.rows),
        "first": [encode(row) for row in table.rows[:_FIRST_ROWS]],
        "faults": [_fault(fault) for fault in _serious(table.faults)[:MOST_FAULTS]],
        "left_out": len({fault.row for fault in _serious(table.faults)}),
        "notes": [_fault(fault) for fault in table.faults if fault.is_note][:MOST_FAULTS],
    }


def _look_at_others(run: ImportRun, source: Source) -> dict[str, Any]:
    arrival = _arrival(run)
    looking(arrival, source)
    found = _counts(arrival, objecting(arrival.prospects))
    faults = [{"row": None, "column": "", "reason": told} for told in arrival.faults]
    return {**found, "faults": faults[:MOST_FAULTS], "left_out": len(arrival.faults)}


def _arrival(run: ImportRun) -> Arrival:
    return Arrival(actor=run.actor, now=timezone.now(), progress=incoming.Note(run.file))


def _counts(arrival: Arrival, unwelcome: int) -> dict[str, Any]:
    return {
        "new": arrival.new,
        "changed": arrival.changed,
        "same": arrival.same,
        "unmatched": arrival.unmatched,
        "skipped": arrival.skipped,
        "doubtful": arrival.doubtful + len(arrival.likely),
        "objecting": unwelcome,
        "likely_count": len(arrival.likely),
        "likely": [asdict(one) for one in arrival.likely[:MOST_FAULTS]],
    }


def _serious(faults: Sequence[Fault]) -> list[Fault]:
    return [fault for fault in faults if not fault.is_note]


def _fault(fault: Fault) -> dict[str, Any]:
    return {"row": fault.row, "column": fault.column or "", "reason": reason_of(fault)}


def _column(column: Column) -> dict[str, Any]:
    return {
        "index": column.index,
        "header": column.header,
        "field": column.field or "",
        "examples": list(column.examples),
    }
