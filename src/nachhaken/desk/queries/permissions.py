"""Whether a contact is allowed, as the pages show it before each call, mail or letter."""

from datetime import datetime

from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.commands.permission import allowance_to
from nachhaken.desk.models import User
from nachhaken.desk.pages_limits import PermissionView
from nachhaken.desk.permissions import Allowance
from nachhaken.terms import Channel, StepKind


def allowance(
    user: User,
    opportunity_id: int,
    *,
    channel: Channel,
    now: datetime,
    step: StepKind | None = None,
) -> PermissionView:
    """Return whether this channel may be used now for the opportunity, or raise NotFoundError.

    What a person overruled counts until the end of the same local day.
    """
    allow(user)
    found = allowance_to(opportunity_id, channel=channel, now=now, step=step)
    return permission_view(found, opportunity_id)


def permission_view(found: Allowance, opportunity_id: int) -> PermissionView:
    """Return an allowance as the template shows it."""
    permission, above = found.permission, found.overruling
    return PermissionView(
        opportunity_id=opportunity_id,
        channel=found.channel,
        verdict=permission.verdict,
        rule=permission.rule,
        reason=permission.reason,
        source=permission.source,
        remedy=permission.remedy,
        until=timezone.localtime(permission.until) if permission.until else None,
        is_usable=found.is_usable,
        may_overrule=found.may_overrule,
        overruled_by=above.by if above else "",
        overruled_at=timezone.localtime(above.at) if above else None,
        overruled_for=above.reason if above else "",
    )
