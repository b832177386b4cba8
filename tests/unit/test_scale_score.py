"""What the scorer of files says is what the desk's engine says of the same stories."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from nachhaken.engine import Action, Case, Evidence, Heard, Money, Symbol, judge, standard
from nachhaken.scale.advice import How
from nachhaken.scale.score import Summary, score
from tests.told import NOW, ZONE, Story, Told, case, stories, table, write


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
    if any(_objects(event) for event in told.evidence):
        # Nobody is scored against an objection (GDPR Art. 21).
        assert (row["step"], row["due"], row["gain_eur"]) == ("stop", None, None)
        assert belief == [None] * 4
        assert {row[f"reason{n}"] for n in (1, 2, 3)} == {None}
        return
    assert belief == pytest.approx(tuple(judged.belief), abs=1e-6)
    assert row["gain_eur"] == pytest.approx(judged.gain, rel=1e-4, abs=1e-3)
    if judged.due is None:
        assert row["due"] is None
        assert row["value_eur"] == pytest.approx(judged.values[judged.action], rel=1e-5, abs=1e-3)
    elif judged.gain > 0.01:  # closer ones may be rounded to the other side
        ahead = NOW + timedelta(days=told.ahead[judged.due].day - told.now.day)
        assert row["due"] == ahead.astimezone(ZONE).date()
        assert Action(row["step"]) is judged.action


def _objects(event: Evidence) -> bool:
    return isinstance(event, Heard) and Symbol.OPT_OUT is max(
        event.symbols, key=lambda symbol: event.symbols[symbol]
    )


@pytest.mark.parametrize("names", [int, str])
def test_every_story_is_judged_as_at_the_desk(tmp_path: Path, names: type) -> None:
    told: dict[int | str, Story] = {names(7 * n): s for n, s in enumerate(stories(75, seed=1))}
    path = write(tmp_path / "events.parquet", told)
    summary, rows = _score(path, bucket_rows=100)
    assert summary.opportunities == len(told) == len(rows)
    for name, story in told.items():
        _agrees(rows[name], case(story))


def test_reasons_are_the_largest_lines_of_the_desk(tmp_path: Path) -> None:
    told: dict[int | str, Story] = dict(enumerate(stories(25, seed=6)))
    _, rows = _score(write(tmp_path / "events.parquet", told), how=How(quick=True))
    for name, story in told.items():
        if any(_objects(event) for event in case(story).evidence):
            continue
        judged = judge(case(story))
        lines = [w.decibans for w in judged.weights if w.what not in ("prior", "history")]
        largest = sorted(filter(lambda line: abs(line) >= 0.05, lines), key=abs, reverse=True)[:3]
        found = [rows[name][f"decibans{n}"] for n in (1, 2, 3)]
        assert [by for by in found if by is not None] == pytest.approx(largest, abs=1e-3)
        words = {rows[name][f"reason{n}"] for n in (1, 2, 3)} - {None}
        assert words <= {"time", *(row.event for row in story.rows), *Symbol, "mail", "invest"}


def test_the_quick_way_has_the_same_beliefs_and_mostly_the_same_days(tmp_path: Path) -> None:
    told: dict[int | str, Story] = dict(enumerate(stories(60, seed=8)))
    path = write(tmp_path / "events.parquet", told)
    _, desk = _score(path)
    _, quick = _score(path, how=How(quick=True, reasons=False))
    assert not any("reason1" in row for row in quick.values())
    same = []
    for name, row in desk.items():
        beliefs = [pytest.approx(row[p], abs=1e-6) for p in row if p.startswith("p_")]
        assert [quick[name][p] for p in row if p.startswith("p_")] == beliefs
        same.append(quick[name]["due"] == row["due"])
    assert sum(same) >= 0.9 * len(same)


def test_neither_order_nor_files_nor_buckets_change_the_advice(tmp_path: Path) -> None:
    told: dict[int | str, Story] = dict(enumerate(stories(40, seed=2)))
    halves = [dict(list(told.items())[:20]), dict(list(told.items())[20:])]
    one = write(tmp_path / "one.parquet", told, seed=1)
    other = write(tmp_path / "other.parquet", told, seed=2)
    parts = [write(tmp_path / f"part-{n}.parquet", half) for n, half in enumerate(halves)]
    _, want = _score(one, how=How(quick=True))
    assert _score(other, how=How(quick=True))[1] == want
    assert _score(one, bucket_rows=20, how=How(quick=True))[1] == want
    assert _score(*parts, how=How(quick=True))[1] == want
    assert _score(*parts, partitioned=True, how=How(quick=True))[1] == want


def test_a_faulty_row_costs_only_itself(tmp_path: Path) -> None:
    offer, later = Told(at=NOW - timedelta(days=30), event="offer"), NOW - timedelta(days=20)
    good = (offer, Told(at=later, event="heard", symbol="engaged"))
    bad = Told(at=later, event="heard", symbol="vielleicht")
    early = Told(at=offer.at - timedelta(days=1), event="call")
    told: dict[int | str, Story] = {"a": Story(rows=good), "b": Story(rows=(*good, bad, early))}
    paths = [
        write(tmp_path / "a.parquet", {"c": Story(rows=good)}),
        write(tmp_path / "b.parquet", told),
    ]
    summary, rows = _score(*paths)
    assert (summary.opportunities, summary.events, summary.refused) == (3, 6, 2)
    assert {**rows["b"], "opportunity": "a"} == rows["a"]
    faults = pq.read_table(tmp_path / "faults.parquet").to_pylist()
    assert {fault["file"] for fault in faults} == {"b.parquet"}
    columns = table(told)
    for fault in faults:
        found = columns[fault["column"]][fault["row"]]
        assert found in ("vielleicht", early.at)
        assert fault["reason"] in ("is no label", "lies before the first offer")
    _score(paths[0])
    assert not (tmp_path / "faults.parquet").exists()


def test_a_file_without_usable_rows_gives_an_empty_advice(tmp_path: Path) -> None:
    path = write(tmp_path / "events.parquet", {1: Story(rows=(Told(at=NOW, event="ruf"),))})
    summary, rows = _score(path)
    assert (summary.opportunities, summary.refused, rows) == (0, 1, {})


def test_what_has_ended_gets_no_advice(tmp_path: Path) -> None:
    open_, won = stories(1, seed=4)[0], replace(stories(1, seed=4)[0], outcome="won")
    path = write(tmp_path / "events.parquet", {1: open_, 2: won})
    assert set(_score(path)[1]) == {1}


def test_what_a_killed_run_left_behind_does_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "events.parquet", dict(enumerate(stories(5, seed=3))))
    left = tmp_path / ".advice.parquet.partial"
    left.mkdir()
    (left / "000000-0000.rows").write_bytes(b"half")
    (left / "000009.faults").write_bytes(b"half")
    (tmp_path / "advice.parquet").write_bytes(b"of the last run")
    assert len(_score(path)[1]) == 5
    assert not left.exists()


def test_a_run_that_fails_leaves_the_last_advice(tmp_path: Path) -> None:
    path = write(tmp_path / "events.parquet", dict(enumerate(stories(5, seed=3))))
    (tmp_path / "advice.parquet").write_bytes(b"of the last run")

    def stop(done: int, total: int) -> None:
        assert done < total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _score(path, progress=stop)
    assert (tmp_path / "advice.parquet").read_bytes() == b"of the last run"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["advice.parquet", "events.parquet"]
