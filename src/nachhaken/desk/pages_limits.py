"""What the pages of objections and limits show; the rules of `pages` hold here, too."""

from dataclasses import dataclass
from datetime import date, datetime

from nachhaken.plan.values import Phrase
from nachhaken.terms import Channel, Purpose, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRow:
    """An objection that stands: whose (the house, or one person), since when, in which words.

    `entry_id` is what takes it back. `reply_id` is the reply that says so, 0 where it was noted.
    """

    entry_id: int
    reply_id: int
    is_house: bool
    who: str
    at: datetime
    words: str
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionView:
    """What the law says of a channel now, for `_permission.html`; and who overruled it today.

    Named as in `Permission`, which the same template shows as well.
    """

    opportunity_id: int
    channel: Channel
    verdict: Verdict
    rule: str
    reason: Phrase
    source: str
    remedy: Phrase | None
    until: datetime | None
    is_usable: bool
    may_overrule: bool
    overruled_by: str = ""
    overruled_at: datetime | None = None
    overruled_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedRow:
    """A contact limit that was raised: by whom, when and why."""

    key: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedRow:
    """How many addresses of a kind are blocked, and since when the first of them."""

    kind: str  # "mail", "phone" or "name"
    count: int
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """A rule: by which ways, with whom, what for and when it holds, and what it says."""

    name: str
    channels: tuple[Channel, ...]
    customers: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    when: tuple[str, ...]
    verdict: Verdict
    needs_objection_line: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LawPage:
    """The rules of a country; `checked_on` is the oldest check, `manners` (row, key, source)."""

    country: str
    countries: tuple[str, ...]
    checked_on: date
    rows: tuple[LawRow, ...]
    manners: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """What somebody found in the Swiss directory about a customer's number."""

    is_starred: bool
    by: str
    at: datetime
