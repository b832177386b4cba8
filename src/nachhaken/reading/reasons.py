"""Why a customer declines: the first reason that the text gives, with its place."""

from dataclasses import dataclass

from nachhaken.reading.phrases import Hit, hits
from nachhaken.reading.text import READ_AT_MOST
from nachhaken.terms import NoReason

# From here on a phrase names or points to a reason; below it only hints.
_POINTS = 2.0


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason at `[start:end]` of the folded text; `rule` names the row that found it."""

    reason: NoReason
    start: int
    end: int
    rule: str


def find_reason(folded: str) -> Reason | None:
    """The reason that a folded refusal gives, None where it gives none.

    The first that is named or pointed to counts, a competitor only where no better one stands;
    hints count where nothing else does. Only the first 4,000 characters are looked at.
    """
    found = sorted(hits(folded[:READ_AT_MOST], "reasons"), key=lambda hit: hit.start)
    best = min(found, key=_rank, default=None)
    if best is None:
        return None
    return Reason(NoReason(best.phrase.label), best.start, best.end, best.phrase.id)


def _rank(hit: Hit) -> tuple[bool, bool, int]:
    competitor = hit.phrase.label == NoReason.COMPETITOR
    return competitor, not competitor and hit.phrase.weight < _POINTS, hit.start
