"""What happened: touches and answers, work, feelings, promises, objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from nachhaken.desk import labels
from nachhaken.desk.commands.ledger import (
    Act,
    Change,
    Decided,
    InvalidError,
    NotFoundError,
    about,
    act_of,
    record,
    record_at_prospect,
)
from nachhaken.desk.models import Opportunity, Plan, Prospect, User
from nachhaken.desk.objections import PERSON
from nachhaken.desk.partings import NOTHING, Parting, ours, theirs
from nachhaken.terms import Channel, Intent, OutcomeKind, StepKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Fact,
    GutFelt,
    OptedOut,
    Promised,
    PromiseMoved,
    PromiseSettled,
    Reopened,
    Replied,
    Statement,
    Touched,
)

MOST_MINUTES = 100 * 60
VOICEMAIL = "voicemail"  # the subject of a touch that ended on a machine
WRONG_PERSON = "wrong_person"  # and of one that reached somebody else

# What either side owes: a promise, or what a reply named as the condition.
OWED = ("promised", "replied")

# How an opportunity ended that may come up again.
RETURNING = frozenset({OutcomeKind.LOST, OutcomeKind.STOPPED, OutcomeKind.DECLINED})
_ALIVE = {Intent.YES, Intent.ENGAGED, Intent.REQUOTE, Intent.STALLED_NAMED}


class Reached(StrEnum):
    """How a touch went."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    VOICEMAIL = VOICEMAIL
    WRONG_PERSON = WRONG_PERSON
    WROTE = "wrote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a touch: what the customer said in `statement`, or else read from `text`.

    `person_id` is whom it was with, None for the opportunity's own person. `also` is what was
    noted beside it; `minutes` is own work besides. `objector` is the person who objects for
    nobody else, `parting` what was asked beside a no.
    """

    step: StepKind
    channel: Channel
    reached: Reached
    statement: Statement | None = None
    text: str = ""
    minutes: int = 0
    subject: str = ""
    person_id: int | None = None
    scripts: tuple[str, ...] = ()
    own_share: int | None = None
    objector: int | None = None
    parting: Parting = NOTHING
    also: tuple[Fact, ...] = ()

    def __post_init__(self) -> None:
        if self.statement and not self.is_talk:
            raise InvalidError("a statement needs somebody who made it")
        if not 0 <= self.minutes <= MOST_MINUTES:
            raise InvalidError("minutes")

    @property
    def is_talk(self) -> bool:
        """Somebody was there who could say something."""
        return self.reached is Reached.REACHED


_WENT: dict[Reached, bool | None] = {Reached.REACHED: True, Reached.WROTE: None}
_PLAIN = {StepKind.WAIT, StepKind.STOP, StepKind.INVEST, StepKind.MAIL, StepKind.CALL}
_ON_OTHERS = {Reached.VOICEMAIL, Reached.WRONG_PERSON}


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
    parting: Parting = NOTHING,
    at: datetime | None = None,
) -> Change:
    """Note a touch, and what the customer said: in `statement`, or else read from `text`.

    `reached` is a value of `Reached`; `minutes` is own work besides.
    """
    outcome = Outcome(
        step=step,
        channel=channel,
        reached=Reached(reached),
        statement=statement,
        text=text.strip(),
        minutes=minutes,
        parting=parting,
    )
    return keep(act_of(actor, now, key), opportunity_id, outcome, at=at)


def keep(act: Act, opportunity_id: int, outcome: Outcome, *, at: datetime | None = None) -> Change:
    """Write what came of a touch, and what became of the advice; the one way for all of them."""
    return record(
        act,
        opportunity_id,
        lambda opportunity: facts_of(outcome, opportunity),
        at=at,
        decided=decided_for(opportunity_id, outcome.step),
    )


def taken(proposed: StepKind, channel: Channel) -> StepKind:
    """Return the step that a touch was for; waiting and stopping are no touches."""
    is_written = channel in {Channel.MAIL, Channel.LETTER, Channel.MESSAGE}
    return (StepKind.MAIL if is_written else StepKind.CALL) if proposed in _PLAIN else proposed


def facts_of(outcome: Outcome, opportunity: Opportunity) -> list[Fact]:
    """Return what an outcome writes: the touch first, then what was said, then what follows."""
    touch = Touched(
        channel=outcome.channel,
        step=outcome.step,
        reached=_WENT.get(outcome.reached, False),
        text="" if outcome.is_talk else outcome.text,
        subject=outcome.reached.value if outcome.reached in _ON_OTHERS else outcome.subject,
        person_id=outcome.person_id or opportunity.person_id,
        scripts=outcome.scripts,
        own_share=outcome.own_share,
    )
    effort: list[Fact] = [EffortSpent(minutes=outcome.minutes)] if outcome.minutes else []
    ending = _ending(outcome, opportunity)
    return [touch, *_said(outcome, opportunity, ending), *outcome.also, *effort, *ending]


def decided_for(opportunity_id: int, step: StepKind) -> Decided:
    """Return what became of the advice when `step` was taken."""
    proposed = Plan.objects.filter(pk=opportunity_id).values_list("kind", flat=True).first()
    followed = proposed is None or proposed == step
    return Decided(decision="followed" if followed else "overruled", chosen=step)


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
    return record(act_of(actor, now, key), opportunity_id, about(entry_id, fact, *OWED))


def move_promise(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    entry_id: int,
    due: date | None,
) -> Change:
    """Give a promise another day; None: no day is agreed."""
    fact = PromiseMoved(promise_id=entry_id, due=due)
    return record(act_of(actor, now, key), opportunity_id, about(entry_id, fact, *OWED))


def opt_out(
    *,
    actor: User,
    now: datetime,
    key: str,
    prospect_id: int,
    person_id: int | None = None,
    reason: str = "",
) -> Change:
    """Stop every contact with the prospect, or with one person there, over all opportunities."""
    act = act_of(actor, now, key)
    return record_at_prospect(act, prospect_id, lambda row: objection(row, person_id, reason))


def objection(prospect: Prospect, person_id: int | None, reason: str) -> OptedOut:
    """Return the objection of a person at the prospect; None: of the whole house."""
    if person_id is None:
        return OptedOut(reason=reason.strip())
    if not prospect.people.filter(pk=person_id).exists():
        raise NotFoundError(f"person {person_id}")
    return OptedOut(scope=PERSON, person_id=person_id, reason=reason.strip())


def _said(outcome: Outcome, opportunity: Opportunity, ending: Sequence[Fact]) -> list[Fact]:
    """The note of a talk without a statement is read like a mail.

    What would bring the customer back stands in the end; where there is none yet, beside the line.
    """
    stated, back = outcome.statement, outcome.parting.comeback
    if not outcome.is_talk or not (stated or outcome.text):
        return []
    reply = Replied(
        channel=outcome.channel,
        text=" · ".join(filter(None, [outcome.text, "" if ending else _back_if(back)])),
        person_id=opportunity.person_id,
        statement=stated,
    )
    if stated is None or stated.intent is not Intent.OPT_OUT:
        return [reply]
    prospect, alone = opportunity.prospect, outcome.objector
    # What happened is noted, even where the device names somebody who is not there any more.
    is_known = alone is not None and prospect.people.filter(pk=alone).exists()
    return [reply, objection(prospect, alone if is_known else None, outcome.text)]


def _ending(outcome: Outcome, opportunity: Opportunity) -> Sequence[Fact]:
    """Letting go ends a matter, and so does our refusal once it was said or written."""
    heard = outcome.reached in {Reached.REACHED, Reached.WROTE}
    if outcome.step is StepKind.STOP and not opportunity.outcome:
        return [Closed(outcome=OutcomeKind.STOPPED)]
    if outcome.step is StepKind.DECLINE and heard and not opportunity.outcome:
        return [ours(outcome.scripts, outcome.parting)]
    if (end := theirs(outcome.statement, outcome.parting)) and not opportunity.outcome:
        return [end]
    lives = outcome.statement is not None and outcome.statement.intent in _ALIVE
    if outcome.step is StepKind.REOPEN and opportunity.outcome in RETURNING and lives:
        return [Reopened()]
    return []


def _back_if(comeback: str) -> str:
    return labels.text("comeback", what=comeback) if comeback else ""
