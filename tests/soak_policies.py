"""The shipped plans are what `python -m nachhaken.engine.make_policies` makes: about a minute."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nachhaken.engine import Money, standard
from nachhaken.engine.make_policies import main
from nachhaken.engine.policies import (
    HOLDS,
    VALUES,
    Policy,
    load,
    points_of,
    policy_for,
    priced,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path: Path = tmp_path_factory.mktemp("made") / "policies.npz"
    main([str(path)])
    return load(path.read_bytes(), standard())


@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("value", VALUES)
def test_made_and_shipped_plans_are_worth_the_same(made: Policy, value: float, hold: float) -> None:
    """By value: another processor rounds otherwise, and of equal plans takes another."""
    money = replace(Money(), hold_eur_per_day=hold)
    new, shipped = priced(made, money), policy_for(standard(), money)
    for c, b in enumerate(points_of(standard())):
        best, usual = ((b @ plans.at(c, value).T).max(axis=1) for plans in (new, shipped))
        np.testing.assert_allclose(best, usual, atol=0.0005 * value)
