"""What corrections bring: each author as the user; `python -m tests.corpus.reading.teaching`.

The user says of 20, 50 or 100 replies, at random, what they mean; the other replies of that author
are read without and with the layer learnt from it. Scores are those of models without the author
(held.npz); the last layer is the shipped one. Where the layer is refused, nothing changes.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nachhaken.learning.reading_layer import Taught, fit
from nachhaken.reading.atoms import When
from nachhaken.reading.features import grams
from nachhaken.reading.intents import INTENTS, softmax, stated
from nachhaken.reading.layer import Layer
from nachhaken.reading.reader import look
from nachhaken.reading.scores import shipped
from tests.corpus.reading import rows
from tests.corpus.reading.train import HELD

COUNTS = (20, 50, 100)
_SEED = 20261122


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """A reply of an author, as a model without them sees it."""

    author: str
    words: list[str]
    taught: Taught


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a user's other replies are read before and after, as shares that are right."""

    author: str
    is_used: bool
    before: float
    after: float


def replies() -> list[Reply]:
    """All replies with their held-out inputs."""
    with np.load(HELD) as file:
        given = dict(zip(file["ids"].tolist(), file["given"].astype(np.float64), strict=True))
    found = []
    for row in rows.replies():
        words = look(row.text, When(row.reference, row.region)).words
        said = Taught(given[row.id], tuple(sorted(grams(words))), row.label.intent)
        found.append(Reply(row.author, words, said))
    return found


def play(own: Sequence[Reply], count: int, *, rng: np.random.Generator) -> Outcome:
    """The author of these replies says what `count` of them mean; the rest is read."""
    order = [own[place] for place in rng.permutation(len(own))]
    layer, _ = fit([one.taught for one in order[:count]], shipped())
    rest = order[count:]
    before, after = _right(rest, None), _right(rest, layer)
    return Outcome(own[0].author, layer is not None, before, after)


def _right(read: Sequence[Reply], layer: Layer | None) -> float:
    tables = shipped().tables
    right = 0
    for one in read:
        given = one.taught.given.astype(np.float32)
        logits = given @ tables.layer
        if layer is not None:
            logits = logits + layer.logits(given, one.words, tables)
        right += INTENTS[stated(softmax(logits), tables.limits)] is one.taught.intent
    return right / len(read)


def main() -> None:
    every = replies()
    for count in COUNTS:
        rng = np.random.default_rng(_SEED)
        found = [
            play([one for one in every if one.author == author], count, rng=rng)
            for author in sorted({one.author for one in every})
        ]
        change = [one.after - one.before for one in found]
        sys.stdout.write(
            f"{count:4} statements: used by {sum(one.is_used for one in found)} of {len(found)},"
            f" right {np.mean([one.before for one in found]):.4f} ->"
            f" {np.mean([one.after for one in found]):.4f},"
            f" least change {min(change):+.4f}, greatest {max(change):+.4f}\n"
        )


if __name__ == "__main__":
    main()
