"""Why a person should look at a reading: the text cannot be read, or two intents hold equally."""

import re
from functools import cache

from nachhaken.reading.intents import Verdict
from nachhaken.reading.scores import TextModel
from nachhaken.reading.text import Folded, function_words
from nachhaken.reading.values import Doubt, Reading
from nachhaken.terms import Intent

# On replies of authors not seen, 95 of 100 readings from here on are right, and 40 of 100 of the
# one in ten below (docs/reading.md).
UNSURE_BELOW = 0.6
# So few of a German or English reply's words are new to the model only if it is in another tongue.
_KNOWN_SHARE = 0.25
# In fewer words a name or two decide the share.
_WORDS_TO_JUDGE = 5
_LOST_SHARE = 0.05
_LOOKED_AT = 4_000


def cannot_be_read(text: Folded, words: list[str], model: TextModel) -> Doubt | None:
    """Why nothing can be read from a text of these words, or None."""
    if not text.text.strip():
        return Doubt.EMPTY
    if _hint_of_loss().search(text.original) and _lost_share(text.original) > _LOST_SHARE:
        return Doubt.UNREADABLE
    spoken = [word for word in words if word.isalpha()]
    if not spoken:
        return Doubt.WORDLESS
    return Doubt.FOREIGN if _is_foreign(spoken, model) else None


def is_close(found: Verdict) -> Doubt | None:
    """CLOSE where the stated intent is not sure."""
    return Doubt.CLOSE if found.probabilities[found.intent] < UNSURE_BELOW else None


def is_unsure(reading: Reading) -> bool:
    """Whether a doubt is stated, or the stated intent's probability is below 0.6."""
    return reading.doubt is not None or reading.confidence < UNSURE_BELOW


def likeliest(reading: Reading, most: int) -> list[Intent]:
    """Return the stated intent and behind it the likeliest others, `most` in all at the most."""
    others = (intent for intent in reading.probabilities if intent is not reading.intent)
    order = sorted(others, key=lambda intent: reading.probabilities[intent], reverse=True)
    return [reading.intent, *order][:most]


def _is_foreign(words: list[str], model: TextModel) -> bool:
    if len(words) < _WORDS_TO_JUDGE or max(function_words(words)) >= _KNOWN_SHARE * len(words):
        return False
    return model.known_share(words) < _KNOWN_SHARE


def _lost_share(text: str) -> float:
    head = text[:_LOOKED_AT]
    return sum(len(match[0]) for match in _lost().finditer(head)) / max(len(head), 1)


@cache
def _hint_of_loss() -> re.Pattern[str]:
    """One character of each sign of loss: sought in every text, and hardly ever found."""
    return re.compile(r"[\ufffd\x00-\x08\x0e-\x1f\u00c3]")


@cache
def _lost() -> re.Pattern[str]:
    """Signs that a decoding puts where it could not read: U+FFFD, controls, UTF-8 as Latin-1."""
    return re.compile(r"[\ufffd\x00-\x08\x0e-\x1f]|\u00c3[\u0080-\u00bf\u0178\u0152-\u0192]")
