"""What a file of events must hold, and which of its rows cannot be used and why.

docs/columns.md is the description for users. A batch of rows becomes a batch of plain numbers
(`Rows`); every later step works on those.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.columns import FELT_ALIVE, HEARD
from nachhaken.engine.model import SYMBOLS, TOUCHES
from nachhaken.scale.arrow import Arrow, pa, pc
from nachhaken.scale.clock import DAY, EARLIEST, LATEST, utc_of_wall
from nachhaken.terms import OutcomeKind
from nachhaken.workdays import REGIONS

OFFER = FELT_ALIVE + 1
EVENTS = (*TOUCHES, "heard", "felt_dead", "felt_alive", "offer")
"""The words of the column `event` in the order of their codes."""

OTHER = "other"
LABELS = (*SYMBOLS, OTHER)
ALL_REGIONS = tuple(REGIONS)
OUTCOMES = tuple(OutcomeKind)
NO_DATE = np.iinfo(np.int32).min
"""A day that is not given."""

Numbers = NDArray[Any]
Test = tuple[str, str, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Usable rows as plain numbers by column, and `faults` (row, column, reason, found).

    opportunity (int64 or string), at (microseconds of UTC), kind (code of EVENTS), row (place in
    the file). Only where the file has them: symbol (code, -1 none), confidence, p [10], window and
    away_until (days since 1970, NO_DATE for none), region (code), value (NaN for none), offers,
    orders, last_order (offers -1 for none).
    """

    batch: Arrow
    faults: Arrow


def encode(given: Mapping[str, Arrow], *, first_row: int, now: int) -> Rows:
    """Return the usable rows of checked columns; `now` in microseconds of UTC."""
    given = {k: v if k in _WORDS else _plain(v) for k, v in given.items()}
    columns, tests = _basics(given, now)
    for part in (_said, _dates, _facts):
        more, further = part(given, columns["kind"])
        columns |= more
        tests += further
    cause, reasons = _first_faults(tests, len(given["at"]))
    rows = np.arange(first_row, first_row + len(cause), dtype=np.int64)
    used = (cause == 0) & ~_says_nothing(columns)
    columns = {"opportunity": _names(given["opportunity"]), **columns, "row": rows}
    encoded = pa.RecordBatch.from_pydict({k: _arrow(v) for k, v in columns.items()})
    if not used.all():
        encoded = encoded.filter(pa.array(used))
    return Rows(encoded, _fault_rows(given, cause, reasons, rows))


def _plain(column: Arrow) -> Arrow:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _arrow(values: Arrow) -> Arrow:
    if not isinstance(values, np.ndarray):
        return values
    if values.ndim == 1:
        return pa.array(values)
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])


def _names(column: Arrow) -> Arrow:
    """Whole numbers as int64, anything else as text; nulls are refused anyway."""
    if pa.types.is_integer(column.type):
        return column.cast(pa.int64()).fill_null(0)
    return column.cast(pa.string()).fill_null("")


def _nameless(column: Arrow) -> NDArray[np.bool_]:
    if pa.types.is_integer(column.type):
        return _missing(column)
    return np.asarray(pc.equal(column.fill_null(""), "").to_numpy(zero_copy_only=False))


def _basics(given: Mapping[str, Arrow], now: int) -> tuple[dict[str, Numbers], list[Test]]:
    at, kind = _moments(given["at"]), _codes(given["event"], EVENTS)
    tests = [
        ("opportunity", "is missing", _nameless(given["opportunity"])),
        ("at", "is missing", _missing(given["at"])),
        ("at", "lies before 1990", at < EARLIEST),
        ("at", "lies after now", at > now),
        ("event", "is missing", kind == _MISSING),
        ("event", "is no event", kind == _UNKNOWN),
    ]
    return {"at": at, "kind": kind}, tests


