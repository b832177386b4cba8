"""What a table is going to write, kept aside until all of it is known.

A database that lets one write at a time is held for the burst of `write` only, not for the reading
and matching before it; `head` tells whether somebody wrote meanwhile.
"""

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, Self

from django.db.models import Count, Max

from nachhaken.desk.commands.arriving import COLUMNS, Arrival, Due, insert_rows, row_of
from nachhaken.desk.commands.bulk import Parties
from nachhaken.desk.models import (
    Blocked,
    Event,
    ImportRun,
    Merger,
    Opportunity,
    Person,
    Prospect,
)

_IN_MEMORY = 2**22  # bytes of events; more lie in a nameless file until they are written
_PROSPECT, _OPPORTUNITY = COLUMNS.index("prospect_id"), COLUMNS.index("opportunity_id")


@dataclass(frozen=True, slots=True)
class _Begun:
    """An opportunity that is not written yet: a tenth of what the row of one takes."""

    source_key: str
    title: str
    created_at: datetime
    prospect: Prospect
    person: Person | None


class Pending:
    """The new parties, opportunities and events of one import, block by block."""

    def __init__(self, arrival: Arrival) -> None:
        self.parties = Parties(arrival)
        self._arrival = arrival
        self._begun: list[list[_Begun]] = []
        self._events = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)
        self._then: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._events.close()

    def keep(self, fresh: Sequence[Opportunity], due: Sequence[Due]) -> None:
        """Keep a block: its new opportunities, and events in these or in ones that are there."""
        places = {id(row): place for place, row in enumerate(fresh)}
        self._begun.append(
            [
                _Begun(row.source_key, row.title, row.created_at, row.prospect, row.person)
                for row in fresh
            ]
        )
        rows = [(places.get(id(one.opportunity)), row_of(one.event)) for one in due]
        pickle.dump(rows, self._events, pickle.HIGHEST_PROTOCOL)

    def then(self, act: Callable[[], None]) -> None:
        """Do this after everything is written."""
        self._then.append(act)

    def write(self) -> None:
        """Write all of it; within a transaction."""
        self.parties.write()
        self._events.seek(0)
        for begun in self._begun:
            fresh = Opportunity.objects.bulk_create(map(self._opportunity, begun), batch_size=500)
            insert_rows(list(self._rows(fresh)))
        for act in self._then:
            act()

    def _opportunity(self, begun: _Begun) -> Opportunity:
        return Opportunity(
            source_key=begun.source_key,
            prospect=begun.prospect,
            person=begun.person,
            owner=self._arrival.actor,
            title=begun.title,
            created_at=begun.created_at,
            run=self._arrival.run,
        )

    def _rows(self, fresh: Sequence[Opportunity]) -> Iterator[list[Any]]:
        # Our own bytes, from a file that has no name.
        for place, row in pickle.load(self._events):  # noqa: S301
            if place is not None:
                row[_PROSPECT], row[_OPPORTUNITY] = fresh[place].prospect_id, fresh[place].pk
            if row[_PROSPECT]:
                self._arrival.prospects.add(row[_PROSPECT])
            yield row


def head() -> tuple[object, ...]:
    """Return what differs after anybody wrote something that a table is compared with."""
    tables = (
        Event.objects.all(),
        Opportunity.objects.all(),
        Prospect.objects.all(),
        Person.objects.all(),
        Merger.objects.all(),
        Blocked.objects.all(),
    )
    newest = [rows.aggregate(Max("pk"))["pk__max"] for rows in tables]
    counted = [rows.count() for rows in tables[1:4]]
    undone = Merger.objects.aggregate(Count("undone_at"))["undone_at__count"]
    taken_back = ImportRun.objects.filter(state=ImportRun.State.REVERTED).count()
    lifted = Blocked.objects.aggregate(Count("lifted_at"))["lifted_at__count"]
    return (*newest, *counted, undone, taken_back, lifted)


def trial_of(arrival: Arrival) -> Arrival:
    """Return a copy that counts for itself, so that a table can be prepared once more."""
    return replace(arrival, faults=[*arrival.faults], prospects={*arrival.prospects})
