"""What happened: touches and answers, work, feelings, promises, objections."""

from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from nachhaken.desk.commands.ledger import (
    Change,
    Decided,
    InvalidError,
    act_of,
    append,
    events_of,
    locked_prospect,
    record,
)
from nachhaken.desk.models import Opportunity, Plan, User
from nachhaken.desk.planning import replan_prospects
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Fact,
    GutFelt,
    OptedOut,
    Promised,
    PromiseSettled,
    Replied,
    Statement,
    Touched,
)

MOST_MINUTES = 100 * 60
VOICEMAIL = "voicemail"  # the subject of a touch that ended on a machine


class Reached(StrEnum):
    """How a touch went."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    VOICEMAIL = "voicemail"
    WROTE = "wrote"


_WENT = {Reached.REACHED: True, Reached.NOT_REACHED: False, Reached.VOICEMAIL: False}


def record_outcome(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    step: StepKind,
    channel: Channel,
    reached: str,
    statement: Statement | None = None,
    text: str = "",
    minutes: int = 0,
    at: datetime | None = None,
) -> Change:
    """Note a touch, and what the customer said: in `statement`, or else read from `text`.

    `reached` is "reached", "not_reached", "voicemail" or "wrote"; `minutes` is own work besides.
    """
    how = Reached(reached)
    if statement and how is not Reached.REACHED:
        raise InvalidError("a statement needs somebody who made it")
    if not 0 <= minutes <= MOST_MINUTES:
        raise InvalidError("minutes")

    said = "" if how is Reached.REACHED else text.strip()

    def facts(opportunity: Opportunity) -> list[Fact]:
        person_id = opportunity.person_id
        touch = Touched(
            channel=channel,
            step=step,
            reached=_WENT.get(how),
            text=said,
            subject=VOICEMAIL if how is Reached.VOICEMAIL else "",
            person_id=person_id,
        )
        return [touch, *answered(person_id), *_rest(step, minutes)]

    def answered(person_id: int | None) -> list[Fact]:
        # The note of a talk without a statement is read like a mail.
        if how is not Reached.REACHED or not (statement or text.strip()):
            return []
        reply = Replied(
            channel=channel, text=text.strip(), person_id=person_id, statement=statement
        )
        objects = statement is not None and statement.intent is Intent.OPT_OUT
        return [reply, OptedOut(reason=text.strip())] if objects else [reply]

    act = act_of(actor, now, key)
    return record(act, opportunity_id, facts, at=at, decided=_decided(opportunity_id, step))


def spend_effort(
    *, actor: User, now: datetime, key: str, opportunity_id: int, minutes: int, what: str = ""
) -> Change:
    """Note own work before the decision."""
    if not 0 < minutes <= MOST_MINUTES:
        raise InvalidError("minutes")
    fact = EffortSpent(minutes=minutes, what=what.strip())
    return record(act_of(actor, now, key), opportunity_id, [fact])


def feel(*, actor: User, now: datetime, key: str, opportunity_id: int, dead_horse: bool) -> Change:
    """Note the seller's gut feeling."""
    return record(act_of(actor, now, key), opportunity_id, [GutFelt(dead_horse=dead_horse)])


def promise(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    by_us: bool,
    what: str,
    due: date | None = None,
) -> Change:
    """Note a checkable promise by either side."""
    if not what.strip():
        raise InvalidError("what")
    fact = Promised(by_us=by_us, what=what.strip(), due=due)
    return record(act_of(actor, now, key), opportunity_id, [fact])


def settle_promise(
    *, actor: User, now: datetime, key: str, opportunity_id: int, entry_id: int, kept: bool
) -> Change:
    """Note that a promise was kept, or broken."""
    fact = PromiseSettled(promise_id=entry_id, kept=kept)
    return record(act_of(actor, now, key), opportunity_id, [fact])


def opt_out(*, actor: User, now: datetime, key: str, prospect_id: int, reason: str = "") -> Change:
    """Stop every contact with the prospect, over all its opportunities."""
    act = act_of(actor, now, key)
    with transaction.atomic():
        prospect = locked_prospect(prospect_id)
        done = events_of(act)
        events = done or append(act, [OptedOut(reason=reason.strip())], prospect=prospect)
        if not done:
            replan_prospects([prospect_id], now=now)
    return Change(
        opportunity_id=None,
        prospect_id=prospect_id,
        event_ids=tuple(event.pk for event in events),
        before=None,
        after=None,
        repeated=bool(done),
    )


def _rest(step: StepKind, minutes: int) -> list[Fact]:
    effort: list[Fact] = [EffortSpent(minutes=minutes)] if minutes else []
    return effort + ([Closed(outcome=OutcomeKind.STOPPED)] if step is StepKind.STOP else [])


def _decided(opportunity_id: int, step: StepKind) -> Decided:
    proposed = Plan.objects.filter(pk=opportunity_id).values_list("kind", flat=True).first()
    followed = proposed is None or proposed == step
    return Decided(decision="followed" if followed else "overruled", chosen=step)
