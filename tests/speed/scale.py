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

_CODE = """
import json, resource, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from nachhaken.engine import Money, standard
from nachhaken.scale.advice import How
from nachhaken.scale.score import score
from tests.speed._parquet import NOW

def peak():  # ru_maxrss would be that of the process which started this one
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])

events, output, threads, how = json.loads(sys.argv[1])
own = peak()
began = time.perf_counter()
with ThreadPoolExecutor(threads) as workers:
    score(
        [Path(events)], Path(output), faults=Path(output + ".faults"), now=NOW,
        model=standard(), money=Money(), workers=workers, how=How(**how),
    )
used = resource.getrusage(resource.RUSAGE_SELF)
seconds = time.perf_counter() - began
print(json.dumps([seconds, used.ru_utime + used.ru_stime, (peak() - own) / 1024]))
"""
_COMPILE = """
from nachhaken.engine import standard
from nachhaken.engine.columns import columns_of
from nachhaken.engine.follow import follow, follow_with_trail

for function in (follow, follow_with_trail):
    function(columns_of([], standard()), standard(), compiled=True)
"""


@measure
def many() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        _python(Path(folder), _COMPILE)  # once per machine: then its code is kept
        seconds, _, _ = _run(Path(folder), 1_000, how={})
        yield Row("Score 1,000 opportunities as the desk does", seconds, "s")
        for words, reasons in (("", True), (" without reasons", False)):
            run = _run(Path(folder), 1_000_000, how={"quick": True, "reasons": reasons})
            name = f"Score 1,000,000 quickly{words}"
            yield Row(name, run[0], "s", at_most=6)
            yield Row(f"{name}: processor time", run[1], "s")
            yield Row(f"{name}: memory", run[2], "MB", at_most=1_000)


def _run(folder: Path, count: int, *, how: dict[str, bool]) -> list[float]:
    """Return seconds, processor seconds and megabytes of a process of its own, two threads."""
    events = folder / f"{count}.parquet"
    if not events.exists():
        write_events(events, count)
    arguments = json.dumps([str(events), str(folder / "advice.parquet"), 2, how])
    found: list[float] = json.loads(_python(folder, _CODE, arguments))
    return found


def _python(folder: Path, *code: str) -> str:
    """Return what Python prints; its modules are compiled once, as those of a package."""
    own = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    return subprocess.run(
        [sys.executable, "-c", *code],
        env={**os.environ, **own},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
