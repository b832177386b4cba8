"""How many replies a second are read, and how long a text made to hurt takes."""

from collections.abc import Iterator
from datetime import date
from time import perf_counter

from nachhaken.reading import read
from tests.corpus.reading import rows
from tests.speed import Row, measure

ON = date(2026, 1, 1)
NASTY = ("a", "in ", "1.", "am 12.", "Ende Mai bis ", "wenn der termin mit ", "keine mails ", " ")


@measure
def replies() -> Iterator[Row]:
    texts = [(row.text, row.reference) for row in rows.replies()]
    read(*texts[0][:1], reference=texts[0][1])
    start = perf_counter()
    for text, reference in texts:
        read(text, reference=reference)
    yield Row("Replies read", len(texts) / (perf_counter() - start), "/s", at_least=500)


@measure
def nasty() -> Iterator[Row]:
    slowest = 0.0
    for piece in NASTY:
        text = (piece * 200_000)[:200_000]
        read(text, reference=ON)  # compiles what this text needs
        start = perf_counter()
        read(text, reference=ON)
        slowest = max(slowest, 1000 * (perf_counter() - start))
    yield Row("Slowest reply of 200 kB", slowest, "ms", at_most=100)
