"""How a matter ended, as its page shows it: finished sentences' parts, in the user's language."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """What an early no saved; `hours` is "" where fewer than `least` matters can be compared."""

    hours: str
    low: str
    high: str
    compared: int
    least: int
    band: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedView:
    """An end: the newest one, or the one before the matter lives again.

    `has_come` says that it lives again because of what it waited for, `reopened_because` why else.
    """

    on: date
    how: str
    why: str
    comeback: str
    referred_to: str
    ending: str
    days: int
    minutes: int
    has_come: bool = False
    reopened_because: str = ""
    saved: SavedView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """An ended opportunity that may begin anew, and what it waits for."""

    id: int
    title: str
    comeback: str
