"""What the own past teaches: learnt when something ended, kept as a row, judged with."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from nachhaken.desk.models import Lesson, Opportunity
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import VOID, Told, tell
from nachhaken.engine.model_record import to_record
from nachhaken.engine.policies import save
from nachhaken.learning import own
from nachhaken.terms import OutcomeKind

_log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
NEWEST = 5_000  # opportunities: older ones say little about how customers are today
_SEED = 20_260_101  # deals customers into folds: the same past teaches the same
_AT_ONCE = 500


def learn_if_due(*, now: datetime) -> Lesson | None:
    """Learn once a day, if something ended since the last time.

    A past that cannot be learnt from goes to the log: the desk judges on as before.
    """
    last = Lesson.objects.order_by("-pk").first()
    if last is not None and (now - last.learnt_at < EVERY or last.cases == _ended().count()):
        return None
    if not _ended().exists():
        return None
    try:
        return learn(now=now)
    except (ArithmeticError, ValueError):
        _log.exception("learning failed")
        return None


def learn(*, now: datetime) -> Lesson:
    """Learn from the newest opportunities and keep the lesson; plans follow in the background."""
    cases = _ended().count()
    found = own.lesson_of(list(_past()), now=now, preferences=preferences(), seed=_SEED)
    return Lesson.objects.create(
        learnt_at=now,
        cases=cases,
        fingerprint=found.model.fingerprint,
        parameters=to_record(found.model),
        policy=save(found.policy) if found.policy else b"",
        report=_report(found),
    )


def _ended() -> QuerySet[Opportunity]:
    return Opportunity.objects.exclude(outcome__in=["", VOID])


def _past() -> Iterator[own.Past]:
    rows = Opportunity.objects.exclude(outcome=VOID).order_by("-created_at", "-pk")
    ids = list(rows.values_list("pk", flat=True)[:NEWEST])
    for start in range(0, len(ids), _AT_ONCE):
        yield from map(_one, tell(ids[start : start + _AT_ONCE]))


def _one(told: Told) -> own.Past:
    row = told.opportunity
    return own.Past(
        story=told.story,
        customer=row.prospect_id,
        outcome=OutcomeKind(row.outcome) if row.outcome else None,
        ended_at=row.ended_at,
    )


def _report(found: own.Lesson) -> dict[str, Any]:
    """Return what the page shows, as plain numbers."""
    learnt = found.learnt
    return {
        "closed": learnt.closed,
        "effective": learnt.effective,
        "is_used": learnt.is_used,
        "gain": list(learnt.gain) if learnt.gain else None,
        "moved": dict(learnt.moved),
        "customers": found.orders.customers,
        "offers": found.orders.offers,
        "trust": found.orders.trust,
        "hopes": list(found.hopes),
        "gut": found.gut._asdict(),
    }