def _said(given: Mapping[str, Arrow], kind: Numbers) -> tuple[dict[str, Numbers], list[Test]]:
    """What an answer says: by a label, with its probability, or by all ten probabilities."""
    heard = kind == HEARD
    symbol = _codes(given["symbol"], LABELS) if "symbol" in given else np.full(len(kind), _MISSING)
    columns: dict[str, Numbers] = {"symbol": np.where(heard, symbol, _MISSING).astype(np.int8)}
    tests: list[Test] = []
    told = heard
    if "probabilities" in given:
        shares, whole = _shares(given["probabilities"])
        listed = heard & ~_missing(given["probabilities"])
        tests.append(("probabilities", "are not ten numbers in [0, 1]", listed & ~whole))
        tests.append(("probabilities", "sum to more than 1", listed & (shares.sum(axis=1) > _ONE)))
        told = heard & ~listed
        columns["symbol"][listed] = _MISSING
        columns["p"] = np.where(listed[:, None], shares, 0.0)
    tests.append(("symbol", "is missing", told & (symbol == _MISSING)))
    tests.append(("symbol", "is no label", told & (symbol == _UNKNOWN)))
    if "confidence" in given:
        sure = _floats(given["confidence"], 1.0)
        tests.append(("confidence", "is not in [0, 1]", told & ~((sure >= 0) & (sure <= 1))))
        columns["confidence"] = sure
    return columns, tests


def _dates(given: Mapping[str, Arrow], kind: Numbers) -> tuple[dict[str, Numbers], list[Test]]:
    columns: dict[str, Numbers] = {}
    tests: list[Test] = []
    for name in ("window", "away_until"):
        if name in given:
            days = given[name].cast(pa.date32()).cast(pa.int32()).fill_null(NO_DATE).to_numpy()
            early, late = days < EARLIEST // DAY, days >= LATEST // DAY
            out = (kind == HEARD) & (early | late) & (days != NO_DATE)
            tests.append((name, "lies before 1990 or after 2099", out))
            columns[name] = days
    return columns, tests


def _facts(given: Mapping[str, Arrow], _: Numbers) -> tuple[dict[str, Numbers], list[Test]]:
    """What is known of the opportunity: region, end, value, and the customer's history."""
    columns: dict[str, Numbers] = {}
    tests: list[Test] = []
    if "region" in given:
        columns["region"] = _codes(given["region"], ALL_REGIONS)
        tests.append(("region", "is no region", columns["region"] == _UNKNOWN))
    if "outcome" in given:
        columns["outcome"] = _codes(given["outcome"], OUTCOMES)
        tests.append(("outcome", "is no outcome", columns["outcome"] == _UNKNOWN))
    if "value" in given:
        value = columns["value"] = _floats(given["value"], np.nan)
        wrong = ~((value >= 0) & (value <= _MOST_EUR)) & ~_missing(given["value"])
        tests.append(("value", "is not an amount", wrong))
    if any(name in given for name in _HISTORY):
        history, further = _history(given)
        return columns | history, tests + further
    return columns, tests


def _history(given: Mapping[str, Arrow]) -> tuple[dict[str, Numbers], list[Test]]:
    size = len(given["at"])
    offers, orders, last = (
        given[name].cast(pa.int64()).fill_null(unknown).to_numpy()
        if name in given
        else np.full(size, unknown)
        for name, unknown in zip(_HISTORY, (-1, 0, 0), strict=True)
    )
    stated = np.zeros(size, dtype=bool)
    for name in _HISTORY:
        stated |= ~_missing(given[name]) if name in given else False
    known = (orders <= last) & (last <= offers) & (orders > 0)
    tests = [
        ("offers", f"are not between 0 and {_MOST_OFFERS}", stated & ~_within(offers)),
        ("orders", "are more than the offers", stated & ~((orders >= 0) & (orders <= offers))),
        ("last_order", "is not the place of an order", stated & (last != 0) & ~known),
    ]
    return {"offers": offers, "orders": orders, "last_order": last}, tests


def _within(offers: Numbers) -> NDArray[np.bool_]:
    return np.asarray((offers >= 0) & (offers <= _MOST_OFFERS))


