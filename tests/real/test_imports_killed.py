"""A process that dies while it imports: nothing half done, nothing twice, all there in the end."""

import pytest

from tests.real.killing_imports import campaign

pytestmark = pytest.mark.real

KILLS = 4


def test_a_killed_import_ends_as_an_undisturbed_one() -> None:
    found = campaign(kills=KILLS, seed=1)
    assert found["faults"] == []
    assert sum(found["killed_in"].values()) == KILLS
