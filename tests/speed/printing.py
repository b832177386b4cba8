"""How long it takes to print an offer of two pages, the first time and after that."""

import os
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from tempfile import TemporaryDirectory

from tests.speed import Row, measure


@measure
def offer_pdf() -> Iterator[Row]:
    with TemporaryDirectory() as data:
        run = subprocess.run(
            [sys.executable, "-m", "tests.speed._print_run"],
            env={**os.environ, "NACHHAKEN_DATA": data},
            capture_output=True,
            text=True,
            check=True,
        )
    first, *others = map(float, run.stdout.split())
    yield Row("Offer of two pages as PDF, the first", first, "ms", at_most=500)
    yield Row("Offer of two pages as PDF, any other", median(others), "ms", at_most=500)
