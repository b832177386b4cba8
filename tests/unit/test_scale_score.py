"""What the scorer of files says is what the desk's engine says of the same stories."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from nachhaken.engine import Action, Case, Money, judge, standard
from nachhaken.scale.score import Summary, score
from tests.told import NOW, ZONE, Story, case, stories, write


def _score(
    *paths: Path, workers: int = 2, **more: Any
) -> tuple[Summary, dict[Any, dict[str, Any]]]:
    output, faults = paths[0].with_name("advice.parquet"), paths[0].with_name("faults.parquet")
    with ThreadPoolExecutor(workers) as threads:
        summary = score(
            paths,
            output,
            faults=faults,
            now=NOW,
            model=standard(),
            money=Money(),
            workers=threads,
            **more,
        )
    rows = pq.read_table(output).to_pylist()
    return summary, {row["opportunity"]: row for row in rows}


def _agrees(row: dict[str, Any], told: Case) -> None:
    judged = judge(told)
    belief = [row["p_genuine"], row["p_stalled"], row["p_pretend"], row["p_lost"]]
    assert belief == pytest.approx(tuple(judged.belief), abs=1e-6)
    assert row["gain_eur"] == pytest.approx(judged.gain, rel=1e-4, abs=1e-3)
    if judged.due is None:
        assert row["due"] is None
        assert row["value_eur"] == pytest.approx(judged.values[judged.action], rel=1e-5, abs=1e-3)
    elif judged.gain > 0.01:  # closer ones may be rounded to the other side
        ahead = NOW + timedelta(days=told.ahead[judged.due].day - told.now.day)
        assert row["due"] == ahead.astimezone(ZONE).date()
        assert Action(row["step"]) is judged.action


@pytest.mark.parametrize("names", [int, str])
def test_every_story_is_judged_as_at_the_desk(tmp_path: Path, names: type) -> None:
    told: dict[int | str, Story] = {names(7 * n): s for n, s in enumerate(stories(150, seed=1))}
    path = write(tmp_path / "events.parquet", told)
    summary, rows = _score(path, bucket_rows=100)
    assert summary.opportunities == len(told) == len(rows)
    for name, story in told.items():
        _agrees(rows[name], case(story))
