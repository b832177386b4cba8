"""How the reader reads authors it has not learnt from; `python -m tests.corpus.reading.measured`.

The intents and the reasons of refusals are those of the models without the author (held.npz and
held_reasons.npz, made by the trainings); windows and conditions are found by the rules as they are,
given that intent. Signals are not told apart here: two of them have been learnt from all authors,
and their training prints what it finds of authors held out.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from nachhaken.reading import Reading
from nachhaken.reading.atoms import When
from nachhaken.reading.intents import verdict
from nachhaken.reading.measures import Label, Measures, measure
from nachhaken.reading.reader import look, reading_of
from nachhaken.reading.reasons import REASONS
from nachhaken.reading.scores import shipped
from nachhaken.terms import Intent
from tests.corpus.reading.rows import Row, replies
from tests.corpus.reading.train import HELD
from tests.corpus.reading.train_reasons import HELD as HELD_REASONS


def held_out(rows: Iterable[Row]) -> Iterator[tuple[Label, Reading]]:
    """Each label with the reading of a model that has not seen the author."""
    with np.load(HELD) as file:
        found = dict(zip(file["ids"].tolist(), file["found"].astype(float), strict=True))
    with np.load(HELD_REASONS) as file:
        reasons = dict(zip(file["ids"].tolist(), file["told"].tolist(), strict=True))
    model = shipped()
    for row in rows:
        seen = look(row.text, When(row.reference, row.region))
        reading = reading_of(seen, verdict(found[row.id], model), model)
        if reading.intent is Intent.NO and row.id in reasons:
            reading = replace(reading, no_reason=REASONS[reasons[row.id]])
        yield row.label, reading


def by_author() -> dict[str, Measures]:
    """The measures of each author, and "all" for all together."""
    pairs = [(row.author, pair) for row, pair in _paired()]
    authors = sorted({author for author, _ in pairs})
    found = {name: measure(pair for author, pair in pairs if author == name) for name in authors}
    return found | {"all": measure(pair for _, pair in pairs)}


def _paired() -> Iterator[tuple[Row, tuple[Label, Reading]]]:
    every = list(replies())
    return zip(every, held_out(every), strict=True)


if __name__ == "__main__":
    for name, found in by_author().items():
        w, c = found.windows, found.conditions
        sys.stdout.write(
            f"{name:4} F1 {found.macro_f1:.3f} ECE {found.top_error:.3f} windows exact"
            f" {w.exact.value:.3f} near {w.near.value:.3f} early {w.early.value:.3f} invented"
            f" {w.invented.value:.3f} conditions {c.right.value:.3f} invented"
            f" {c.invented.value:.3f} reasons {found.no_reasons.value:.3f}\n"
        )
