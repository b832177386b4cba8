"""Standing above the law's word with a reason in writing, and heeding it before a contact."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from nachhaken.desk.aliases import kept_person
from nachhaken.desk.commands.ledger import (
    Change,
    InvalidError,
    NotFoundError,
    act_of,
    events_of,
    record,
)
from nachhaken.desk.models import Outgoing, Person, User
from nachhaken.desk.permissions import Allowance, allowance_of, to_person
from nachhaken.desk.preferences import preferences
from nachhaken.desk.records import decode_fact
from nachhaken.desk.speech import speak
from nachhaken.desk.stories import tell
from nachhaken.plan.law import Permission
from nachhaken.terms import Channel, Purpose, StepKind
from nachhaken.timeline import Fact, LawOverruled

LEAST_WORDS = 3
LONGEST_REASON = 500


class NotAllowedError(InvalidError):
    """This contact must not be prepared now; `permission` says why, and what would help."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(speak(permission.reason))
        self.permission = permission


class ReasonNeededError(InvalidError):
    """Standing above a rule takes a reason in words."""


def require_allowed(
    opportunity_id: int,
    *,
    channel: Channel,
    now: datetime,
    step: StepKind | None = None,
    purpose: Purpose | None = None,
    person_id: int | None = None,
    beside: Iterable[Fact] = (),
    not_before: datetime | None = None,
) -> Permission:
    """Return the permission to use `channel` now, or raise NotAllowedError.

    Ask before a contact is prepared; what has happened is noted whatever the law said of it. A
    reason against the rule may stand `beside` it; what is welcome later may wait for `not_before`.
    """
    found = allowance_to(
        opportunity_id, channel=channel, now=now, step=step, purpose=purpose, person_id=person_id
    )
    if not found.lets(beside, not_before=not_before):
        raise NotAllowedError(found.permission)
    return found.permission


def refused_now(row: Outgoing, *, now: datetime) -> Permission | None:
    """Return what stands against a mail that was handed over, None where it may go."""
    try:
        require_allowed(
            row.opportunity_id,
            channel=Channel.MAIL,
            now=now,
            step=StepKind(row.step),
            purpose=purpose_with(row.draft_id),
            person_id=row.person_id,
            beside=[decode_fact(**one) for one in row.beside],
        )
    except NotAllowedError as error:
        return error.permission
    return None


def purpose_with(draft_id: int | None) -> Purpose | None:
    """An offer answers who asked for it; else the step says what a mail is for."""
    return None if draft_id is None else Purpose.ANSWER


def reason_against(found: Allowance, reason: str) -> LawOverruled:
    """Return that a person stands above the rule that decided, or raise ReasonNeededError."""
    said = " ".join(reason.split())[:LONGEST_REASON]
    if len(said.split()) < LEAST_WORDS:
        raise ReasonNeededError(_("Bitte in ein paar Worten begründen: Das steht dann im Verlauf."))
    return LawOverruled(rule=found.permission.rule, channel=found.channel, reason=said)


def overrule(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    rule: str,
    channel: Channel,
    reason: str,
) -> Change:
    """Use `channel` today although `rule` is against it, for a reason in words that is kept.

    Nobody stands above an objection, and nobody above a rule that does not decide here.
    """
    act = act_of(actor, now, key)
    if events_of(act):
        return record(act, opportunity_id, [])
    for purpose in Purpose:
        found = allowance_to(opportunity_id, channel=channel, now=now, purpose=purpose)
        if found.may_overrule and found.permission.rule == rule:
            return record(act, opportunity_id, [reason_against(found, reason)])
    raise InvalidError(_("Hier steht inzwischen etwas anderes im Weg. Bitte noch einmal ansehen."))


def allowance_to(
    opportunity_id: int,
    *,
    channel: Channel,
    now: datetime,
    step: StepKind | None = None,
    purpose: Purpose | None = None,
    person_id: int | None = None,
) -> Allowance:
    """Return whether `channel` may be used now towards this person, or raise NotFoundError."""
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    people = Person.objects.filter(prospect=told.opportunity.prospect_id)
    found = people.filter(pk=person_id).first() if person_id else None
    person = kept_person(found) if found else None
    return allowance_of(
        to_person(told, person),
        channel=channel,
        now=now,
        preferences=preferences(),
        step=step,
        purpose=purpose,
    )
