"""All matters as a table: what every figure of the page Auswertung rests on, a row for each."""

from collections.abc import Iterator
from datetime import datetime

from nachhaken.desk.access import allow
from nachhaken.desk.cells import is_chosen
from nachhaken.desk.exports import lines
from nachhaken.desk.figures import counted_of
from nachhaken.desk.models import Opportunity, User
from nachhaken.desk.pages_insight import Chosen
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import local_date
from nachhaken.desk.stories import tell
from nachhaken.learning.follow_ups import MOST, Counts
from nachhaken.learning.insight.curve import settled_follow_ups
from nachhaken.learning.insight.figures import Facts

_AT_ONCE = 200
_FACTS = (
    "opportunity", "owner", "segment", "band", "offer_type", "began", "cleared", "days", "outcome",
    "ending", "minutes", "sunk_cents", "amount_cents", "currency", "reason", "is_ours",
)  # fmt: skip
_COUNTS = ("cases", "answered", "ended", "won", "annoyed")


def matters_csv(user: User, chosen: Chosen, *, now: datetime) -> Iterator[bytes]:
    """Give a CSV line by line, straight from the events: no sum is asked.

    For programs: names in English, days in ISO 8601, money in cents; what is not known is empty.
    """
    allow(user)
    nth = [f"nth_{n}_{part}" for n in range(1, MOST + 1) for part in _COUNTS]
    return lines([*_FACTS, *nth], _rows(chosen, now))


def _rows(chosen: Chosen, now: datetime) -> Iterator[list[str]]:
    known = preferences()
    ids = list(Opportunity.objects.order_by("pk").values_list("pk", flat=True))
    today = local_date(now)
    for start in range(0, len(ids), _AT_ONCE):
        told = tell(ids[start : start + _AT_ONCE])
        counted = counted_of(told, preferences=known)
        for one in told:
            facts, tally = counted[one.opportunity.pk]
            owner = one.opportunity.owner_id
            if facts is not None and is_chosen(facts, owner, chosen):
                counts = settled_follow_ups(tally, today=today)
                yield [*_told(one.opportunity.pk, owner, facts), *_nth(counts)]


def _told(pk: int, owner: int | None, facts: Facts) -> list[str]:
    values = (
        pk, owner, facts.segment.value, facts.band.value, facts.offer_type.value, facts.began,
        facts.cleared, facts.days, facts.outcome, facts.ending, facts.minutes, facts.sunk,
        facts.amount, facts.currency, facts.reason, int(facts.is_ours),
    )  # fmt: skip
    return ["" if value is None else str(value) for value in values]


def _nth(counts: dict[int, Counts]) -> list[str]:
    found = [counts.get(n, Counts()) for n in range(1, MOST + 1)]
    return [str(int(getattr(one, part))) for one in found for part in _COUNTS]
