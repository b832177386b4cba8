"""Advice for every opportunity in files of events, in bounded memory, by as many workers as given.

Unsorted files are first split into buckets of whole opportunities (`buckets`), then each bucket is
scored on its own; both steps are plain functions, mapped by threads or by a cluster. Everything is
written under passing names next to the output, which appears when it is whole.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from nachhaken.engine import Model, Money
from nachhaken.engine.compiled import has_numba
from nachhaken.scale.advice import ADVICE, How, advice_of
from nachhaken.scale.arrow import Arrow, ipc, pa, pq
from nachhaken.scale.buckets import (
    BUCKET_ROWS,
    Piece,
    Source,
    is_split,
    pieces_of,
    read,
    sources_of,
    split,
    write_batches,
)
from nachhaken.scale.cases import cases_of
from nachhaken.scale.clock import microseconds
from nachhaken.scale.events import FAULTS

In = TypeVar("In")
Out = TypeVar("Out")
Progress = Callable[[int, int], None]


COMPILE_ROWS = 4_000_000
"""From here on the compiled filter gains about what compiling takes once; then its code is kept."""


class Workers(Protocol):
    """Whoever applies a function to many items; the results come in the order of the items."""

    def map(self, function: Callable[[In], Out], items: Iterable[In], /) -> Iterator[Out]:
        """Return the results one by one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What every part of the work needs: the moment, the numbers, and where to write."""

    now: int
    model: Model
    money: Money
    how: How
    folder: str


@dataclass(frozen=True, slots=True)
class Part:
    """The advice for one source: its file, how many rows went into it, how many were refused."""

    path: str | None
    opportunities: int
    events: int
    refused: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How many opportunities were scored, from how many events, and how many rows were refused."""

    opportunities: int
    events: int
    refused: int


def score(
    paths: Sequence[Path],
    output: Path,
    *,
    faults: Path,
    now: datetime,
    model: Model,
    money: Money,
    workers: Workers,
    how: How = How(),  # noqa: B008 - frozen
    partitioned: bool = False,
    bucket_rows: int = BUCKET_ROWS,
    progress: Progress | None = None,
) -> Summary:
    """Write the advice for the events in `paths` to `output`, refused rows to `faults`.

    docs/columns.md describes all three. `now` (aware, 1990 to 2099) is until when silence counts.
    Large inputs take the compiled filter where it can be had.
    `partitioned` promises that every file holds whole opportunities; then nothing is
    sorted between files. `progress` hears how many of how many parts are done. An existing output
    is replaced at the end.
    ColumnError for files of another kind.
    """
    moment = microseconds(now)
    pieces = pieces_of(paths)
    folder = output.with_name(f".{output.name}.partial")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        task = Task(
            now=moment,
            model=model,
            money=money,
            how=replace(how, compiled=_is_worth_compiling(pieces)),
            folder=str(folder),
        )
        sources = sources_of(pieces, partitioned=partitioned, rows=bucket_rows)
        steps = len(sources) + (len(pieces) if is_split(sources) else 0)
        parts = _parts(task, pieces, sources, workers)
        summary = _written(_told(parts, steps, progress), folder / "advice")
        _write_faults(folder, pieces, faults)
        (folder / "advice").replace(output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return summary


def _is_worth_compiling(pieces: Sequence[Piece]) -> bool:
    return has_numba() and sum(piece.rows for piece in pieces) >= COMPILE_ROWS


def score_source(task: Task, source: Source) -> Part:
    """Write the advice for whole opportunities, and what of them was refused."""
    name = f"{source:06d}" if isinstance(source, int) else f"{source[0].number:06d}-file"
    batches, faults = read(source, folder=task.folder, now=task.now)
    if not batches:
        return Part(None, 0, 0, _keep_faults(task, name, faults))
    cases = cases_of(batches, now=task.now, model=task.model)
    refused = _keep_faults(task, name, [*faults, cases.faults])
    advice = advice_of(cases, now=task.now, model=task.model, money=task.money, how=task.how)
    path = f"{task.folder}/{name}.advice"
    write_batches(path, advice.to_batches())
    return Part(path, advice.num_rows, len(cases.columns.day), refused)


def _parts(
    task: Task, pieces: Sequence[Piece], sources: Sequence[Source], workers: Workers
) -> Iterator[Part]:
    """Return the results of all steps: first of splitting, where it is needed, then of scoring."""
    if is_split(sources):
        splitting = partial(split, folder=task.folder, buckets=len(sources), now=task.now)
        for refused in workers.map(splitting, pieces):
            yield Part(None, 0, 0, refused)
    yield from workers.map(partial(score_source, task), sources)


def _told(parts: Iterable[Part], steps: int, progress: Progress | None) -> Iterator[Part]:
    for done, part in enumerate(parts, start=1):
        yield part
        if progress:
            progress(done, steps)


def _keep_faults(task: Task, name: str, faults: Sequence[Arrow]) -> int:
    table = pa.concat_tables(faults) if faults else FAULTS.empty_table()
    if table.num_rows:
        write_batches(f"{task.folder}/{name}.faults", table.to_batches())
    return int(table.num_rows)


def _written(parts: Iterable[Part], path: Path) -> Summary:
    """Write the advice of all parts into one file, as they come, and drop the parts."""
    opportunities = events = refused = 0
    with ExitStack() as stack:
        writer = None
        for part in parts:
            if part.path is not None:
                table = ipc.open_file(part.path).read_all()
                writer = writer or stack.enter_context(_writer(path, table.schema))
                writer.write_table(table)
                Path(part.path).unlink()
            opportunities += part.opportunities
            events += part.events
            refused += part.refused
        if writer is None:
            pq.write_table(ADVICE.empty_table(), path)
    return Summary(opportunities, events, refused)


def _writer(path: Path, schema: Arrow) -> Arrow:
    """Words by their dictionary; numbers as they are, since hardly two of them are the same."""
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    return pq.ParquetWriter(path, schema, use_dictionary=words)


def _write_faults(folder: Path, pieces: Sequence[Piece], path: Path) -> None:
    """Write the refused rows with their file and row in it (from 0); no file for none."""
    path.unlink(missing_ok=True)
    found = sorted(folder.glob("*.faults"))
    if not found:
        return
    names, starts = zip(*_starts(pieces), strict=True)
    passing = folder / "faults"
    schema = pa.schema([("file", pa.string()), *FAULTS])
    with pq.ParquetWriter(passing, schema) as writer:
        for part in found:
            table = ipc.open_file(str(part)).read_all().sort_by("row")
            row = table.column("row").to_numpy()
            of = np.searchsorted(starts, row, side="right") - 1
            files = pa.array(names).take(pa.array(of))
            columns = [files, pa.array(row - np.array(starts)[of]), *table.columns[1:]]
            writer.write_table(pa.table(columns, schema=schema))
    passing.replace(path)


def _starts(pieces: Sequence[Piece]) -> Iterator[tuple[str, int]]:
    """Return each file's name and its first row, counted over all files."""
    for path, of in groupby(pieces, key=lambda piece: piece.path):
        yield Path(path).name, next(of).first_row
