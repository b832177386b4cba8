"""Unsorted files into buckets that hold whole opportunities, so that memory stays constant.

Each piece of the input becomes one temporary Arrow file with one batch per bucket; a bucket is the
batches of its number from all of them, in the order of the input.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nachhaken.scale.arrow import Arrow, ipc, pa, pq
from nachhaken.scale.errors import ColumnError
from nachhaken.scale.events import Rows, encode
from nachhaken.scale.schema import are_numbered, check_schema, empty

BATCH_ROWS = 2**20
"""Rows of a piece, and the most that are split together."""

_READ_ROWS = 2**17
"""Rows that are read, checked and split at a time: their columns stay near the processor."""

_LEAST_ROWS = 1024
"""Rows that a bucket gets at least of each temporary file, on average: smaller ones are dear."""

BUCKET_ROWS = 2**19
"""Rows that are scored at a time, as long as no single opportunity has more."""

_WORDS = ["event", "symbol", "region", "outcome"]
_MIX = 0x9E3779B97F4A7C15  # 2^64 / golden ratio (Knuth): spreads neighbouring numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """Some row groups of a file; `columns` and `first_row` are those of all files together."""

    number: int
    path: str
    columns: tuple[str, ...]
    groups: tuple[int, ...]
    first_row: int
    rows: int


Source = int | tuple[Piece, ...]
"""Whole opportunities: the number of a bucket, or a file by its pieces."""


def pieces_of(paths: Sequence[Path]) -> list[Piece]:
    """Return the files in pieces of at least BATCH_ROWS rows; ColumnError for a wrong file."""
    pieces: list[Piece] = []
    first_row, columns, numbered = 0, dict[str, None](), set[bool]()
    for path in paths:
        with _opened(path) as file:
            columns |= dict.fromkeys(check_schema(file.schema_arrow, path.name))
            numbered.add(are_numbered(file.schema_arrow))
            for groups in _groups(file.metadata):
                rows = sum(file.metadata.row_group(group).num_rows for group in groups)
                pieces.append(Piece(len(pieces), str(path), (), groups, first_row, rows))
                first_row += rows
    if len(numbered) > 1:
        raise ColumnError("column opportunity must be numbers in all files, or text in all")
    return [replace(piece, columns=tuple(columns)) for piece in pieces]


def split(piece: Piece, *, folder: str, buckets: int, now: int) -> int:
    """Write the rows of `piece` to temporary files, by bucket; return how many are refused."""
    faults = []
    size = min(BATCH_ROWS, max(_READ_ROWS, buckets * _LEAST_ROWS))
    for n, rows in enumerate(_gathered(encoded_batches(piece, now=now), size)):
        path = f"{folder}/{piece.number:06d}-{n:04d}.rows"
        write_batches(path, _by_bucket(_joined([part.batch for part in rows]), buckets))
        faults += [part.faults for part in rows]
    refused = pa.concat_tables(faults)
    if refused.num_rows:
        write_batches(f"{folder}/{piece.number:06d}.faults", refused.to_batches())
    return int(refused.num_rows)


def encoded_batches(piece: Piece, *, now: int) -> Iterator[Rows]:
    """Return the rows of `piece` as plain numbers, batch by batch."""
    first_row = piece.first_row
    with _opened(Path(piece.path)) as file:
        there = check_schema(file.schema_arrow, Path(piece.path).name)
    words = [name for name in _WORDS if name in there]
    groups = list(piece.groups)
    with _opened(Path(piece.path), words) as file:
        for batch in file.iter_batches(_READ_ROWS, groups, there, use_threads=False):
            given = dict(zip(there, batch.columns, strict=True))
            lacking = [name for name in piece.columns if name not in given]
            given |= {name: empty(name, batch.num_rows) for name in lacking}
            yield encode(given, first_row=first_row, now=now)
            first_row += batch.num_rows


def sources_of(pieces: Sequence[Piece], *, partitioned: bool, rows: int) -> list[Source]:
    """Return what can be read on its own: files that are promised whole, or buckets of `rows`."""
    if partitioned:
        return [tuple(of) for _, of in groupby(pieces, key=lambda piece: piece.path)]
    return list(range(max(1, -(-sum(piece.rows for piece in pieces) // rows))))


def is_split(sources: Sequence[Source]) -> bool:
    """Whether the sources are buckets, which `split` has to make first."""
    return any(isinstance(source, int) for source in sources)


def read(source: Source, *, folder: str, now: int) -> tuple[list[Arrow], list[Arrow]]:
    """Return the usable rows of whole opportunities, in the order of the input, and faults.

    The faults of a bucket were written when its files were split.
    """
    if isinstance(source, int):
        paths = sorted(str(path) for path in Path(folder).glob("*.rows"))
        batches = [ipc.open_file(pa.memory_map(path)).get_batch(source) for path in paths]
        return [batch for batch in batches if batch.num_rows], []
    rows = [part for piece in source for part in encoded_batches(piece, now=now)]
    return [part.batch for part in rows if part.batch.num_rows], [part.faults for part in rows]


def write_batches(path: str, batches: Sequence[Arrow]) -> None:
    """Write an Arrow file under a passing name, so that a file that is there is whole."""
    passing = f"{path}.{os.getpid()}.tmp"
    with ipc.new_file(passing, batches[0].schema) as file:
        for batch in batches:
            file.write_batch(batch)
    Path(passing).replace(path)


def _opened(path: Path, words: Sequence[str] = ()) -> Arrow:
    try:
        return pq.ParquetFile(path, read_dictionary=list(words))
    except pa.ArrowInvalid as error:
        raise ColumnError(f"{path.name}: {error}") from error


def _groups(metadata: Arrow) -> Iterator[tuple[int, ...]]:
    """Return row groups in runs of at least BATCH_ROWS rows."""
    run: list[int] = []
    rows = 0
    for group in range(metadata.num_row_groups):
        run.append(group)
        rows += metadata.row_group(group).num_rows
        if rows >= BATCH_ROWS:
            yield tuple(run)
            run, rows = [], 0
    if run:
        yield tuple(run)


def _gathered(parts: Iterable[Rows], size: int) -> Iterator[list[Rows]]:
    """Yield runs that were read from at least `size` rows."""
    run: list[Rows] = []
    for part in parts:
        run.append(part)
        if len(run) * _READ_ROWS >= size:
            yield run
            run = []
    if run:
        yield run


def _joined(batches: Sequence[Arrow]) -> Arrow:
    if len(batches) == 1:
        return batches[0]
    whole = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return whole[0] if whole else batches[0]


def _by_bucket(batch: Arrow, buckets: int) -> list[Arrow]:
    if buckets == 1:
        return [batch]
    bucket = bucket_of(batch.column(0), buckets)
    ordered = batch.take(pa.array(np.argsort(bucket, kind="stable")))
    edges = np.searchsorted(np.sort(bucket), np.arange(buckets + 1))
    return [ordered.slice(a, b - a) for a, b in pairwise(edges.tolist())]


def bucket_of(opportunity: Arrow, buckets: int) -> NDArray[np.uint16]:
    """Return the bucket of each opportunity, the same in every run: a hash of its number or name.

    `buckets` is at most 65,536.
    """
    whole = pa.types.is_int64(opportunity.type)
    mixed = opportunity.to_numpy().view(np.uint64) if whole else _hashed(opportunity)
    return np.asarray((mixed * _MIX >> 32) * np.uint64(buckets) >> 32, dtype=np.uint16)


def _hashed(words: Arrow) -> NDArray[np.uint64]:
    """Return a polynomial hash of the bytes of each word, all at once; no word is empty."""
    edges = np.frombuffer(words.buffers()[1], dtype=np.int32)[words.offset :][: len(words) + 1]
    letters = np.frombuffer(words.buffers()[2], dtype=np.uint8)[edges[0] : edges[-1]]
    sizes = np.diff(edges)
    place = np.arange(len(letters)) - np.repeat(edges[:-1] - edges[0], sizes)
    powers = np.cumprod(np.full(int(sizes.max(initial=0)), _MIX | 1, dtype=np.uint64))
    return np.add.reduceat((letters + np.uint64(1)) * powers[place], edges[:-1] - edges[0])
