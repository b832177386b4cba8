"""Trains the reader's classifier; `python -m tests.corpus.reading.train` writes its tables.

Every author's replies are scored by a text model that has seen none of theirs, and told by a last
layer that has not either ("held out"): held.npz keeps these probabilities, and all measures stand
on them; it also keeps the inputs of that layer. The shipped model has seen all.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, f1_score
from sklearn.svm import LinearSVC

from nachhaken.learning.check_replies import TABLE as CHECK
from nachhaken.reading.atoms import When
from nachhaken.reading.confusion import TABLE as CONFUSION
from nachhaken.reading.features import grams, pieces
from nachhaken.reading.intents import INTENTS, inputs, softmax, stated
from nachhaken.reading.reader import look
from nachhaken.reading.scores import TABLE, sum_of_pieces
from tests.corpus.reading import rows

HELD = Path(__file__).with_name("held.npz")
# Features seen in fewer texts are one person's.
_LEAST_PIECES, _LEAST_GRAMS = 3, 2
_COST = 1.0
_LAYER_COST = 0.2
_SEED = 20261122
_CHECKED = 800
LIMITS = np.array([0.2, 0.5, 0.72, 0.7, 0, 0, 0, 0, 0, 0, 0])

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Names = NDArray[np.str_]


class Vocabulary:
    """The features that occur in enough texts, with their inverse document frequencies."""

    def __init__(self, documents: Sequence[list[str]], least: int) -> None:
        count: dict[str, int] = {}
        for document in documents:
            for feature in set(document):
                count[feature] = count.get(feature, 0) + 1
        names = sorted(name for name, n in count.items() if n >= least)
        self.places = {name: place for place, name in enumerate(names)}
        self.names = names
        frequency = np.array([count[name] for name in names], dtype=float)
        self.idf = np.log((1 + len(documents)) / (1 + frequency)) + 1

    def matrix(self, documents: Sequence[list[str]]) -> sp.csr_matrix:
        """Counts times idf, each row divided by the root of its features' summed squared idf."""
        places = [[self.places[f] for f in doc if f in self.places] for doc in documents]
        bounds = np.cumsum([0, *map(len, places)])
        columns = np.array([p for row in places for p in row], dtype=np.int64)
        values = self.idf[columns]
        norms = np.sqrt([max((self.idf[row] ** 2).sum(), 1e-12) for row in places])
        shape = (len(documents), len(self.names))
        counts = sp.csr_matrix((values, columns, bounds), shape=shape)
        counts.sum_duplicates()
        return sp.csr_matrix(sp.diags(1 / norms) @ counts)


def trained(matrix: sp.csr_matrix, intents: Ints) -> LinearSVC:
    """The text model: one linear support vector machine for each intent."""
    model = LinearSVC(C=_COST, class_weight="balanced", random_state=_SEED, max_iter=5000)
    return model.fit(matrix, intents)


def held_out_scores(matrix: sp.csr_matrix, intents: Ints, authors: Names) -> Floats:
    """Each author's texts scored by a model that has not seen that author; 0 for the rest."""
    scores = np.zeros((len(intents), len(INTENTS)))
    for author in sorted(set(authors) - {""}):
        own = authors == author
        scores[own] = trained(matrix[~own], intents[~own]).decision_function(matrix[own])
    return scores


def layer(given: Floats, intents: Ints) -> Floats:
    """The last layer: multinomial regression of the intents on scores and cues."""
    model = LogisticRegression(C=_LAYER_COST, max_iter=3000, fit_intercept=False)
    return np.asarray(model.fit(given, intents).coef_.T)


def held_out_probabilities(given: Floats, intents: Ints, authors: Names) -> Floats:
    """Each author's replies by a last layer that has not seen that author."""
    found = np.zeros((len(intents), len(INTENTS)))
    for author in sorted(set(authors)):
        own = authors == author
        logits = given[own] @ layer(given[~own], intents[~own])
        found[own] = [softmax(row) for row in logits]
    return found


