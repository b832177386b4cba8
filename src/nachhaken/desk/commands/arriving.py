"""What a source says against what is known of it: new, the same, or changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from nachhaken.desk.models import Event, ImportRun, Opportunity, Person, Prospect, User
from nachhaken.desk.records import encode, kind_of
from nachhaken.desk.stories import VOID
from nachhaken.desk.twins import Likely, likely_among
from nachhaken.timeline import Fact, Undone

LONGEST_STEM = 200
_AT_ONCE = 900  # SQLite takes no more than 999 values in a query
_FIELDS = [field for field in Event._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
COLUMNS = [str(field.column) for field in _FIELDS]
Watch = Callable[[str, int, int], None]


def unwatched(stage: str, done: int, total: int) -> None:
    """Take notice of nothing: nobody waits for this import."""


def unsealed() -> None:
    """Do nothing: no run is to be ended."""


@dataclass(slots=True, kw_only=True)
class Arrival:
    """One import in progress: who, when, what was found, and whose plans are to be made anew.

    `run` is the file's, so that it can be taken back; None for a mailbox on a server. `progress`
    is told the stage ("look", "read", "write" or "plan"), how many are done and of how many (0:
    not known), every 50 items at most. `seal` is called within the transaction in which the last of
    it is written, so that a run is done if and only if all of it is there. `objecting` counts
    customers for whom the block list would note an objection, where a file is only looked at.
    `houses` and `people` are those that contacts make known, `likely` whom these may be.
    """

    actor: User | None
    now: datetime
    run: ImportRun | None = None
    progress: Watch = unwatched
    seal: Callable[[], None] = unsealed
    new: int = 0
    same: int = 0
    changed: int = 0
    unmatched: int = 0
    skipped: int = 0
    doubtful: int = 0
    objecting: int = 0
    faults: list[str] = field(default_factory=list)
    prospects: set[int] = field(default_factory=set)
    houses: list[Prospect] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    likely: tuple[Likely, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a source says under a name of its own; `fact` None: it does not say it (any more)."""

    stem: str
    opportunity: Opportunity
    fact: Fact | None
    at: datetime
    person: Person | None = None


def resemble(arrival: Arrival) -> None:
    """Note whom those may be that a file would make known."""
    arrival.likely = likely_among(arrival.houses, arrival.people)


def stem_of(source: str, *parts: str) -> str:
    """Return the name of a thing in its source, short enough for a column."""
    stem = ":".join((source, *parts))
    if len(stem) <= LONGEST_STEM:
        return stem
    return f"{source}:{sha256(stem.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Due:
    """An event that is to be appended, and where: the opportunity may have no number yet."""

    event: Event
    opportunity: Opportunity


def reconcile(arrival: Arrival, told: Iterable[Told]) -> dict[str, bool]:
    """Append what is new; what changed takes the place of what was said before.

    Returns the stems for which something was written, True where the stem itself is new. What a
    person undid stays undone while the source says the same. For more than some hundred
    opportunities, call it for one part after the other.
    """
    touched, due = compare(arrival, told)
    arrival.prospects |= {one.event.prospect_id for one in due}
    insert_rows([row_of(one.event) for one in due])
    return touched


def compare(arrival: Arrival, told: Iterable[Told]) -> tuple[dict[str, bool], list[Due]]:
    """Return what `reconcile` would, and the events that it would append."""
    told = list(told)
    known = _known(told)
    due: list[Due] = []
    touched: dict[str, bool] = {}
    for one in told:
        events = _events(arrival, one, known.get(one.stem))
        if events:
            touched[one.stem] = one.stem not in known
            due += [Due(event, one.opportunity) for event in events]
    return touched, due


def row_of(event: Event) -> list[Any]:
    """Return the event as the database takes it, in the order of `COLUMNS`."""
    return [field.get_db_prep_save(getattr(event, field.attname), connection) for field in _FIELDS]


