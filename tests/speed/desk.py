"""How long the desk's pages take with 100,000 opportunities, and how long an import takes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from urllib.request import urlopen

from tests.postgres import find_programs, running_postgres
from tests.speed import Row, measure

OPPORTUNITIES = 100_000
PORT = 8766


TARGETS = (
    ("Today", 100),
    ("Opportunity", 100),
    ("Call sheet, served", 100),
    ("Call sheet to take along, served", 300),
    ("What a result would change", 100),
    ("Mail page, served", 100),
    ("Inbox", 100),
    ("Outbox", 50),
    ("Opportunities, open", 100),
    ("Opportunities, search", 500),
    ("Calendar feed of 2,000 steps", 300),
    ("Prospects", 100),
    ("Offers", 200),
    ("Offers, expired", 200),
    ("Offers, replaced", 300),
    ("Weekly review", 500),
    ("What if, 100 matters", 1_500),
    ("Offer", 50),
    ("Record a call", 200),
)


@measure
def pages() -> Iterator[Row]:
    yield from _pages("SQLite", {})


@measure
def pages_on_postgres() -> Iterator[Row]:
    programs = find_programs()
    if programs is None:
        return
    with running_postgres(programs) as address:
        yield from _pages("PostgreSQL", {"NACHHAKEN_DATABASE": address})


def _pages(database: str, settings: dict[str, str]) -> Iterator[Row]:
    times = dict(told("pages", OPPORTUNITIES, settings))
    for name, target in TARGETS:
        label = f"{name}, {OPPORTUNITIES:,} opportunities, {database}"
        yield Row(label, times[name], "ms", at_most=target)


@measure
def start() -> Iterator[Row]:
    """From the command to the first page of an installed desk; the second start counts."""
    with TemporaryDirectory() as folder:
        _started(folder)
        yield Row("Start of an installed desk to its first page", _started(folder), "s", at_most=3)


def _started(folder: str) -> float:
    command = [str(Path(sys.executable).with_name("nachhaken")), "serve", "--port", str(PORT)]
    begin = perf_counter()
    with subprocess.Popen(
        command,
        env=os.environ | {"NACHHAKEN_DATA": folder},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            while not _answers():
                sleep(0.05)
            return perf_counter() - begin
        finally:
            server.terminate()


def _answers() -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{PORT}/", timeout=10) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


@measure
def example() -> Iterator[Row]:
    times = dict(told("example", 0, {}))
    yield Row("Import the example business", times["import"], "s", at_most=30)
    yield Row("Today with the example", times["Today"], "ms", at_most=50)
    yield Row("Opportunity with the example", times["Opportunity"], "ms", at_most=50)


def told(
    what: str, count: int, settings: dict[str, str], *, module: str = "_desk_run"
) -> list[tuple[str, float]]:
    """Measure in a process of its own: it has its own settings and its own data folder."""
    told_what = [what] if what else []
    with TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NACHHAKEN_")}
        environment |= {
            "NACHHAKEN_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "nachhaken.project.settings",
        }
        environment |= settings
        done = subprocess.run(
            [sys.executable, "-m", f"tests.speed.{module}", *told_what, str(count)],
            env=environment,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
    lines = [line.rsplit("\t", 1) for line in done.stdout.splitlines() if "\t" in line]
    return [(name, float(value)) for name, value in lines]
