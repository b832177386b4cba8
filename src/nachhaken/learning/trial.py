"""Tries what a user taught on replies of other writers: the reader must not become worse."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nachhaken.learning.check_replies import CheckReplies, shipped
from nachhaken.reading.intents import INTENTS, softmax, stated
from nachhaken.reading.layer import RAREST, Layer
from nachhaken.reading.scores import Tables, TextModel
from nachhaken.terms import Intent

# What an error in the figures of 800 replies could hide, and what a user would not notice.
_MAY_FALL_F1 = 0.005
_MAY_FALL = 0.01

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Figures:
    """How the check replies are read; shares in [0, 1]. A missed objection is the worst error."""

    macro_f1: float
    opt_out_recall: float
    yes_precision: float
    no_precision: float

    def falls_too_far(self, after: "Figures") -> bool:
        """Whether `after` is worse than this by more than may be."""
        return (
            self.macro_f1 - after.macro_f1 > _MAY_FALL_F1
            or self.opt_out_recall - after.opt_out_recall > _MAY_FALL
            or self.yes_precision - after.yes_precision > _MAY_FALL
            or self.no_precision - after.no_precision > _MAY_FALL
        )


def figures(model: TextModel, layer: Layer | None = None) -> Figures:
    """The figures of the shipped reader on its check replies, or with a layer on top."""
    if layer is None:
        return _shipped_figures(model)
    check = shipped(len(model.tables.grams))
    logits = check.given @ model.tables.layer
    return _figures(check, logits + _added(layer, check, model.tables), model)


@lru_cache(maxsize=2)
def _shipped_figures(model: TextModel) -> Figures:
    check = shipped(len(model.tables.grams))
    return _figures(check, check.given @ model.tables.layer, model)


def _added(layer: Layer, check: CheckReplies, tables: Tables) -> Floats:
    """What the layer adds to the logits of the check replies, as `Layer.logits` does for one."""
    shift = check.given @ layer.delta
    known = [(tables.grams[gram], row) for gram, row in layer.grams.items() if gram in tables.grams]
    if not known:
        return shift
    columns, rows = map(list, zip(*known, strict=True))
    squares = tables.gram_rows[:, -1].astype(np.float64)
    norms = np.sqrt(check.grams @ squares + check.others * RAREST)
    said = check.grams[:, columns] @ (np.sqrt(squares[columns])[:, None] * layer.shares[rows])
    return np.asarray(shift + said / np.maximum(norms, 1e-9)[:, None])


def _figures(check: CheckReplies, logits: Floats, model: TextModel) -> Figures:
    read = [stated(softmax(row), model.tables.limits) for row in logits]
    counts = np.zeros((len(INTENTS), len(INTENTS)))
    np.add.at(counts, (check.intents, np.array(read)), 1)
    right, true, told = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    precision = right / np.maximum(told, 1)
    return Figures(
        macro_f1=float(np.mean(2 * right / np.maximum(true + told, 1))),
        opt_out_recall=float((right / np.maximum(true, 1))[INTENTS.index(Intent.OPT_OUT)]),
        yes_precision=float(precision[INTENTS.index(Intent.YES)]),
        no_precision=float(precision[INTENTS.index(Intent.NO)]),
    )
