"""The intent of a reply: phrase weights become scores, scores become probabilities."""

import math
from dataclasses import dataclass

from nachhaken.reading.phrases import Hit
from nachhaken.terms import Intent

# A phrase this much weaker than the strongest still "holds", and the label table's order decides.
_HOLDS_WITHIN = 1.0
# Each further phrase for the same intent adds less: three hints are not three proofs.
_FURTHER = 0.4
# How far the stated intent stands above its rivals before anything is known of the reply.
_STATED = 0.5
# What speaks for an intent in a text that says nothing: most such replies commit to nothing.
_BASE = {Intent.OTHER: 0.4, Intent.NONCOMMITTAL: 0.5, Intent.LATER_VAGUE: 0.2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The intent stated, every intent's probability, and the phrase that decided."""

    intent: Intent
    probabilities: dict[Intent, float]
    hit: Hit | None


def decide(found: list[Hit], extra: dict[Intent, float], *, empty: bool) -> Verdict:
    """The verdict from the phrases found and from evidence that is no phrase (dates, conditions).

    Where several intents hold about equally, the first in the order of `Intent` is stated.
    """
    scores = {intent: _score(intent, found, extra) for intent in Intent}
    top = max(scores.values())
    if empty or top <= 0:
        stated = Intent.OTHER if empty else Intent.NONCOMMITTAL
        return Verdict(stated, _probabilities(scores, stated), None)
    holding = [i for i in Intent if scores[i] > 0 and scores[i] >= top - _HOLDS_WITHIN]
    stated = _first(holding, scores)
    return Verdict(stated, _probabilities(scores, stated), _strongest(stated, found))


def _first(holding: list[Intent], scores: dict[Intent, float]) -> Intent:
    """The first in the table's order, save that a variant asked on the way to a yes is engaged."""
    if holding[0] is Intent.REQUOTE and Intent.ENGAGED in holding:
        return max((Intent.ENGAGED, Intent.REQUOTE), key=lambda intent: scores[intent])
    return holding[0]


def _score(intent: Intent, found: list[Hit], extra: dict[Intent, float]) -> float:
    by_phrase = {hit.phrase.id: hit.phrase.weight for hit in found if hit.phrase.label == intent}
    weights = sorted([*by_phrase.values(), extra.get(intent, 0.0)], reverse=True)
    return weights[0] + _FURTHER * min(sum(weights[1:]), 3.0)


def _probabilities(scores: dict[Intent, float], stated: Intent) -> dict[Intent, float]:
    lifted = {intent: score + _BASE.get(intent, 0.0) for intent, score in scores.items()}
    lifted[stated] = max(lifted.values()) + _STATED
    top = lifted[stated]
    raw = {intent: math.exp(score - top) for intent, score in lifted.items()}
    total = math.fsum(raw.values())
    return {intent: value / total for intent, value in raw.items()}


def _strongest(stated: Intent, found: list[Hit]) -> Hit | None:
    own = [hit for hit in found if hit.phrase.label == stated]
    return max(own, key=lambda hit: (hit.phrase.weight, -hit.start), default=None)
