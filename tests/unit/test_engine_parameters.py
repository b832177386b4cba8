"""The numbers as data: every block says what it is, and none changes unnoticed."""

import math
from dataclasses import asdict
from typing import Any

import pytest

from nachhaken.engine import ModelError, read_model, standard
from nachhaken.engine.model import shipped_blocks, strengths

# The build hash of the shipped numbers. Whoever changes a number changes this line on purpose, and
# makes the policies anew: python -m nachhaken.engine.make_policies.
GOLDEN = "3fd3709d918b871f"


def _tables() -> dict[str, Any]:
    return {name: block for name, block in shipped_blocks().items() if isinstance(block, dict)}


def test_no_number_changes_unnoticed() -> None:
    assert standard().fingerprint == GOLDEN


def test_the_golden_fingerprint_notices_every_block() -> None:
    assert standard().fingerprint != _with("discount", per_day=0.9970000000000001)
    assert standard().fingerprint != _with("caution", gut_decibans=2.0000000000000004)


def test_what_is_no_number_of_the_model_leaves_the_fingerprint() -> None:
    assert _with("start", n0=21, unit="share", reason="another") == GOLDEN


def _with(block: str, **changed: object) -> str:
    blocks = shipped_blocks()
    blocks[block] |= changed
    return read_model(blocks).fingerprint


@pytest.mark.parametrize("key", ["unit", "n0", "reason"])
def test_every_block_says_its_unit_its_strength_and_why(key: str) -> None:
    assert [name for name, block in _tables().items() if key not in block] == []


def test_every_reason_names_its_source() -> None:
    sources = ("[E]", "[L]", "Fader")
    assert [n for n, b in _tables().items() if not any(s in b["reason"] for s in sources)] == []


def test_a_file_of_another_layout_is_refused() -> None:
    with pytest.raises(ModelError, match="version"):
        read_model(shipped_blocks() | {"version": 2})


def test_strengths_are_the_shipped_ones_unless_given() -> None:
    shipped = {name: block["n0"] for name, block in _tables().items()}
    learnt = {name: n0 for name, n0 in shipped.items() if math.isfinite(n0)}
    assert asdict(strengths()) == learnt
    blocks = shipped_blocks()
    blocks["reply"]["n0"] = 5
    assert strengths(blocks).reply == 5


@pytest.mark.parametrize("n0", [0, -1, math.nan, "much", None, True])
def test_a_strength_that_cannot_be_is_refused(n0: object) -> None:
    blocks = shipped_blocks()
    blocks["symbols"]["n0"] = n0
    with pytest.raises(ModelError, match=r"symbols\.n0"):
        strengths(blocks)


def test_a_missing_strength_is_named() -> None:
    blocks = shipped_blocks()
    del blocks["delay"]["n0"]
    with pytest.raises(ModelError, match="n0"):
        strengths(blocks)
