"""Learns the weights of the call-back's cues; `python -m tests.corpus.reading.callback_training`.

A conditional logit (McFadden 1974): each reply chooses among the windows it may mean and "none";
ridge penalty, small weights are dropped and the rest learnt again. With `--held` it learns on
five authors, reads the sixth, in turn, and stores nothing.
"""

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nachhaken.reading.atoms import When
from nachhaken.reading.callback import KINDS_OF_INTENT, PLAIN, TABLE
from nachhaken.reading.text import fold, own_words
from nachhaken.reading.values import Window
from nachhaken.reading.windows import Found, find_windows
from nachhaken.terms import Intent
from tests.corpus.reading.rows import own_text, region_of, window_of
from tests.corpus.reading.windows_tally import (
    AUTHORS,
    HERE,
    Case,
    print_rates,
)

EXPRESSIONS = HERE / "expressions.jsonl"
TRAPS = HERE / "no_window.jsonl"
_RIDGE = 2.5
_DROPPED_BELOW = 0.08
_DECIMALS = 2
# How much a reply counts whose intent is taken to be misread.
_MISREAD = 0.2
# How much an expression of the label table counts; it is what the others are labelled by.
_BINDING = 6.0
# Cues that mean something else with another operator in another kind of reply.
_CROSSED = {
    "any",
    "own absence",
    "time",
    "gone",
    "short",
    "grain:DAY",
    "grain:PERIOD",
    "grain:OFFSET",
}

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled reply with the windows it may mean, the keys of each, and the true ones."""

    author: str
    case: Case
    windows: list[Found]
    keys: list[list[Key]]
    weight: float = 1.0

    @property
    def right(self) -> list[int]:
        return [i for i, one in enumerate(self.windows) if one.window == self.case.true]


def examples(paths: list[Path]) -> Iterator[Example]:
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            intent = Intent(row["intent"])
            if intent in KINDS_OF_INTENT:
                yield _example(path.stem, row, intent, window_of(row["callback"]))


def misread(every: list[Example]) -> Iterator[Example]:
    """Replies without a call-back, as if they put off: the intent may have been misread."""
    for one in every:
        if one.case.true is None and one.windows and one.case.group != Intent.LATER_VAGUE:
            keys = [keys_of(found, KINDS_OF_INTENT[Intent.LATER_VAGUE]) for found in one.windows]
            yield replace(one, keys=keys, weight=_MISREAD)


def fragments() -> Iterator[Example]:
    """The expressions of the label table, and the sentences that name none."""
    for row in map(json.loads, EXPRESSIONS.read_text(encoding="utf-8").splitlines()):
        one = _example("expressions", row, Intent(row["intent"]), window_of(row))
        yield replace(one, weight=_BINDING)
    for row in map(json.loads, TRAPS.read_text(encoding="utf-8").splitlines()):
        if row["intent"] in KINDS_OF_INTENT:
            yield _example("traps", row, Intent(row["intent"]), None)
        yield _example("traps", row, Intent.LATER_VAGUE, None)


def _example(author: str, row: dict[str, str], intent: Intent, true: Window | None) -> Example:
    when = When(date.fromisoformat(row["reference"]), region_of(row))
    windows = find_windows(fold(own_words(own_text(row))).text, when)
    keys = [keys_of(one, KINDS_OF_INTENT[intent]) for one in windows]
    return Example(author, Case(row["text"], row["text"], intent.value, true, None), windows, keys)


def keys_of(window: Found, kind: str) -> list[Key]:
    """The rows of the table that bear on a window in a reply of this kind."""
    operator = window.operator or PLAIN
    keys = [("", "", cue) for cue in window.cues]
    keys += [("", operator, cue) for cue in window.cues]
    keys += [(kind, "", cue) for cue in window.cues]
    return keys + [(kind, operator, cue) for cue in window.cues & _CROSSED]


def learn(learnt_from: list[Example]) -> dict[Key, float]:
    """The weights, learnt twice: the second time without those that were small."""
    usable = [*learnt_from, *misread(learnt_from)]
    usable = [one for one in usable if one.windows and (one.case.true is None or one.right)]
    every = sorted({key for one in usable for keys in one.keys for key in keys})
    first = _fit(usable, every)
    kept = [key for key, weight in first.items() if abs(weight) >= _DROPPED_BELOW]
    return {key: round(weight, _DECIMALS) for key, weight in _fit(usable, kept).items()}


def _fit(usable: list[Example], keys: list[Key]) -> dict[Key, float]:
    column = {key: number for number, key in enumerate(keys)}
    rows = [[column[key] for key in keys if key in column] for one in usable for keys in one.keys]
    ends = np.cumsum([0, *map(len, rows)])
    indices = np.array([number for row in rows for number in row], dtype=np.int64)
    matrix = csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(rows), len(keys)))
    of = np.repeat(np.arange(len(usable)), [len(one.windows) for one in usable])
    right = np.array([float(i in one.right) for one in usable for i in range(len(one.windows))])
    none = np.array([float(one.case.true is None) for one in usable])

    share = np.array([one.weight for one in usable])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = np.exp(np.minimum(matrix @ weights, 50.0))
        total = 1.0 + np.bincount(of, odds, len(usable))
        chosen = none + np.bincount(of, odds * right, len(usable))
        value = float(share @ np.log(total / chosen) + _RIDGE * (weights @ weights) / 2)
        slope = (
            matrix.T @ ((share[of] * odds / total[of]) - share[of] * odds * right / chosen[of])
            + _RIDGE * weights
        )
        return value, slope

    found = minimize(loss, np.zeros(len(keys)), jac=True, method="L-BFGS-B")
    return dict(zip(keys, found.x.tolist(), strict=True))


def chosen(one: Example, weights: dict[Key, float]) -> Case:
    """The reply as these weights read it."""
    odds = [sum(weights.get(key, 0.0) for key in keys) for keys in one.keys]
    best = max(range(len(odds)), key=odds.__getitem__, default=0)
    read = one.windows[best].window if odds and odds[best] > 0 else None
    return Case(one.case.id, one.case.text, one.case.group, one.case.true, read)


def held(every: list[Example]) -> None:
    """Prints how each author is read by weights learnt from the others."""
    all_cases: list[Case] = []
    for author in (path.stem for path in AUTHORS):
        weights = learn([one for one in every if one.author != author])
        cases = [chosen(one, weights) for one in every if one.author == author]
        print_rates(f"{author} ({len(weights)})", cases, wrong="--wrong" in sys.argv)
        all_cases += cases
    print_rates("all", all_cases, wrong=False)


def store(weights: dict[Key, float]) -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("intent", "operator", "cue", "weight"))
        writer.writerows((*key, weight) for key, weight in sorted(weights.items()))


if __name__ == "__main__":
    replies = [*examples([*AUTHORS, HERE / "replies.jsonl"]), *fragments()]
    if "--held" in sys.argv:
        held(replies)
    else:
        store(learn(replies))
