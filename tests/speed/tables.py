"""How long a list of 50,000 offers takes: the look, the import, and the same once more."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.speed import Row, measure

ROWS = 50_000
SECONDS, WAITING, MEGABYTES = 60, 15, 300


@measure
def tables_csv() -> Iterator[Row]:
    yield from _rows("csv")


@measure
def tables_xlsx() -> Iterator[Row]:
    yield from _rows("xlsx")


def _rows(kind: str) -> Iterator[Row]:
    for name, value in _told(kind):
        label = f"{name}, {ROWS:,} rows, {kind.upper()}"
        if name.startswith("Memory"):
            yield Row(label, value, "MB", at_most=MEGABYTES)
        elif name.startswith("Plan"):
            yield Row(label, value, "ms")
        elif name.endswith("wait"):
            yield Row(label, value, "s", at_most=WAITING)
        else:
            yield Row(label, value, "s", at_most=SECONDS)


def _told(kind: str) -> list[tuple[str, float]]:
    """Measure in a process of its own, with an empty desk."""
    with TemporaryDirectory() as folder:
        file = str(Path(folder) / f"angebote.{kind}")
        in_own_process(folder, "_tables_file", file)
        lines = in_own_process(folder, "_tables_run", file).splitlines()
    told = [line.rsplit("\t", 1) for line in lines if "\t" in line]
    return [(name, float(value)) for name, value in told]


def in_own_process(folder: str, module: str, file: str) -> str:
    """Run a module of this folder in an empty desk; return what it prints."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NACHHAKEN_")}
    own = {"NACHHAKEN_DATA": folder, "DJANGO_SETTINGS_MODULE": "nachhaken.project.settings"}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.speed.{module}", file, str(ROWS)],
        env=kept | own,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
