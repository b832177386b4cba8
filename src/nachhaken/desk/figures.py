"""What each opportunity adds to the figures, and their sums: brought up to date by differences.

A `Figures` row is written with the plan, in the same transaction. The cells follow: `catch_up`
takes off what they have of a row, and adds what it is now. All of it can be deleted and is made
anew (`recount`), to the same sums.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from nachhaken.desk.cells import Sum, cell_of, sums_of
from nachhaken.desk.holding import held
from nachhaken.desk.layers import reader_version
from nachhaken.desk.models import Event, Figures, FiguresCell, Opportunity
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import Told, tell
from nachhaken.learning.insight import figures
from nachhaken.learning.insight.figures import Facts
from nachhaken.learning.insight.tally import Tally, from_record, to_record, total
from nachhaken.plan.values import Preferences

EDITION = "2"
"""Another way to count is another edition: everything is counted anew in the background."""

AT_ONCE = 500
_BATCH = 50  # opportunities: short transactions, as others write meanwhile
_CHANCES = ("chance.", "error.", "beside.")
_TOLD = ["cell", "head", "version", "tally", "is_behind"]


class Counted(NamedTuple):
    """An opportunity as it is counted: its facts and numbers, None where it was taken back."""

    facts: Facts | None
    tally: Tally


def keep_figures(told: Sequence[Told], *, preferences: Preferences) -> None:
    """Write what these opportunities add, where it changed; the cells are then behind.

    The caller holds their prospects. A chance that was given stays until something is noted.
    """
    known = Figures.objects.in_bulk([one.opportunity.pk for one in told])
    counted = counted_of(told, preferences=preferences)
    current = version(preferences)
    rows = [
        row
        for one in told
        if (row := _changed(one, counted[one.opportunity.pk], known, current)) is not None
    ]
    Figures.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["opportunity"], update_fields=_TOLD
    )


def counted_of(told: Sequence[Told], *, preferences: Preferences) -> dict[int, Counted]:
    """Return how these opportunities are counted, but for the desk's own chances."""
    offers = _first_offers({one.opportunity.prospect_id for one in told})
    return {
        one.opportunity.pk: _counted(one, offers[one.opportunity.prospect_id], preferences)
        for one in told
    }


def catch_up(limit: int = AT_ONCE) -> int:
    """Bring the cells up to date with at most `limit` opportunities; return with how many.

    Two at once take different rows (PostgreSQL) or one after the other (SQLite), and hold the
    cells in the order of their keys. A row that nothing happened to adds nothing twice.
    """
    with transaction.atomic():
        behind = Figures.objects.filter(is_behind=True).order_by("pk")
        rows = list(behind.select_for_update(skip_locked=True)[:limit])
        if rows:
            _add_to_cells(_differences(rows))
            for row in rows:
                row.counted_cell, row.counted, row.is_behind = row.cell, row.tally, False
            Figures.objects.bulk_update(
                rows, ["counted_cell", "counted", "is_behind"], batch_size=_BATCH
            )
    return len(rows)


def follow_up_figures() -> int:
    """Count what is missing and add what changed: the round in the background; return how many."""
    return recount() + catch_up()


def recount(*, limit: int = AT_ONCE) -> int:
    """Count what has no row yet, or one of another edition; return how many opportunities."""
    known = preferences()
    current = version(known)
    is_current = Q(figures__version__in=[current, with_chance(current)])
    rows = Opportunity.objects.filter(plan__isnull=False).exclude(is_current).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:limit])
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        with held(batch):
            keep_figures(tell(batch), preferences=known)
    return len(ids)


def rebuild() -> None:
    """Forget all sums; `recount` and `catch_up` make them anew."""
    with transaction.atomic():
        Figures.objects.all().delete()
        FiguresCell.objects.all().delete()


