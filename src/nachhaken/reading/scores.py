"""What the words of a reply say for each intent: a linear model over words and their pieces.

The score of an intent is its bias, plus the mean share of the different words (by their pieces),
plus the mean share of the words that stand together; each mean is taken in the Euclidean norm, so
a long text says no more than a short one. Trained by `python -m tests.corpus.reading.train` (a
linear support vector machine for each intent), stored in tables/intents.npz.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from nachhaken.reading.features import grams, pieces

TABLE = Path(__file__).with_name("tables") / "intents.npz"

# Words whose pieces have been added up are kept, 3 MB at most; then all are forgotten at once.
_WORDS_KEPT = 60_000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tables:
    """The model's numbers. A row is a feature: one column for each intent, then its squared idf.

    `layer` takes the scores and the cues of a reply to the logits of the intents, one row for
    each of them, its last row is added; `limits` is the least probability to state an intent.
    """

    pieces: dict[str, int]
    piece_rows: Floats
    grams: dict[str, int]
    gram_rows: Floats
    bias: Floats
    layer: Floats
    limits: Floats


class TextModel:
    """Scores of texts, with a memory for the words already seen."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._lock = Lock()
        self._known: dict[str, int] = {}
        self._sums = np.zeros((_WORDS_KEPT, tables.piece_rows.shape[1]), np.float32)

    def scores(self, words: list[str]) -> Floats:
        """One score for each intent, in the order of `Intent`; about -1 against it, +1 for it."""
        known = self.tables.grams
        together = self.tables.gram_rows[[known[gram] for gram in grams(words) if gram in known]]
        with self._lock:
            by_word = self._sums[self._places(dict.fromkeys(words))].sum(axis=0)
        return self.tables.bias + _mean(by_word) + _mean(together.sum(axis=0))

    def leanings(self, words: list[str], column: int) -> list[float]:
        """How much each word by itself speaks for the intent of a column."""
        with self._lock:
            leanings: list[float] = self._sums[self._places(words), column].tolist()
        return leanings

    def _places(self, words: Collection[str]) -> list[int]:
        if len(self._known) + len(words) > _WORDS_KEPT:
            self._known.clear()
        known = self._known
        return [known[word] if word in known else self._learnt(word) for word in words]

    def _learnt(self, word: str) -> int:
        place = self._known[word] = len(self._known)
        table = self.tables.pieces
        found = [table[piece] for piece in pieces(word) if piece in table]
        self._sums[place] = self.tables.piece_rows[found].sum(axis=0)
        return place


def load(path: Path = TABLE) -> TextModel:
    """The model of a file."""
    with np.load(path) as file:
        return TextModel(
            Tables(
                pieces=_numbered(file["pieces"]),
                piece_rows=file["piece_rows"].astype(np.float32),
                grams=_numbered(file["grams"]),
                gram_rows=file["gram_rows"].astype(np.float32),
                bias=file["bias"].astype(np.float32),
                layer=file["layer"].astype(np.float32),
                limits=file["limits"].astype(np.float32),
            )
        )


@cache
def shipped() -> TextModel:
    """The model that comes with the package."""
    return load()


def _mean(total: Floats) -> Floats:
    """The sum of rows over their norm; the last column is the squared norm."""
    return total[:-1] / np.sqrt(total[-1]) if total[-1] > 0 else total[:-1]


def _numbered(joined: NDArray[np.uint8]) -> dict[str, int]:
    names = joined.tobytes().decode().split("\n")
    return dict(zip(names, range(len(names)), strict=True))
