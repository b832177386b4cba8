"""Files of events: what is refused, and where it says so."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nachhaken.scale.buckets import bucket_of, encoded_batches, pieces_of
from nachhaken.scale.clock import microseconds
from nachhaken.scale.errors import ColumnError
from tests.told import NOW, types

_BEFORE = NOW - timedelta(days=9)


def _row(**changed: Any) -> dict[str, Any]:
    plain = {"opportunity": 7, "at": _BEFORE, "event": "heard", "symbol": "engaged"}
    return plain | changed


def _encoded(tmp_path: Path, rows: list[dict[str, Any]]) -> tuple[dict[str, Any], list[Any]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    arrays = {name: pa.array([row.get(name) for row in rows], types.get(name)) for name in names}
    path = tmp_path / "events.parquet"
    pq.write_table(pa.table(arrays), path)
    (piece,) = pieces_of([path])
    (found,) = encoded_batches(piece, now=microseconds(NOW))
    return found.batch.to_pydict(), found.faults.to_pylist()


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"opportunity": None}, "opportunity", "is missing"),
        ({"at": None}, "at", "is missing"),
        ({"at": datetime(1989, 5, 1, tzinfo=UTC)}, "at", "lies before 1990"),
        ({"at": NOW + timedelta(seconds=1)}, "at", "lies after now"),
        ({"event": None}, "event", "is missing"),
        ({"event": "maill"}, "event", "is no event"),
        ({"symbol": None}, "symbol", "is missing"),
        ({"symbol": "jein"}, "symbol", "is no label"),
        ({"confidence": float("nan")}, "confidence", "is not in [0, 1]"),
        ({"confidence": 1.5}, "confidence", "is not in [0, 1]"),
        ({"probabilities": [0.1] * 9}, "probabilities", "are not ten numbers in [0, 1]"),
        ({"probabilities": [float("nan")] * 10}, "probabilities", "are not ten numbers in [0, 1]"),
        ({"probabilities": [0.2] * 10}, "probabilities", "sum to more than 1"),
        ({"window": date(3000, 1, 1)}, "window", "lies before 1990 or after 2099"),
        ({"away_until": date(1900, 1, 1)}, "away_until", "lies before 1990 or after 2099"),
        ({"region": "DE-XX"}, "region", "is no region"),
        ({"outcome": "gewonnen"}, "outcome", "is no outcome"),
        ({"value": -1.0}, "value", "is not an amount"),
        ({"value": float("inf")}, "value", "is not an amount"),
        ({"offers": -1}, "offers", "are not between 0 and 1000"),
        ({"offers": 2, "orders": 3}, "orders", "are more than the offers"),
        ({"orders": 1}, "offers", "are not between 0 and 1000"),
        ({"offers": 3, "orders": 2, "last_order": 1}, "last_order", "is not the place of an order"),
    ],
)
def test_a_faulty_row_is_refused_with_row_column_and_reason(
    tmp_path: Path, changed: dict[str, Any], column: str, reason: str
) -> None:
    used, faults = _encoded(tmp_path, [_row(), _row(**changed), _row()])
    assert used["row"] == [0, 2]
    assert [(fault["row"], fault["column"], fault["reason"]) for fault in faults] == [
        (1, column, reason)
    ]
    if column in changed and column != "at":  # a moment prints with its zone
        assert faults[0]["found"] == str(changed[column])


def test_what_says_nothing_is_left_out_without_a_fault(tmp_path: Path) -> None:
    used, faults = _encoded(tmp_path, [_row(), _row(symbol="other")])
    assert (used["row"], faults) == ([0], [])


def test_faults_of_what_is_not_heard_do_not_matter(tmp_path: Path) -> None:
    used, faults = _encoded(tmp_path, [_row(), _row(event="mail", symbol="jein", confidence=7.0)])
    assert (used["row"], faults) == ([0, 1], [])
    assert used["symbol"] == [1, -1]


@pytest.mark.parametrize("kind", [pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("ns")])
def test_moments_of_any_unit_without_a_zone_show_the_wall_clock(
    tmp_path: Path, kind: pa.DataType
) -> None:
    wall = datetime(2026, 7, 1, 12, tzinfo=UTC).replace(tzinfo=None)
    columns = {"opportunity": ["a"], "at": pa.array([wall], kind), "event": pa.array([0])}
    path = tmp_path / "events.parquet"
    pq.write_table(pa.table(columns), path)
    (found,) = encoded_batches(pieces_of([path])[0], now=microseconds(NOW))
    assert found.batch.column("at").to_pylist() == [
        microseconds(datetime(2026, 7, 1, 10, tzinfo=UTC))
    ]
    assert found.batch.column("kind").to_pylist() == [0]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"at": None}, "events.parquet: column at is missing"),
        ({"at": pa.array(["gestern"])}, "column at must be a timestamp or a date, it is string"),
        ({"value": pa.array(["viel"])}, "column value must be a number, it is string"),
        ({"opportunity": pa.array([1.5])}, "column opportunity must be whole numbers or text"),
    ],
)
def test_a_column_that_does_not_fit_is_named(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    columns = {"opportunity": [7], "at": [NOW], "event": ["mail"]} | changed
    path = tmp_path / "events.parquet"
    given = {name: column for name, column in columns.items() if column is not None}
    pq.write_table(pa.table(given), path)
    with pytest.raises(ColumnError, match=message.replace("(", r"\(")):
        pieces_of([path])


def test_what_is_no_parquet_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("opportunity;at;event\n")
    with pytest.raises(ColumnError, match=r"events\.csv"):
        pieces_of([path])


def test_names_in_one_file_and_numbers_in_another_do_not_mix(tmp_path: Path) -> None:
    paths = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    for path, name in zip(paths, (1, "1"), strict=True):
        pq.write_table(pa.table({"opportunity": [name], "at": [NOW], "event": ["mail"]}), path)
    with pytest.raises(ColumnError, match="opportunity"):
        pieces_of(paths)


@pytest.mark.parametrize("names", [pa.int64(), pa.string()])
def test_an_opportunity_has_one_bucket_wherever_it_stands(names: pa.DataType) -> None:
    column = pa.array(range(5000)).cast(names)
    buckets = bucket_of(column, 7)
    np.testing.assert_array_equal(bucket_of(column.slice(4000, 500), 7), buckets[4000:4500])
    assert np.bincount(buckets, minlength=7).min() > 5000 / 7 * 0.8
    assert len(np.bincount(buckets)) == 7
