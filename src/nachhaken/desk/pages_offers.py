"""What the pages of offers show, and what stands on the paper itself: plain values."""

import datetime as dt
from dataclasses import dataclass

from nachhaken.desk.effort import WarningRow
from nachhaken.desk.pursuit import PointRow
from nachhaken.desk.rows import EntryRow
from nachhaken.plan.offers import OfferStatus
from nachhaken.plan.totals import Totals
from nachhaken.terms import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A position as it is printed; `cents` is the line's sum, counted only where not optional."""

    text: str
    quantity: float
    unit: str
    unit_cents: int
    cents: int
    vat_permille: int | None
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPaper:
    """An offer as it is printed, in the customer's `language` ("de" or "en").

    `version` is 1 for the first. `totals` is None while there is no amount. `recipient` are the
    lines of the address, the organisation first.
    """

    number: str
    version: int
    date: dt.date
    valid_until: dt.date | None
    title: str
    recipient: tuple[str, ...]
    greeting: str
    opening: str
    positions: tuple[PaperLine, ...]
    totals: Totals | None
    closing: str
    currency: str
    language: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """One line of screen 7; `word` is the status in words."""

    entry_id: int
    opportunity_id: int
    number: str
    version: int
    prospect: str
    title: str
    amount_cents: int | None
    gross_cents: int | None
    currency: str
    sent_on: dt.date
    valid_until: dt.date | None
    status: OfferStatus
    word: str

    @property
    def is_open(self) -> bool:
        """The customer may still decide on it."""
        return self.status in {OfferStatus.SENT, OfferStatus.ASKED, OfferStatus.EXPIRED}

    @property
    def is_expired(self) -> bool:
        """Its last day is over, and nobody has decided."""
        return self.status is OfferStatus.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferList:
    """Screen 7, paged. `state` is a status, or "all"."""

    rows: tuple[OfferRow, ...]
    total: int
    page: int
    pages: int
    search: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version on the page of an offer; `changes` against the one before, in sentences.

    `document` is the SHA-256 of its PDF, "" where none is kept here.
    """

    entry_id: int
    number: str
    version: int
    title: str
    currency: str
    positions: tuple[PaperLine, ...]
    totals: Totals | None
    sent_at: dt.datetime
    channel: Channel | None
    valid_until: dt.date | None
    status: OfferStatus
    word: str
    since: dt.datetime
    document: str
    note: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDetail:
    """An offer with its versions, newest first, and what happened to it since."""

    opportunity_id: int
    prospect_id: int
    prospect: str
    title: str
    versions: tuple[VersionRow, ...]
    entries: tuple[EntryRow, ...]
    has_draft: bool
    is_open: bool  # the opportunity is

    @property
    def newest(self) -> VersionRow:
        """The version that counts."""
        return self.versions[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSection:
    """The offer of an opportunity on its page, and whether a further one is in work."""

    newest: VersionRow | None
    versions: int
    has_draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """What an offer in work answers: the customer's words and what they named."""

    entry_id: int
    at: dt.datetime
    title: str
    text: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWriting:
    """An offer in work beside what it is for.

    `changes` are sentences against version `against` (0: it is the first). `missing` is why it
    cannot go out yet. `stamp` tells whether another window wrote meanwhile. `warning` is what
    speaks against more work before the decision.
    """

    opportunity_id: int
    prospect: str
    title: str
    draft_id: int | None
    number: str
    version: int
    currency: str
    stamp: str
    saved_at: dt.datetime | None
    totals: Totals | None
    against: int
    changes: tuple[str, ...]
    missing: tuple[str, ...]
    asked: AskedRow | None
    points: tuple[PointRow, ...]
    document: str
    document_name: str
    is_on_the_way: bool
    warning: WarningRow | None = None

    @property
    def name(self) -> str:
        """Whose and what, for a title."""
        return f"{self.prospect} · {self.title}"
