"""The cells of the figures: which sums a matter counts in, and which ones answer a question.

Each matter counts in the sums of its month and price band, once for everybody and once for its
owner, and so for its segment and the type of its offer: whatever is chosen, a page reads two sums
for each month and band.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from nachhaken.desk.models import FiguresCell
from nachhaken.desk.pages_insight import Chosen
from nachhaken.learning.insight.figures import Facts
from nachhaken.learning.insight.values import Band

ANY = "any"
OPEN, CLEAR = "open", "clear"


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum; `owner` is "0" for matters that nobody owns, and like the others may be `ANY`."""

    state: str
    month: str
    owner: str
    segment: str
    band: str
    offer_type: str

    @property
    def key(self) -> str:
        """The key of its cell."""
        parts = (self.state, self.month, self.owner, self.segment, self.band, self.offer_type)
        return ".".join(parts)

    def row(self) -> FiguresCell:
        """Return its cell, empty."""
        return FiguresCell(
            key=self.key,
            month=date.fromisoformat(f"{self.month}-01"),
            is_open=self.state == OPEN,
            owner_id=None if self.owner in {ANY, "0"} else int(self.owner),
            segment=self.segment,
            band=self.band,
            offer_type=self.offer_type,
            tally={},
        )


def cell_of(facts: Facts, owner: int | None) -> str:
    """Return what filters can tell of a matter: how and when it ended, whose it is, its kind."""
    ending = facts.ending.value if facts.ending else OPEN
    kind = f"{facts.segment.value}.{facts.band.value}.{facts.offer_type.value}"
    return f"{ending}.{facts.month:%Y-%m}.{owner or 0}.{kind}"


def sums_of(cell: str) -> Iterator[Sum]:
    """Give the sums in which the matters of a cell count."""
    ending, month, owner, segment, band, offer_type = cell.split(".")
    state = OPEN if ending == OPEN else CLEAR
    for whose, which, kind in product((ANY, owner), (ANY, segment), (ANY, offer_type)):
        yield Sum(state, month, whose, which, band, kind)


def sums_for(chosen: Chosen) -> list[Sum]:
    """Return the sums that hold all of what is chosen, and nothing else."""
    owner = ANY if chosen.owner is None else str(chosen.owner)
    bands = [chosen.band] if chosen.band else list(Band)
    segment = chosen.segment.value if chosen.segment else ANY
    offer_type = chosen.offer_type.value if chosen.offer_type else ANY
    return [
        Sum(state, month, owner, segment, band.value, offer_type)
        for month in _months(chosen)
        for state in (OPEN, CLEAR)
        for band in bands
    ]


def is_chosen(facts: Facts, owner: int | None, chosen: Chosen) -> bool:
    """Say whether a matter is among what is chosen."""
    since = chosen.since.replace(day=1) if chosen.since else None
    return (
        (since is None or facts.month >= since)
        and (chosen.until is None or facts.month < chosen.until)
        and chosen.owner in {None, owner}
        and chosen.segment in {None, facts.segment}
        and chosen.band in {None, facts.band}
        and chosen.offer_type in {None, facts.offer_type}
    )


def _months(chosen: Chosen) -> list[str]:
    known = FiguresCell.objects.order_by("month").values_list("month", flat=True).distinct()
    since = chosen.since.replace(day=1) if chosen.since else None
    return [
        f"{month:%Y-%m}"
        for month in known
        if (since is None or month >= since) and (chosen.until is None or month < chosen.until)
    ]
