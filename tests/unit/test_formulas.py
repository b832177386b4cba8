"""Cells that are no formulas on their way out, and the same as before on their way in."""

import pytest

from nachhaken.sources.formulas import bare, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+49 170 1234567", "-5", "@x", " =1", "＝1", "\t=1"])
def test_a_formula_is_harmless_outside_and_bare_within(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert bare(harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["", "'", "’s Wirtshaus", "'s Wirtshaus", "1'234.50", "Kern"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == bare(cell) == cell
