"""A table of any kind into the desk: counted only, or counted and written."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from django.db import transaction

from nachhaken.desk.commands.arriving import Arrival, resemble
from nachhaken.desk.commands.import_activities import import_activities
from nachhaken.desk.commands.import_contacts import import_contacts
from nachhaken.desk.commands.import_deals import import_deals
from nachhaken.desk.commands.import_offers import import_offers
from nachhaken.desk.commands.pending import Pending, head, trial_of
from nachhaken.desk.preferences import read_once
from nachhaken.desk.speech import language
from nachhaken.sources.faults import Fault, say
from nachhaken.sources.tables import About, Table

_ATTEMPTS = 3
_COUNTED = ("new", "same", "changed", "skipped", "doubtful", "objecting", "faults", "prospects")


def import_table(arrival: Arrival, table: Table, *, dry_run: bool = False) -> None:
    """Take in the rows of `table`, all or none; with `dry_run` only count what would be done.

    `arrival.doubtful` counts rows that were left for a person to decide; `faults` says of which row
    why. All is prepared before anything is written, and again where somebody wrote meanwhile; who
    writes without a pause has to wait in the end.
    """
    arrival.faults += _told([fault for fault in table.faults if not fault.is_note])
    with read_once():
        if dry_run:
            with Pending(arrival) as pending:
                _take(arrival, table, pending)
                if table.about is About.CONTACTS:
                    arrival.houses, arrival.people = pending.parties.newcomers
                    resemble(arrival)
            return
        if not any(_in_a_burst(arrival, table) for _ in range(_ATTEMPTS)):
            with transaction.atomic():
                _in_a_burst(arrival, table, is_held=True)


def _in_a_burst(arrival: Arrival, table: Table, *, is_held: bool = False) -> bool:
    """Prepare the table and write it; False, and nothing is written, where it fits no more."""
    known, trial = head(), trial_of(arrival)
    with Pending(trial) as pending:
        _take(trial, table, pending)
        with transaction.atomic():
            if not is_held and head() != known:
                return False
            pending.write()
            for name in _COUNTED:
                setattr(arrival, name, getattr(trial, name))
            arrival.seal()
    return True


def _told(faults: Sequence[Fault]) -> list[str]:
    """Return one sentence for each row, so that as many are told as rows were left."""
    told = []
    for row, group in groupby(faults, key=lambda fault: fault.row):
        first, *more = group
        if row is None:
            told += [say(fault, language()) for fault in (first, *more)]
            continue
        rest = (say(replace(fault, row=None), language()) for fault in more)
        told.append(" ".join([say(first, language()), *rest]))
    return told


def _take(arrival: Arrival, table: Table, pending: Pending) -> None:
    match table.about:
        case About.OFFERS:
            import_offers(arrival, table.offers, pending)
        case About.OPPORTUNITIES:
            import_deals(arrival, table.opportunities, pending)
        case About.CONTACTS:
            import_contacts(arrival, table.contacts, pending)
        case About.ACTIVITIES:
            import_activities(arrival, table.activities, pending)
