"""Prospects that may be one, and all that is known of them, to be compared before and after."""

from typing import Any

from nachhaken.desk import commands
from nachhaken.desk.models import Blocked, Event, Opportunity, Person, Plan, Prospect, User
from tests.cast import NOW

State = dict[str, list[Any]]


def offered(owner: User, prospect: str, person: str, mail: str, number: str) -> Opportunity:
    change = commands.create_opportunity(
        actor=owner,
        now=NOW,
        key=f"{prospect} {number}",
        prospect=prospect,
        title="Geländer",
        person=person,
        mail=mail,
        number=number,
        amount_cents=500_000,
    )
    assert change.opportunity_id is not None
    return Opportunity.objects.get(pk=change.opportunity_id)


def state() -> State:
    """Whose everything is, how it is planned, and who is blocked; not when it was recorded."""
    return {
        "prospects": list(Prospect.objects.order_by("pk").values()),
        "people": list(Person.objects.order_by("pk").values()),
        "opportunities": list(Opportunity.objects.order_by("pk").values()),
        "events": list(Event.objects.order_by("pk").values()),
        "plans": list(Plan.objects.order_by("pk").values()),
        "blocked": sorted(
            Blocked.objects.values_list("digest", "scope", "event", "lifted_at"), key=str
        ),
    }
