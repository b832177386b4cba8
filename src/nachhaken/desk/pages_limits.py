"""What the pages of objections and limits show; the rules of `pages` hold here, too."""

from dataclasses import dataclass
from datetime import datetime


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
