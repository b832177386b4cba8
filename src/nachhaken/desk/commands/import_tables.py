"""A table of any kind into the desk: counted only, or counted and written."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from django.db import transaction

from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_activities import import_activities
from nachhaken.desk.commands.import_contacts import import_contacts
from nachhaken.desk.commands.import_deals import import_deals
from nachhaken.desk.commands.import_offers import import_offers
from nachhaken.desk.preferences import read_once
from nachhaken.desk.speech import language
from nachhaken.sources.faults import Fault, say
from nachhaken.sources.tables import About, Table


def import_table(arrival: Arrival, table: Table, *, dry_run: bool = False) -> None:
    """Take in the rows of `table`, all or none; with `dry_run` only count what would be done.

    `arrival.doubtful` counts rows that were left for a person to decide; `faults` says of which row
    why.
    """
    arrival.faults += _told([fault for fault in table.faults if not fault.is_note])
    with read_once():
        if dry_run:
            _take(arrival, table, dry_run=True)
            return
        with transaction.atomic():
            _take(arrival, table, dry_run=False)
            arrival.seal()


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


def _take(arrival: Arrival, table: Table, *, dry_run: bool) -> None:
    match table.about:
        case About.OFFERS:
            import_offers(arrival, table.offers, dry_run=dry_run)
        case About.OPPORTUNITIES:
            import_deals(arrival, table.opportunities, dry_run=dry_run)
        case About.CONTACTS:
            import_contacts(arrival, table.contacts, dry_run=dry_run)
        case About.ACTIVITIES:
            import_activities(arrival, table.activities, dry_run=dry_run)
