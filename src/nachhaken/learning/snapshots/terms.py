"""The numbers of a row as terms of a model: bent lines over days, logarithms of counts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nachhaken.learning.snapshots.course import Row

Array = NDArray[np.float64]

# Nothing is learnt of what is older than the log can show often.
_OLD, _STALE, _FORTNIGHT = 35.0, 45.0, 14.0
_AMOUNT, _SMALL, _LEAST = 10_000.0, 2_500.0, 500.0
_CALL_DAYS, _OFFERS = 9.0, 4.0


def silent_terms(rows: Sequence[Row]) -> Array:
    """Return the terms [n, d] for cases whose customer has not replied; the first one is 1."""
    r = _columns(rows)
    since, calls = np.minimum(r["since_offer"], _OLD), np.log1p(r["calls"])
    days = np.minimum(r["call_days"], _CALL_DAYS)
    call, amount = np.clip(r["since_call"], 0, _FORTNIGHT), _amount(r)
    tens = since / 10
    return _stacked(
        *_bent(since, (2, 4, 7, 10, 14, 21, 28, 31)),
        *_bent(np.minimum(r["since_first"], _STALE), (7, 14, 21, 30)),
        *_bent(calls, (np.log(3.0),)),
        *_bent(days, (2, 4)),
        (r["calls"] == 0).astype(np.float64),
        call,
        np.minimum(r["calls_week"], 6),
        *(np.log1p(r[name]) for name in ("short_calls", "long_calls", "all_calls", "longest_call")),
        np.log1p(np.maximum(r["last_call"], 0)),
        *_before_the_reply(r),
        # Silence means more after many calls, and for another amount something else.
        *(tens * other for other in (calls, tens * calls, days, amount, r["offers"] > 1, call)),
        tens * np.log1p(r["drafts"]),
        calls * amount,
    )


def replied_terms(rows: Sequence[Row]) -> Array:
    """Return the terms [n, d] for cases whose customer has replied; the first one is 1."""
    r = _columns(rows)
    return _stacked(
        *_bent(np.minimum(r["since_reply"], _OLD), (2, 5, 10, 20)),
        *_bent(np.minimum(r["to_reply"], _OLD), (3, 10, 20)),
        *(np.log1p(r[name]) for name in ("dossiers", "dossier_work", "check_work", "calls")),
        (r["dossiers"] == 0).astype(np.float64),
        np.minimum(r["checks"], 4),
        *(np.clip(r[name], 0, _FORTNIGHT) for name in ("since_dossier", "since_check")),
        *(r[name] for name in ("is_sent_again", "replies", "is_dossier_open", "is_check_open")),
        *_before_the_reply(r),
    )


def _before_the_reply(r: dict[str, Array]) -> list[Array]:
    amount = _amount(r)
    return [
        np.minimum(r["offers"], _OFFERS),
        np.log1p(r["drafts"]),
        np.log1p(r["drafting"]),
        r["is_drafted"],
        np.minimum(r["leads"], 3),
        np.minimum(r["frauds"], 1),
        np.log1p(np.maximum(r["to_offer"], 0)),
        amount,
        amount**2,
        (r["amount"] < _SMALL).astype(np.float64),
    ]


def _columns(rows: Sequence[Row]) -> dict[str, Array]:
    values = np.array(rows, dtype=np.float64).reshape(-1, len(Row._fields))
    return dict(zip(Row._fields, values.T, strict=True))


def _amount(r: dict[str, Array]) -> Array:
    return np.log(np.maximum(r["amount"], _LEAST) / _AMOUNT)


def _bent(values: Array, knots: Sequence[float]) -> list[Array]:
    """A line that may change its slope at each knot."""
    return [values, *(np.maximum(values - knot, 0) for knot in knots)]


def _stacked(*terms: Array) -> Array:
    return np.stack([np.ones(len(terms[0])), *terms], axis=1).astype(np.float64)
