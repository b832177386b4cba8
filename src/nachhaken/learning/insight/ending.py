"""How a matter became clear: early or late, with a yes or a no."""

from nachhaken.learning.insight.values import LATE_DAYS, LATE_MINUTES, Ending
from nachhaken.terms import OutcomeKind


def ending_of(outcome: OutcomeKind | None, *, days: float, minutes: int) -> Ending | None:
    """Return how it ended, None while it is open.

    `days` run from the first offer (the first inquiry where there is none) to the end, `minutes`
    are own work before it. Late is more than `LATE_DAYS`, or more than `LATE_MINUTES`. A no is a
    no, whoever says it: the customer, we, or an objection (shared/engine.md, 2.5).
    """
    if outcome is None:
        return None
    is_late = days > LATE_DAYS or minutes > LATE_MINUTES
    if outcome is OutcomeKind.WON:
        return Ending.LATE_YES if is_late else Ending.EARLY_YES
    return Ending.LATE_NO if is_late else Ending.EARLY_NO
