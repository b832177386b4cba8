"""What the own past shows: figures from the sums, and the matters behind them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from nachhaken.desk.access import allow
from nachhaken.desk.cells import sums_for
from nachhaken.desk.figures import catch_up
from nachhaken.desk.models import FiguresCell, Opportunity, User
from nachhaken.desk.pages_insight import CaseRow, CasesPage, Chosen
from nachhaken.desk.preferences import preferences
from nachhaken.desk.queries.paging import Page
from nachhaken.desk.speech import local_date
from nachhaken.learning.insight.tally import Tally, total
from nachhaken.learning.insight.values import Band, Ending, Insight
from nachhaken.terms import OutcomeKind


def insight(user: User, chosen: Chosen, *, now: datetime) -> Insight:
    """Return every figure of the page Auswertung for what is chosen.

    What changed since the last time is added first, up to a bound; the background does the rest.
    """
    from nachhaken.learning.insight.summary import insight_of

    allow(user)
    catch_up()
    return insight_of(_by_band(chosen), today=local_date(now))


def cases(user: User, chosen: Chosen, ending: Ending, *, page: int) -> CasesPage:
    """Return a page of the matters of a field, the newest end first."""
    allow(user)
    of_field = Opportunity.objects.filter(figures__cell__startswith=f"{ending.value}.")
    rows = _chosen(of_field, chosen)
    total_rows = rows.count()
    shown = Page.of(total_rows, page)
    found = rows.select_related("prospect", "owner", "plan").order_by("-ended_at", "-pk")
    return CasesPage(
        ending=ending,
        rows=tuple(_case(row) for row in found[shown.start : shown.end]),
        total=total_rows,
        page=shown.number,
        pages=shown.pages,
    )


def insight_people(user: User) -> tuple[tuple[int, str], ...]:
    """Return who of a team has matters, by id; nobody where one works alone."""
    allow(user)
    rows = User.objects.filter(Exists(Opportunity.objects.filter(owner=OuterRef("pk"))))
    found = tuple((row.pk, str(row)) for row in rows.order_by("first_name", "last_name", "pk"))
    return found if len(found) > 1 else ()


def _chosen(rows: "QuerySet[Opportunity]", chosen: Chosen) -> "QuerySet[Opportunity]":
    """Every word of a cell stands in one place of it only."""
    since = chosen.since.replace(day=1) if chosen.since else None
    until = _first_of_next(chosen.until) if chosen.until else None
    told = {
        "ended_at__gte": _midnight(since) if since else None,
        "ended_at__lt": _midnight(until) if until else None,
        "owner_id": chosen.owner,
    }
    rows = rows.filter(**{name: value for name, value in told.items() if value is not None})
    for word in (chosen.segment, chosen.band, chosen.offer_type):
        if word is not None:
            rows = rows.filter(figures__cell__contains=f".{word.value}")
    return rows


def _first_of_next(until: date) -> date:
    """The month of `until` counts whole, unless it begins with it."""
    if until.day == 1:
        return until
    return date(until.year + until.month // 12, until.month % 12 + 1, 1)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(0), ZoneInfo(preferences().zone))


def _by_band(chosen: Chosen) -> Mapping[Band, Tally]:
    keys = [one.key for one in sums_for(chosen)]
    found: dict[Band, list[Mapping[str, int]]] = defaultdict(list)
    rows = FiguresCell.objects.filter(key__in=keys).order_by()
    for band, tally in rows.values_list("band", "tally"):
        found[Band(band)].append(tally)
    return {band: total(tallies) for band, tallies in found.items()}


def _case(row: Opportunity) -> CaseRow:
    return CaseRow(
        opportunity_id=row.pk,
        title=row.title,
        prospect=row.prospect.name,
        owner=str(row.owner) if row.owner else "",
        outcome=OutcomeKind(row.outcome),
        ended_on=local_date(row.ended_at or row.created_at),
        minutes=row.plan.effort_minutes,
        amount_cents=row.plan.amount_cents,
        currency=row.plan.currency,
    )
