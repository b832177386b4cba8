"""`nachhaken bench snapshots`: forecasts on a log of real follow-up, for others to score."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from nachhaken.learning.outcomes import LearningError
from nachhaken.learning.snapshots.forecast import (
    Predicted,
    learnt_until,
    mondays,
    morning,
    predictions,
    start_of,
)
from nachhaken.learning.snapshots.log import LogError, read_log
from nachhaken.learning.snapshots.model import LEAST
from nachhaken.project.terminal import text


class BenchError(Exception):
    """A log or a span that cannot be used; the message is a sentence for the user."""


def run(events: Path, output: Path, *, learn_until: date, span: tuple[date, date]) -> int:
    """Write the chance of each open case on each Monday of `span`; return how many rows.

    BenchError where the log, the dates or the file to write do not serve.
    """
    snapshots = mondays(*span)
    if not snapshots:
        raise BenchError(text("no_monday", start=span[0], end=span[1]))
    if morning(snapshots[0]) < start_of(learn_until):
        raise BenchError(text("learns_late", first=snapshots[0], until=learn_until))
    try:
        cases = read_log(events)
        forecast = learnt_until(cases, learn_until)
        return _write(output, predictions(cases, forecast, snapshots))
    except LogError as error:
        raise BenchError(text(f"log_{error.kind}", where=error.where)) from error
    except LearningError as error:
        raise BenchError(text("learns_little", until=learn_until, least=LEAST)) from error
    except OSError as error:
        raise BenchError(f"{error.filename or output}: {error.strerror or error}") from error


def _write(output: Path, rows: Iterable[Predicted]) -> int:
    count = 0
    with output.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Predicted._fields)
        for row in rows:
            table.writerow([row.case_id, row.snapshot, f"{row.p_won:.6f}"])
            count += 1
    return count
