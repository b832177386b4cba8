"""Taking back an import: what it brought goes, what somebody has worked on since stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from nachhaken.desk import incoming
from nachhaken.desk.access import allow
from nachhaken.desk.batches import batched
from nachhaken.desk.commands.arriving import reverting_stem, undone_again
from nachhaken.desk.commands.imports_taking import prospects_of, resume_import
from nachhaken.desk.commands.ledger import InvalidError, NotFoundError
from nachhaken.desk.models import (
    CalendarItem,
    Event,
    Figures,
    Filled,
    ImportRun,
    Opportunity,
    Person,
    Plan,
    Prospect,
    UnmatchedMail,
    User,
)
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.stories import VOID

REVERTIBLE = timedelta(days=30)
FEW = 100  # prospects whose plans are made while the user waits
AT_ONCE = 500  # events
_BLOCK_LIST, _MAIL = "block-list:", "mail:"
_DERIVED = (Event, Plan, Figures, CalendarItem)
_TABLES: dict[str, type[Prospect | Person | Opportunity]] = {
    "prospect": Prospect,
    "person": Person,
    "opportunity": Opportunity,
}


@dataclass(frozen=True, slots=True)
class Reversal:
    """What taking an import back would do.

    `staying` are opportunities that it brought and that somebody worked on since.
    """

    opportunities: QuerySet[Opportunity]
    staying: QuerySet[Opportunity]
    events: QuerySet[Event]
    filled: QuerySet[Filled]
    unmatched: QuerySet[UnmatchedMail]


def reversal_of(run: ImportRun) -> Reversal:
    """Return what taking back this import would do, as far as the rows say now."""
    brought = Opportunity.objects.filter(run=run)
    worked_on = _worked_on(run)
    staying = brought.filter(worked_on)
    events = Event.objects.filter(run=run).standing()
    return Reversal(
        opportunities=brought.exclude(worked_on),
        staying=staying,
        events=events.exclude(opportunity__in=staying.values("pk")).exclude(_is_used(run)),
        filled=Filled.objects.filter(run=run).order_by("-pk"),
        unmatched=UnmatchedMail.objects.filter(run=run, settled_at__isnull=True),
    )


def is_revertible(run: ImportRun, *, now: datetime) -> bool:
    """Say whether the import is done and young enough to be taken back."""
    ended = run.ended_at or run.at
    return run.state == ImportRun.State.DONE and now - ended <= REVERTIBLE


def revert_import(*, actor: User, now: datetime, run_id: int) -> bool:
    """Take the import back, all of it at once; False where that has been done before.

    Raises InvalidError where it is older than thirty days or not done.
    """
    allow(actor)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
        if run is None:
            raise NotFoundError(f"import {run_id}")
        if run.state == ImportRun.State.REVERTED:
            return False
        if not is_revertible(run, now=now):
            raise InvalidError("import")
        concerned = prospects_of(run)
        _take_back(run, actor=actor, now=now)
        run.state, run.reverted_at, run.reverted_by = ImportRun.State.REVERTED, now, actor
        run.settled_at, run.settled_by = run.settled_at or now, run.settled_by or actor
        run.file = run.file or incoming.new_name()
        run.save()
        _plan(run, concerned, now=now)
    incoming.forget_left(run.file)
    return True


def _plan(run: ImportRun, concerned: set[int], *, now: datetime) -> None:
    if len(concerned) <= FEW:
        there = Prospect.objects.filter(pk__in=concerned).values_list("pk", flat=True)
        replan_prospects(there, now=now)
        return
    incoming.Note(run.file)("plan", 0, 0)
    resume_import(run)


def _take_back(run: ImportRun, *, actor: User, now: datetime) -> None:
    found = reversal_of(run)
    opportunities = set(found.opportunities.values_list("pk", flat=True))
    for events in batched(list(found.events.order_by("-pk")), AT_ONCE):
        _undo(events, actor=actor, now=now)
    for filled in found.filled:
        _put_back(filled)
    found.unmatched.delete()
    _let_go(run, opportunities)


def _worked_on(run: ImportRun) -> Q:
    """An opportunity on which something else rests: what people did, or other imports brought."""
    events = Event.objects.filter(opportunity=OuterRef("pk")).exclude(run=run)
    condition = Q(Exists(events.standing().exclude(kind="undone", act="")))
    for relation in Opportunity._meta.related_objects:  # noqa: SLF001 - Django's own way to ask
        if relation.related_model not in _DERIVED:
            rows = relation.related_model._default_manager  # noqa: SLF001
            condition |= Q(Exists(rows.filter(opportunity=OuterRef("pk"))))
    return condition


def _is_used(run: ImportRun) -> Q:
    """An event that somebody has put right or said something about since."""
    about = Event.objects.filter(about=OuterRef("pk")).exclude(run=run).exclude(kind="undone")
    return Q(Exists(about.standing()))


def _undo(events: Sequence[Event], *, actor: User, now: datetime) -> None:
    """Append what undoes each of them, the newest first: what it replaced stands again."""
    targets = [_target(event) for event in events]
    written = []
    for target, key in zip(targets, _keys(targets), strict=True):
        undoing = undone_again(target, key=key, now=now)
        undoing.actor = actor
        written.append(undoing)
    Event.objects.bulk_create(written, batch_size=AT_ONCE)


def _target(event: Event) -> Event:
    """Return what is to be undone; what only brought something back is undone at its root.

    Deeper than an undoing of an undoing nobody has to look.
    """
    if event.kind != "undone" or not event.source_key.startswith(reverting_stem(0)[:-1]):
        return event
    undoing = Event.objects.get(pk=event.about or 0)
    return Event.objects.get(pk=undoing.about or 0)


def _keys(events: Sequence[Event]) -> Iterator[str]:
    """Yield the next source key in the stem of each event; a mail gets a stem of its own."""
    stems = [_stem(event) for event in events]
    newest = _newest(set(stems))
    for stem in stems:
        newest[stem] += 1
        yield f"{stem}#{newest[stem]}"


def _stem(event: Event) -> str:
    stem, _, number = event.source_key.rpartition("#")
    is_told = number.isdecimal() and not stem.startswith(_MAIL)
    return stem if is_told else reverting_stem(event.pk)


def _newest(stems: set[str]) -> dict[str, int]:
    """Return the newest number in each stem; they are without gaps."""
    newest = dict.fromkeys(stems, 0)
    number, found = 1, stems
    while found:
        keys = {f"{stem}#{number}": stem for stem in found}
        rows = Event.objects.filter(source_key__in=keys).values_list("source_key", flat=True)
        found = {keys[key] for key in rows}
        newest |= dict.fromkeys(found, number)
        number += 1
    return newest


def _put_back(filled: Filled) -> None:
    """Put back what stood there before, unless somebody has changed it since."""
    row = _TABLES[filled.table].objects.filter(pk=filled.row).first()
    if row is None or str(getattr(row, filled.field) or "") != filled.after:
        return
    setattr(row, filled.field, filled.before)
    if isinstance(row, Prospect):
        row.refold()
    row.save()


def _let_go(run: ImportRun, opportunities: set[int]) -> None:
    """Delete people and customers of the import that nothing rests on; keep and hide the rest.

    What stays is the desk's own from now on, and no longer the import's.
    """
    gone = Opportunity.objects.filter(pk__in=opportunities)
    people = Person.objects.filter(run=run)
    stay = people.filter(_is_needed(run, "person", gone))
    stay.update(run=None)
    prospects = Prospect.objects.filter(run=run)
    needed = _is_needed(run, "prospect", gone)
    others = Person.objects.filter(prospect=OuterRef("pk")).exclude(run=run)
    others = others.exclude(run__state=ImportRun.State.REVERTED)
    twins = Prospect.objects.filter(merged_into=OuterRef("pk"))
    stay_too = prospects.filter(needed | Q(Exists(others)) | Q(Exists(twins)))
    stay_too.update(run=None)
    _delete_loose(Person, run)
    _delete_loose(Person, run)  # a further address leans on its person
    _delete_loose(Prospect, run)


def _is_needed(run: ImportRun, name: str, gone: QuerySet[Opportunity]) -> Q:
    """A party with an opportunity that stays, or of which people or other imports told."""
    opportunities = Opportunity.objects.filter(**{name: OuterRef("pk")}).exclude(pk__in=gone)
    told = Event.objects.filter(**{name: OuterRef("pk")}).exclude(run=run).standing()
    told = told.exclude(kind="undone").exclude(source_key__startswith=_BLOCK_LIST)
    return Q(Exists(opportunities.exclude(outcome=VOID))) | Q(
        Exists(told.exclude(opportunity__in=gone))
    )


def _delete_loose(model: type[Prospect] | type[Person], run: ImportRun) -> None:
    rows = model.objects.filter(run=run)
    for relation in model._meta.related_objects:  # noqa: SLF001 - Django's own way to ask
        others = relation.related_model._default_manager  # noqa: SLF001
        rows = rows.exclude(Exists(others.filter(**{relation.field.name: OuterRef("pk")})))
    rows.delete()
