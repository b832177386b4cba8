"""A desk moves: from SQLite to PostgreSQL and back, as of one moment, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.taken import parts
from tests.postgres import find_programs, running_postgres

ROOT = Path(__file__).parents[2]


def run(verb: str, *files: Path, data: Path, database: str = "") -> None:
    """Do it at a desk in folder `data`, with a secret of its own."""
    data.mkdir(exist_ok=True)
    settings = {"NACHHAKEN_DATA": str(data), "NACHHAKEN_DATABASE": database, "LANG": "de_DE.UTF-8"}
    subprocess.run(
        [sys.executable, "-m", "tests.real.moving", verb, *map(str, files)],
        cwd=ROOT,
        env=os.environ | settings | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        check=True,
    )


def test_x5_a_desk_moves_to_another_database_and_back(tmp_path: Path) -> None:
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server programs on this machine")
    first, second, third = (tmp_path / f"{n}.zip" for n in ("first", "second", "third"))
    run("fill", first, data=tmp_path / "a")
    with running_postgres(programs) as address:
        run("move", first, second, data=tmp_path / "b", database=address)
    run("move", second, third, data=tmp_path / "c")
    assert parts(second.read_bytes()) == parts(first.read_bytes())
    assert third.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_an_export_is_of_one_moment_and_holds_nobody_up(database: str, tmp_path: Path) -> None:
    programs, out = find_programs(), tmp_path / "out.zip"
    if database == "sqlite":
        run("write", out, data=tmp_path / "a")
    elif programs is None:
        pytest.skip("no PostgreSQL server programs on this machine")
    else:
        with running_postgres(programs) as address:
            run("write", out, data=tmp_path / "a", database=address)
    assert "Spät" not in b"".join(parts(out.read_bytes()).values()).decode()
