"""After much came in at once, PostgreSQL is told to look anew at what its tables hold.

Its own daemon does so a minute after a transaction ended; until then plans are made for tables that
were nearly empty, and what joins them takes minutes instead of milliseconds (PostgreSQL manual,
"Populating a Database"). SQLite needs nothing of the kind.
"""

from django.db import connection

from nachhaken.desk.models import Event, Opportunity, Person, Plan, Prospect, ReadingCache

MUCH = 200
"""Rows; fewer change no plan."""

_TABLES = (Event, Opportunity, Person, Plan, Prospect, ReadingCache)


def analyse_after(rows: int) -> None:
    """Have the tables analysed after so many new rows, also within a transaction."""
    if rows < MUCH or connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in _TABLES)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
