"""The private address of a user's calendar: made, changed, taken back."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from nachhaken.desk.access import allow
from nachhaken.desk.models import CalendarFeed, User

TOKEN_BYTES = 32
# A program that reads every minute must not write every minute.
NOTED_EVERY = timedelta(hours=1)


def make_feed(*, actor: User, now: datetime, with_words: bool) -> str:
    """Return the token of a new address, known to nobody else; one from before ends with it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        user=allow(actor),
        defaults={
            "token_sha256": sha256(token.encode()).hexdigest(),
            "with_words": with_words,
            "made_at": now,
            "read_at": None,
        },
    )
    return token


def show_in_feed(*, actor: User, with_words: bool) -> None:
    """Change what stands in the feed; its address stays."""
    CalendarFeed.objects.filter(user=allow(actor)).update(with_words=with_words)


def revoke_feed(*, actor: User) -> None:
    """End the address: whoever knows it gets nothing from now on."""
    CalendarFeed.objects.filter(user=allow(actor)).delete()


def note_feed_read(*, user: User, now: datetime) -> None:
    """Keep when a program last read the feed, to the hour."""
    rows = CalendarFeed.objects.filter(user=user)
    rows.exclude(read_at__gt=now - NOTED_EVERY).update(read_at=now)
