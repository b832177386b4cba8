"""What the pages of offers show, and what stands on the paper itself: plain values."""

import datetime as dt
from dataclasses import dataclass

from nachhaken.plan.totals import Totals


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
