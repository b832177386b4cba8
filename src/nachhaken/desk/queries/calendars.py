"""The page of calendars and the morning's list."""

from nachhaken.desk.access import allow
from nachhaken.desk.models import CalendarFeed, User
from nachhaken.desk.pages_calendars import CalendarsPage, FeedRow


def calendars_page(user: User) -> CalendarsPage:
    """Return how calendars and the morning's list of `user` stand."""
    allow(user)
    return CalendarsPage(feed=_feed(user))


def _feed(user: User) -> FeedRow | None:
    row = CalendarFeed.objects.filter(user=user).first()
    if row is None:
        return None
    return FeedRow(with_words=row.with_words, made_at=row.made_at, read_at=row.read_at)
