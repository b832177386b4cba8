"""Trains the signals that are learnt; `python -m tests.corpus.reading.train_signals` writes them.

Each author's replies are scored by models that have not seen them; a signal is shown from the
least such score on, above which the wanted share is right. The shipped model has seen all.
"""

from itertools import chain

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from nachhaken.reading.features import grams, pieces, tokens
from nachhaken.reading.signals import LEARNT, TABLE, TELLING
from nachhaken.reading.text import READ_AT_MOST, fold, own_words
from tests.corpus.reading import rows
from tests.corpus.reading.train import Floats, Vocabulary, store

_LEAST_PIECES, _LEAST_GRAMS = 5, 4
_PIECES = (4, 5)
_COST = 0.3
# A reply that shows a signal counts as so many that do not.
_WEIGHT = 5
_SEED = 20261122
# The share of the shown that shall be right, for each signal of LEARNT.
_RIGHT = (0.67, 0.9)
_DIGITS = 3

# "Umsonst" is also "in vain", which no reply of the corpus says.
_PLAIN = (
    "Leider war die Mühe umsonst.",
    "Tut mir leid, dass Ihre Arbeit umsonst war.",
    "Jetzt sind Sie umsonst gekommen, das war nicht meine Absicht.",
    "Es war nicht umsonst, wir haben viel gelernt.",
    "Die ganze Arbeit war leider umsonst.",
    "Nein, umsonst war Ihr Besuch nicht.",
    "Damit Ihr Aufwand nicht umsonst war, empfehlen wir Sie weiter.",
    "Sie haben sich umsonst bemüht, das tut uns leid.",
)

Bools = NDArray[np.bool_]


def trained(matrix: sp.csr_matrix, shown: Bools) -> LinearSVC:
    """A linear support vector machine for one signal."""
    model = LinearSVC(
        C=_COST, class_weight={False: 1, True: _WEIGHT}, random_state=_SEED, max_iter=2000
    )
    return model.fit(matrix, shown)


def held_out(matrix: sp.csr_matrix, shown: Bools, authors: NDArray[np.str_]) -> Floats:
    """Each author's replies scored by a model that has not seen them."""
    scores = np.zeros(len(shown))
    for author in sorted(set(authors) - {""}):
        own = authors == author
        scores[own] = trained(matrix[~own], shown[~own]).decision_function(matrix[own])
    return scores


def limit(scores: Floats, shown: Bools, right: float) -> float:
    """The least score above which the wanted share is right."""
    order = np.argsort(-scores)
    shares = shown[order].cumsum() / np.arange(1, len(order) + 1)
    return float(scores[order][np.nonzero(shares >= right)[0].max()])


def main() -> None:
    replies = [*rows.replies(), *rows.older()]
    said = [*(row.text for row in replies), *_PLAIN]
    texts = [fold(own_words(text).rstrip()).text[:READ_AT_MOST] for text in said]
    may = np.array([any(stem in text for stem in TELLING) for text in texts])
    words = [tokens(text) for text in texts]
    by_piece = [
        [piece for word in dict.fromkeys(one) for piece in pieces(word) if len(piece) in _PIECES]
        for one in words
    ]
    by_gram = [sorted(gram for gram in grams(one) if gram.count(" ") < 2) for one in words]
    known = Vocabulary(by_piece, _LEAST_PIECES), Vocabulary(by_gram, _LEAST_GRAMS)
    matrix = sp.csr_matrix(sp.hstack([known[0].matrix(by_piece), known[1].matrix(by_gram)]))
    count = sum(1 for _ in rows.replies())
    others = len(texts) - count
    authors = np.array([*(row.author for row in replies[:count]), *[""] * others])
    held = authors != ""
    models, limits = [], []
    for signal, right in zip(LEARNT, _RIGHT, strict=True):
        labels = [signal in row.label.signals for row in replies]
        shown = np.array(labels + [False] * len(_PLAIN))
        scores = np.where(may, held_out(matrix, shown, authors), -np.inf)[held]
        limits.append(limit(scores, shown[held], right))
        report(signal, scores >= limits[-1], shown[held])
        models.append(trained(matrix, shown))
    idf = np.concatenate([one.idf for one in known])
    weights = np.concatenate([model.coef_ for model in models]).T * idf[:, None]
    store(
        TABLE,
        (known[0].names, known[1].names),
        np.column_stack([weights.round(_DIGITS), idf**2]),
        bias=np.array(list(chain.from_iterable(model.intercept_ for model in models))),
        layer=np.zeros((0, 0)),
        limits=np.array(limits),
    )


def report(signal: str, read: Bools, shown: Bools) -> None:
    """Print the held-out measures."""
    both = (read & shown).sum()
    print(f"{signal} precision {both / read.sum():.2f} recall {both / shown.sum():.2f}")


if __name__ == "__main__":
    main()
