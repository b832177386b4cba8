"""The ordered, immutable history of one opportunity, seen from any moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from nachhaken.timeline.facts import Fact, Replied, Restated, Undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact with when it happened, when the desk learnt it, who said so and where it came from."""

    id: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    source_key: str
    fact: Fact

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None or self.recorded_at.tzinfo is None:
            raise ValueError("occurred_at and recorded_at must be aware of their time zone")


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries in the order in which they happened; ties by recording, then by id."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Timeline":
        """Return the timeline of `entries`, given in any order."""
        return cls(tuple(sorted(entries, key=_order)))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def head(self) -> int:
        """The highest entry id, 0 when empty: what a cache of this timeline is true for."""
        return max((entry.id for entry in self.entries), default=0)

    def as_of(self, moment: datetime) -> "Timeline":
        """Return what the desk knew at `moment`: nothing recorded later is in it."""
        return Timeline(tuple(e for e in self.entries if e.recorded_at <= moment))

    def standing(self) -> "Timeline":
        """Return what counts: undone entries are gone, corrected readings are in place."""
        undone = _undone_ids(self.entries)
        restated = {
            e.fact.entry_id: e.fact
            for e in sorted(self.entries, key=lambda e: e.id)
            if isinstance(e.fact, Restated) and e.id not in undone
        }
        return Timeline(
            tuple(
                _restate(e, restated)
                for e in self.entries
                if e.id not in undone and not isinstance(e.fact, Undone | Restated)
            )
        )


def _order(entry: Entry) -> tuple[datetime, datetime, int]:
    return entry.occurred_at, entry.recorded_at, entry.id


def _undone_ids(entries: Iterable[Entry]) -> frozenset[int]:
    """Walk back from the newest entry: an undo that is itself undone undoes nothing."""
    undone: set[int] = set()
    for entry in sorted(entries, key=lambda e: e.id, reverse=True):
        if isinstance(entry.fact, Undone) and entry.id not in undone:
            undone.add(entry.fact.entry_id)
    return frozenset(undone)


def _restate(entry: Entry, restated: dict[int, Restated]) -> Entry:
    correction = restated.get(entry.id)
    if correction is None or not isinstance(entry.fact, Replied):
        return entry
    return replace(entry, fact=replace(entry.fact, statement=correction.statement))
