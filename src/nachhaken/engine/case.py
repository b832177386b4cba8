"""Is a case something the engine can judge? Checked once, at the door."""

import math
from collections.abc import Iterable
from itertools import pairwise

from nachhaken.engine.values import Acted, Case, Evidence, Felt, Heard, Moment


class CaseError(ValueError):
    """A case that contradicts itself; the message says where."""


def check(case: Case) -> None:
    """Raise CaseError for what cannot be.

    That is: times or amounts that are not finite, evidence after `now`, `ahead` before it or out of
    order, labels above 1, more orders than offers.
    """
    _demand(math.isfinite(case.value) and case.value >= 0, "value must be finite and not negative")
    _check_history(case)
    _check_moment(case.now, "now")
    for event in case.evidence:
        _check_moment(event.at, f"entry {event.ref}")
        _demand(event.at.day <= case.now.day, f"entry {event.ref} lies after now")
        if isinstance(event, Heard):
            _check_heard(event)
    _check_ahead(case)


def in_order(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return the evidence by time; at the same time first the touch, then the answer to it."""
    return sorted(evidence, key=lambda e: (e.at.day, _RANKS[type(e)], e.ref))


_RANKS: dict[type, int] = {Acted: 0, Heard: 1, Felt: 2}


def _check_history(case: Case) -> None:
    offers, orders = case.history
    _demand(0 <= orders <= offers, "history needs 0 <= orders <= offers")
    known = orders <= case.last_order <= offers and (orders > 0) == (case.last_order > 0)
    _demand(known or case.last_order == 0, "last_order is not the index of an order")


def _check_heard(event: Heard) -> None:
    where, chances = f"entry {event.ref}", list(event.symbols.values())
    _demand(all(0 <= p <= 1 for p in chances), f"{where}: a label's probability is not in [0, 1]")
    _demand(sum(chances) <= 1 + 1e-6, f"{where}: labels sum to more than 1")
    if event.window is not None:
        start, end = event.window
        _demand(-math.inf < start <= end < math.inf, f"{where}: window is not an interval")
    if event.away_until is not None:
        _check_moment(event.away_until, where)


def _check_ahead(case: Case) -> None:
    days = [case.now.day, *(moment.day for moment in case.ahead)]
    for moment in case.ahead:
        _check_moment(moment, "ahead")
    _demand(all(a <= b for a, b in pairwise(days)), "ahead must ascend from now")


def _check_moment(moment: Moment, where: str) -> None:
    _demand(all(math.isfinite(part) for part in moment), f"{where}: time is not finite")


def _demand(holds: object, what: str) -> None:
    if not holds:
        raise CaseError(what)
