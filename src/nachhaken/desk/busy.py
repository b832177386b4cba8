"""Whether the database only had no time: somebody else was writing, and again is enough."""

import sqlite3

from django.db import OperationalError

_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# lock_not_available, deadlock_detected, serialization_failure (PostgreSQL manual, appendix A).
_POSTGRESQL = {"55P03", "40P01", "40001"}


def is_busy(error: OperationalError) -> bool:
    """Say whether the same would go well a moment later, as the database itself says."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        # The lower byte is the primary code; the rest tells kinds of it apart.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    return getattr(cause, "sqlstate", None) in _POSTGRESQL
