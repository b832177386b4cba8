"""How many replies a second are read, how soon the first, and how long a nasty text takes."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from time import perf_counter, process_time

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
    """The corpus after its first thousand replies, then once more: no word is new any longer."""
    every = list(rows.replies())
    _pace(every[:1000])
    yield Row("Replies read, per processor second", _pace(every), "/s", at_least=2000)
    yield Row("Replies read again, per processor second", _pace(every), "/s")


def _pace(replies: list[rows.Row]) -> float:
    start = process_time()
    for row in replies:
        read(row.text, reference=row.reference, region=row.region)
    return len(replies) / (process_time() - start)


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
