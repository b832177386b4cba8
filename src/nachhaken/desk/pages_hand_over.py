"""The values of the pages on which a customer goes over to a colleague."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueRow:
    """Somebody who could take over; `why` is a sentence where the desk proposes them."""

    id: int
    name: str
    room: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverPage:
    """What the page "Übergeben" needs; who is proposed comes first.

    `others` counts the further open matters of the customer at the same owner; `asked` names who
    was asked and has not answered, "" for nobody.
    """

    id: int
    prospect: str
    title: str
    colleagues: tuple[ColleagueRow, ...]
    others: int
    asked: str
    asked_id: int | None
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedHandOver:
    """A colleague asks whether one takes over: the story in a few lines, and how many matters."""

    entry_id: int
    opportunity_id: int
    prospect: str
    title: str
    by: str
    at: datetime
    matters: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredHandOver:
    """What a colleague answered to oneself; `matters` were asked about in one go."""

    opportunity_id: int
    prospect: str
    title: str
    by: str
    at: datetime
    accepted: bool
    note: str
    matters: int
