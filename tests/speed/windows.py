"""How long it takes to find the windows of a reply, and the call-back among them."""

import json
from collections.abc import Iterator
from datetime import date
from time import process_time

from nachhaken.reading.atoms import When
from nachhaken.reading.callback import choose
from nachhaken.reading.text import fold, own_words
from nachhaken.reading.windows import find_windows
from nachhaken.terms import Intent
from tests.corpus.reading.windows_tally import AUTHORS
from tests.speed import Row, measure

_ON = When(date(2026, 1, 1), "DE")
_NASTY = (
    "1.",
    "mo. ",
    "kw 12 bis ",
    "ende mai bis ",
    "heuer nicht mehr ",
    "nach art der tag ",
    "12-",
)
_ROUNDS = 5


@measure
def windows() -> Iterator[Row]:
    rows = [json.loads(line) for path in AUTHORS for line in path.read_text("utf-8").splitlines()]
    texts = [
        (
            fold(own_words(row["text"])).text,
            When(date.fromisoformat(row["reference"]), row["region"]),
        )
        for row in rows
    ]
    best = min(_seconds(texts) for _ in range(_ROUNDS))
    yield Row("Windows of a reply", best / len(texts) * 1e6, "µs", at_most=120)


@measure
def nasty_windows() -> Iterator[Row]:
    slowest = 0.0
    for piece in _NASTY:
        text = (piece * 200_000)[:200_000]
        _seconds([(text, _ON)])  # compiles what this text needs
        best = min(_seconds([(text, _ON)]) for _ in range(_ROUNDS))
        slowest = max(slowest, 1000 * best)
    yield Row("Slowest windows of 200 kB", slowest, "ms", at_most=100)


def _seconds(texts: list[tuple[str, When]]) -> float:
    start = process_time()
    for text, when in texts:
        choose(find_windows(text, when), Intent.LATER_VAGUE)
    return process_time() - start
