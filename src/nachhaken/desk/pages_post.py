"""What the pages of the post show: plain values, finished for the template."""

from dataclasses import dataclass
from datetime import datetime

from nachhaken.desk.pages_mailbox import MailboxHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail on its way; `answer` is what the server said, `sentence` what that means."""

    id: int
    state: str
    at: datetime
    opportunity_id: int
    prospect: str
    title: str
    to: str
    subject: str
    excerpt: str
    sentence: str
    answer: str
    due_at: datetime | None
    is_late: bool  # it waits because something went wrong
    can_be_corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage:
    """The outbox: what needs a person, what waits, what went today, what was taken back."""

    has_account: bool
    unsettled: tuple[MailRow, ...]
    waiting: tuple[MailRow, ...]
    sent: tuple[MailRow, ...]
    withdrawn: tuple[MailRow, ...]

    @property
    def is_empty(self) -> bool:
        """There is nothing to show."""
        return not (self.unsettled or self.waiting or self.sent or self.withdrawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """How one of the two servers stands; `fault` is a sentence, "" where all is well.

    `is_down`: it was well when it was checked, and the last visit failed.
    """

    way: str
    fault: str
    is_down: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """How the account stands; `lines` are empty until it was checked or used."""

    lines: tuple[LineView, ...]
    checked_at: datetime | None
    sent_at: datetime | None
    health: MailboxHealth | None = None  # None: no mailbox is read

    @property
    def has_fault(self) -> bool:
        """One of the servers did not let us in."""
        return any(line.fault for line in self.lines)
