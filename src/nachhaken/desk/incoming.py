"""Files on their way in: they lie in the data folder until they are taken in."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def keep(chunks: Iterable[bytes]) -> str:
    """Write the bytes into a file of their own and return its name; raises OSError (disk full)."""
    name = secrets.token_hex(16)
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return name


def path_of(name: str) -> Path:
    """Return where a kept file lies."""
    return Path(settings.DATA) / "imports" / name


def forget(name: str) -> None:
    """Delete a kept file; one that is gone already is no fault."""
    if name:
        path_of(name).unlink(missing_ok=True)
