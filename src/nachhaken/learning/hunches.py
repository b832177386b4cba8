"""What the gut said of an opportunity, beside how it ended."""

from datetime import datetime

from nachhaken.engine.gut import Hunch
from nachhaken.terms import OutcomeKind
from nachhaken.timeline import GutFelt, Timeline

_DECIDED = {OutcomeKind.WON: True, OutcomeKind.LOST: False}


def felt_at(standing: Timeline) -> datetime | None:
    """Return when the last feeling was noted; None: never."""
    felt = [e.occurred_at for e in standing if isinstance(e.fact, GutFelt)]
    return felt[-1] if felt else None


def hunch_of(standing: Timeline, outcome: OutcomeKind | None) -> Hunch | None:
    """Return the last feeling, where the customer decided; None: nobody felt or decided."""
    felt = [e.fact for e in standing if isinstance(e.fact, GutFelt)]
    genuine = _DECIDED.get(outcome) if outcome else None
    if not felt or genuine is None:
        return None
    return Hunch(felt_dead=felt[-1].dead_horse, was_genuine=genuine)
