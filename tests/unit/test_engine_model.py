"""The parameters are checked."""

from dataclasses import replace

import numpy as np
import pytest

from nachhaken.engine import Model, ModelError, read_model, standard
from nachhaken.engine.model import shipped_blocks


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
