"""Trains why customers decline; `python -m tests.corpus.reading.train_reasons` writes its table.

As with the intents, each author's refusals are told by a text model and a last layer that have not
seen them; held_reasons.npz keeps what was told. The shipped model has seen all.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.svm import LinearSVC

from nachhaken.reading.features import grams, pieces, tokens
from nachhaken.reading.intents import inputs
from nachhaken.reading.phrases import hits, phrases
from nachhaken.reading.reasons import REASONS, TABLE, votes
from nachhaken.reading.text import READ_AT_MOST, fold, own_words
from tests.corpus.reading import rows
from tests.corpus.reading.train import Floats, Ints, Names, Vocabulary, store

HELD = Path(__file__).with_name("held_reasons.npz")
_LEAST_PIECES, _LEAST_GRAMS = 3, 2
# Longer pieces are one word's, and three words one person's: refusals are too few for them.
_LONGEST_PIECE = 5
_COST, _LAYER_COST = 0.3, 0.05
_SEED = 20261122
# Steps of weights, so that the table stays small.
_DIGITS = 2


def refusals() -> Iterator[tuple[str, str, str, str]]:
    """Id, author, folded text and reason; author "" for texts that only serve to learn."""
    for row in rows.replies():
        if row.label.no_reason:
            yield row.id, row.author, _folded(row.text), row.label.no_reason
    for row in chain(rows.older(), rows.statements()):
        if row.label.no_reason:
            yield row.id, "", _folded(row.text), row.label.no_reason
    for phrase in phrases("reasons"):
        yield phrase.id, "", _folded(phrase.example), phrase.label


def _folded(text: str) -> str:
    return fold(own_words(text).rstrip()).text[:READ_AT_MOST]


def features(texts: list[str]) -> tuple[tuple[Vocabulary, Vocabulary], sp.csr_matrix]:
    """What is known of words, and each text by it."""
    words = [tokens(text) for text in texts]
    by_piece = [
        [piece for word in dict.fromkeys(one) for piece in pieces(word) if _is_short(piece)]
        for one in words
    ]
    by_gram = [sorted(gram for gram in grams(one) if gram.count(" ") < 2) for one in words]
    known = Vocabulary(by_piece, _LEAST_PIECES), Vocabulary(by_gram, _LEAST_GRAMS)
    return known, sp.csr_matrix(sp.hstack([known[0].matrix(by_piece), known[1].matrix(by_gram)]))


def _is_short(piece: str) -> bool:
    return len(piece) <= _LONGEST_PIECE


def trained(matrix: sp.csr_matrix, reasons: Ints) -> LinearSVC:
    """The text model: one linear support vector machine for each reason."""
    model = LinearSVC(C=_COST, class_weight="balanced", random_state=_SEED, max_iter=5000)
    return model.fit(matrix, reasons)


def layer(given: Floats, reasons: Ints) -> Floats:
    """The last layer: multinomial regression of the reasons on scores and votes."""
    model = LogisticRegression(C=_LAYER_COST, max_iter=3000, fit_intercept=False)
    return np.asarray(model.fit(given, reasons).coef_.T)


def held_out_scores(matrix: sp.csr_matrix, reasons: Ints, authors: Names) -> Floats:
    """Each author's refusals scored by a model that has not seen them; 0 for the rest."""
    scores = np.zeros((len(reasons), len(REASONS)))
    for author in sorted(set(authors) - {""}):
        own = authors == author
        scores[own] = trained(matrix[~own], reasons[~own]).decision_function(matrix[own])
    return scores


def held_out(given: Floats, reasons: Ints, authors: Names) -> Ints:
    """Each author's refusals told by a last layer that has not seen them."""
    told = np.zeros(len(reasons), dtype=int)
    for author in sorted(set(authors)):
        own = authors == author
        told[own] = (given[own] @ layer(given[~own], reasons[~own])).argmax(1)
    return told


def main() -> None:
    ids, names, texts, labels = map(list, zip(*refusals(), strict=True))
    reasons = np.array([REASONS.index(label) for label in labels])
    authors = np.array(names)
    known, matrix = features(texts)
    held = authors != ""
    scores = held_out_scores(matrix, reasons, authors)[held]
    said = [votes(hits(text, "reasons")) for text in texts[: held.sum()]]
    given = np.array([inputs(s, v) for s, v in zip(scores, said, strict=True)])
    told = held_out(given, reasons[held], authors[held])
    report(told, reasons[held], authors[held])
    np.savez_compressed(HELD, ids=ids[: held.sum()], told=told.astype(np.int8))
    model = trained(matrix, reasons)
    idf = np.concatenate([known[0].idf, known[1].idf])
    store(
        TABLE,
        (known[0].names, known[1].names),
        np.column_stack([(model.coef_.T * idf[:, None]).round(_DIGITS), idf**2]),
        bias=model.intercept_,
        layer=layer(given, reasons[held]),
        limits=np.zeros(len(REASONS)),
    )


def report(told: Ints, reasons: Ints, authors: Names) -> None:
    """Print the held-out measures."""
    for author in sorted(set(authors)):
        print(author, f"{(told == reasons)[authors == author].mean():.2f}", end="  ")
    print()
    print(classification_report(reasons, told, target_names=REASONS, digits=2))


if __name__ == "__main__":
    main()