def version(known: Preferences) -> str:
    """Return a name for how is counted: another reader or other own numbers, another name."""
    made_with = (EDITION, reader_version(), known.hour_eur, known.zone)
    return sha256(" ".join(map(str, made_with)).encode()).hexdigest()[:16]


def with_chance(name: str) -> str:
    """Return the version of a row whose chance was asked for, whether there is one or not."""
    return f"{name}+"


def without_chance(record: Mapping[str, int]) -> dict[str, int]:
    """Return what follows from the timeline alone."""
    return {name: n for name, n in record.items() if not name.startswith(_CHANCES)}


def _changed(
    one: Told, counted: Counted, known: Mapping[int, Figures], current: str
) -> Figures | None:
    row = known.get(one.opportunity.pk)
    cell = cell_of(counted.facts, one.opportunity.owner_id) if counted.facts else ""
    record = to_record(counted.tally)
    if row is not None and _is_same(row, cell, record, (current, one.story.timeline.head)):
        return None
    return Figures(
        opportunity=one.opportunity,
        cell=cell,
        head=one.story.timeline.head,
        version=current,
        tally=record,
        is_behind=True,
    )


def _is_same(row: Figures, cell: str, record: dict[str, int], made_with: tuple[str, int]) -> bool:
    """Any further entry may change what would have been said: then it is asked again."""
    current, head = made_with
    is_current = row.version == current or (row.version, row.head) == (with_chance(current), head)
    return is_current and row.cell == cell and without_chance(row.tally) == record


def _counted(one: Told, offers: Mapping[int | None, datetime], known: Preferences) -> Counted:
    others = [at for pk, at in offers.items() if pk != one.opportunity.pk]
    seen = figures.Told(
        timeline=one.story.timeline,
        readings=one.story.readings,
        is_consumer=one.opportunity.prospect.is_consumer,
        earlier_offer=min(others, default=None),
    )
    past, zone = figures.past_of(seen), ZoneInfo(known.zone)
    if past is None:
        return Counted(None, Tally())
    facts = figures.facts_of(seen, past, hour_eur=known.hour_eur, zone=zone)
    return Counted(facts, figures.tally_of(facts, past, zone=zone))


def _first_offers(prospects: set[int]) -> Mapping[int, Mapping[int | None, datetime]]:
    """Return by prospect when the first offer in each of its matters went out."""
    rows = Event.objects.filter(prospect_id__in=prospects, kind="offer_sent").standing()
    found: dict[int, dict[int | None, datetime]] = defaultdict(dict)
    for prospect, opportunity, at in rows.order_by("-occurred_at").values_list(
        "prospect_id", "opportunity_id", "occurred_at"
    ):
        found[prospect][opportunity] = at
    return found


def _differences(rows: Iterable[Figures]) -> dict[Sum, Tally]:
    changes: dict[str, Tally] = defaultdict(Tally)
    for row in rows:
        if row.counted is not None and row.counted_cell:
            changes[row.counted_cell] -= from_record(row.counted)
        if row.cell:
            changes[row.cell] += from_record(row.tally)
    parts: dict[Sum, list[Mapping[str, int]]] = defaultdict(list)
    for cell, change in changes.items():
        for one in sums_of(cell):
            parts[one].append(change.numbers)
    return {one: total(numbers) for one, numbers in parts.items()}


def _add_to_cells(changes: Mapping[Sum, Tally]) -> None:
    """An empty cell stays: another one may be about to add to it."""
    by_key = {one.key: change for one, change in changes.items() if change.numbers}
    empty = sorted((one.row() for one in changes if one.key in by_key), key=lambda row: row.key)
    FiguresCell.objects.bulk_create(empty, ignore_conflicts=True, batch_size=_BATCH)
    rows = list(FiguresCell.objects.select_for_update().filter(key__in=by_key).order_by("key"))
    for row in rows:
        row.tally = to_record(from_record(row.tally) + by_key[row.key])
    FiguresCell.objects.bulk_update(rows, ["tally"], batch_size=_BATCH)
