"""What the pages say of a mailbox: how far it was read, what is missing, whether to trust it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """Why a mailbox is not well; the worst comes first."""

    FAULT = "fault"  # the server refuses or does not answer
    UNREAD = "unread"  # never read as a whole
    GAP = "gap"  # the server holds mails that were not taken
    STALE = "stale"  # nothing heard for too long
    UNCOMPARED = "uncompared"  # nobody looked whether something is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderHealth:
    """A folder that is read. `read_up_to` is the highest number (UID) that was looked at.

    Of the mails in it `kept` belong to a customer, `doubtful` ones wait for a person,
    `passed_over` are nobody's that the desk knows, `faulty` could not be read. At `compared_at`
    the server held `held` of the span, and `missing` of them were not taken. `sentence` says what
    is wrong, "" where nothing is.
    """

    name: str
    title: str
    is_sent: bool
    read_up_to: int
    fetched_at: datetime | None
    last_mail_at: datetime | None
    compared_at: datetime | None
    held: int
    kept: int
    doubtful: int
    passed_over: int
    faulty: int
    missing: int
    trouble: Trouble | None
    sentence: str

    @property
    def is_well(self) -> bool:
        """It was read without fault, lately, and compared, and nothing is missing."""
        return self.trouble is None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxHealth:
    """How it stands with a user's mailbox, from its rows alone.

    `fetched_at` is when the folder that was read least lately was last read to its end; `gaps`
    counts the mails that are missing; `fault` says in words what the server did, "" where nothing.
    `sentence` is the whole in one line.
    """

    user_id: int
    owner: str
    address: str
    trouble: Trouble | None
    fetched_at: datetime | None
    last_mail_at: datetime | None
    watched_at: datetime | None
    gaps: int
    fault: str
    sentence: str
    folders: tuple[FolderHealth, ...] = ()

    @property
    def is_well(self) -> bool:
        """Every folder is well: only then is silence really silence."""
        return self.trouble is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What to say before somebody asks into a silence that may be none; `is_own`: one's own box."""

    sentence: str
    is_own: bool
