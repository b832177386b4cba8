"""Why a customer declines: what was learnt from refusals, and phrases, weigh in together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nachhaken.reading.features import tokens
from nachhaken.reading.intents import inputs
from nachhaken.reading.phrases import Hit, hits
from nachhaken.reading.scores import TextModel, load
from nachhaken.reading.speaks import speaking_most
from nachhaken.reading.text import READ_AT_MOST
from nachhaken.terms import NoReason

TABLE = Path(__file__).with_name("tables") / "reasons.npz"
REASONS = tuple(NoReason)

# From here on a phrase names or points to a reason; a weaker one hints, the weakest only comes from
# the field of words that a reason is told in.
_POINTS = 2.0
_HINTS = 1.1
# The weight of the surest phrases, and how many phrases of one reason say all they can.
_CERTAIN = 4.0
_MANY = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason at `[start:end]` of the folded text.

    `rule` names the phrase that shows it; "" where none does: then it is the sentence that speaks
    most for the reason.
    """

    reason: NoReason
    start: int
    end: int
    rule: str


def find_reason(folded: str) -> Reason | None:
    """The reason that a folded refusal most likely gives, None where it gives none.

    Only the first 4,000 characters are looked at. Trained by
    `python -m tests.corpus.reading.train_reasons`, stored in tables/reasons.npz.
    """
    text = folded[:READ_AT_MOST]
    words = tokens(text)
    if not words:
        return None
    said = hits(text, "reasons")
    scored = inputs(_learnt().scores(words), votes(said))
    reason = REASONS[int((scored @ _learnt().tables.layer).argmax())]
    return None if reason is NoReason.UNKNOWN else _shown(text, reason, said)


def votes(said: Sequence[Hit]) -> list[float]:
    """Three numbers for each reason: the first that is said, its strongest phrase, how many.

    All in [0, 1] or a little above.
    """
    first = min(said, key=_rank, default=None)
    found = []
    for reason in REASONS:
        weights = [hit.phrase.weight for hit in said if hit.phrase.label == reason]
        is_first = first is not None and first.phrase.label == reason
        found += [float(is_first), max(weights, default=0.0) / _CERTAIN, len(weights) / _MANY]
    return found


def _rank(hit: Hit) -> tuple[int, int]:
    """The first that is named or pointed to; then one hinted at; then a competitor; then a word."""
    if hit.phrase.weight < _HINTS:
        return 3, hit.start
    if hit.phrase.label == NoReason.COMPETITOR:
        return 2, hit.start
    return int(hit.phrase.weight < _POINTS), hit.start


def _shown(text: str, reason: NoReason, said: Sequence[Hit]) -> Reason:
    best = min((hit for hit in said if hit.phrase.label == reason), key=_rank, default=None)
    if best is not None:
        return Reason(reason, best.start, best.end, best.phrase.id)
    return Reason(reason, *speaking_most(text, _learnt(), REASONS.index(reason)), "")


@cache
def _learnt() -> TextModel:
    return load(TABLE)
