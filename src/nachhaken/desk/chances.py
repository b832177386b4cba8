"""The chances that the desk gave, added to the figures in the background: they take their time."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from nachhaken.desk.figures import version, with_chance, without_chance
from nachhaken.desk.models import Figures, Opportunity
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import local_date
from nachhaken.desk.stories import Told, tell
from nachhaken.engine.case import CaseError
from nachhaken.learning.insight.reliable import KNOWN_AFTER, Looks, looks_tally
from nachhaken.learning.insight.tally import from_record, to_record
from nachhaken.plan.evidence import start_of
from nachhaken.plan.values import Preferences

AT_ONCE = 100


def give_chances(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Ask what would have been said of matters that ended, or are old enough; return of how many.

    Each is asked once, and again when it changes.
    """
    from nachhaken.learning.insight.chances import looks_of

    known = preferences()
    rows = list(_due(version(known), now).select_related("opportunity").order_by("pk")[:limit])
    found: dict[int, Looks] = {}
    houses = _houses({row.opportunity.prospect_id for row in rows})
    for told in houses.values():
        try:
            given = looks_of([one.story for one in told], preferences=known, until=now)
        except CaseError:
            continue  # a past that cannot be judged has no chances
        found |= {told[number].opportunity.pk: looks for number, looks in given.items()}
    begins = {one.opportunity.pk: one for told in houses.values() for one in told}
    for row in rows:
        _keep(row, found.get(row.pk), begins[row.pk], known)
    return len(rows)


def _due(current: str, now: datetime) -> "QuerySet[Figures]":
    oldest = f"open.{local_date(now) - KNOWN_AFTER - timedelta(days=1):%Y-%m}"
    is_old = Q(cell__startswith="open.", cell__lt=oldest)
    return Figures.objects.filter(is_old | ~Q(cell__startswith="open."), version=current).exclude(
        cell=""
    )


def _houses(prospects: set[int]) -> Mapping[int, list[Told]]:
    """All matters of a customer: what became of the others was known, too."""
    rows = Opportunity.objects.filter(prospect_id__in=prospects).order_by("pk")
    found: dict[int, list[Told]] = defaultdict(list)
    for one in tell(rows.values_list("pk", flat=True)):
        found[one.opportunity.prospect_id].append(one)
    return found


def _keep(row: Figures, looks: Looks | None, told: Told, known: Preferences) -> None:
    """Add the chances where the row is still what it was; else it is due again."""
    tally = from_record(without_chance(row.tally))
    start = start_of(told.story.timeline.standing())
    if looks is not None and start is not None:
        tally += looks_tally(looks, began=start.astimezone(ZoneInfo(known.zone)).date())
    with transaction.atomic():
        still = Figures.objects.select_for_update().filter(
            pk=row.pk, version=row.version, cell=row.cell, head=row.head
        )
        if still.exists():
            still.update(tally=to_record(tally), version=with_chance(row.version), is_behind=True)
