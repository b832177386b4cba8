"""Taking in what was confirmed: all of a table or nothing, mails piece by piece; then the plans."""

import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from nachhaken.desk import background, incoming
from nachhaken.desk.access import allow
from nachhaken.desk.analysing import analyse_after
from nachhaken.desk.batches import batched
from nachhaken.desk.commands.arriving import Arrival, Watch, unwatched
from nachhaken.desk.commands.imports_by_kind import Source, reading, source_at
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.commands.parties import named_again
from nachhaken.desk.models import (
    Event,
    Filled,
    ImportRun,
    Opportunity,
    Person,
    Prospect,
    UnmatchedMail,
    User,
)
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.speech import language
from nachhaken.sources.faults import Unreadable, say

MOST_FAULTS = 1000  # sentences that are kept of one import
AT_ONCE = 25  # prospects whose plans are made before the progress is noted
# Seconds in which others may write: SQLite does not queue them, and who waits asks that often.
_BREATH = 0.12
_RUNNING, _SEEN = ImportRun.State.RUNNING, ImportRun.State.SEEN


class AlreadyRunningError(Exception):
    """The same file is being taken in just now."""


def confirm_import(*, actor: User, now: datetime, run_id: int) -> bool:
    """Let the file that was looked at be taken in, in the background; False where it already is.

    Raises NotFoundError where it is gone or somebody else's, AlreadyRunningError where another
    upload of the same file is being taken in.
    """
    with transaction.atomic():
        run = waiting_run(run_id, allow(actor), states=(_SEEN, ImportRun.State.FAILED, _RUNNING))
        if run.state == _RUNNING:
            resume_import(run)
            return False
        if ImportRun.objects.filter(state=_RUNNING, sha256=run.sha256).exclude(sha256="").exists():
            raise AlreadyRunningError
        run.state, run.started_at, run.faults = _RUNNING, now, []
        run.save(update_fields=["state", "started_at", "faults"])
        resume_import(run)
    return True


def waiting_run(run_id: int, actor: User, *, states: Iterable[str] = (_SEEN,)) -> ImportRun:
    """Return the upload, held until the transaction ends, or raise NotFoundError."""
    rows = ImportRun.objects.select_for_update().filter(pk=run_id, state__in=states, actor=actor)
    run = rows.first()
    if run is None or not incoming.is_there(run.file):
        raise NotFoundError(f"import {run_id}")
    return run


def resume_import(run: ImportRun) -> None:
    """Go on with it in the background as soon as it is on record."""
    transaction.on_commit(partial(background.soon, run.file, partial(take_in, run.pk)))


def resume_imports() -> int:
    """Go on with everything that a process left behind; return how many are begun again."""
    waiting = [
        *ImportRun.objects.filter(state=_RUNNING).order_by("pk"),
        *(run for run in _recent() if incoming.progress_of(run.file)),
    ]
    for run in waiting:
        resume_import(run)
    return len(waiting)


def take_in(run_id: int, *, now: datetime | None = None) -> bool:
    """Do what is left of an import: take in, then plan. False where somebody else is at it."""
    run = ImportRun.objects.select_related("actor").get(pk=run_id)
    with incoming.worked_on(run.file) as is_mine:
        if not is_mine:
            return False
        run.refresh_from_db()
        with translation.override(_language_of(run.actor)):
            if run.state == _RUNNING:
                _take_in(run, now=now or timezone.now())
            if run.state in {ImportRun.State.DONE, ImportRun.State.REVERTED}:
                # A process may have died between the last row and this.
                incoming.forget_file(run.file)
                plan_after(run, now=now or timezone.now())
    return True


def _take_in(run: ImportRun, *, now: datetime) -> None:
    if not incoming.is_there(run.file):
        _fail(run, _gone())
        return
    mapping = {int(index): field for index, field in run.mapping.items()}
    path = incoming.path_of(run.file)
    try:
        source = source_at(path, run.name, about=run.about, mapping=mapping)
        taken(run, source, now=now)
    except Unreadable as error:
        _fail(run, say(error.fault, language()))
    except (DatabaseError, OSError):
        _fail(run, _stuck())
    except Exception:
        _fail(run, _stuck())
        raise  # a fault of ours: whoever runs the desk shall see its kind


