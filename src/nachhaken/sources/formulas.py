"""Cells that a spreadsheet would take for formulas: made harmless on their way out, bare again in.

A cell that begins like one runs (CWE-1236); an East Asian spreadsheet takes the wide signs, too.
"""

_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANKS = " \xa0\u2007\u202f\u200b\ufeff"


def harmless(cell: str) -> str:
    """Return the cell as text that is no formula: '+49 170 1234567."""
    return f"'{cell}" if _is_formula(cell) else cell


def bare(cell: str) -> str:
    """Return the cell without the apostrophe that only kept it from being a formula."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip(_BLANKS).startswith(_SIGNS)
