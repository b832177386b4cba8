"""Fetching that is killed at random moments, in short; in full it is `tests/soak_fetching.py`."""

import pytest

from tests.real.dovecot import Account
from tests.real.killing_fetching import campaign

pytestmark = pytest.mark.real


def test_kills_lose_and_double_nothing(account: Account) -> None:
    found = campaign(account, kills=12, seed=11)
    assert found.faults == []
    assert found.struck > 0
