"""A hundred kills of a process that fetches from a real mail server: some minutes."""

from tests.real.dovecot import own_dovecot
from tests.real.killing_fetching import campaign

KILLS = 100


def test_a_hundred_kills_lose_and_double_nothing() -> None:
    with own_dovecot() as server:
        found = campaign(server.account(), kills=KILLS, seed=7)
    print(found.told())
    assert found.faults == []
    # A campaign that never strikes in the middle proves nothing.
    assert found.struck > KILLS // 2
    assert found.between > 0
