"""What own finished jobs took, by how they had fitted: what the past makes of a yes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Value
from django.db.models.functions import Coalesce

from nachhaken.desk.fits import KIND, Pair, Rated
from nachhaken.desk.models import Event
from nachhaken.desk.models.story import EventRows
from nachhaken.desk.records import decode
from nachhaken.engine.fit import (
    Estimate,
    Job,
    Level,
    fit_factor,
    hidden_hours,
    level_of,
    margin_left,
)
from nachhaken.timeline import FitRated, JobFinished, TakenAnyway

FINISHED = "job_finished"
NEWEST = 500  # jobs: older ones say little about how one works today


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """How a customer fits the seller of a matter, and what his past makes of such a fit.

    `usual_margin` is the share of the price that he reckons with.
    """

    seller: int
    rated: Rated
    factor: float
    usual_margin: float
    jobs: tuple[Job, ...] = ()

    @property
    def level(self) -> Level:
        """The fit in a word."""
        return level_of(self.factor)

    @property
    def hours(self) -> Estimate | None:
        """The hours beyond the plan that such jobs took him; None: too few."""
        return hidden_hours(self.jobs, self.level)

    @property
    def costs_hours(self) -> float:
        """The hours that a yes is charged with, never below 0."""
        return max(0.0, self.hours.mean) if self.hours else 0.0

    @property
    def margin(self) -> Estimate | None:
        """The share of the price that such jobs left; None: too few."""
        return margin_left(self.jobs, self.level, prior=self.usual_margin)


def factor_of(rated: FitRated) -> float:
    """Return what a rating makes of the worth of a yes."""
    return fit_factor((mark.points for mark in rated.marks), rated.energy)


def jobs_of(sellers: Iterable[int]) -> dict[int, tuple[Job, ...]]:
    """Return the finished jobs of these sellers (owners of their matters), in three queries."""
    rows = _finished(set(sellers))
    if not rows:
        return {}
    ratings = _ratings(rows)
    prices = _prices({row.opportunity_id for row in rows if row.opportunity_id})
    found: dict[int, list[Job]] = defaultdict(list)
    for row in rows:
        pair = (_seller(row), row.prospect_id)
        price = prices.get(row.opportunity_id or 0)
        found[pair[0]].append(_job(row, _then(row, ratings.get(pair, [])), price))
    return {seller: tuple(jobs) for seller, jobs in found.items()}


def limits_of(opportunity_id: int) -> tuple[str, ...]:
    """Return the limits that were agreed on when the job was taken anyway; () where it was not."""
    return limits_at([opportunity_id]).get(opportunity_id, ())


def limits_at(opportunity_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the same for each of many that were taken anyway, in one query."""
    rows = Event.objects.filter(opportunity__in=set(opportunity_ids), kind="taken_anyway")
    told = rows.standing().order_by("occurred_at", "pk").values_list("opportunity", "payload")
    return {pk or 0: decode(TakenAnyway, payload).limits for pk, payload in told}


def price_of(opportunity_id: int) -> tuple[int | None, str]:
    """Return net cents and currency of the last offer with an amount; None and EUR for none."""
    return _prices({opportunity_id}).get(opportunity_id, (None, "EUR"))


def version_of(seller: int, jobs: Sequence[Job]) -> str:
    """Return a name for what a seller's past says; another past has another."""
    return sha256(f"{seller} {jobs}".encode()).hexdigest()[:12]


def versions() -> set[str]:
    """Return the name of the past of everybody who rated anything."""
    rows = Event.objects.filter(kind=KIND, actor__isnull=False)
    sellers = set(rows.order_by().values_list("actor_id", flat=True).distinct())
    jobs = jobs_of(sellers) if sellers else {}
    return {version_of(seller, jobs.get(seller, ())) for seller in sellers}


def _finished(sellers: set[int]) -> list[Event]:
    """Return what was said last of each job, oldest job first."""
    rows = Event.objects.filter(kind=FINISHED, opportunity__owner__in=sellers).standing()
    newest = rows.select_related("opportunity").order_by("-occurred_at", "-pk")[:NEWEST]
    last = {row.opportunity_id: row for row in reversed(newest)}
    return sorted(last.values(), key=lambda row: row.pk)


def _of(kind: str) -> EventRows:
    # Not by the index of kinds: SQLite would take it and walk every offer ever sent, or every
    # rating, where a few hundred jobs are asked about.
    return Event.objects.annotate(what=Coalesce("kind", Value(""))).filter(what=kind)


def _seller(row: Event) -> int:
    return (row.opportunity.owner_id if row.opportunity else None) or 0


def _ratings(jobs: Iterable[Event]) -> dict[Pair, list[Event]]:
    rows = _of(KIND).filter(prospect__in={row.prospect_id for row in jobs}).standing()
    found: dict[Pair, list[Event]] = defaultdict(list)
    for row in rows.order_by("occurred_at", "pk"):
        found[row.actor_id or 0, row.prospect_id].append(row)
    return found


def _then(job: Event, ratings: Sequence[Event]) -> Event | None:
    """Return the rating as it was before the job was over: afterwards one is always wiser."""
    before = [row for row in ratings if row.occurred_at <= job.occurred_at]
    return before[-1] if before else next(iter(ratings), None)


def _prices(opportunities: set[int]) -> Mapping[int, tuple[int, str]]:
    """Return net cents and currency of the last offer of each matter that names an amount."""
    rows = _of("offer_sent").filter(opportunity__in=opportunities).standing()
    named = rows.filter(payload__net_cents__gt=0).order_by("occurred_at", "pk")
    asked = named.values_list("opportunity", "payload__net_cents", "payload__currency")
    return {pk: (cents, currency or "EUR") for pk, cents, currency in asked}


def _job(row: Event, rating: Event | None, price: tuple[int, str] | None) -> Job:
    said = decode(JobFinished, row.payload)
    level = level_of(factor_of(decode(FitRated, rating.payload))) if rating else None
    hours = margin = None
    if said.planned_minutes is not None and said.worked_minutes is not None:
        hours = (said.worked_minutes - said.planned_minutes) / 60
    if said.margin_cents is not None and price and price[1] == said.currency:
        margin = min(1.0, said.margin_cents / price[0])
    return Job(level=level, hours=hours, margin=margin)
