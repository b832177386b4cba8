"""Two hundred kills around the sending of a mail, on SQLite and on PostgreSQL: some minutes."""

from pathlib import Path

import pytest

from tests.postgres import find_programs, running_postgres
from tests.real.killing import Campaign, campaign

KILLS = 200
_STAGES = {"queued", "claimed", "transmitting", "sent"}


def test_two_hundred_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    held(campaign(tmp_path, kills=KILLS, seed=6))


def test_two_hundred_kills_on_a_database_server(tmp_path: Path) -> None:
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server programs on this machine")
    with running_postgres(programs) as address:
        held(campaign(tmp_path, kills=KILLS, seed=7, database=address))


def held(found: Campaign) -> None:
    print(found.told())
    assert found.faults() == []
    # The kills met every stage: a campaign that never strikes in the middle proves nothing.
    assert set(found.killed_in) == _STAGES
