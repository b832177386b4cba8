"""What a source says against what is known of it: new, the same, or changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from nachhaken.desk.models import Event, ImportRun, Opportunity, Person, User
from nachhaken.desk.records import encode, kind_of
from nachhaken.timeline import Fact, Undone

LONGEST_STEM = 200


def unwatched(stage: str, done: int, total: int) -> None:
    """Take notice of nothing: nobody waits for this import."""


@dataclass(slots=True, kw_only=True)
class Arrival:
    """One import in progress: who, when, what was found, and whose plans are to be made anew.

    `run` is the file's, so that it can be taken back; None for a mailbox on a server. `progress`
    is told the stage ("look", "read", "write" or "plan"), how many are done and of how many (0:
    not known), every 50 items at most.
    """

    actor: User | None
    now: datetime
    run: ImportRun | None = None
    progress: Callable[[str, int, int], None] = unwatched
    new: int = 0
    same: int = 0
    changed: int = 0
    unmatched: int = 0
    skipped: int = 0
    doubtful: int = 0
    faults: list[str] = field(default_factory=list)
    prospects: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a source says under a name of its own; `fact` None: it does not say it (any more)."""

    stem: str
    opportunity: Opportunity
    fact: Fact | None
    at: datetime
    person: Person | None = None


def stem_of(source: str, *parts: str) -> str:
    """Return the name of a thing in its source, short enough for a column."""
    stem = ":".join((source, *parts))
    if len(stem) <= LONGEST_STEM:
        return stem
    return f"{source}:{sha256(stem.encode()).hexdigest()}"


def reconcile(arrival: Arrival, told: Iterable[Told]) -> dict[str, bool]:
    """Append what is new; what changed takes the place of what was said before.

    Returns the stems for which something was written, True where the stem itself is new. What a
    person undid stays undone while the source says the same.
    """
    told = list(told)
    known = _known(told)
    written: list[Event] = []
    touched: dict[str, bool] = {}
    for one in told:
        events = _events(arrival, one, known.get(one.stem))
        if events:
            touched[one.stem] = one.stem not in known
            arrival.prospects |= {event.prospect_id for event in events}
            written += events
    Event.objects.bulk_create(written, batch_size=100)
    return touched


def _known(told: list[Told]) -> dict[str, tuple[int, Event]]:
    """Return the newest version of each stem, with its number."""
    firsts = Event.objects.filter(source_key__in=[f"{one.stem}#1" for one in told])
    places = set(firsts.values_list("opportunity_id", flat=True))
    rows = Event.objects.filter(opportunity_id__in=places, source_key__contains="#")
    found: dict[str, tuple[int, Event]] = {}
    for event in rows.order_by("pk"):
        stem, _, number = event.source_key.rpartition("#")
        if number.isdecimal():
            found[stem] = (int(number), event)
    return found


def _events(arrival: Arrival, told: Told, known: tuple[int, Event] | None) -> list[Event]:
    if known is None:
        return [] if told.fact is None else [_event(arrival, told, told.fact, number=1)]
    number, before = known
    is_gone = before.kind == "undone"
    is_same = (
        told.fact is not None
        and before.payload == encode(told.fact)
        and before.occurred_at == told.at
    )
    if is_same or (is_gone and told.fact is None):
        return []
    events = []
    if not is_gone:
        number += 1
        events.append(_event(arrival, told, Undone(entry_id=before.pk), number=number, of=before))
    if told.fact is not None:
        # It stays with the matter where it was first put, also when another fits as well by now.
        events.append(_event(arrival, told, told.fact, number=number + 1, of=before))
    return events


def _event(
    arrival: Arrival, told: Told, fact: Fact, *, number: int, of: Event | None = None
) -> Event:
    payload = encode(fact)
    return Event(
        kind=kind_of(fact),
        prospect_id=of.prospect_id if of else told.opportunity.prospect_id,
        opportunity_id=of.opportunity_id if of else told.opportunity.pk,
        person=told.person,
        occurred_at=told.at,
        recorded_at=arrival.now,
        actor=arrival.actor,
        run=arrival.run,
        source_key=f"{told.stem}#{number}",
        payload=payload,
        about=payload.get("entry_id"),
    )
