"""What of the own past somebody wants to see, and the matters behind a figure."""

from dataclasses import dataclass
from datetime import date

from nachhaken.learning.insight.values import Band, Ending, OfferType, Segment
from nachhaken.terms import OutcomeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which matters count; None: all.

    Periods are whole months: from that of `since` on, up to and without those that begin on
    `until` or later. A matter belongs to the month in which it became clear, an open one to that
    in which it began. `owner` is the id of a user.
    """

    since: date | None = None
    until: date | None = None
    owner: int | None = None
    segment: Segment | None = None
    band: Band | None = None
    offer_type: OfferType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A matter behind a figure: what it took until it was clear, and was about."""

    opportunity_id: int
    title: str
    prospect: str
    owner: str
    outcome: OutcomeKind
    ended_on: date
    minutes: int
    amount_cents: int | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage:
    """A page of the matters of one field, the newest end first."""

    ending: Ending
    rows: tuple[CaseRow, ...]
    total: int
    page: int
    pages: int
