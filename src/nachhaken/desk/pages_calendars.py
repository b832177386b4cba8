"""What the page of calendars and the morning's list shows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """The private address as far as the desk knows it: not the address itself."""

    with_words: bool
    made_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarsPage:
    """Everything on the page."""

    feed: FeedRow | None
