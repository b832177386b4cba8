"""Counts for learning: the sum over parts of the files is that of the whole."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from nachhaken.engine import standard
from nachhaken.engine.columns import columns_of
from nachhaken.learning.outcomes import LearningError, outcome_code
from nachhaken.learning.prior import shipped_prior
from nachhaken.learning.statistics import Statistics, statistics
from nachhaken.scale.learning import estimate_of, lay_out, statistics_of
from nachhaken.scale.score import Workers
from nachhaken.terms import OutcomeKind
from tests.told import NOW, Story, case, stories, write

MODEL = standard()


@pytest.fixture
def workers() -> Iterator[Workers]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def _told() -> dict[int | str, Story]:
    ends = (None, "won", "lost", "stopped", "opted_out")
    return {n: replace(s, outcome=ends[n % 5]) for n, s in enumerate(stories(60, seed=9))}


def _outcome(story: Story) -> int:
    return outcome_code(OutcomeKind(story.outcome) if story.outcome else None)


def _same(one: Statistics, other: Statistics) -> None:
    for field in fields(Statistics):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9, err_msg=field.name)


def test_the_sum_over_buckets_is_that_of_the_cases(tmp_path: Path, workers: Workers) -> None:
    told = _told()
    path = write(tmp_path / "events.parquet", told)
    (tmp_path / "parts").mkdir()
    laid = lay_out([path], tmp_path / "parts", now=NOW, workers=workers, bucket_rows=50)
    assert len(laid.sources) > 3
    columns = columns_of([case(story) for story in told.values()], MODEL)
    outcomes = np.array([_outcome(story) for story in told.values()], dtype=np.uint8)
    _same(statistics_of(laid, MODEL, workers, prior=MODEL), statistics(columns, outcomes, MODEL))


def test_learning_from_parts_is_learning_from_the_whole(tmp_path: Path, workers: Workers) -> None:
    path = write(tmp_path / "events.parquet", _told())
    found = []
    for rows in (50, 10_000):
        folder = tmp_path / f"parts-{rows}"
        folder.mkdir()
        laid = lay_out([path], folder, now=NOW, workers=workers, bucket_rows=rows)
        found.append(estimate_of(laid, shipped_prior(MODEL), workers, rounds=3))
    assert found[0].objective == pytest.approx(found[1].objective)
    np.testing.assert_allclose(found[0].model.symbols, found[1].model.symbols, rtol=1e-9, atol=0)
    assert found[0].model.fingerprint != MODEL.fingerprint


def test_nothing_to_learn_from_is_said(tmp_path: Path, workers: Workers) -> None:
    later: dict[int | str, Story] = {
        1: Story(rows=(replace(stories(1, seed=1)[0].rows[0], at=NOW.replace(year=2030)),))
    }
    path = write(tmp_path / "events.parquet", later)
    laid = lay_out([path], tmp_path, now=NOW, workers=workers)
    with pytest.raises(LearningError, match="no usable event"):
        statistics_of(laid, MODEL, workers, prior=MODEL)
