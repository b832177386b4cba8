"""Which of the windows that a reply may mean is the one to come back in."""

import csv
from collections import defaultdict
from functools import cache
from itertools import repeat
from math import fsum
from pathlib import Path

from nachhaken.reading.windows import Found
from nachhaken.terms import Intent

KINDS_OF_INTENT = {
    Intent.AUTO_REPLY: "machine", Intent.YES: "yes", Intent.ENGAGED: "engaged", Intent.NO: "no",
    Intent.REFERRAL: "referral", Intent.REQUOTE: "requote", Intent.STALLED_NAMED: "stalled",
    Intent.LATER_VAGUE: "later", Intent.NONCOMMITTAL: "open",
}  # fmt: skip
"""The intents that may carry a call-back, by their names in tables/callback.csv."""

TABLE = Path(__file__).with_name("tables") / "callback.csv"
"""The weight of each cue: for all replies, for one intent, for one operator, or for both."""

PLAIN = "as"
"""The name in the table of a period that is meant as it is named, without an operator."""


def choose(windows: list[Found], intent: Intent) -> Found | None:
    """The call-back among the windows of a reply with this intent, None where none is one.

    The likeliest is chosen where its odds against "no call-back at all" are better than even.
    """
    odds = [log_odds(one, intent) for one in windows]
    best = max(odds, default=0.0)
    return windows[odds.index(best)] if best > 0 else None


def log_odds(window: Found, intent: Intent) -> float:
    """How likely the window is the call-back against none being one, as a natural logarithm.

    The sum of the weights of its cues (a conditional logit); minus infinity for intents that
    carry no call-back. The weights come from tests/corpus/reading/callback_training.py.
    """
    kind = KINDS_OF_INTENT.get(intent)
    if kind is None:
        return float("-inf")
    weights = _weights(kind, window.operator or PLAIN)
    # Summed without rounding: the order of a set must not tell two windows apart.
    return fsum(map(weights.get, window.cues, repeat(0.0)))


@cache
def _weights(kind: str, operator: str) -> dict[str, float]:
    """The weights of all cues for one intent and operator, added up."""
    added: defaultdict[str, float] = defaultdict(float)
    for row_kind, row_operator, cue, weight in _rows():
        if row_kind in {"", kind} and row_operator in {"", operator}:
            added[cue] += weight
    return dict(added)


@cache
def _rows() -> tuple[tuple[str, str, str, float], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["intent"], row["operator"], row["cue"], float(row["weight"]))
            for row in csv.DictReader(file)
        )
