"""Putting a step off from the morning's mail, where nobody is logged in."""

from datetime import date, datetime

from django.db import transaction

from nachhaken.desk.commands.decisions import snooze, undo
from nachhaken.desk.commands.ledger import Act, Change, NotFoundError, act_of, events_of, locked
from nachhaken.desk.later import ForgedError, Link, read_link
from nachhaken.desk.models import Opportunity, Plan, User


class MovedOnError(ValueError):
    """Something happened since the mail: another step is planned now, or none."""


def snooze_by_link(*, token: str, now: datetime, until: date, reason: str = "") -> Change:
    """Put the step of the link off, once; raises MovedOnError, ForgedError, ExpiredError."""
    link = read_link(token, now=now)
    act = act_by_link(link, now=now)
    with transaction.atomic():
        opportunity = locked(link.opportunity_id)
        if not events_of(act) and not still_planned(link, opportunity):
            raise MovedOnError
        return snooze(
            actor=act.actor,
            now=now,
            key=act.key,
            opportunity_id=link.opportunity_id,
            until=until,
            reason=reason,
        )


def undo_by_link(*, token: str, now: datetime) -> Change:
    """Take back what this very link did, and nothing else."""
    link = read_link(token, now=now)
    act = act_by_link(link, now=now)
    done = events_of(act)
    if not done:
        raise NotFoundError("nothing was put off by this link")
    return undo(actor=act.actor, now=now, key=f"{act.key}.undo", entry_id=done[0].pk)


def act_by_link(link: Link, *, now: datetime) -> Act:
    """Return the act of the user whom the link names; ForgedError where there is none any more."""
    user = User.objects.filter(pk=link.user_id, is_active=True).first()
    if user is None:
        raise ForgedError
    return act_of(user, now, link.key)


def still_planned(link: Link, opportunity: Opportunity) -> bool:
    """Say whether the step that the mail named is still the next one."""
    rows = Plan.objects.filter(pk=opportunity.pk, head=link.head, due__isnull=False)
    return opportunity.outcome == "" and rows.exists()
