"""A process that dies while it sends: never twice at the server, never lost, never claimed."""

from pathlib import Path

import pytest

from tests.postgres import find_programs, running_postgres
from tests.real.killing import campaign, pressed

pytestmark = pytest.mark.real

KILLS = 15


def test_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    found = campaign(tmp_path, kills=KILLS, seed=1)
    assert found.faults() == []
    assert sum(found.killed_in.values()) == KILLS


def test_five_presses_at_once_are_one_mail(tmp_path: Path) -> None:
    rows, found = pressed(tmp_path)
    assert len(set(rows)) == 1
    assert found.faults() == []
    assert [row["state"] for row in found.rows] == ["sent"]


def test_five_presses_at_once_are_one_mail_on_a_server(tmp_path: Path) -> None:
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server programs on this machine")
    with running_postgres(programs) as address:
        rows, found = pressed(tmp_path, database=address)
    assert len(set(rows)) == 1
    assert found.faults() == []
    assert [row["state"] for row in found.rows] == ["sent"]