def insert_rows(rows: list[list[Any]]) -> None:
    """Insert many events: five times as quick as `bulk_create`, which wants their numbers back."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in COLUMNS)
    marks = ", ".join(["%s"] * len(COLUMNS))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        table = quote(Event._meta.db_table)  # noqa: SLF001
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def bring_back(arrival: Arrival, keys: Iterable[str]) -> set[str]:
    """Let events of these source keys stand again where an import was taken back that had them.

    Returns the keys of those that stand again. What a person undid stays undone, and an opportunity
    that is gone does not come back for the sake of a mail.
    """
    found = Event.objects.filter(source_key__in=list(keys)).exclude(opportunity__outcome=VOID)
    rows = {row.pk: row for row in found}
    last = _last_of_reverting(rows)
    gone = {pk: (number, by) for pk, (number, by) in last.items() if number % 2}
    events = [
        undone_again(by, key=f"{reverting_stem(pk)}#{number + 1}", now=arrival.now)
        for pk, (number, by) in gone.items()
    ]
    for event in events:
        event.actor, event.run = arrival.actor, arrival.run
    Event.objects.bulk_create(events, batch_size=100)
    arrival.prospects |= {event.prospect_id for event in events}
    return {rows[pk].source_key for pk in gone}


def reverting_stem(pk: int) -> str:
    """Return the name under which taking back an import undoes, and redoes, the event `pk`."""
    return f"revert:{pk}"


def undone_again(event: Event, *, key: str, now: datetime) -> Event:
    """Return the event, not yet written, that undoes `event` under the source key `key`."""
    return Event(
        kind=kind_of(Undone(entry_id=event.pk)),
        prospect_id=event.prospect_id,
        opportunity_id=event.opportunity_id,
        occurred_at=now,
        recorded_at=now,
        source_key=key,
        payload=encode(Undone(entry_id=event.pk)),
        about=event.pk,
    )


def _last_of_reverting(pks: Iterable[int]) -> dict[int, tuple[int, Event]]:
    """Return the newest undoing or redoing of each event that an import was taken back with."""
    found: dict[int, tuple[int, Event]] = {}
    open_ones, number = list(pks), 1
    while open_ones:
        keys = {f"{reverting_stem(pk)}#{number}": pk for pk in open_ones}
        rows = {keys[row.source_key]: row for row in Event.objects.filter(source_key__in=keys)}
        found |= {pk: (number, row) for pk, row in rows.items()}
        open_ones, number = list(rows), number + 1
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What was said under a stem: how often, the newest event of it, and what holds of it now.

    `current` is None where the source, or taking an import back, has withdrawn it.
    """

    number: int
    newest: Event
    current: Event | None


def _known(told: list[Told]) -> dict[str, _Known]:
    stems = [f"{one.stem}#1" for one in told]
    places: set[int] = set()
    for start in range(0, len(stems), _AT_ONCE):
        firsts = Event.objects.filter(source_key__in=stems[start : start + _AT_ONCE])
        places |= {pk for pk in firsts.values_list("opportunity_id", flat=True) if pk}
    rows = Event.objects.filter(opportunity_id__in=places, source_key__contains="#")
    found: dict[str, list[Event]] = {}
    for event in rows.order_by("pk"):
        stem, _, number = event.source_key.rpartition("#")
        if number.isdecimal():
            found.setdefault(stem, []).append(event)
    return {stem: _summed(events) for stem, events in found.items()}


def _summed(events: list[Event]) -> _Known:
    gone: set[int | None] = set()
    standing = []
    for event in reversed(events):
        if event.pk in gone:
            continue
        if event.kind == "undone":
            gone.add(event.about)
        else:
            standing.append(event)
    number = int(events[-1].source_key.rpartition("#")[2])
    return _Known(number, events[-1], standing[0] if standing else None)


def _events(arrival: Arrival, told: Told, known: _Known | None) -> list[Event]:
    if known is None:
        return [] if told.fact is None else [_event(arrival, told, told.fact, number=1)]
    number, before = known.number, known.current
    if _says_same(told, before):
        return []
    events = []
    if before is not None:
        number += 1
        events.append(_event(arrival, told, Undone(entry_id=before.pk), number=number, of=before))
    if told.fact is not None:
        # It stays with the matter where it was first put, also when another fits as well by now.
        of = known.newest
        events.append(_event(arrival, told, told.fact, number=number + 1, of=of))
    return events


def _says_same(told: Told, before: Event | None) -> bool:
    if told.fact is None or before is None:
        return told.fact is None and before is None
    return bool(before.payload == encode(told.fact) and before.occurred_at == told.at)


def _event(
    arrival: Arrival, told: Told, fact: Fact, *, number: int, of: Event | None = None
) -> Event:
    payload = encode(fact)
    return Event(
        kind=kind_of(fact),
        prospect_id=of.prospect_id if of else told.opportunity.prospect_id,
        opportunity_id=of.opportunity_id if of else told.opportunity.pk,
        person_id=told.person.pk if told.person else None,
        occurred_at=told.at,
        recorded_at=arrival.now,
        actor_id=arrival.actor.pk if arrival.actor else None,
        run_id=arrival.run.pk if arrival.run else None,
        source_key=f"{told.stem}#{number}",
        payload=payload,
        about=payload.get("entry_id"),
    )
