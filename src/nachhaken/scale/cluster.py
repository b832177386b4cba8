"""Workers on many machines: Dask. A task is tried again when its worker dies.

All paths must mean the same on every worker, so files lie on a disk that all of them see.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from nachhaken.scale.errors import ExtraMissingError

try:
    from distributed import Client, LocalCluster
except ImportError as error:
    raise ExtraMissingError("dask", "cluster") from error

In = TypeVar("In")
Out = TypeVar("Out")
LOCAL = "local"
_RETRIES = 3


@dataclass(frozen=True, slots=True)
class ClusterWorkers:
    """The workers of a Dask cluster, as `score.Workers`."""

    client: Any

    def map(self, function: Callable[[In], Out], items: Iterable[In], /) -> Iterator[Out]:
        """Return the results in the order of the items."""
        futures = self.client.map(function, list(items), pure=False, retries=_RETRIES)
        try:
            for future in futures:
                yield future.result()
        finally:
            self.client.cancel(futures)


@contextmanager
def cluster_workers(address: str, *, processes: int) -> Iterator[ClusterWorkers]:
    """Connect to the scheduler at `address`, or start `processes` here for "local"."""
    if address != LOCAL:
        with Client(address) as client:  # type: ignore[no-untyped-call]
            yield ClusterWorkers(client)
        return
    local = LocalCluster(n_workers=processes, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]
    with local as cluster, Client(cluster) as client:  # type: ignore[no-untyped-call]
        yield ClusterWorkers(client)
