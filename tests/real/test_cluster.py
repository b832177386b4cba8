"""Two worker processes, one of them killed midway: the same advice and the same counts."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nachhaken.engine import Money, standard
from nachhaken.learning.statistics import Statistics
from nachhaken.scale.advice import How
from nachhaken.scale.cluster import ClusterWorkers, cluster_workers
from nachhaken.scale.learning import lay_out, statistics_of
from nachhaken.scale.score import Workers, score
from tests.told import NOW, stories, write

In = TypeVar("In")
Out = TypeVar("Out")
pytestmark = pytest.mark.real


@pytest.fixture
def cluster() -> Iterator[ClusterWorkers]:
    """A cluster of its own: Dask lets a worker go for good that dies twice within 15 seconds."""
    with cluster_workers("local", processes=2) as workers:
        yield workers


def _running(cluster: ClusterWorkers) -> list[int]:
    """Return the processes of both workers, once both are there (again)."""
    cluster.client.wait_for_workers(2, timeout=60)
    return list(cluster.client.run(os.getpid).values())


class _Killer:
    """Kills a worker process as soon as something is done, and remembers when."""

    def __init__(self, cluster: ClusterWorkers, after: int) -> None:
        self.cluster, self.after = cluster, after
        self.killed: tuple[int, int, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        if self.killed is None and done >= self.after:
            pid = _running(self.cluster)[0]
            os.kill(pid, signal.SIGKILL)
            self.killed = (pid, done, total)


@dataclass
class _Watched:
    """The cluster, with the killer told of every result."""

    cluster: ClusterWorkers
    killer: _Killer

    def map(self, function: Callable[[In], Out], items: Iterable[In], /) -> Iterator[Out]:
        some = list(items)
        for done, result in enumerate(self.cluster.map(function, some), start=1):
            yield result
            self.killer(done, len(some))


def _events(folder: Path, *, files: int) -> list[Path]:
    """Write files that each hold whole opportunities."""
    return [
        write(
            folder / f"events-{n:02d}.parquet",
            {1000 * n + m: story for m, story in enumerate(stories(3, seed=n))},
            seed=n,
        )
        for n in range(files)
    ]


def _score(paths: list[Path], output: Path, workers: Workers, **more: Any) -> pa.Table:
    faults = output.with_name("faults.parquet")
    model, money = standard(), Money()
    score(paths, output, faults=faults, now=NOW, model=model, money=money, workers=workers, **more)
    return pq.read_table(output)


@pytest.mark.parametrize("partitioned", [True, False])
def test_a_killed_worker_changes_nothing(
    tmp_path: Path, cluster: ClusterWorkers, *, partitioned: bool
) -> None:
    paths = _events(tmp_path, files=4)
    how = {"partitioned": partitioned, "bucket_rows": 20, "how": How(quick=True)}
    with ThreadPoolExecutor(2) as threads:
        here = _score(paths, tmp_path / "here.parquet", threads, **how)
    killer = _Killer(cluster, after=1)
    there = _score(paths, tmp_path / "there.parquet", cluster, progress=killer, **how)
    assert killer.killed is not None
    pid, done, total = killer.killed
    assert done < total
    assert pid not in _running(cluster)
    assert there.equals(here)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_counts_for_learning_survive_a_killed_worker(
    tmp_path: Path, cluster: ClusterWorkers
) -> None:
    paths = _events(tmp_path, files=4)
    with ThreadPoolExecutor(2) as threads:
        laid = lay_out(paths, tmp_path, now=NOW, workers=threads, partitioned=True)
        here = statistics_of(laid, standard(), threads, prior=standard())
    killer = _Killer(cluster, after=1)
    there = statistics_of(laid, standard(), _Watched(cluster, killer), prior=standard())
    assert killer.killed is not None
    for field in fields(Statistics):
        np.testing.assert_array_equal(getattr(there, field.name), getattr(here, field.name))
