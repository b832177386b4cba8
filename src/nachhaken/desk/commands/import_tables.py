"""A table of any kind into the desk: counted only, or counted and written."""

from django.db import transaction

from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_offers import import_offers
from nachhaken.sources.tables import Table


def import_table(arrival: Arrival, table: Table, *, dry_run: bool = False) -> None:
    """Take in the rows of `table`, all or none; with `dry_run` only count what would be done."""
    with transaction.atomic():
        import_offers(arrival, table)
        arrival.seal()
        if dry_run:
            transaction.set_rollback(True)
