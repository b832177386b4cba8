"""Measure an import in this process: `python -m tests.speed._tables_run a.csv 50000`."""

import resource
import sys
from pathlib import Path
from time import process_time
from typing import Any

from nachhaken.project.starting import start_django

start_django()

from django.db import connection  # noqa: E402 - the settings come first
from django.utils import timezone  # noqa: E402

from nachhaken.desk import commands  # noqa: E402
from nachhaken.desk.commands.arriving import Arrival  # noqa: E402
from nachhaken.desk.commands.import_tables import import_table  # noqa: E402
from nachhaken.desk.models import Opportunity  # noqa: E402
from nachhaken.sources.tables import read_table  # noqa: E402

NOW = timezone.now()
OWNER = commands.create_owner(
    name="Katharina Brandt", mail="k@x.example", password="Treppenstufe-77", now=NOW
)
PLANNED = 200
BEGUN: list[float] = []


def main(file: Path, count: int) -> None:
    """Print the seconds of each stage, and the most memory of them all."""
    raw, name = file.read_bytes(), file.name
    for again in ("", " again"):
        for stage, dry_run in (("Look", True), ("Import", False)):
            begun = process_time()
            arrival = Arrival(actor=OWNER, now=NOW)
            with connection.execute_wrapper(_note_begin):
                import_table(arrival, read_table(raw, name), dry_run=dry_run)
            _tell(f"{stage}{again}", process_time() - begun)
            if not dry_run:
                _tell(f"{stage}{again}, others wait", process_time() - BEGUN[-1])
            assert (arrival.same if again else arrival.new) == count
    _tell("Memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    rows = list(Opportunity.objects.order_by("pk").values_list("pk", flat=True)[:PLANNED])
    begun = process_time()
    commands.replan(rows, now=NOW)
    _tell("Plan of each opportunity afterwards", (process_time() - begun) / len(rows) * 1000)


def _note_begin(execute: Any, sql: str, *args: Any) -> Any:
    """From here on nobody else can write to SQLite."""
    if sql.startswith("BEGIN"):
        BEGUN.append(process_time())
    return execute(sql, *args)


def _tell(name: str, value: float) -> None:
    print(f"{name}\t{value}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
