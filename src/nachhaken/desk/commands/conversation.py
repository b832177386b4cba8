"""What a conversation agrees on outside of a call: goal, path, key points, what was told."""

from collections.abc import Sequence
from datetime import date, datetime

from nachhaken.desk.commands.ledger import Change, InvalidError, about, act_of, record
from nachhaken.desk.models import User
from nachhaken.desk.speech import local_date
from nachhaken.terms import StepKind
from nachhaken.timeline import (
    CadenceSet,
    GoalSet,
    KeyPointDropped,
    KeyPointSet,
    Mentioned,
    Pinned,
)


def set_goal(
    *, actor: User, now: datetime, key: str, opportunity_id: int, goal: str = "", minimum: str = ""
) -> Change:
    """Set what is to be reached here, and at least; both empty: what the step says."""
    fact = GoalSet(goal=goal.strip(), minimum=minimum.strip())
    return record(act_of(actor, now, key), opportunity_id, [fact])


def pin_step(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    step: StepKind,
    on: date,
    reason: str = "",
) -> Change:
    """Fix the next step and its day, or shift it; it stands until the next contact."""
    if on < local_date(now):
        raise InvalidError("on")
    fact = Pinned(step=step, on=on, reason=reason.strip())
    return record(act_of(actor, now, key), opportunity_id, [fact])


def set_cadence(
    *, actor: User, now: datetime, key: str, opportunity_id: int, workdays: Sequence[int]
) -> Change:
    """Follow an own rhythm after an offer, in working days; empty: the desk's plan again."""
    try:
        fact = CadenceSet(workdays=tuple(workdays))
    except ValueError as error:
        raise InvalidError("workdays") from error
    return record(act_of(actor, now, key), opportunity_id, [fact])


def set_key_point(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    text: str,
    importance: float = 1.0,
) -> Change:
    """Note what the customer shall keep in mind."""
    try:
        fact = KeyPointSet(text=" ".join(text.split()), importance=float(importance))
    except ValueError as error:
        raise InvalidError("text") from error
    return record(act_of(actor, now, key), opportunity_id, [fact])


def drop_key_point(
    *, actor: User, now: datetime, key: str, opportunity_id: int, entry_id: int
) -> Change:
    """Repeat a key point no more."""
    fact = KeyPointDropped(key_point_id=entry_id)
    return record(act_of(actor, now, key), opportunity_id, about(entry_id, fact, "key_point_set"))


def note_mentioned(
    *, actor: User, now: datetime, key: str, opportunity_id: int, what: str
) -> Change:
    """Remember what the customer told about themselves."""
    if not what.strip():
        raise InvalidError("what")
    return record(act_of(actor, now, key), opportunity_id, [Mentioned(what=what.strip())])
