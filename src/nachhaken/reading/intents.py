"""The intent of a reply: the text's scores and its cues become probabilities, one is stated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nachhaken.reading.layer import Layer
from nachhaken.reading.scores import Floats, TextModel
from nachhaken.terms import Intent

INTENTS = tuple(Intent)
_OPT_OUT = INTENTS.index(Intent.OPT_OUT)
# Scores lie about -1 to 1, cues about 0 to 1: scaled alike, one penalty suits both in training.
SCORE_SCALE = 3.0
# What a text without words, or in another language, may be: nothing is known of it.
_UNREAD = {Intent.OTHER: 0.25, Intent.AUTO_REPLY: 0.1, Intent.NONCOMMITTAL: 0.1}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The intent stated and the probability of each, summing to 1."""

    intent: Intent
    probabilities: dict[Intent, float]


def inputs(scores: Floats, cues: Sequence[float]) -> Floats:
    """What the last layer takes: scaled scores, cues, and a one."""
    return np.concatenate([SCORE_SCALE * scores, np.array([*cues, 1.0], np.float32)])


def decide(
    model: TextModel, words: list[str], cues: Sequence[float], layer: Layer | None = None
) -> Verdict:
    """The verdict on a reply of these words and cues, with what a user taught on top."""
    given = inputs(model.scores(words), cues)
    logits = given @ model.tables.layer
    if layer is not None:
        logits = logits + layer.logits(given, words, model.tables)
    return verdict(softmax(logits), model)


def verdict(probabilities: NDArray[np.floating], model: TextModel) -> Verdict:
    """The verdict from one probability for each intent, in the order of `Intent`."""
    # Eleven numbers are looked at sooner one by one than as an array.
    told: list[float] = probabilities.tolist()
    place = stated(told, model.tables.limits.tolist())
    return Verdict(INTENTS[place], dict(zip(INTENTS, told, strict=True)))


def stated(probabilities: Iterable[float], limits: Iterable[float]) -> int:
    """The place of the intent to state, given the least probability at which each may be.

    A customer who may want no more contact is believed at once, as the law wants it: an opt-out
    is stated from its limit on, whatever else is likelier. Of the others the likeliest is stated
    that reaches its limit; those without one always do.
    """
    reached = [p if p >= limit else 0.0 for p, limit in zip(probabilities, limits, strict=True)]
    return _OPT_OUT if reached[_OPT_OUT] else reached.index(max(reached))


def unread() -> Verdict:
    """The verdict on a text that cannot be read."""
    rest = (1 - sum(_UNREAD.values())) / (len(INTENTS) - len(_UNREAD))
    return Verdict(Intent.OTHER, {intent: _UNREAD.get(intent, rest) for intent in INTENTS})


def machine_made(found: Verdict) -> Verdict:
    """The verdict where the mail's headers say that a machine wrote it."""
    others = 0.02
    share = 1 - found.probabilities[Intent.AUTO_REPLY] or 1.0
    told = {i: others * p / share for i, p in found.probabilities.items()}
    return Verdict(Intent.AUTO_REPLY, told | {Intent.AUTO_REPLY: 1 - others})


def softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """Probabilities of one row of logits."""
    raised = np.exp(logits.astype(np.float64) - np.maximum.reduce(logits))
    return np.asarray(raised / np.add.reduce(raised))
