"""How every command writes: lock, append once, replan, and say what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nachhaken.desk.access import allow
from nachhaken.desk.models import AdviceGiven, Event, Opportunity, Plan, Prospect, User
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.records import encode, kind_of
from nachhaken.desk.speech import decode_phrase, speak
from nachhaken.terms import StepKind
from nachhaken.timeline import Fact, NumberChecked, OptedOut

LONGEST_KEY = 100
_ABOUT = ("entry_id", "promise_id", "consent_id", "key_point_id", "asked_id")


class NotFoundError(LookupError):
    """What the command is about does not exist."""


class InvalidError(ValueError):
    """What was asked for cannot be: the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a toast compares: headline, step and date of an opportunity, in the user's language."""

    headline: str
    step: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a command did. `entry_id` is what `undo` takes back (0: nothing was written).

    `repeated` says that this very post had been done before; nothing was written again.
    """

    opportunity_id: int | None
    prospect_id: int
    event_ids: tuple[int, ...]
    before: Glance | None
    after: Glance | None
    repeated: bool = False

    @property
    def entry_id(self) -> int:
        """The event that stands for the act."""
        return self.event_ids[0] if self.event_ids else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of the advice: followed, overruled, snoozed or closed; `chosen` is the step."""

    decision: str
    chosen: StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of a person: who, when, and the key that keeps a double click from counting twice."""

    actor: User
    now: datetime
    key: str

    @property
    def source(self) -> str:
        """The source key of the act; another person's equal key is another act."""
        return f"act:{self.actor.pk}:{self.key}"


def act_of(actor: User, now: datetime, key: str) -> Act:
    """Return the act, refused without a right or without a usable key."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise InvalidError("key")
    return Act(actor=allow(actor), now=now, key=key)


def record(
    act: Act,
    opportunity_id: int,
    facts: Sequence[Fact] | Callable[[Opportunity], Sequence[Fact]],
    *,
    at: datetime | None = None,
    decided: Decided | None = None,
) -> Change:
    """Append `facts` to the opportunity in one transaction, and plan anew."""
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        before = glance(opportunity_id)
        if done := events_of(act):
            return _change(opportunity, done, before, repeated=True)
        if decided:
            record_advice(act, opportunity, decided)
        written = facts(opportunity) if callable(facts) else facts
        events = append(act, written, opportunity=opportunity, at=at)
        # All of the prospect's: an end, an objection, or even a call counts for its other matters.
        replan_prospects([opportunity.prospect_id], now=act.now)
        return _change(opportunity, events, before)


def record_at_prospect(act: Act, prospect_id: int, fact: Callable[[Prospect], Fact]) -> Change:
    """Append what concerns the prospect as a whole in one transaction, and plan all of it anew."""
    with transaction.atomic():
        prospect = locked_prospect(prospect_id)
        done = events_of(act)
        events = done or append(act, [fact(prospect)], prospect=prospect)
        if not done:
            replan_prospects([prospect.pk], now=act.now)
    return Change(
        opportunity_id=None,
        prospect_id=prospect.pk,
        event_ids=tuple(event.pk for event in events),
        before=None,
        after=None,
        repeated=bool(done),
    )


def about(entry_id: int, fact: Fact, *kinds: str) -> Callable[[Opportunity], list[Fact]]:
    """Return what notes `fact` about an entry of these kinds; NotFoundError where there is none."""

    def facts(opportunity: Opportunity) -> list[Fact]:
        if not opportunity.events.filter(pk=entry_id, kind__in=kinds).standing().exists():
            raise NotFoundError(f"{kinds[0]} {entry_id}")
        return [fact]

    return facts


def append(
    act: Act,
    facts: Sequence[Fact],
    *,
    opportunity: Opportunity | None = None,
    prospect: Prospect | None = None,
    at: datetime | None = None,
) -> list[Event]:
    """Write `facts` as events of this act, at `at` or now."""
    owner = opportunity.prospect if opportunity else prospect
    assert owner is not None  # noqa: S101 - one of the two is given
    return write(
        act,
        [
            Event(
                kind=kind_of(fact),
                prospect=owner,
                # An objection concerns the prospect as a whole, wherever it was heard.
                opportunity=None if isinstance(fact, OptedOut | NumberChecked) else opportunity,
                person=opportunity.person if opportunity else None,
                occurred_at=at or act.now,
                payload=encode(fact),
            )
            for fact in facts
        ],
    )


def write(act: Act, events: Sequence[Event]) -> list[Event]:
    """Insert `events` under the name of this act; a mail keeps the key it came with."""
    for index, event in enumerate(events):
        event.recorded_at, event.actor = act.now, act.actor
        event.act = act.source
        event.source_key = event.source_key or f"{act.source}/{index}"
        event.about = next((event.payload[name] for name in _ABOUT if name in event.payload), None)
    Event.objects.bulk_create(events)
    return events_of(act)


def events_of(act: Act) -> list[Event]:
    """Return what this act has already written."""
    return list(Event.objects.filter(act=act.source).order_by("pk"))


def locked(opportunity_id: int) -> Opportunity:
    """Return the opportunity with its prospect held: siblings share their history."""
    rows = Opportunity.objects.select_related("person").filter(pk=opportunity_id)
    owners = list(rows.values_list("prospect_id", flat=True))
    if not owners:
        raise NotFoundError(f"opportunity {opportunity_id}")
    prospect = locked_prospect(owners[0])
    row = rows.get()  # only now: what was read before may have changed while waiting
    row.prospect = prospect
    return row


def locked_prospect(prospect_id: int) -> Prospect:
    """Return the prospect, held until the transaction ends; of a gone twin the kept one."""
    row = Prospect.objects.select_for_update().filter(pk=prospect_id).first()
    if row is None:
        raise NotFoundError(f"prospect {prospect_id}")
    # A page that was open when two became one still names the one that is gone.
    return row if row.merged_into_id is None else locked_prospect(row.merged_into_id)


def glance(opportunity_id: int) -> Glance | None:
    """Return what the plan says now, None before there is one."""
    row = Plan.objects.filter(pk=opportunity_id).first()
    if row is None:
        return None
    return Glance(
        headline=speak(decode_phrase(row.headline)),
        step=speak(decode_phrase(row.title)),
        due=row.due,
    )


def record_advice(act: Act, opportunity: Opportunity, decided: Decided) -> None:
    """Keep what was proposed and what the person did; without it no policy could be judged."""
    plan = Plan.objects.filter(pk=opportunity.pk).first()
    if plan is None:
        return
    AdviceGiven.objects.get_or_create(
        source_key=act.source,
        defaults={
            "opportunity": opportunity,
            "at": act.now,
            "actor": act.actor,
            "head": plan.head,
            "proposed": plan.kind,
            "due": plan.due,
            "gain_cents": plan.gain_cents,
            "runner_up": plan.runner_up,
            "runner_up_cents": plan.runner_up_cents,
            "model_version": plan.model_version,
            "decision": decided.decision,
            "chosen": decided.chosen,
        },
    )


def _change(
    opportunity: Opportunity,
    events: Sequence[Event],
    before: Glance | None,
    *,
    repeated: bool = False,
) -> Change:
    return Change(
        opportunity_id=opportunity.pk,
        prospect_id=opportunity.prospect_id,
        event_ids=tuple(event.pk for event in events),
        before=before,
        after=glance(opportunity.pk),
        repeated=repeated,
    )
