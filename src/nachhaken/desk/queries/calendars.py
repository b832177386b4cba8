"""The page of calendars and the morning's list."""

from datetime import time

from nachhaken.desk.access import allow
from nachhaken.desk.models import (
    REVIEW,
    CalendarAccount,
    CalendarFeed,
    CalendarRead,
    MailAccount,
    User,
)
from nachhaken.desk.pages_calendars import AccountRow, CalendarsPage, FeedRow, ReadRow
from nachhaken.desk.queries.alarms import calendar_problem, digest_row


def calendars_page(user: User) -> CalendarsPage:
    """Return how calendars and the morning's list of `user` stand."""
    allow(user)
    return CalendarsPage(
        feed=_feed(user),
        account=_account_row(user),
        reads=_reads(user),
        digest_at=user.digest_at,
        digest=digest_row(user),
        review_at=_review_at(user),
        review=digest_row(user, kind=REVIEW),
        mail=user.email or user.username,
        has_account=MailAccount.objects.filter(user=user).exists(),
    )


def calendars_read(user: User) -> frozenset[str]:
    """Return the addresses of the calendars that are read for `user`."""
    rows = CalendarRead.objects.filter(account__user=allow(user))
    return frozenset(rows.values_list("url", flat=True))


def _review_at(user: User) -> tuple[int, time] | None:
    if user.review_weekday is None or user.review_at is None:
        return None
    return user.review_weekday, user.review_at


def _feed(user: User) -> FeedRow | None:
    row = CalendarFeed.objects.filter(user=user).first()
    if row is None:
        return None
    return FeedRow(with_words=row.with_words, made_at=row.made_at, read_at=row.read_at)


def _account_row(user: User) -> AccountRow | None:
    row = CalendarAccount.objects.filter(user=user).first()
    if row is None:
        return None
    return AccountRow(
        address=row.address,
        username=row.username,
        name=row.name if row.url else "",
        with_words=row.with_words,
        synced_at=row.synced_at,
        entries=row.items.count(),
        problem=calendar_problem(row.fault),
    )


def _reads(user: User) -> tuple[ReadRow, ...]:
    rows = CalendarRead.objects.filter(account__user=user).order_by("name", "pk")
    return tuple(
        ReadRow(
            name=row.name or row.url,
            read_at=row.read_at,
            meetings=len(row.entries),
            problem=calendar_problem(row.fault),
        )
        for row in rows
    )
