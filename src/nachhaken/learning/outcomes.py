"""How opportunities ended, as codes: what a closed case says about the truth at its end."""

import numpy as np
from numpy.typing import NDArray

from nachhaken.engine.model import Array
from nachhaken.terms import OutcomeKind

Codes = NDArray[np.uint8]

# Open and stopped by us are censored: nobody knows how they would have ended.
OPEN, WON, LOST, STOPPED = range(4)

_CODES = {
    OutcomeKind.WON: WON,
    OutcomeKind.LOST: LOST,
    OutcomeKind.OPTED_OUT: STOPPED,
    OutcomeKind.STOPPED: STOPPED,
    OutcomeKind.DECLINED: STOPPED,
}


class LearningError(ValueError):
    """Evidence, outcomes or customers that do not belong together; the message says which."""


def outcome_code(kind: OutcomeKind | None) -> int:
    """Return the code of an outcome; None is still open.

    An objection ends the contact, not the wish: as an answer it is evidence, as an end it is
    censored like a stop of our own.
    """
    return OPEN if kind is None else _CODES[kind]


def is_closed(outcomes: Codes) -> NDArray[np.bool_]:
    """Return which [N] have an end that the customer chose."""
    return np.asarray((outcomes == WON) | (outcomes == LOST))


def anchors(outcomes: Codes) -> Array:
    """Return the weights [N,4] of the truth at the end: won was genuine, lost is lost."""
    weights = np.ones((len(outcomes), 4))
    weights[outcomes == WON] = (1, 0, 0, 0)
    weights[outcomes == LOST] = (0, 0, 0, 1)
    return weights
