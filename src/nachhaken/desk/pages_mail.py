"""What the page that writes shows; the rules of `pages` hold here, too."""

from dataclasses import dataclass
from datetime import datetime

from nachhaken.desk.pages_limits import PermissionView
from nachhaken.desk.pages_mailbox import Doubt
from nachhaken.desk.rows import EntryRow
from nachhaken.plan.draft import Draft
from nachhaken.terms import StepKind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody at the prospect who could be written to.

    `lost_at` is since when mail to their address comes back, None while it arrives.
    """

    id: int
    name: str
    role: str
    mail: str
    query: str
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that goes along; `size` is in bytes, 0 while it is not made yet."""

    name: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """Another way to write it: `query` leads to it, `gist` is how it begins.

    `is_begun` says that somebody typed in it before.
    """

    angle: str
    gist: str
    query: str
    is_chosen: bool
    is_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """Everything beside the mail that is being written, and what it starts from.

    `subject` and `text` are what was typed last (`saved_at`), else the draft's. `account` is the
    address that mails go out from, "" where none is set. `postal` is where a letter goes, "" where
    nobody noted it; `has_letterhead`: the own address is set. `missing` is why the offer cannot go.
    """

    id: int
    prospect_id: int
    prospect: str
    title: str
    amount_cents: int | None
    currency: str
    is_open: bool
    status: str
    step: StepKind
    step_title: str
    goal: str
    recipient: Recipient | None
    others: tuple[Recipient, ...]
    draft: Draft
    slot: str
    text_key: str
    subject: str
    text: str
    saved_at: datetime | None
    versions: tuple[VersionRow, ...]
    said: EntryRow | None
    key_points: tuple[str, ...]
    permission: PermissionView
    offer_id: int | None
    enclosures: tuple[Enclosure, ...]
    account: str
    is_letter: bool
    postal: str
    has_letterhead: bool
    missing: tuple[str, ...]
    doubt: Doubt | None = None  # to be said before the mail: the answer may lie in a mailbox

    @property
    def waits_until(self) -> datetime | None:
        """When it goes at the earliest, where good manners alone speak against now."""
        return None if self.permission.is_usable else self.permission.until

    @property
    def address(self) -> str:
        """Where a mail would arrive; "" where none is known, or what is known is dead."""
        known = self.recipient
        return known.mail if known and known.lost_at is None else ""

    @property
    def is_printed(self) -> bool:
        """It goes by post: as the step wants it, or because a mail is not allowed."""
        return self.is_letter or self.is_forbidden

    @property
    def is_forbidden(self) -> bool:
        """The law speaks against it, not only the hour."""
        return not self.permission.is_usable and self.permission.verdict is not Verdict.LATER
