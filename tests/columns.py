"""Hypothesis strategies for the columns of the filter: any evidence, any gaps."""

import numpy as np
from hypothesis import strategies as st

from nachhaken.engine.columns import HEARD, Columns

_gaps = st.one_of(
    st.sampled_from([0.0, 0.0, 1e-9, 1 / 8, 1.0, 7.0, 14.0, 10_000.0]), st.floats(0, 60)
)
_shares = st.one_of(st.just(0.0), st.just(0.0), st.floats(0, 1))
_kinds = st.one_of(st.integers(0, 4), st.just(HEARD), st.integers(0, 7))
_days = st.one_of(st.just(np.nan), st.floats(-5, 500))


@st.composite
def labels(draw: st.DrawFn) -> list[float]:
    """Return probabilities of the ten symbols: sure, doubtful or nothing at all."""
    if draw(st.booleans()):
        sure = draw(st.integers(0, 9))
        return [float(o == sure) for o in range(10)]
    shares = draw(st.lists(_shares, min_size=10, max_size=10))
    total = max(1.0, sum(shares))
    return [share / total for share in shares]


@st.composite
def columns(draw: st.DrawFn, *, most: int = 12, opportunities: int = 4) -> Columns:
    """Return up to `opportunities` timelines of up to `most` events each; some are empty."""
    counts = draw(st.lists(st.integers(0, most), max_size=opportunities))
    total, n = sum(counts), len(counts)
    gaps = np.array(draw(st.lists(_gaps, min_size=total + n, max_size=total + n)))
    times = [np.cumsum(part) for part in np.split(gaps, np.cumsum([c + 1 for c in counts])[:-1])]
    day = np.concatenate([np.empty(0), *(part[:-1] for part in times)])
    now = np.array([part[-1] for part in times] if counts else [])
    rows = draw(st.lists(labels(), min_size=1, max_size=4))
    away = np.array(draw(st.lists(_days, min_size=total, max_size=total)))
    weights = np.array(draw(st.lists(st.integers(1, 9), min_size=4 * n, max_size=4 * n)), float)
    start = weights.reshape(-1, 4)
    return Columns(
        offsets=np.cumsum([0, *counts]).astype(np.int64),
        day=day,
        workday=day * 5 / 7,
        kind=np.array(draw(st.lists(_kinds, min_size=total, max_size=total)), dtype=np.uint8),
        label=np.array(
            draw(st.lists(st.integers(0, len(rows) - 1), min_size=total, max_size=total)),
            dtype=np.int32,
        ),
        labels=np.array(rows),
        window=np.array(draw(st.lists(_days, min_size=total, max_size=total))),
        away_day=away,
        away_workday=away * 5 / 7,
        start=start / start.sum(axis=1, keepdims=True),
        now_day=now,
        now_workday=now * 5 / 7,
    )
