"""What the words of a reply say for each intent: a linear model over words and their pieces.

The score of an intent is its bias, plus the mean share of the different words (by their pieces),
plus the mean share of the words that stand together; each mean is taken in the Euclidean norm, so
a long text says no more than a short one. Trained by `python -m tests.corpus.reading.train` (a
linear support vector machine for each intent), stored in tables/intents.npz.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from nachhaken.reading.features import pieces
from nachhaken.reading.grams import Grams, numbers_of, numbers_of_grams

TABLE = Path(__file__).with_name("tables") / "intents.npz"

# So many words whose pieces have been added up are kept beside those of the table, 3 MB at most;
# then all of them are forgotten at once.
_WORDS_KEPT = 60_000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tables:
    """The model's numbers. A row is a feature: one column for each intent, then its squared idf.

    `word_rows` are the sums of the pieces of the common words, which need not be added up again.
    `layer` takes the scores and the cues of a reply to the logits of the intents, one row for
    each of them, its last row is added; `limits` is the least probability to state an intent.
    """

    pieces: dict[str, int]
    piece_rows: Floats
    grams: Grams
    gram_rows: Floats
    words: Sequence[str]
    word_rows: Floats
    bias: Floats
    layer: Floats
    limits: Floats


class TextModel:
    """Scores of texts, with a memory for the words already seen."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._lock = Lock()
        self._known = self._shipped()
        count = len(tables.words) + _WORDS_KEPT
        self._sums = np.zeros((count, tables.piece_rows.shape[1]), np.float32)
        self._sums[: len(tables.words)] = tables.word_rows
        self._numbers = np.zeros(count, np.int64)
        self._numbers[: len(tables.words)] = numbers_of(tables.words)

    def scores(self, words: list[str]) -> Floats:
        """One score for each intent, in the order of `Intent`; about -1 against it, +1 for it."""
        with self._lock:
            places = self._places(words)
            by_word = _sum_of(self._sums, places)
            numbers = self._numbers.take(places)
        tables = self.tables
        together = _sum_of(tables.gram_rows, tables.grams.rows(numbers_of_grams(numbers)).tolist())
        return tables.bias + _mean(by_word) + _mean(together)

    def known_share(self, words: list[str]) -> float:
        """Which share of the words, in [0, 1], the table knows; needs one at least."""
        with self._lock:
            numbers = self._numbers.take(self._places(words))
        return len(self.tables.grams.rows(numbers)) / len(words)

    def leanings(self, words: list[str], column: int) -> list[float]:
        """How much each word by itself speaks for the intent of a column."""
        with self._lock:
            leanings: list[float] = self._sums[self._places(words), column].tolist()
        return leanings

    def _places(self, words: list[str]) -> list[int]:
        if len(self._known) + len(words) > len(self._sums):
            self._known = self._shipped()
        known = self._known
        return [known[word] if word in known else self._learnt(word) for word in words]

    def _shipped(self) -> dict[str, int]:
        return dict(zip(self.tables.words, range(len(self.tables.words)), strict=True))

    def _learnt(self, word: str) -> int:
        place = self._known[word] = len(self._known)
        self._sums[place] = sum_of_pieces(word, self.tables.pieces, self.tables.piece_rows)
        self._numbers[place] = hash(word)
        return place


def sum_of_pieces(word: str, places: Mapping[str, int], rows: Floats) -> Floats:
    """The rows of the pieces of a word, added up; `places` are those of the pieces in `rows`."""
    known = map(places.get, pieces(word))
    found = np.array([place for place in known if place is not None], np.intp)
    total: Floats = np.add.reduce(rows.take(found, axis=0), axis=0)
    return total


def load(path: Path = TABLE) -> TextModel:
    """The model of a file."""
    with np.load(path) as file:
        return TextModel(
            Tables(
                pieces=_numbered(file["pieces"]),
                piece_rows=file["piece_rows"].astype(np.float32),
                grams=Grams(file["grams"]),
                gram_rows=file["gram_rows"].astype(np.float32),
                words=_names(file["words"]),
                word_rows=file["word_rows"],
                bias=file["bias"].astype(np.float32),
                layer=file["layer"].astype(np.float32),
                limits=file["limits"].astype(np.float32),
            )
        )


@cache
def shipped() -> TextModel:
    """The model that comes with the package."""
    return load()


def _sum_of(rows: Floats, places: Iterable[int]) -> Floats:
    """The rows at these places, each once, added up in the order of the places."""
    once = np.array(list(dict.fromkeys(places)), np.intp)
    total: Floats = np.add.reduce(rows.take(once, axis=0), axis=0)
    return total


def _mean(total: Floats) -> Floats:
    """The sum of rows over their norm; the last column is the squared norm."""
    return total[:-1] / sqrt(total[-1]) if total[-1] > 0 else total[:-1]


def _numbered(joined: NDArray[np.uint8]) -> dict[str, int]:
    names = _names(joined)
    return dict(zip(names, range(len(names)), strict=True))


def _names(joined: NDArray[np.uint8]) -> list[str]:
    return joined.tobytes().decode().split("\n")
