"""Standing above the law's word with a reason in writing, and heeding it before a contact."""

from datetime import datetime

from django.utils.translation import gettext as _

from nachhaken.desk.commands.ledger import (
    Change,
    InvalidError,
    NotFoundError,
    act_of,
    events_of,
    record,
)
from nachhaken.desk.models import User
from nachhaken.desk.permissions import Allowance, allowance_of
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import speak
from nachhaken.desk.stories import tell
from nachhaken.plan.law import Permission
from nachhaken.terms import Channel, Purpose, StepKind
from nachhaken.timeline import LawOverruled

LEAST_WORDS = 3
LONGEST_REASON = 500


class NotAllowedError(InvalidError):
    """This contact must not be prepared now; `permission` says why, and what would help."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(speak(permission.reason))
        self.permission = permission


def require_allowed(
    opportunity_id: int,
    *,
    channel: Channel,
    now: datetime,
    step: StepKind | None = None,
    purpose: Purpose | None = None,
) -> Permission:
    """Return the permission to use `channel` now, or raise NotAllowedError.

    Ask before a contact is prepared; what has happened is noted whatever the law said of it.
    """
    found = _allowance(opportunity_id, channel=channel, now=now, step=step, purpose=purpose)
    if not found.is_usable:
        raise NotAllowedError(found.permission)
    return found.permission


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
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not events_of(act):
        if len(said.split()) < LEAST_WORDS:
            raise InvalidError(_("Bitte in ein paar Worten begründen: Das steht dann im Verlauf."))
        _require_rule(opportunity_id, rule=rule, channel=channel, now=now)
    fact = LawOverruled(rule=rule, channel=channel, reason=said or rule)
    return record(act, opportunity_id, [fact])


def _require_rule(opportunity_id: int, *, rule: str, channel: Channel, now: datetime) -> None:
    for purpose in Purpose:
        found = _allowance(opportunity_id, channel=channel, now=now, purpose=purpose)
        if found.may_overrule and found.permission.rule == rule:
            return
    raise InvalidError(_("Hier steht inzwischen etwas anderes im Weg. Bitte noch einmal ansehen."))


def _allowance(
    opportunity_id: int,
    *,
    channel: Channel,
    now: datetime,
    step: StepKind | None = None,
    purpose: Purpose | None = None,
) -> Allowance:
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    return allowance_of(
        told, channel=channel, now=now, preferences=preferences(), step=step, purpose=purpose
    )
