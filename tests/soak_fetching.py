"""A hundred kills of a process that fetches from a real mail server: some minutes."""

from collections.abc import Iterator

import pytest

from tests.real.dovecot import Dovecot, _program, running_dovecot
from tests.real.killing_fetching import campaign

KILLS = 100


@pytest.fixture
def server() -> Iterator[Dovecot]:
    program = _program()
    if program is None:
        pytest.skip("no Dovecot on this machine")
    with running_dovecot(program) as server:
        yield server


def test_a_hundred_kills_lose_and_double_nothing(server: Dovecot) -> None:
    found = campaign(server.account(), kills=KILLS, seed=7)
    print(found.told())
    assert found.faults == []
    # A campaign that never strikes in the middle proves nothing.
    assert found.struck > KILLS // 2
    assert found.between > 0
