"""Files on their way in, and what is known about them until they are taken in.

Beside a kept file lie, under its name: who works on it (`.lock`), how far that is (`.progress`),
what the look found (`.look`), and, when it is done, the rows that were left out (`.left.csv`).
Nobody else can see a database row while its transaction lasts; a file they can.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from nachhaken.desk.locks import attempt

RESERVE = 200 * 2**20  # bytes that stay free on the disk
_LEFT = ".left.csv"
_BESIDE = (".progress", ".look", _LEFT, ".lock")
_PACE = 0.25  # seconds between two notes of the same stage


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept: its name here, its bytes and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: stage ("look", "read", "write", "plan"), done, of how many (0: ?)."""

    stage: str
    done: int = 0
    total: int = 0


class DiskFullError(Exception):
    """There is no room for the file."""


def keep(chunks: Iterable[bytes]) -> Kept:
    """Write the bytes into a file of their own, or raise DiskFullError and leave nothing."""
    name = new_name()
    path = path_of(name)
    digest, size = sha256(), 0
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DiskFullError from error
        raise
    return Kept(name, size, digest.hexdigest())


def new_name() -> str:
    """Return a name that nothing has yet, in a folder that is there."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    return secrets.token_hex(16)


def path_of(name: str) -> Path:
    """Return where a kept file lies."""
    return _folder() / name


def is_there(name: str) -> bool:
    """Say whether the file still waits."""
    return bool(name) and path_of(name).exists()


def room() -> int:
    """Return how many bytes may still come in."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return max(shutil.disk_usage(folder).free - RESERVE, 0)


@contextmanager
def worked_on(name: str) -> Iterator[bool]:
    """Be the one that works on the file; says False where somebody does already."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with attempt(_beside(name, ".lock")) as is_mine:
        try:
            yield is_mine
        finally:
            # Who waits for nothing sees by the state of the run that the work is done.
            if is_mine:
                _beside(name, ".lock").unlink(missing_ok=True)


def is_worked_on(name: str) -> bool:
    """Say whether a living process works on the file."""
    if not _beside(name, ".lock").exists():
        return False
    with attempt(_beside(name, ".lock")) as is_free:
        return not is_free


class Note:
    """Writes down how far an import is; often asked, it writes a few times a second."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stage, self._at = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == self._stage and time.monotonic() - self._at < _PACE:
            return
        self._stage, self._at = stage, time.monotonic()
        _write(_beside(self._name, ".progress"), asdict(Progress(stage, done, total)))


def progress_of(name: str) -> Progress | None:
    """Return how far the work on the file is, None where nothing was begun or all is done."""
    noted = _read(_beside(name, ".progress"))
    return Progress(**noted) if noted else None


def no_progress(name: str) -> None:
    """The work is done."""
    _beside(name, ".progress").unlink(missing_ok=True)


def keep_look(name: str, look: Any) -> None:
    """Keep what a look at the file found."""
    _write(_beside(name, ".look"), look)


def look_of(name: str) -> Any:
    """Return what `keep_look` kept, None where nobody has looked."""
    return _read(_beside(name, ".look"))


def forget_look(name: str) -> None:
    """The look no longer holds: the columns mean something else now."""
    _beside(name, ".look").unlink(missing_ok=True)


def keep_left(name: str, table: bytes) -> None:
    """Keep the rows that were left out, for their owner to mend."""
    path = _beside(name, _LEFT)
    path.touch(mode=0o600)
    path.write_bytes(table)


def left_of(name: str) -> bytes | None:
    """Return the rows that were left out."""
    path = _beside(name, _LEFT)
    return path.read_bytes() if name and path.exists() else None


def forget_left(name: str) -> None:
    """Delete the rows that were left out."""
    if name:
        _beside(name, _LEFT).unlink(missing_ok=True)


def forget_file(name: str) -> None:
    """Delete the file and what the look found in it; what was left out of it stays."""
    if name:
        path_of(name).unlink(missing_ok=True)
        forget_look(name)


def forget(name: str) -> None:
    """Delete a kept file and all beside it; one that is gone already is no fault."""
    if name:
        forget_file(name)
        for end in _BESIDE:
            _beside(name, end).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA) / "imports"


def _beside(name: str, end: str) -> Path:
    return _folder() / f"{name}{end}"


def _write(path: Path, value: Any) -> None:
    """Put the whole value in place at once: a reader never sees half of it."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
