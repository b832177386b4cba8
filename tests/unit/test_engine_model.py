"""The parameters are checked, and the shipped policies are what the command makes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nachhaken.engine import Model, ModelError, Money, read_model, standard
from nachhaken.engine.kernel import build_kernel
from nachhaken.engine.make_policies import main
from nachhaken.engine.model import shipped_blocks
from nachhaken.engine.policies import VALUES, make, policy_for, shipped
from nachhaken.engine.solve import solve


def test_equal_numbers_have_equal_fingerprints() -> None:
    blocks = shipped_blocks()
    assert read_model(blocks).fingerprint == standard().fingerprint
    blocks["drift"]["genuine_to_lost"] = 91.0
    assert read_model(blocks).fingerprint != standard().fingerprint


def test_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        standard().start[0] = 1.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start", np.array([0.5, 0.5, 0.5, 0.5])),
        ("start", np.array([1.0, 0.0, 0.0, 0.0])),
        ("start", np.array([0.5, 0.5])),
        ("will", np.full((5, 4), 1.5)),
        ("median", np.zeros((5, 4))),
        ("symbols", np.full((2, 5, 4, 10), 0.1)),
        ("generators", np.zeros((3, 4, 4)) + 0.1),
        ("discount", 0.0),
        ("discount", float("nan")),
    ],
)
def test_a_model_that_cannot_be_is_refused(name: str, value: object) -> None:
    with pytest.raises(ModelError, match=name):
        _changed(name, value)


def _changed(name: str, value: object) -> Model:
    return replace(standard(), **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("block", ["start", "reply", "symbols", "orders"])
def test_a_missing_block_is_named(block: str) -> None:
    blocks = shipped_blocks()
    del blocks[block]
    with pytest.raises(ModelError, match=block):
        read_model(blocks)


def test_the_shipped_policies_are_what_the_command_makes(tmp_path: Path) -> None:
    made = make(standard())
    assert shipped().fingerprint == made.fingerprint
    np.testing.assert_allclose(shipped().q, made.q, atol=1e-6)
    np.testing.assert_allclose(shipped().asked.by, made.asked.by, atol=1e-6)
    main([str(tmp_path / "policies.npz")])
    with np.load(tmp_path / "policies.npz") as written:
        np.testing.assert_array_equal(written["q"], made.q)


def test_other_money_is_solved_when_it_is_needed() -> None:
    usual = policy_for(standard(), Money()).at(4000.0)
    almost = policy_for(standard(), Money(residual=0.120001)).at(4000.0)
    free = policy_for(standard(), Money(opt_out_eur=0.0)).at(4000.0)
    np.testing.assert_allclose(almost, usual, atol=0.1)
    assert (free >= usual - 1e-6).all()


@pytest.mark.parametrize("value", [700.0, 2000.0, 8000.0, 35000.0])
def test_between_the_grid_values_are_close_to_solved_ones(value: float) -> None:
    solved = solve(build_kernel(standard()), standard(), Money(), value)
    found = policy_for(standard(), Money()).at(value)
    np.testing.assert_allclose(found, solved, atol=0.005 * value)
    assert (found >= solved - 1e-6).all()


def test_an_unusual_holding_cost_is_solved_exactly() -> None:
    money = Money(hold_eur_per_day=3.3)
    solved = solve(build_kernel(standard()), standard(), money, VALUES[17])
    np.testing.assert_allclose(policy_for(standard(), money).at(VALUES[17]), solved, atol=1e-6)