def main() -> None:
    known_rows = [*rows.replies(), *rows.older(), *rows.statements()]
    count = sum(1 for _ in rows.replies())
    seen = [look(row.text, When(row.reference, row.region)) for row in known_rows]
    words = [one.words for one in seen]
    intents = np.array([INTENTS.index(row.label.intent) for row in known_rows])
    authors = np.array([row.author for row in known_rows])
    authors[count:] = ""
    by_piece = [[p for word in dict.fromkeys(one) for p in pieces(word)] for one in words]
    by_gram = [sorted(grams(one)) for one in words]
    known = Vocabulary(by_piece, _LEAST_PIECES), Vocabulary(by_gram, _LEAST_GRAMS)
    matrix = sp.csr_matrix(sp.hstack([known[0].matrix(by_piece), known[1].matrix(by_gram)]))
    scores = held_out_scores(matrix, intents, authors)
    held = authors != ""
    both = np.array([inputs(s, one.cues) for s, one in zip(scores, seen, strict=True)])[held]
    found = held_out_probabilities(both, intents[held], authors[held])
    report(found, intents[held], authors[held])
    np.savez_compressed(
        HELD,
        ids=[row.id for row in known_rows[:count]],
        found=found.astype(np.float16),
        given=both.astype(np.float16),
    )
    store_confusion(found, intents[held])
    model = trained(matrix, intents)
    idf = np.concatenate([known[0].idf, known[1].idf])
    weights = np.column_stack([model.coef_.T * idf[:, None], idf**2])
    last = layer(both, intents[held])
    names = known[0].names, known[1].names
    store(TABLE, names, weights, bias=model.intercept_, layer=last, limits=LIMITS)
    store_check(both, by_gram[:count], known[1], labels=(intents[held], authors[held]))


def report(found: Floats, intents: Ints, authors: Names) -> None:
    """Print the held-out measures."""
    read = np.array([stated(row, LIMITS) for row in found])
    for author in sorted(set(authors)):
        own = authors == author
        print(author, f"{f1_score(intents[own], read[own], average='macro'):.3f}", end="  ")
    print()
    print(classification_report(intents, read, target_names=INTENTS, digits=3))
    print(classification_report(intents, found.argmax(1), target_names=INTENTS, digits=3))


def store_confusion(found: Floats, intents: Ints) -> None:
    """Write how often each true intent was read as each, over the held-out replies."""
    read = [stated(row, LIMITS) for row in found]
    counted = Counter(zip(intents, read, strict=True))
    with CONFUSION.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("true", "read", "count"))
        for true, said in product(range(len(INTENTS)), repeat=2):
            writer.writerow((INTENTS[true], INTENTS[said], counted[true, said]))


def store(
    table: Path,
    names: tuple[list[str], list[str]],
    weights: Floats,
    *,
    bias: Floats,
    layer: Floats,
    limits: Floats,
) -> None:
    """Write a shipped table: the names of pieces and grams, and the weights of both.

    Beside them stand the sums of the pieces of those words that are grams themselves. Not
    compressed: unpacking took longer than all else that loading does.
    """
    pieces, grams = names
    shipped = weights.astype(np.float16)
    places = {name: place for place, name in enumerate(pieces)}
    rows = shipped[: len(pieces)].astype(np.float32)
    words = [name for name in grams if " " not in name]
    np.savez(
        table,
        pieces=_joined(pieces),
        piece_rows=shipped[: len(pieces)],
        grams=_joined(grams),
        gram_rows=shipped[len(pieces) :],
        words=_joined(words),
        word_rows=np.array([sum_of_pieces(word, places, rows) for word in words]),
        bias=bias,
        layer=layer,
        limits=limits,
    )


def store_check(
    given: Floats,
    by_gram: Sequence[list[str]],
    known: Vocabulary,
    *,
    labels: tuple[Ints, Names],
) -> None:
    """Write held-out replies on which what a user taught is tried, even over authors and intents.

    Of each: what the last layer takes, the places of its grams, how many others it has, its intent.
    """
    places = _even(*labels)
    held = [[known.places[gram] for gram in by_gram[at] if gram in known.places] for at in places]
    np.savez_compressed(
        CHECK,
        given=given[places].astype(np.float16),
        grams=np.array([place for row in held for place in row], dtype=np.uint32),
        counts=np.array([len(row) for row in held], dtype=np.uint16),
        others=np.array(
            [len(by_gram[at]) - len(row) for at, row in zip(places, held, strict=True)],
            dtype=np.uint16,
        ),
        intents=labels[0][places].astype(np.uint8),
    )


def _even(intents: Ints, authors: Names) -> list[int]:
    """The places of the check set: from each author and intent in turn, until there are enough."""
    shuffled = np.random.default_rng(_SEED).permutation(len(intents))
    turns: Counter[tuple[str, int]] = Counter()
    rank = {}
    for place in map(int, shuffled):
        cell = str(authors[place]), int(intents[place])
        rank[place] = turns[cell], *cell
        turns[cell] += 1
    return sorted(sorted(rank, key=lambda place: rank[place])[:_CHECKED])


def _joined(names: list[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


if __name__ == "__main__":
    main()
