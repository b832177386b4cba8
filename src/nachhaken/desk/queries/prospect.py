"""One prospect: its people, its opportunities, what it asked for and ordered."""

from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.aliases import aliases_of, kept_prospect
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.digests import region_of
from nachhaken.desk.fits import ratings_of
from nachhaken.desk.models import Event, Person, Plan, Prospect, User
from nachhaken.desk.pages import ProspectPage
from nachhaken.desk.pages_ended import WaitingRow
from nachhaken.desk.pages_limits import NumberRow
from nachhaken.desk.queries.consents import records_of
from nachhaken.desk.queries.ended import comebacks
from nachhaken.desk.queries.fits import fit_rows
from nachhaken.desk.queries.lists import opportunity_row
from nachhaken.desk.queries.objections import objection_rows
from nachhaken.desk.queries.opportunity import person_row
from nachhaken.desk.queries.twins import likely_twins, mergers_of
from nachhaken.desk.stories import VOID, objections_in, unreached
from nachhaken.terms import OutcomeKind


def prospect(user: User, prospect_id: int, *, now: datetime) -> ProspectPage:
    """Return the page of a prospect, or raise NotFoundError."""
    allow(user)
    row = Prospect.objects.filter(pk=prospect_id).first()
    if row is None:
        raise NotFoundError(f"prospect {prospect_id}")
    row = kept_prospect(row)
    plans = list(
        Plan.objects.filter(opportunity__prospect=row)
        .exclude(opportunity__outcome=VOID)
        .select_related("opportunity__prospect")
        .order_by("-since", "-opportunity_id")
    )
    # Asked for once: the people are shown, compared, and counted.
    prefetch_related_objects([row], Prefetch("people", Person.objects.here().order_by("pk")))
    everybody = list(row.people.all())
    people = [person for person in everybody if person.merged_into_id is None]
    said = list(row.events.filter(kind__in=["bounced", "replied", "undone"]).order_by("pk"))
    lost = unreached(people, said, aliases_of(everybody))
    objections = objections_in([row.pk])[row.pk]
    ended = [plan.opportunity.outcome for plan in plans if plan.opportunity.outcome]
    return ProspectPage(
        id=row.pk,
        name=row.name,
        place=row.place,
        address=row.address,
        region=row.region,
        is_consumer=row.is_consumer,
        objections=objection_rows(objections, people),
        people=tuple(person_row(person, objections, unreached=lost) for person in people),
        opportunities=tuple(opportunity_row(plan) for plan in plans),
        offers=len(plans),
        orders=ended.count(OutcomeKind.WON),
        history_sentence=labels.history(len(ended), ended.count(OutcomeKind.WON)),
        consents=records_of(row, now=now),
        is_swiss=region_of(row).startswith("CH"),
        number_check=_number_check(row),
        likely=likely_twins(row),
        mergers=mergers_of(row),
        fits=() if row.opted_out_at else fit_rows(ratings_of([row.pk])),
        waiting=_waiting(plans),
    )


def _waiting(plans: list[Plan]) -> tuple[WaitingRow, ...]:
    """Return the ended matters that begin anew when something is otherwise, the newest first."""
    ended = {p.opportunity_id: p.opportunity.title for p in plans if p.opportunity.outcome}
    back = comebacks(ended)
    return tuple(
        WaitingRow(id=pk, title=title, comeback=back[pk])
        for pk, title in ended.items()
        if pk in back
    )


def _number_check(row: Prospect) -> NumberRow | None:
    checks = Event.objects.filter(prospect=row, kind="number_checked").standing()
    event = checks.select_related("actor").order_by("occurred_at", "pk").last()
    if event is None:
        return None
    return NumberRow(
        is_starred=event.payload["is_starred"],
        by=str(event.actor or ""),
        at=timezone.localtime(event.occurred_at),
    )