_WORDS = ("event", "symbol", "region", "outcome")  # looked up by their dictionary
_HISTORY = ("offers", "orders", "last_order")
_MISSING, _UNKNOWN = -1, -2
_MOST_EUR = 1e12
_MOST_OFFERS = 1_000
_ONE = 1 + 1e-6
_TICKS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def _moments(column: Arrow) -> NDArray[np.int64]:
    """Return microseconds of UTC; without a zone the column shows the wall clock."""
    kind = column.type
    if pa.types.is_date(kind):
        return utc_of_wall(_whole(column.cast(pa.date32()).cast(pa.int32())) * DAY)
    ticks = _whole(column.cast(pa.int64()))
    if kind.unit == "ns":
        ticks = ticks // 1000
    elif kind.unit != "us":
        size = _TICKS[kind.unit]
        ticks = np.clip(ticks, -LATEST // size, 2 * LATEST // size) * size
    return ticks if kind.tz else utc_of_wall(ticks)


def _whole(column: Arrow) -> NDArray[np.int64]:
    return np.asarray(column.fill_null(0).to_numpy(), dtype=np.int64)


def _codes(column: Arrow, words: tuple[str, ...]) -> NDArray[np.int8]:
    """Return the places in `words`, _MISSING for null, _UNKNOWN for anything else."""
    if pa.types.is_integer(column.type):
        codes = column.cast(pa.int64()).fill_null(_MISSING).to_numpy()
        wrong = (codes >= len(words)) | ((codes < 0) & ~_missing(column))
        return np.where(wrong, _UNKNOWN, codes).astype(np.int8)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    known = {word: code for code, word in enumerate(words)} | {None: _MISSING}
    found = [known.get(word, _UNKNOWN) for word in column.dictionary.to_pylist()]
    table = np.array([*found, _MISSING], dtype=np.int8)
    return np.asarray(table[column.indices.cast(pa.int64()).fill_null(len(found)).to_numpy()])


def _floats(column: Arrow, unknown: float) -> NDArray[np.float64]:
    return np.asarray(column.cast(pa.float64()).fill_null(unknown).to_numpy())


def _shares(column: Arrow) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the ten probabilities per row, and whether they are ten in [0, 1]."""
    flat = _floats(pc.list_flatten(column), np.nan)
    sizes = pc.list_value_length(column).fill_null(0).to_numpy()
    ten = sizes == len(SYMBOLS)
    taken = np.repeat(ten, sizes)
    shares = np.zeros((len(sizes), len(SYMBOLS)))
    shares[ten] = flat[taken].reshape(-1, len(SYMBOLS))
    return shares, ten & ((shares >= 0) & (shares <= 1)).all(axis=1)


def _missing(column: Arrow) -> NDArray[np.bool_]:
    if not column.null_count:
        return np.zeros(len(column), dtype=bool)
    return np.asarray(column.is_null().to_numpy(zero_copy_only=False))


def _says_nothing(columns: Mapping[str, Numbers]) -> NDArray[np.bool_]:
    """An answer about something else is no evidence, as at the desk."""
    return np.asarray(columns["symbol"] == len(SYMBOLS))


def _first_faults(tests: Iterable[Test], size: int) -> tuple[Numbers, list[tuple[str, str]]]:
    """Return per row the number of its first failed test (0: none), and column and reason."""
    cause, reasons = np.zeros(size, dtype=np.uint8), [("", "")]
    for column, reason, wrong in tests:
        if wrong.any():
            cause[wrong & (cause == 0)] = len(reasons)
            reasons.append((column, reason))
    return cause, reasons


FAULTS = pa.schema(
    [("row", pa.int64()), ("column", pa.string()), ("reason", pa.string()), ("found", pa.string())]
)


def _fault_rows(
    given: Mapping[str, Arrow], cause: Numbers, reasons: list[tuple[str, str]], rows: Numbers
) -> Arrow:
    tables = []
    for n, (column, reason) in enumerate(reasons[1:], start=1):
        at = np.flatnonzero(cause == n)
        values = given[column].take(pa.array(at)).to_pylist() if column in given else []
        found: list[str | None] = [str(value) for value in values]
        found = found or [None] * len(at)
        words = ([column] * len(at), [reason] * len(at), found)
        tables.append(pa.table([pa.array(rows[at]), *words], schema=FAULTS))
    return pa.concat_tables(tables) if tables else FAULTS.empty_table()
