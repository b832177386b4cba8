"""The weekly review by mail: at the hour that was set, or at once where it is asked for.

By the way of the morning's list: a row for a user, a day and a kind, so that nothing goes twice.
"""

from datetime import datetime, time, timedelta
from functools import partial

from django.db import transaction

from nachhaken.desk import mailer
from nachhaken.desk.access import allow
from nachhaken.desk.commands.digests import Errand, Transmit, send
from nachhaken.desk.letters import Letter
from nachhaken.desk.models import REVIEW, Digest, DigestFault, DigestState, User
from nachhaken.desk.preferences import own_zone
from nachhaken.desk.weekly import weekly_of
from nachhaken.desk.weeks import reviewed_on, week_named

_WEEK = timedelta(days=7)


def set_review(*, actor: User, now: datetime, weekday: int | None, at: time | None) -> None:
    """Let the review go out each week on `weekday` (0 is Monday) at `at`, or not at all.

    An hour that is past this week counts from the next one on.
    """
    is_wanted = weekday is not None and at is not None
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=allow(actor).pk)
        user.review_weekday, user.review_at = (weekday, at) if is_wanted else (None, None)
        user.save(update_fields=["review_weekday", "review_at"])
        if is_wanted:
            local = now.astimezone(own_zone())
            day = _last_hour(user, local).date()
            defaults = {"state": DigestState.NOTHING, "state_at": local}
            Digest.objects.get_or_create(user=user, day=day, kind=REVIEW, defaults=defaults)


def send_reviews(*, now: datetime, transmit: Transmit = mailer.transmit) -> int:
    """Send the review to everybody whose hour has come since the last one; how many went out."""
    users = User.objects.filter(is_active=True, review_at__isnull=False).order_by("pk")
    local = now.astimezone(own_zone())
    return sum(send(user, _errand(user, local), local, transmit) for user in users)


def mail_review(
    *,
    actor: User,
    now: datetime,
    week: str,
    owner: int | None,
    transmit: Transmit = mailer.transmit,
) -> tuple[str, str]:
    """Send a week to `actor` now, the same one once a day; return state and fault as kept.

    Who asks sees at once what became of it, so it raises no alarm later.
    """
    local = now.astimezone(own_zone())
    shown = week_named(week, today=local.date()).name
    kind = f"week {shown} {owner or ''}".strip()
    errand = Errand(kind, local.date(), partial(_letter, allow(actor), local, shown, owner))
    rows = Digest.objects.filter(user=actor, day=local.date(), kind=kind)
    # Whoever asks again has seen that it failed, and may have mended it.
    rows.filter(state=DigestState.FAILED).delete()
    send(actor, errand, local, transmit)
    rows.update(seen_at=now)
    row = rows.get()
    return row.state, row.fault or ("" if row.state == DigestState.SENT else DigestFault.ERROR)


def _errand(user: User, local: datetime) -> Errand:
    """Return the review that is due; who sleeps through the hour gets it when the desk runs."""
    hour = _last_hour(user, local)
    shown = reviewed_on(hour.date())
    return Errand(REVIEW, hour.date(), partial(_letter, user, local, shown, None))


def _letter(user: User, local: datetime, week: str, owner: int | None) -> Letter:
    return weekly_of(user, now=local, week=week, owner=owner)


def _last_hour(user: User, local: datetime) -> datetime:
    """Return when the hour of the review came last, on the own clock."""
    assert user.review_weekday is not None  # noqa: S101 - only those with an hour are asked
    assert user.review_at is not None  # noqa: S101
    days = (local.weekday() - user.review_weekday) % 7
    hour = datetime.combine(local.date() - timedelta(days=days), user.review_at, local.tzinfo)
    return hour if hour <= local else hour - _WEEK
