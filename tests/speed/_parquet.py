"""Made-up events as a seller's system would export them: unsorted, with moments and words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
_TOUCHES = ("mail", "call", "ask_what", "clarify", "invest")
_LABELS = (
    "yes", "engaged", "stalled_named", "later_vague", "noncommittal", "no", "requote", "opt_out",
    "referral", "auto_reply",
)  # fmt: skip
_SHARES = (0.03, 0.2, 0.08, 0.2, 0.22, 0.08, 0.08, 0.01, 0.04, 0.06)
_WORDS = ("offer", *_TOUCHES, "heard", "felt_dead", "felt_alive")
_CHANCES = (0.0, 0.3, 0.12, 0.06, 0.03, 0.03, 0.43, 0.015, 0.015)
_SECONDS = 400 * 86_400


def write_events(
    path: Path, opportunities: int, *, seed: int = 7, per_opportunity: int = 12
) -> int:
    """Write about `per_opportunity` events each, in no order; return the rows."""
    rng = np.random.default_rng(seed)
    counts = 1 + rng.poisson(per_opportunity - 1, opportunities)
    opportunity = np.repeat(np.arange(opportunities) * 17 + 1_000_003, counts)
    first = np.cumsum(counts) - counts
    began = rng.integers(0, _SECONDS - 10 * 86_400, opportunities)
    spans = np.minimum(_SECONDS - began, 120 * 86_400)
    at = np.repeat(began, counts) + (
        rng.random(len(opportunity)) * np.repeat(spans, counts)
    ).astype(np.int64)
    at[first] = began
    word = rng.choice(len(_WORDS), len(opportunity), p=_CHANCES).astype(np.int8)
    word[first] = 0
    order = rng.permutation(len(at))
    pq.write_table(_table(rng, opportunity[order], at[order], word[order]), path)
    return len(opportunity)


def _table(
    rng: np.random.Generator,
    opportunity: np.ndarray[tuple[int], np.dtype[np.int64]],
    at: np.ndarray[tuple[int], np.dtype[np.int64]],
    word: np.ndarray[tuple[int], np.dtype[np.int8]],
) -> pa.Table:
    size = len(word)
    heard = word == _WORDS.index("heard")
    label = rng.choice(len(_LABELS), size, p=_SHARES).astype(np.int8)
    start = int((NOW - timedelta(seconds=_SECONDS)).timestamp())
    dates = (start + at) // 86_400 + rng.integers(3, 60, size)
    delays = heard & np.isin(label, [2, 3]) & (rng.random(size) < 0.4)
    away = heard & (label == 9) & (rng.random(size) < 0.7)
    return pa.table(
        {
            "opportunity": opportunity,
            "at": pa.array((start + at) * 1_000_000, pa.timestamp("us", "UTC")),
            "event": pa.DictionaryArray.from_arrays(word, list(_WORDS)),
            "symbol": pa.DictionaryArray.from_arrays(pa.array(label, mask=~heard), list(_LABELS)),
            "confidence": pa.array(
                (rng.integers(50, 101, size) / 100).astype(np.float32), mask=~heard
            ),
            "window": pa.array(dates.astype(np.int32), pa.int32(), mask=~delays).cast(pa.date32()),
            "away_until": pa.array(dates.astype(np.int32), pa.int32(), mask=~away).cast(
                pa.date32()
            ),
            "value": pa.array(
                np.round(np.exp(rng.normal(8.3, 0.9, size)), 2), mask=word != _WORDS.index("offer")
            ),
        }
    )
