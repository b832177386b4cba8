"""Whether a channel may be used now for an opportunity: the law's word, and a person's above it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from nachhaken.desk.models import Event, Person, Plan
from nachhaken.desk.records import decode_fact
from nachhaken.desk.speech import local_date
from nachhaken.desk.stories import Told
from nachhaken.plan.law import Permission, permission_of, purpose_of
from nachhaken.plan.situation import situation_of
from nachhaken.plan.values import Preferences
from nachhaken.terms import Channel, Purpose, StepKind, Verdict
from nachhaken.timeline import Fact, LawOverruled

OBJECTION = "1"  # the row that no reason of ours stands above


@dataclass(frozen=True, slots=True, kw_only=True)
class Overruling:
    """Who stood above a rule today, when, and why."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What the law says of a channel now, and who overruled it on this day."""

    channel: Channel
    permission: Permission
    overruling: Overruling | None

    @property
    def is_usable(self) -> bool:
        """The contact may be prepared now."""
        return self.permission.is_allowed or self.overruling is not None

    @property
    def may_overrule(self) -> bool:
        """A person may stand above this rule, with a reason; an objection is absolute."""
        return not self.is_usable and self.permission.rule != OBJECTION

    def lets(self, beside: Iterable[Fact] = (), *, not_before: datetime | None = None) -> bool:
        """Say whether the contact may be made: with the reasons that go along, at `not_before`."""
        if self.is_usable or self._is_welcome(not_before):
            return True
        reasons = (fact for fact in beside if isinstance(fact, LawOverruled))
        return self.may_overrule and any(
            (fact.rule, fact.channel) == (self.permission.rule, self.channel) for fact in reasons
        )

    def _is_welcome(self, at: datetime | None) -> bool:
        """It is made when good manners have nothing against it any more."""
        until = self.permission.until
        is_late = self.permission.verdict is Verdict.LATER
        return is_late and until is not None and at is not None and at >= until


def allowance_of(
    told: Told,
    *,
    channel: Channel,
    now: datetime,
    preferences: Preferences,
    step: StepKind | None = None,
    purpose: Purpose | None = None,
) -> Allowance:
    """Return whether `channel` may be used now for this step, by default for the planned one."""
    story = told.story
    situation = situation_of(story.timeline, story.readings, now=now, person_id=story.person_id)
    wanted = purpose or purpose_of(step or _planned(told.opportunity.pk), situation)
    permission = permission_of(
        story, situation, channel=channel, purpose=wanted, at=now, preferences=preferences
    )
    overruling = None
    if not permission.is_allowed and permission.rule != OBJECTION:
        overruling = _overruling(told.opportunity.pk, permission.rule, channel, now)
    return Allowance(channel=channel, permission=permission, overruling=overruling)


def to_person(told: Told, person: Person | None) -> Told:
    """Return the same matter as a contact with `person`: their addresses, and their objections."""
    if person is None:
        return told
    story = replace(
        told.story,
        person=person.name,
        person_id=person.pk,
        mail="" if person.pk in told.unreached else person.mail,
        has_dead_mail=person.pk in told.unreached,
        phone=person.phone,
        opted_out=any(one.concerns(person.pk) for one in told.objections),
    )
    return replace(told, story=story)


def _planned(opportunity_id: int) -> StepKind:
    kind = Plan.objects.filter(pk=opportunity_id).values_list("kind", flat=True).first()
    return StepKind(kind) if kind else StepKind.CALL


def _overruling(
    opportunity_id: int, rule: str, channel: Channel, now: datetime
) -> Overruling | None:
    """Return today's reason; tomorrow the rule holds again."""
    rows = Event.objects.filter(
        opportunity=opportunity_id, kind="law_overruled", payload__rule=rule
    ).standing()
    for event in rows.select_related("actor").order_by("-pk"):
        fact = decode_fact(event.kind, event.payload)
        is_today = local_date(event.occurred_at) == local_date(now)
        if isinstance(fact, LawOverruled) and fact.channel is channel and is_today:
            return Overruling(reason=fact.reason, by=str(event.actor or ""), at=event.occurred_at)
    return None
