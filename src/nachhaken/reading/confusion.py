"""How often the reading takes one intent for another, so that the engine can allow for it."""

import csv
from functools import cache
from pathlib import Path

from nachhaken.terms import Intent

TABLE = Path(__file__).with_name("tables") / "confusion.csv"

# Added to each cell before a row is divided, one reply in all for a row (Perks' prior): a cell
# never seen is still possible.
_SMOOTHING = 1 / len(Intent)


@cache
def _counts() -> dict[tuple[Intent, Intent], int]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (Intent(row["true"]), Intent(row["read"])): int(row["count"])
            for row in csv.DictReader(file)
        }


def confusion() -> dict[Intent, dict[Intent, float]]:
    """P(read | true): row = true intent, column = read intent, each row sums to 1.

    Counted on replies of authors whom the model had not seen, with a pseudo-count of 1/11 for each
    cell (Perks' prior), so that no cell is 0.
    """
    return {true: _row(true) for true in Intent}


@cache
def corpus_shares() -> dict[Intent, float]:
    """Return how common each intent is among the replies that the reader learnt from.

    The chances of a reading assume it; whoever knows better takes it out of them again.
    """
    counts = {true: sum(_counts()[true, said] for said in Intent) for true in Intent}
    total = sum(counts.values())
    return {true: count / total for true, count in counts.items()}


def _row(true: Intent) -> dict[Intent, float]:
    counts = {said: _counts()[true, said] + _SMOOTHING for said in Intent}
    total = sum(counts.values())
    return {said: count / total for said, count in counts.items()}
