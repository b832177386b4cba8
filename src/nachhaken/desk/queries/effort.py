"""The clock that runs, and what speaks against more free work."""

from dataclasses import dataclass
from datetime import datetime

from nachhaken.desk.access import allow
from nachhaken.desk.commands.effort import FORGOTTEN, clock_name
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.effort import EffortRow, effort_row
from nachhaken.desk.models import Timer, User
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import tell
from nachhaken.plan import advise
from nachhaken.plan.situation import situation_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The user's clock while it runs; `name` tells it from one that another window started."""

    name: str
    opportunity_id: int
    prospect: str
    title: str
    work: str
    since: datetime
    minutes: int
    is_forgotten: bool


def clock(user: User, *, now: datetime) -> Clock | None:
    """Return the clock that runs for this user, if one does."""
    rows = Timer.objects.select_related("opportunity__prospect")
    timer = rows.filter(user=allow(user)).first()
    if timer is None:
        return None
    passed = now - timer.started_at
    return Clock(
        name=clock_name(timer),
        opportunity_id=timer.opportunity_id,
        prospect=timer.opportunity.prospect.name,
        title=timer.opportunity.title,
        work=timer.work,
        since=timer.started_at,
        minutes=int(passed.total_seconds() // 60),
        is_forgotten=passed > FORGOTTEN,
    )


def effort(user: User, opportunity_id: int, *, now: datetime) -> EffortRow:
    """Return what was put into the opportunity, and whether more of it pays at `now`."""
    allow(user)
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    own = preferences()
    advice = advise(told.story, now=now, preferences=own)
    situation = situation_of(told.story.timeline, told.story.readings, now=now)
    return effort_row(told.story, situation, advice, preferences=own)
