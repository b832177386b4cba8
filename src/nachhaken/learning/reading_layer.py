"""Learns from a user's corrections what to add to the shipped reader, and whether to use it.

The added logits are linear in the inputs of the last layer (`delta`) and in the wordings (`shares`)
of a reply, fitted by the penalised multinomial likelihood of what the user said. Both are sums over
the corrected replies: with A the matrix "one where said, less the probability read", one row for
each reply, the optimum holds delta = inputs' A / ridge and shares = weights' A / ridge. So only A
is sought, by damped steps (Zhu and Hastie, "Kernel logistic regression", J. Comput. Graph. Stat.
14, 2005).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from nachhaken.learning.trial import Figures, figures
from nachhaken.reading.atoms import When
from nachhaken.reading.features import grams
from nachhaken.reading.intents import INTENTS, inputs, stated
from nachhaken.reading.layer import Layer, rareness
from nachhaken.reading.reader import look
from nachhaken.reading.scores import Tables, TextModel
from nachhaken.terms import Intent

LEAST = 3
"""Fewer statements teach nothing."""
# By simulation, each author of the corpus as the user: docs/decisions/0014-personal-layer.md.
RIDGE_INPUTS = 1000.0
RIDGE_WORDS = 0.05
_STEPS = 300
_FOLDS = 5
_HALVINGS = 3
# A gain is believed from three replies gained and none lost on: the squared bound of a sign test.
_SURE = 3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A reply as the last layer takes it, its grams in order, and what the user says it means."""

    given: Floats
    grams: tuple[str, ...]
    intent: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a layer did. `refused` says why it is not used, "" where it is.

    `wrong` of the `statements` differ from the shipped reading. Each of these replies is also read
    by a layer that was fitted without it: `gained` are then right that were wrong, `lost` wrong
    that were right. `check` are the figures of other writers' replies, before and after,
    None where it did not come to that; for them the layer was halved `halvings` times.
    """

    statements: int
    wrong: int
    gained: int = 0
    lost: int = 0
    check: tuple[Figures, Figures] | None = None
    halvings: int = 0
    refused: Literal["", "few", "own", "check"] = ""


def taught(text: str, when: When, intent: Intent, model: TextModel) -> Taught:
    """What a user's statement on the reply `text` teaches."""
    seen = look(text, when)
    given = inputs(model.scores(seen.words), seen.cues).astype(np.float64)
    return Taught(given, tuple(sorted(grams(seen.words))), intent)


def fit(said: Sequence[Taught], model: TextModel) -> tuple[Layer | None, Trial]:
    """The layer to use, None where it must not be, and how it did.

    Used only if those of the user's replies that it was not fitted on are read better, and the
    check replies not worse; for these it is halved up to three times. The order does not matter.
    """
    lesson = _lesson(said, model)
    trial = Trial(statements=len(said), wrong=lesson.wrong(model))
    if len(said) < LEAST or not trial.wrong:
        return None, replace(trial, refused="few")
    gained, lost = lesson.crossed(model)
    trial = replace(trial, gained=gained, lost=lost)
    if gained <= lost or (gained - lost) ** 2 < _SURE * (gained + lost):
        return None, replace(trial, refused="own")
    return _tried(lesson.layer(), trial, model)


def _tried(layer: Layer, trial: Trial, model: TextModel) -> tuple[Layer | None, Trial]:
    before = figures(model)
    for halvings in range(_HALVINGS + 1):
        after = figures(model, layer)
        trial = replace(trial, check=(before, after), halvings=halvings)
        if not before.falls_too_far(after):
            return layer, trial
        layer = layer.halved()
    return None, replace(trial, refused="check")


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """The statements as matrices, one row each: inputs, gram weights, shipped logits, a one."""

    given: Floats
    weights: sp.csr_matrix
    names: list[str]
    logits: Floats
    said: Floats

    def wrong(self, model: TextModel) -> int:
        return int((~self._right(self.logits, model)).sum())

    def layer(self) -> Layer:
        pulls = _solved(self.kernel(), self.logits, self.said)
        delta = self.given.T @ pulls / RIDGE_INPUTS
        shares = self.weights.T @ pulls / RIDGE_WORDS
        places = {name: place for place, name in enumerate(self.names)}
        return Layer(delta.astype(np.float32), places, shares.astype(np.float32))

    def crossed(self, model: TextModel) -> tuple[int, int]:
        """How many replies are gained and lost, each read by what the other folds teach."""
        kernel, logits = self.kernel(), self.logits.copy()
        folds = np.arange(len(logits)) % _FOLDS
        for fold in range(min(_FOLDS, len(logits))):
            out, rest = folds == fold, folds != fold
            pulls = _solved(kernel[np.ix_(rest, rest)], self.logits[rest], self.said[rest])
            logits[out] += kernel[np.ix_(out, rest)] @ pulls
        before, after = self._right(self.logits, model), self._right(logits, model)
        return int((after & ~before).sum()), int((before & ~after).sum())

    def kernel(self) -> Floats:
        """How much a pull on one reply moves the logits of another."""
        by_words = (self.weights @ self.weights.T).toarray()
        return np.asarray(self.given @ self.given.T / RIDGE_INPUTS + by_words / RIDGE_WORDS)

    def _right(self, logits: Floats, model: TextModel) -> NDArray[np.bool_]:
        read = [stated(row, model.tables.limits) for row in _softmax(logits)]
        return np.asarray(self.said.argmax(axis=1) == np.array(read, dtype=int))


def _lesson(said: Sequence[Taught], model: TextModel) -> _Lesson:
    # One order for every order: equal wordings stand together and fall into different folds.
    ordered = sorted(said, key=lambda one: (one.intent, one.grams, one.given.tobytes()))
    names = sorted({gram for one in ordered for gram in one.grams})
    tables = model.tables
    given = np.array([one.given for one in ordered]).reshape(len(ordered), len(tables.layer))
    intents = [INTENTS.index(one.intent) for one in ordered]
    return _Lesson(
        given=given,
        weights=_weights(ordered, names, tables),
        names=names,
        logits=given @ tables.layer,
        said=np.eye(len(INTENTS))[intents],
    )


def _weights(said: Sequence[Taught], names: list[str], tables: Tables) -> sp.csr_matrix:
    places = {name: place for place, name in enumerate(names)}
    rows = np.repeat(np.arange(len(said)), [len(one.grams) for one in said])
    columns = [places[gram] for one in said for gram in one.grams]
    squares = [rareness(one.grams, tables).astype(np.float64) for one in said]
    values = np.concatenate([np.sqrt(one / one.sum()) for one in squares if len(one)] or [[]])
    return sp.csr_matrix((values, (rows, columns)), shape=(len(said), len(names)))


def _solved(kernel: Floats, logits: Floats, said: Floats) -> Floats:
    """The pulls A at the optimum A = said - softmax(logits + kernel A), nearly."""
    pulls = np.zeros_like(said)
    # Half the kernel's largest row sum bounds the curvature: such steps never overshoot.
    step = 1 / (1 + 0.5 * np.abs(kernel).sum(axis=1).max())
    for _ in range(_STEPS):
        pulls += step * (said - _softmax(logits + kernel @ pulls) - pulls)
    return pulls


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
