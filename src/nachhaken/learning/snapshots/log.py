"""The event log of offers, read as a stream: one case per application that got an offer.

The form is that of the BPI Challenge 2012 (van Dongen, 10.4121/uuid:3926db30-f712-4394-aebc-
75976070e91f) as a table: one row per event, its case, time, activity and lifecycle.
"""

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from operator import attrgetter
from pathlib import Path
from sys import intern
from typing import IO, NamedTuple

OFFER, REPLY = "O_SENT", "O_SENT_BACK"
WON = frozenset({"A_APPROVED", "O_ACCEPTED", "A_REGISTERED", "A_ACTIVATED"})
CLOSED = frozenset({"A_APPROVED", "O_ACCEPTED", "A_DECLINED", "A_CANCELLED"})
COLUMNS = ("case_id", "amount_req", "reg_date", "activity", "lifecycle", "timestamp")
_GZIP = b"\x1f\x8b"


class LogError(ValueError):
    """A log that cannot be read; `kind` is "columns", "row" or "file"; `where` names it."""

    def __init__(self, kind: str, where: str) -> None:
        super().__init__(f"{kind}: {where}")
        self.kind, self.where = kind, where


class Event(NamedTuple):
    """One event; `at` in seconds since 1970 (UTC)."""

    at: float
    activity: str
    lifecycle: str


@dataclass(frozen=True, slots=True)
class Case:
    """One application with its events in order; amount in currency, registered in seconds."""

    id: str
    amount: float
    registered: float
    events: tuple[Event, ...]

    @property
    def offered(self) -> float:
        """When the first offer was sent; infinite where none was."""
        return self._first({OFFER})

    @property
    def closed(self) -> float:
        """When it was decided, by anybody; infinite while it is open."""
        return self._first(CLOSED)

    @property
    def replied(self) -> float:
        """When the customer first sent an offer back, or it was won without that."""
        return self._first(WON | {REPLY})

    @property
    def won(self) -> bool:
        """Whether it was won, as far as the events go."""
        return self._first(WON) < inf

    def until(self, at: float) -> "Case":
        """What was known of it before `at`."""
        return Case(
            self.id, self.amount, self.registered, tuple(e for e in self.events if e.at < at)
        )

    def _first(self, activities: frozenset[str] | set[str]) -> float:
        return min((e.at for e in self.events if e.activity in activities), default=inf)


def read_log(file: Path) -> list[Case]:
    """Return the cases with an offer in the order of the file; a CSV, or one packed with gzip.

    LogError where a column is missing or something cannot be understood; times want their offset
    from UTC. OSError where there is no file.
    """
    try:
        with _opened(file) as lines:
            return [case for case in _cases(lines) if case.offered < inf]
    except (EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise LogError("file", file.name) from error


def known_before(cases: Iterable[Case], at: float) -> list[Case]:
    """Return the cases offered before `at`, with nothing that came later."""
    return [case.until(at) for case in cases if case.offered < at]


def _opened(file: Path) -> IO[str]:
    with file.open("rb") as raw:
        packed = raw.read(2) == _GZIP
    if packed:
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def _cases(lines: Iterable[str]) -> Iterator[Case]:
    facts: dict[str, tuple[float, float]] = {}
    events: dict[str, list[Event]] = {}
    for case, amount, registered, event in _rows(lines):
        facts.setdefault(case, (amount, registered))
        events.setdefault(case, []).append(event)
    for case, (amount, registered) in facts.items():
        yield Case(case, amount, registered, tuple(sorted(events[case], key=attrgetter("at"))))


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, float, float, Event]]:
    reader = csv.reader(lines)
    places = _places(next(reader, []))
    for row in reader:
        try:
            case, amount, registered, activity, lifecycle, at = [row[place] for place in places]
            event = Event(_seconds(at), intern(activity), intern(lifecycle))
            yield intern(case), float(amount), _seconds(registered), event
        except (IndexError, ValueError) as error:
            raise LogError("row", f"{reader.line_num}") from error


def _places(names: Sequence[str]) -> list[int]:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise LogError("columns", ", ".join(missing))
    return [names.index(name) for name in COLUMNS]


def _seconds(text: str) -> float:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.timestamp()
