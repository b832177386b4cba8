"""Measure an import from end to end: `python -m tests.speed._import_run a.csv 50000`.

Another thread takes it in, as the desk does; this one tries meanwhile whether anybody could write,
and how long the first page takes while the plans are made.
"""

import resource
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from threading import Thread
from time import monotonic, sleep

from nachhaken.project.starting import start_django

start_django()

from django.conf import settings  # noqa: E402 - the settings come first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from nachhaken.desk import commands  # noqa: E402
from nachhaken.desk.models import ImportRun  # noqa: E402

NOW = timezone.now()
OWNER = commands.create_owner(
    name="Katharina Brandt", mail="k@x.example", password="Treppenstufe-77", now=NOW
)
PACE = 0.02  # seconds between two looks at the lock
LOOKS = 15
Told = Callable[[str, float], None]


class Stages:
    """When each stage began, and how quickly plans are made."""

    def __init__(self) -> None:
        self.begun: dict[str, float] = {}
        self.left = self.per_plan = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.begun.setdefault(stage, monotonic())
        if stage == "plan" and done:
            self.per_plan = (monotonic() - self.begun[stage]) / done
            self.left = (total - done) * self.per_plan


def main(file: Path, count: int, tell: Told) -> None:
    """Print the seconds of all, of the lock and of the first page, and the most memory."""
    stages, start = Stages(), monotonic()
    thread = Thread(target=_take_in, args=(file, count, stages), daemon=True)
    thread.start()
    locks = _Locks()
    while thread.is_alive() and "plan" not in stages.begun:
        locks.look()
        sleep(PACE)
    tell("Until all is on record", stages.begun["plan"] - start)
    tell("Others cannot write", locks.held)
    tell("Others cannot write, longest at a time", locks.longest)
    tell("Memory until then", _memory())
    meanwhile = [(_page(), _write()) for _ in range(LOOKS) if thread.is_alive()]
    pages, writes = zip(*meanwhile, strict=True)
    tell("First page while plans are made", median(pages) * 1000)
    tell("First page while plans are made, at worst", max(pages) * 1000)
    tell("Somebody else's write waits meanwhile, at worst", max(writes))
    tell("Memory at most", _memory())
    # As long as that takes, nobody wants to wait for it here.
    tell("Until all is planned, at this pace", monotonic() - start + stages.left)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


class _Locks:
    """How long others could not write, in all and at a time."""

    def __init__(self) -> None:
        self.held = self.longest = 0.0
        self._since = self._seen = monotonic()

    def look(self) -> None:
        now = monotonic()
        if not _is_held():
            self._since = now
        else:
            self.held += now - self._seen
            self.longest = max(self.longest, now - self._since)
        self._seen = now


def _take_in(file: Path, count: int, stages: Stages) -> None:
    done = commands.import_path(path=file, name=file.name, actor=OWNER, now=NOW, progress=stages)
    assert done.new == count
    assert ImportRun.objects.get().new == count
    connection.close()


def _is_held() -> bool:
    try:
        _write(patience=0)
    except sqlite3.OperationalError:
        return True
    return False


def _write(*, patience: float = 600) -> float:
    """Return how long somebody waits who wants to write just now, as patient as that."""
    begun = monotonic()
    other = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=patience)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
    finally:
        other.close()
    return monotonic() - begun


def _page() -> float:
    client = Client(SERVER_NAME="localhost")
    client.force_login(OWNER)
    begun = monotonic()
    assert client.get("/").status_code == 200
    return monotonic() - begun


def _tell(name: str, value: float) -> None:
    print(f"{name}\t{value}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), _tell)
