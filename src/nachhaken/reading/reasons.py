"""Why a customer declines: the first reason that the text gives, with its place."""

from collections import Counter
from dataclasses import dataclass

from nachhaken.reading.phrases import Hit, hits
from nachhaken.reading.text import READ_AT_MOST
from nachhaken.terms import NoReason

# From here on a phrase names or points to a reason; a weaker one hints, the weakest only comes from
# the field of words that a reason is told in.
_POINTS = 2.0
_HINTS = 1.1


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason at `[start:end]` of the folded text; `rule` names the row that found it."""

    reason: NoReason
    start: int
    end: int
    rule: str


def find_reason(folded: str) -> Reason | None:
    """The reason that a folded refusal gives, None where it gives none.

    The first that is named or pointed to counts; then the first that is hinted at; then a
    competitor; then the one that most words come from the field of. Only the first 4,000
    characters are looked at.
    """
    found = sorted(hits(folded[:READ_AT_MOST], "reasons"), key=lambda hit: hit.start)
    votes = Counter(hit.phrase.label for hit in found)
    best = min(found, key=lambda hit: _rank(hit, votes), default=None)
    if best is None:
        return None
    return Reason(NoReason(best.phrase.label), best.start, best.end, best.phrase.id)


def _rank(hit: Hit, votes: Counter[str]) -> tuple[int, int, int]:
    if hit.phrase.weight < _HINTS:
        return 3, -votes[hit.phrase.label], hit.start
    if hit.phrase.label == NoReason.COMPETITOR:
        return 2, 0, hit.start
    return int(hit.phrase.weight < _POINTS), 0, hit.start
