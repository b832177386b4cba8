"""The database from one address: "" is SQLite in the data folder, or postgresql://user:pw@host/name."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

WAIT = 20
"""Seconds for which a request waits for what somebody else holds; then the page says so."""

_SQLITE_OPTIONS = {
    # A deferred transaction that reads and then writes fails at once; no timeout helps there.
    "transaction_mode": "IMMEDIATE",
    "timeout": WAIT,
    "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON"),
}


def database(address: str, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the database at `address`."""
    if not address:
        return _sqlite(folder / "nachhaken.sqlite3")
    parts = urlsplit(address)
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": _waiting(dict(parse_qsl(parts.query))),
        }
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    raise ValueError("NACHHAKEN_DATABASE: expected postgresql://user:password@host:port/name")


def _waiting(options: dict[str, str]) -> dict[str, str]:
    """Without a limit PostgreSQL waits for a lock for ever; what the address says comes after."""
    limit = f"-c lock_timeout={WAIT}s"
    return options | {"options": f"{limit} {options.get('options', '')}".strip()}


def _sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": _SQLITE_OPTIONS}
