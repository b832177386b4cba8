"""How many replies a second are read, how soon the first, and how long a nasty text takes."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from time import perf_counter

from nachhaken.reading import read
from tests.corpus.reading import rows
from tests.speed import Row, measure

ON = date(2026, 1, 1)
NASTY = ("a", "in ", "1.", "am 12.", "Ende Mai bis ", "wenn der termin mit ", "keine mails ", " ",
         "wir ", "nicht ", "sobald ", "\u00e4", "\n", "a, ", "? ")  # fmt: skip
FIRST = """
import numpy
from time import perf_counter
start = perf_counter()
from datetime import date
from nachhaken.reading import read
read("Guten Tag, rufen Sie bitte im Mai wieder an.", reference=date(2026, 1, 1))
print(1000 * (perf_counter() - start))
"""


@measure
def replies() -> Iterator[Row]:
    every = list(rows.replies())
    for row in every[:1000]:
        read(row.text, reference=row.reference, region=row.region)
    start = perf_counter()
    for row in every:
        read(row.text, reference=row.reference, region=row.region)
    yield Row("Replies read", len(every) / (perf_counter() - start), "/s", at_least=2000)


@measure
def first() -> Iterator[Row]:
    """Loading the reader and its tables, after NumPy, in a process of its own; the best of five."""
    times = [
        float(subprocess.run([sys.executable, "-c", FIRST], check=True, capture_output=True).stdout)
        for _ in range(5)
    ]
    yield Row("First reply read", min(times), "ms", at_most=300)


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
