"""What the page of calendars and the morning's list shows."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """The private address as far as the desk knows it: not the address itself."""

    with_words: bool
    made_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """The calendar on a server; `name` is "" until one is chosen, `problem` a sentence or ""."""

    address: str
    username: str
    name: str
    with_words: bool
    synced_at: datetime | None
    entries: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A calendar whose meetings are read; `meetings` counts entries with people we know."""

    name: str
    read_at: datetime | None
    meetings: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """The last morning's list: when it went out, or what was in the way."""

    day: date
    sent_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarsPage:
    """Everything on the page; `review_at` is weekday (0 is Monday) and hour of the review."""

    feed: FeedRow | None
    account: AccountRow | None
    reads: tuple[ReadRow, ...]
    digest_at: time | None
    digest: DigestRow | None
    review_at: tuple[int, time] | None
    review: DigestRow | None
    mail: str
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterPage:
    """What the page behind a link from the mail says.

    `put_off_until` is set once the link was used, until that was taken back; `is_planned` says
    whether the step of the mail is still the next one.
    """

    prospect: str
    step: str
    put_off_until: date | None
    was_taken_back: bool
    is_planned: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """What did not reach the user, why, and what helps at which `address`, called `name`.

    `id` is the digest to put away.
    """

    what: str
    help: str
    name: str
    address: str
    id: int = 0
