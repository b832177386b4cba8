"""What `nachhaken score` does between the command line and `nachhaken.scale`."""

import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from nachhaken.engine import Model, ModelError, Money, read_model, standard
from nachhaken.project.terminal import text
from nachhaken.scale.advice import How
from nachhaken.scale.errors import ColumnError
from nachhaken.scale.score import Progress, Workers, score


def run(
    events: Sequence[Path],
    output: Path,
    *,
    now: datetime,
    faults: Path | None,
    quick: bool,
    reasons: bool,
    partitioned: bool,
    workers: int | None,
    cluster: str | None,
    parameters: IO[bytes] | None,
    **prices: float | None,
) -> None:
    """Score `events`, show the progress, and say what came of it."""
    refused = faults or output.with_suffix(".faults.parquet")
    files = _files(events)
    money = Money(**{name: price for name, price in prices.items() if price is not None})
    with _workers(cluster, workers or os.cpu_count() or 1) as some, _progress() as progress:
        summary = score(
            files,
            output,
            faults=refused,
            now=now,
            model=_model(parameters),
            money=money,
            workers=some,
            how=How(quick=quick, reasons=reasons),
            partitioned=partitioned,
            progress=progress,
        )
    counts = {"opportunities": summary.opportunities, "events": summary.events, "file": output}
    click.echo(text("scored", **counts))
    if summary.refused:
        click.echo(text("refused", count=summary.refused, file=refused), err=True)


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the files, and of each folder the Parquet files in it."""
    files = []
    for path in paths:
        found = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        if not found:
            raise ColumnError(f"{path}: no file *.parquet")
        files.extend(found)
    return files


def _model(parameters: IO[bytes] | None) -> Model:
    if parameters is None:
        return standard()
    try:
        return read_model(tomllib.load(parameters))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ModelError) as error:
        raise click.ClickException(f"{parameters.name}: {error}") from error


@contextmanager
def _workers(cluster: str | None, count: int) -> Iterator[Workers]:
    """Threads of this process, since what takes long there leaves Python's lock; or a cluster."""
    if cluster is None:
        with ThreadPoolExecutor(count) as threads:
            yield threads
        return
    from nachhaken.scale.cluster import cluster_workers  # noqa: PLC0415 - needs its own extra

    with cluster_workers(cluster, processes=count) as workers:
        yield workers


@contextmanager
def _progress() -> Iterator[Progress]:
    bar: Any
    with click.progressbar(length=1, label=text("scoring"), file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show
