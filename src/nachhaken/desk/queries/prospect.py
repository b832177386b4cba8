"""One prospect: its people, its opportunities, what it asked for and ordered."""

from datetime import datetime

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.models import Plan, Prospect, User
from nachhaken.desk.pages import ProspectPage
from nachhaken.desk.queries.consents import records_of
from nachhaken.desk.queries.lists import opportunity_row
from nachhaken.desk.queries.objections import objection_rows
from nachhaken.desk.queries.opportunity import person_row
from nachhaken.desk.stories import VOID, objections_in
from nachhaken.terms import OutcomeKind


def prospect(user: User, prospect_id: int, *, now: datetime) -> ProspectPage:
    """Return the page of a prospect, or raise NotFoundError."""
    allow(user)
    row = Prospect.objects.filter(pk=prospect_id).first()
    if row is None:
        raise NotFoundError(f"prospect {prospect_id}")
    plans = list(
        Plan.objects.filter(opportunity__prospect=row)
        .exclude(opportunity__outcome=VOID)
        .select_related("opportunity__prospect")
        .order_by("-since", "-opportunity_id")
    )
    people = list(row.people.order_by("pk"))
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
        people=tuple(person_row(person, objections) for person in people),
        opportunities=tuple(opportunity_row(plan) for plan in plans),
        offers=len(plans),
        orders=ended.count(OutcomeKind.WON),
        history_sentence=labels.history(len(ended), ended.count(OutcomeKind.WON)),
        consents=records_of(row, now=now),
    )
