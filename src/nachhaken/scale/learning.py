"""The counts that learning needs, summed over files of any size: EM with a mapped E-step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from nachhaken.engine import Model
from nachhaken.learning.em import Estimate, climb
from nachhaken.learning.outcomes import LearningError
from nachhaken.learning.prior import Prior
from nachhaken.learning.statistics import Statistics, statistics
from nachhaken.scale.buckets import (
    BUCKET_ROWS,
    Source,
    is_split,
    pieces_of,
    read,
    sources_of,
    split,
)
from nachhaken.scale.cases import cases_of
from nachhaken.scale.clock import microseconds
from nachhaken.scale.score import Workers


@dataclass(frozen=True, slots=True)
class Laid:
    """Events laid out in `folder` so that each source holds whole opportunities."""

    folder: str
    now: int
    sources: tuple[Source, ...]


def lay_out(
    paths: Sequence[Path],
    folder: Path,
    *,
    now: datetime,
    workers: Workers,
    partitioned: bool = False,
    bucket_rows: int = BUCKET_ROWS,
) -> Laid:
    """Read the files once into `folder`, which is empty and seen by all workers.

    Rows with faults are left out; `score` names them.
    """
    pieces = pieces_of(paths)
    sources = sources_of(pieces, partitioned=partitioned, rows=bucket_rows)
    laid = Laid(str(folder), microseconds(now), tuple(sources))
    if is_split(sources):
        splitting = partial(split, folder=laid.folder, buckets=len(sources), now=laid.now)
        for _ in workers.map(splitting, pieces):
            pass
    return laid


def statistics_of(laid: Laid, model: Model, workers: Workers, *, prior: Model) -> Statistics:
    """Return the sum of `learning.statistics` over all sources; beliefs at day 0 are `prior`'s."""
    parts = workers.map(partial(_count, laid, model, prior), laid.sources)
    found = [part for part in parts if part is not None]
    if not found:
        raise LearningError("no usable event")
    return sum(found[1:], start=found[0])


def estimate_of(
    laid: Laid, prior: Prior, workers: Workers, *, rounds: int = 50, tolerance: float = 1e-5
) -> Estimate:
    """Return the MAP model as `learning.em.estimate` would for all cases at once."""

    def count(model: Model) -> Statistics:
        return statistics_of(laid, model, workers, prior=prior.model)

    return climb(count, prior, rounds=rounds, tolerance=tolerance)


def _count(laid: Laid, model: Model, prior: Model, source: Source) -> Statistics | None:
    batches, _ = read(source, folder=laid.folder, now=laid.now)
    if not batches:
        return None
    cases = cases_of(batches, now=laid.now, model=prior)
    return statistics(cases.columns, cases.outcome, model, prior=prior)
