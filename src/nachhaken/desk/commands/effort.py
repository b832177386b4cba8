"""Own work before the decision: noted, timed, and what an hour of each kind costs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import (
    Change,
    InvalidError,
    NotFoundError,
    act_of,
    record,
)
from nachhaken.desk.commands.outcomes import MOST_MINUTES
from nachhaken.desk.models import Event, Opportunity, Preference, Timer, User
from nachhaken.desk.work import KEY, MOST_KINDS, Rate, rate_of
from nachhaken.timeline import EffortSpent

QUARTER = 15  # minutes
MOST_CENTS = 10**11
LONGEST_WORK = 40
# Nobody draws or calculates so long for one offer in one go: the clock was forgotten.
FORGOTTEN = timedelta(hours=8)


class TimerForgottenError(Exception):
    """The clock runs for so long that somebody has to say how much of it was work."""


@dataclass(frozen=True, slots=True)
class Started:
    """The clock that runs now, and what the one before it came to."""

    timer: Timer
    noted: Change | None = None


def spend_effort(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    minutes: int = 0,
    what: str = "",
    cents: int = 0,
    work: str = "",
) -> Change:
    """Note own work before the decision, money spent beside it, or both.

    `work` is a kind of own work; what an hour of it costs today stays with the note.
    """
    is_some = minutes > 0 or cents > 0
    if not (is_some and 0 <= minutes <= MOST_MINUTES and 0 <= cents <= MOST_CENTS):
        raise InvalidError("effort")
    kind = work.strip()[:LONGEST_WORK]
    rate = rate_of(kind) if kind else None
    fact = EffortSpent(minutes=minutes, what=what.strip(), cents=cents, work=kind, rate_cents=rate)
    return record(act_of(actor, now, key), opportunity_id, [fact])


def add_quarter(*, actor: User, now: datetime, entry_id: int) -> Change:
    """Note a quarter of an hour for the act of this entry; twice is once."""
    row = Event.objects.filter(pk=entry_id, opportunity__isnull=False).first()
    if row is None or row.opportunity_id is None:
        raise NotFoundError(f"entry {entry_id}")
    return spend_effort(
        actor=actor,
        now=now,
        key=f"quarter {entry_id}",
        opportunity_id=row.opportunity_id,
        minutes=QUARTER,
    )


def start_timer(*, actor: User, now: datetime, opportunity_id: int, work: str = "") -> Started:
    """Start the user's clock on this opportunity; one that runs elsewhere is stopped and noted.

    On the same opportunity it just runs on. TimerForgottenError where the other one was forgotten.
    """
    allow(actor)
    if not Opportunity.objects.filter(pk=opportunity_id).exists():
        raise NotFoundError(f"opportunity {opportunity_id}")
    with transaction.atomic():
        running = _running(actor)
        if running and running.opportunity_id == opportunity_id:
            return Started(running)
        noted = stop_timer(actor=actor, now=now) if running else None
        timer, _is_new = Timer.objects.get_or_create(
            user=actor,
            defaults={
                "opportunity_id": opportunity_id,
                "started_at": now,
                "work": work.strip()[:LONGEST_WORK],
            },
        )
    return Started(timer, noted)


def stop_timer(
    *, actor: User, now: datetime, minutes: int | None = None, started: str = ""
) -> Change | None:
    """Stop the user's clock and note its work, `minutes` where somebody says how much it was.

    `started` names the clock that is meant (`clock_name`): another window may have stopped it.
    None where it does not run. TimerForgottenError after eight hours without `minutes`.
    """
    allow(actor)
    with transaction.atomic():
        timer = _running(actor)
        if timer is None or (started and started != clock_name(timer)):
            return None
        if minutes is None:
            minutes = _minutes(timer, now)
        change = spend_effort(
            actor=actor,
            now=now,
            key=f"timer {clock_name(timer)}",
            opportunity_id=timer.opportunity_id,
            minutes=minutes,
            work=timer.work,
        )
        timer.delete()
    return change


def discard_timer(*, actor: User, started: str) -> bool:
    """Stop this clock of the user's without noting anything; say whether it ran."""
    allow(actor)
    with transaction.atomic():
        timer = _running(actor)
        if timer is None or started != clock_name(timer):
            return False
        timer.delete()
    return True


def clock_name(timer: Timer) -> str:
    """Return what tells this run of the clock from every other of the same user."""
    return f"{timer.pk}-{timer.started_at.timestamp():.6f}"


def set_work_rates(rates: Sequence[Rate], *, actor: User, now: datetime) -> None:
    """Set the kinds of own work and their rates; notes that were made keep theirs."""
    allow(actor)
    named = {rate.work.strip()[:LONGEST_WORK]: rate.cents for rate in rates if rate.work.strip()}
    if len(named) > MOST_KINDS or any(cents is not None and cents < 0 for cents in named.values()):
        raise InvalidError("rates")
    value = [asdict(Rate(work, cents)) for work, cents in named.items()]
    Preference.objects.update_or_create(
        key=KEY, defaults={"value": value, "set_at": now, "set_by": actor}
    )


def _running(actor: User) -> Timer | None:
    return Timer.objects.select_for_update().filter(user=actor).first()


def _minutes(timer: Timer, now: datetime) -> int:
    passed = now - timer.started_at
    if passed > FORGOTTEN:
        raise TimerForgottenError
    return max(1, round(passed.total_seconds() / 60))
