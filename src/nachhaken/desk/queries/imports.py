"""The imports: what waits for a yes, what runs, what came of it, and what taking back would do."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from nachhaken.desk import background, incoming
from nachhaken.desk.access import allow
from nachhaken.desk.commands.imports_reverting import REVERTIBLE, is_revertible, reversal_of
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.file_kinds import MAILS, fields_for, is_table
from nachhaken.desk.models import Event, ImportRun, MailAccount, Opportunity, User
from nachhaken.desk.pages_imports import (
    ColumnView,
    FaultView,
    ImportList,
    ImportPage,
    ImportRow,
    LikelyView,
    LookView,
    ProgressView,
    ReversalPage,
    Stage,
    StayingRow,
)
from nachhaken.desk.queries.paging import Page
from nachhaken.desk.templatetags.columns import column_word, value_word
from nachhaken.sources.fields import About
from nachhaken.sources.kind import Kind

MOST_STAYING = 20
MOST_WAITING = 100
_TURNS: Mapping[str, int] = {
    About.CONTACTS: 0,
    About.OPPORTUNITIES: 1,
    About.OFFERS: 1,
    Kind.VCF: 2,
    About.ACTIVITIES: 3,
    **dict.fromkeys(MAILS, 4),
    Kind.ICS: 5,
}
Texts = tuple[str, ...]
_State = ImportRun.State
_COUNTS = (
    *("new", "changed", "same", "unmatched", "skipped", "doubtful", "objecting", "left_out"),
    "likely_count",
)


def import_list(user: User, *, now: datetime, page: int = 1, most: int = 0) -> ImportList:
    """Return the imports of everybody, the newest first, and what the user has not decided on."""
    allow(user)
    rows = ImportRun.objects.exclude(state=_State.SEEN).exclude(kind="imap").select_related("actor")
    total = rows.count()
    at = Page.of(total, page)
    shown = rows.order_by("-at", "-pk")[at.start : at.start + most if most else at.end]
    return ImportList(
        rows=tuple(import_row(run, now=now) for run in shown),
        waiting=_waiting(user, now),
        total=total,
        page=at.number,
        pages=at.pages,
        lacks_mailbox=_lacks_mailbox(user),
    )


def import_page(user: User, pk: int, *, now: datetime) -> ImportPage:
    """Return one import; an upload that waits is shown to the one who made it alone."""
    run = _run(user, pk)
    row = import_row(run, now=now)
    ended = run.ended_at or run.at
    return ImportPage(
        row=row,
        size=run.size,
        is_table=is_table(run.kind),
        look=_look(run),
        skipped=run.skipped,
        doubtful=run.doubtful,
        sentences=tuple(run.faults),
        has_left=incoming.left_of(run.file) is not None,
        is_settled=run.settled_at is not None,
        earlier=_earlier(run),
        until=timezone.localtime(ended + REVERTIBLE) if row.is_revertible else None,
        reverted_at=timezone.localtime(run.reverted_at) if run.reverted_at else None,
        reverted_by=str(run.reverted_by or ""),
        following=_following(user, run, now),
        lacks_mailbox=_lacks_mailbox(user),
    )


def left_rows(user: User, pk: int) -> tuple[str, bytes]:
    """Return the name of the file and the rows of it that were left out, as a table."""
    run = _run(user, pk)
    table = incoming.left_of(run.file)
    if table is None:
        raise NotFoundError(f"import {pk}")
    return run.name, table


def reversal(user: User, pk: int, *, now: datetime) -> ReversalPage:
    """Return what taking this import back would do now."""
    run = _run(user, pk)
    found = reversal_of(run)
    staying = list(found.staying.select_related("prospect").order_by("pk")[:MOST_STAYING])
    row = import_row(run, now=now)
    return ReversalPage(
        row=row,
        opportunities=found.opportunities.count(),
        entries=found.events.count(),
        fields=found.filled.count(),
        unmatched=found.unmatched.count(),
        staying=_staying_rows(staying, run),
        staying_total=found.staying.count(),
        until=timezone.localtime((run.ended_at or run.at) + REVERTIBLE),
    )


def import_row(run: ImportRun, *, now: datetime) -> ImportRow:
    """Return the line of one import, with how far it is."""
    told = incoming.look_of(run.file) if run.state == _State.SEEN else None
    stage, progress = _stage(run, told)
    return ImportRow(
        id=run.pk,
        name=run.name,
        kind=run.kind,
        about=run.about or (told or {}).get("about", ""),
        at=timezone.localtime(run.started_at or run.at),
        actor=str(run.actor or ""),
        stage=stage,
        new=run.new,
        changed=run.changed,
        same=run.same,
        unmatched=run.unmatched,
        faults=_left(run, told),
        progress=progress,
        is_revertible=is_revertible(run, now=now),
    )


def _run(user: User, pk: int) -> ImportRun:
    allow(user)
    rows = ImportRun.objects.select_related("actor", "reverted_by").filter(pk=pk)
    run = rows.filter(~Q(state=_State.SEEN) | Q(actor=user)).first()
    if run is None:
        raise NotFoundError(f"import {pk}")
    return run


def _following(user: User, run: ImportRun, now: datetime) -> ImportRow | None:
    """Return what is best taken in next of what waits."""
    if run.state not in {_State.RUNNING, _State.DONE}:
        return None
    return next(iter(_waiting(user, now)), None)


def _waiting(user: User, now: datetime) -> tuple[ImportRow, ...]:
    """Return what waits for a yes, in the order in which each is of most use to the next."""
    own = ImportRun.objects.filter(state=_State.SEEN, actor=user).order_by("-pk")[:MOST_WAITING]
    rows = [import_row(run, now=now) for run in own]
    return tuple(sorted(rows, key=lambda row: (_turn(row), row.id)))


def _turn(row: ImportRow) -> int:
    """People before matters, matters before what happened to them; mails need all of these."""
    return _TURNS.get(row.about if is_table(row.kind) else row.kind, 1)


def _left(run: ImportRun, told: Mapping[str, Any] | None) -> int:
    """Return how many rows stay behind, or would."""
    if run.state == _State.FAILED:
        return 0
    return told.get("left_out", 0) if told else len(run.faults)


def _lacks_mailbox(user: User) -> bool:
    return not MailAccount.objects.filter(user=user).exclude(imap_host="").exists()


def _stage(run: ImportRun, told: Mapping[str, Any] | None) -> tuple[Stage, ProgressView | None]:
    progress = incoming.progress_of(run.file) if run.file else None
    view = ProgressView(**asdict(progress)) if progress else None
    if run.state == _State.SEEN:
        return _stage_of_look(told), view
    if run.state == _State.RUNNING:
        is_alive = incoming.is_worked_on(run.file) or background.awaits(run.file)
        return (Stage.RUNNING if is_alive else Stage.STOPPED), view
    if view and run.state == _State.DONE:
        return Stage.PLANNING, view
    return Stage(run.state), None


def _stage_of_look(told: Mapping[str, Any] | None) -> Stage:
    if told is None:
        return Stage.LOOKING
    return Stage.REFUSED if "refused" in told else Stage.SEEN


def _look(run: ImportRun) -> LookView | None:
    told = incoming.look_of(run.file) if run.state == _State.SEEN else None
    if told is None:
        return None
    heads, first = _first(told.get("first", []))
    return LookView(
        refused=told.get("refused", ""),
        missing=told.get("missing", ""),
        about=told.get("about", ""),
        program=told.get("program", ""),
        profile=told.get("profile", ""),
        columns=tuple(
            ColumnView(**{**one, "examples": tuple(one["examples"])})
            for one in told.get("columns", [])
        ),
        fields=fields_for(told.get("about", "")),
        heads=heads,
        first=first,
        faults=tuple(FaultView(**one) for one in told.get("faults", [])),
        likely=tuple(LikelyView(**one) for one in told.get("likely", [])),
        notes=tuple(FaultView(**one) for one in told.get("notes", [])),
        **{name: told.get(name, 0) for name in _COUNTS},
    )


def _first(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return heads and cells of what was read; what no row has is left away."""
    written = [{name: value_word(name, value) for name, value in row.items()} for row in rows]
    names = [name for name in (written[0] if written else ()) if any(r.get(name) for r in written)]
    names = [name for name in names if column_word(name) != column_word("")]
    cells = tuple(tuple(row.get(name, "") for name in names) for row in written)
    return tuple(column_word(name) for name in names), cells


def _earlier(run: ImportRun) -> datetime | None:
    if run.state != _State.SEEN or not run.sha256:
        return None
    same = ImportRun.objects.filter(sha256=run.sha256, state=_State.DONE).order_by("-at").first()
    return timezone.localtime(same.at) if same else None


def _staying_rows(rows: Sequence[Opportunity], run: ImportRun) -> tuple[StayingRow, ...]:
    others = Event.objects.filter(opportunity__in=rows).exclude(run=run)
    worked = set(others.exclude(act="").values_list("opportunity_id", flat=True))
    return tuple(
        StayingRow(
            id=row.pk,
            name=f"{row.prospect.name} · {row.title}",
            why="worked" if row.pk in worked else "other",
        )
        for row in rows
    )
