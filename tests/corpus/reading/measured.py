"""How the reader reads authors it has not learnt from; writes the figures into docs/reading.md.

`python -m tests.corpus.reading.measured`, after `tests.corpus.reading.train` and the two other
trainings. Intents and reasons are those of models without the author (held.npz, held_reasons.npz);
windows are chosen by weights learnt without the author, the intent given; conditions and signals
are found by rules, which were written with all authors but y and z in sight (two signals are
learnt from all; their training prints what it finds of authors held out).
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from nachhaken.reading import Reading
from nachhaken.reading.atoms import When
from nachhaken.reading.doubts import UNSURE_BELOW
from nachhaken.reading.intents import verdict
from nachhaken.reading.measures import Label, Measures, Share, measure
from nachhaken.reading.reader import look, reading_of
from nachhaken.reading.reasons import REASONS
from nachhaken.reading.scores import shipped
from nachhaken.terms import Intent
from tests.corpus.reading import callback_training, train_reasons
from tests.corpus.reading.rows import Row, replies
from tests.corpus.reading.train import HELD
from tests.corpus.reading.windows_tally import AUTHORS, HERE, Case, Rates, rates

DOCS = Path(__file__).parents[3] / "docs" / "reading.md"
_BEGIN, _END = "<!-- measured -->\n", "<!-- end of the measured figures -->\n"


def held_out(rows: Iterable[Row]) -> Iterator[tuple[Label, Reading]]:
    """Each label with the reading of models that have not seen the author."""
    with np.load(HELD) as file:
        found = dict(zip(file["ids"].tolist(), file["found"].astype(float), strict=True))
    with np.load(train_reasons.HELD) as file:
        told = dict(zip(file["ids"].tolist(), file["told"].tolist(), strict=True))
    model = shipped()
    for row in rows:
        seen = look(row.text, When(row.reference, row.region))
        reading = reading_of(seen, verdict(found[row.id], model), model)
        if row.label.intent is reading.intent is Intent.NO:
            reading = replace(reading, no_reason=REASONS[told[row.id]])
        yield row.label, reading


def held_out_windows() -> list[Case]:
    """Each reply's window, chosen by weights that have not seen its author."""
    sources = [*AUTHORS, HERE / "replies.jsonl"]
    every = [*callback_training.examples(sources), *callback_training.fragments()]
    return [case for path in AUTHORS for case in _windows_of(path.stem, every)]


def _windows_of(author: str, every: list[callback_training.Example]) -> Iterator[Case]:
    weights = callback_training.learn([one for one in every if one.author != author])
    return (callback_training.chosen(one, weights) for one in every if one.author == author)


def page(found: Measures, windows: Rates, by_author: dict[str, Measures]) -> str:
    """The figures in Markdown."""
    lines = [
        f"{found.right.total} replies of {len(by_author)} authors.",
        "",
        "| Measure | Held out | 95 % | Target | |",
        "| --- | ---: | --- | ---: | --- |",
        *_targets(found, windows),
        "",
        "| Intent | Precision | Recall | F1 | Replies |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| `{intent}` | {one.precision.value:.3f} | {one.recall.value:.3f} | {one.f1:.3f} "
            f"| {one.recall.total} |"
            for intent, one in found.intents.items()
        ),
        "",
        "| Author | Replies | Macro F1 | Right |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | {one.right.total} | {one.macro_f1:.3f} | {one.right.value:.3f} |"
            for name, one in by_author.items()
        ),
        "",
    ]
    return "\n".join(lines)


def sureness(pairs: list[tuple[Label, Reading]]) -> str:
    """How many readings are sure, and how often those and the others are right."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for label, reading in pairs:
        right[reading.confidence >= UNSURE_BELOW].append(label.intent is reading.intent)
    sure, unsure = (Share(sum(found), len(found)) for found in (right[True], right[False]))
    return (
        f"\nSure (chance {UNSURE_BELOW} and more): {sure.total} readings, {sure.value:.3f} of them "
        f"right. Unsure: {unsure.total}, {unsure.value:.3f} right; of these the desk asks.\n"
    )


def _targets(found: Measures, windows: Rates) -> Iterator[str]:
    intents, conditions = found.intents, found.conditions
    yield _line("Macro F1 over the intents", found.macro_f1, 0.90)
    yield _line("`opt_out`, recall", intents[Intent.OPT_OUT].recall, 0.98)
    yield _line("`auto_reply`, precision", intents[Intent.AUTO_REPLY].precision, 0.98)
    yield _line("`yes`, precision", intents[Intent.YES].precision, 0.95)
    yield _line("`no`, precision", intents[Intent.NO].precision, 0.95)
    yield _line("Calibration error of the stated intent", found.top_error, 0.03, most=True)
    yield _line("Windows exact", windows.exact, 0.85)
    yield _line("Windows starting within 3 days", windows.near, 0.92)
    yield _line("Windows too early, of all replies", windows.early, 0.03, most=True)
    yield _line("Conditions right, of `stalled_named`", conditions.right, 0.85)
    yield _line("Conditions invented", conditions.invented, 0.05, most=True)
    yield _line("Reasons of a no right", found.no_reasons)
    yield _line("Signals, precision", found.signals.precision)
    yield _line("Signals, recall", found.signals.recall)


def _line(
    name: str, value: Share | float | None, target: float | None = None, *, most: bool = False
) -> str:
    share = value.value if isinstance(value, Share) else value
    assert share is not None
    low, high = value.interval if isinstance(value, Share) else (None, None)
    spread = f"{low:.3f} to {high:.3f}" if low is not None else ""
    if target is None:
        return f"| {name} | {share:.3f} | {spread} | | |"
    met = share <= target if most else share >= target
    sign = "≤" if most else "≥"
    return (
        f"| {name} | {share:.3f} | {spread} | {sign} {target:.2f} | {'met' if met else 'MISSED'} |"
    )


def main() -> None:
    every = list(replies())
    pairs = list(held_out(every))
    authors = sorted({row.author for row in every})
    by_author = {
        name: measure(p for row, p in zip(every, pairs, strict=True) if row.author == name)
        for name in authors
    }
    told = page(measure(pairs), rates(held_out_windows()), by_author) + sureness(pairs)
    text = DOCS.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    DOCS.write_text(f"{before}{_BEGIN}\n{told}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")
    sys.stdout.write(told)


if __name__ == "__main__":
    main()
