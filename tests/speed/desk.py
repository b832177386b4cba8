"""How long the desk's pages take with 100,000 opportunities, and how long an import takes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.speed import Row, measure

OPPORTUNITIES = 100_000


@measure
def pages() -> Iterator[Row]:
    times = dict(_told("pages", OPPORTUNITIES))
    for name, target in (
        ("Today", 100),
        ("Opportunity", 100),
        ("Inbox", 100),
        ("Opportunities, open", 100),
        ("Opportunities, search", 500),
        ("Prospects", 100),
        ("Offers", 200),
        ("Record a call", 200),
    ):
        label = f"{name}, {OPPORTUNITIES:,} opportunities"
        yield Row(label, times[name], "ms", at_most=target)


@measure
def example() -> Iterator[Row]:
    times = dict(_told("example", 0))
    yield Row("Import the example business", times["import"], "s", at_most=30)
    yield Row("Today with the example", times["Today"], "ms", at_most=50)
    yield Row("Opportunity with the example", times["Opportunity"], "ms", at_most=50)


def _told(what: str, count: int) -> list[tuple[str, float]]:
    """Measure in a process of its own: it has its own settings and its own data folder."""
    with TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NACHHAKEN_")}
        environment |= {
            "NACHHAKEN_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "nachhaken.project.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.speed._desk_run", what, str(count)],
            env=environment,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
    lines = [line.rsplit("\t", 1) for line in done.stdout.splitlines() if "\t" in line]
    return [(name, float(value)) for name, value in lines]
