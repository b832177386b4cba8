"""When a person should look at a reading, and what else the reply could say."""

from nachhaken.reading.values import Reading
from nachhaken.terms import Intent

UNSURE_BELOW = 0.6


def is_unsure(reading: Reading) -> bool:
    """Whether a doubt is stated, or the stated intent's probability is below 0.6."""
    return reading.doubt is not None or reading.confidence < UNSURE_BELOW


def likeliest(reading: Reading, most: int) -> list[Intent]:
    """Return the stated intent and behind it the likeliest others, `most` in all at the most."""
    others = (intent for intent in reading.probabilities if intent is not reading.intent)
    order = sorted(others, key=lambda intent: reading.probabilities[intent], reverse=True)
    return [reading.intent, *order][:most]
