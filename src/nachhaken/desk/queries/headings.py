"""What a form about an opportunity has to know: whose it is, where it stands, what was set last."""

from dataclasses import dataclass

from django.db.models import Max

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.desk.records import decode_fact
from nachhaken.terms import StepKind
from nachhaken.timeline import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """An opportunity in a line. `head` is its newest event, `step` what is planned next."""

    id: int
    prospect_id: int
    prospect: str
    title: str
    region: str
    head: int
    step: StepKind

    @property
    def name(self) -> str:
        """Whose and what, for a title."""
        return f"{self.prospect} · {self.title}"


def heading(user: User, opportunity_id: int) -> Heading:
    """Return the heading, or raise NotFoundError where there is no such opportunity."""
    allow(user)
    rows = Opportunity.objects.select_related("prospect", "plan")
    row = rows.filter(pk=opportunity_id).first()
    if row is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    return Heading(
        id=row.pk,
        prospect_id=row.prospect_id,
        prospect=row.prospect.name,
        title=row.title,
        region=row.prospect.region,
        head=row.events.aggregate(newest=Max("pk"))["newest"] or 0,
        step=StepKind(row.plan.kind) if hasattr(row, "plan") else StepKind.CALL,
    )


def newest(user: User, opportunity_id: int, kind: str) -> Fact | None:
    """Return what was last noted of this kind and still stands."""
    allow(user)
    rows = Event.objects.filter(opportunity=opportunity_id, kind=kind).standing()
    row = rows.order_by("occurred_at", "pk").last()
    return decode_fact(row.kind, row.payload) if row else None


def noted(user: User, opportunity_id: int, entry_id: int, *kinds: str) -> Fact:
    """Return what an entry of the opportunity says, or raise NotFoundError."""
    allow(user)
    rows = Event.objects.filter(pk=entry_id, opportunity=opportunity_id, kind__in=kinds).standing()
    row = rows.first()
    if row is None:
        raise NotFoundError(f"{kinds[0]} {entry_id}")
    return decode_fact(row.kind, row.payload)
