"""`nachhaken score` as a person types it, and what it says when an extra is missing."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from nachhaken.cli import cli
from tests.told import stories, write


def _type(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["score", *map(str, words)], env={"LANG": "en_US.UTF-8"})
    return result.exit_code, result.output


def test_a_folder_of_files_is_scored_and_summed_up(tmp_path: Path) -> None:
    folder, output = tmp_path / "events", tmp_path / "advice.parquet"
    folder.mkdir()
    for n in range(2):
        write(folder / f"{n}.parquet", {10 * n + m: s for m, s in enumerate(stories(3, seed=n))})
    code, said = _type(folder, "-o", output, "--now", "2026-11-20", "--partitioned")
    assert code == 0, said
    assert "6 opportunities scored" in said
    assert "100%" not in said  # no bar where nobody watches
    assert pq.read_table(output).num_rows == 6


def test_own_prices_and_parameters_count(tmp_path: Path) -> None:
    events = write(tmp_path / "events.parquet", dict(enumerate(stories(9, seed=5))))
    numbers = tmp_path / "numbers.toml"
    found, output = [], tmp_path / "advice.parquet"
    for more in ((), ("--hour-eur", "300"), ("--hold-eur", "9")):
        assert _type(events, "-o", output, "--now", "2026-11-20", *more)[0] == 0
        found.append(pq.read_table(output).column("value_eur").to_pylist())
    assert found[0] != found[1] != found[2] != found[0]
    numbers.write_text("[start]\n")
    code, said = _type(events, "-o", output, "--parameters", numbers)
    assert (code, "missing: " in said) == (1, True)


def test_what_is_no_file_of_events_is_refused_in_one_sentence(tmp_path: Path) -> None:
    code, said = _type(tmp_path, "-o", tmp_path / "advice.parquet")
    assert (code, said) == (1, f"Error: {tmp_path}: no file *.parquet\n")
    code, said = _type(tmp_path, "-o", tmp_path / "advice.parquet", "--now", "1980-01-01")
    assert (code, "1990" in said) == (2, True)


@pytest.mark.parametrize(
    ("lacking", "words", "extra"),
    [("pyarrow", (), "score"), ("distributed", ("--cluster", "local"), "cluster")],
)
def test_a_missing_extra_is_named(
    tmp_path: Path, lacking: str, words: tuple[str, ...], extra: str
) -> None:
    events = write(tmp_path / "events.parquet", dict(enumerate(stories(1, seed=1))))
    code = f"import sys; sys.modules[{lacking!r}] = None; from nachhaken.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, "score", events, "-o", tmp_path / "advice.parquet", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert f'pip install "nachhaken[{extra}]"' in result.stderr