def taken(run: ImportRun, source: Source, *, now: datetime, progress: Watch = unwatched) -> Arrival:
    """Take in `source` as the file of `run`; with the last of it the run is done.

    What an earlier process brought before it died counts as new, too.
    """
    watch = _both(incoming.Note(run.file), progress)
    arrival = Arrival(actor=run.actor, now=now, run=run, progress=watch)
    earlier = _brought(run)
    arrival.seal = partial(_seal, arrival, earlier)
    reading(arrival, source)()
    if run.state == _RUNNING:
        arrival.seal()
    incoming.forget_file(run.file)
    return arrival


def plan_after(
    run: ImportRun, *, now: datetime, also: Iterable[int] = (), progress: Watch = unwatched
) -> None:
    """Make the plans of all that the import touched, and say how far that is."""
    note = _both(incoming.Note(run.file), progress)
    prospects = sorted(prospects_of(run) | set(also))
    total = Opportunity.objects.filter(prospect__in=prospects).count()
    done = 0
    for batch in batched(prospects, AT_ONCE):
        note("plan", done, total)
        done += replan_prospects(batch, now=now)
        if len(prospects) > AT_ONCE:
            time.sleep(_BREATH)
    incoming.no_progress(run.file)


def prospects_of(run: ImportRun) -> set[int]:
    """Return whom the import said something about."""
    filled = Filled.objects.filter(run=run)
    people = filled.filter(table="person").values("row")
    places = filled.filter(table="opportunity").values("row")
    found = [
        Event.objects.filter(run=run).values_list("prospect_id", flat=True).distinct(),
        Opportunity.objects.filter(run=run).values_list("prospect_id", flat=True).distinct(),
        filled.filter(table="prospect").values_list("row", flat=True),
        Person.objects.filter(pk__in=people).values_list("prospect_id", flat=True),
        Opportunity.objects.filter(pk__in=places).values_list("prospect_id", flat=True),
    ]
    return {pk for rows in found for pk in rows}


def _both(one: Watch, other: Watch) -> Watch:
    def watch(stage: str, done: int, total: int) -> None:
        one(stage, done, total)
        other(stage, done, total)

    return watch


def _recent() -> Iterable[ImportRun]:
    rows = ImportRun.objects.filter(state__in=[ImportRun.State.DONE, ImportRun.State.REVERTED])
    return rows.exclude(file="").order_by("-pk")[:50]


def _brought(run: ImportRun) -> tuple[int, int]:
    return (
        Event.objects.filter(run=run).count(),
        UnmatchedMail.objects.filter(run=run).count(),
    )


def _seal(arrival: Arrival, earlier: tuple[int, int]) -> None:
    run = arrival.run
    assert run is not None  # noqa: S101 - whoever seals has a run
    new, unmatched = earlier
    run.state, run.ended_at = ImportRun.State.DONE, arrival.now
    run.new, run.unmatched = arrival.new + new, arrival.unmatched + unmatched
    run.same, run.changed = max(arrival.same - new - unmatched, 0), arrival.changed
    run.skipped, run.doubtful = arrival.skipped, arrival.doubtful
    run.faults = arrival.faults[:MOST_FAULTS]
    run.save()
    analyse_after(run.new)
    _name_again(run)


def _name_again(run: ImportRun) -> None:
    """Let those be here again of whom an import that was taken back knew, and now this one."""
    if not ImportRun.objects.filter(state=ImportRun.State.REVERTED).exists():
        return
    told = Event.objects.filter(run=run)
    gone = Opportunity.objects.filter(run__state=ImportRun.State.REVERTED)
    gone.filter(pk__in=told.values("opportunity")).update(run=run)
    named_again(Prospect.objects.filter(pk__in=told.values("prospect")), run)
    named_again(Person.objects.filter(pk__in=told.values("opportunity__person")), run)
    named_again(Person.objects.filter(pk__in=told.values("person")), run)


def _fail(run: ImportRun, sentence: str) -> None:
    run.state, run.faults, run.ended_at = ImportRun.State.FAILED, [sentence], timezone.now()
    run.save(update_fields=["state", "faults", "ended_at"])
    incoming.no_progress(run.file)


def _gone() -> str:
    return translation.gettext(
        "Die Datei liegt nicht mehr bereit. Bitte lesen Sie sie noch einmal ein."
    )


def _stuck() -> str:
    return translation.gettext(
        "Das Einlesen kam nicht zum Ende: Die Festplatte ist voll oder die Datenbank besetzt. "
        "Bitte versuchen Sie es noch einmal; doppelt wird nichts."
    )


def _language_of(user: User | None) -> str:
    return (user.language if user else "") or translation.get_language() or "de"
