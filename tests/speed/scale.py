"""How long `nachhaken score` takes for many, and how much memory it needs beyond its programs."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.speed import Row, measure
from tests.speed._parquet import write_events

_MILLION = 1_000_000
_CODE = """
import json, resource, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from nachhaken.engine import Money, standard
from nachhaken.scale.advice import How
from nachhaken.scale.score import score
from tests.speed._parquet import NOW

events, output, threads, how = json.loads(sys.argv[1])
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
with ThreadPoolExecutor(threads) as workers:
    score(
        [Path(events)], Path(output), faults=Path(output + ".faults"), now=NOW,
        model=standard(), money=Money(), workers=workers, how=How(**how),
    )
used = resource.getrusage(resource.RUSAGE_SELF)
seconds = time.perf_counter() - began
print(json.dumps([seconds, used.ru_utime + used.ru_stime, (used.ru_maxrss - own) / 1024]))
"""


@measure
def many() -> Iterator[Row]:
    """The first run writes the machine code that the later ones load, as on any machine."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, _, _ = _run(Path(folder), 1_000, threads=2, how={})
        yield Row("Score 1,000 opportunities as the desk does", seconds, "s")
        _run(Path(folder), 350_000, threads=2, how={"quick": True})
        for threads in (1, 2):
            seconds, _, _ = _run(Path(folder), 100_000, threads=threads, how={"quick": True})
            yield Row(f"Score 100,000 quickly, not compiled, {threads} threads", seconds, "s")
        for words, how in (("", {"reasons": True}), (" without reasons", {"reasons": False})):
            run = _run(Path(folder), _MILLION, threads=2, how={"quick": True, **how})
            name = f"Score 1,000,000 quickly{words}"
            yield Row(name, run[0], "s", at_most=6)
            yield Row(f"{name}: processor time", run[1], "s")
            yield Row(f"{name}: memory", run[2], "MB", at_most=1_000)


def _run(folder: Path, count: int, *, threads: int, how: dict[str, bool]) -> list[float]:
    """Return seconds, processor seconds and megabytes of a process of its own."""
    events = folder / f"{count}.parquet"
    if not events.exists():
        write_events(events, count)
    arguments = json.dumps([str(events), str(folder / "advice.parquet"), threads, how])
    result = subprocess.run(
        [sys.executable, "-c", _CODE, arguments],
        env={
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # as installed: modules are read, not compiled
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        },
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[float] = json.loads(result.stdout)
    return found
