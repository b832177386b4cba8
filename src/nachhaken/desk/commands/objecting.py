"""Is there an objection against writing to somebody? Asked when a mail is taken, and as it goes."""

from django.utils.translation import gettext as _

from nachhaken.desk.commands.ledger import InvalidError
from nachhaken.desk.models import Event, Opportunity, Prospect


class ObjectedError(InvalidError):
    """They do not want to be contacted; the message says so."""


def require_no_objection(opportunity: Opportunity, person_id: int | None) -> None:
    """Raise ObjectedError where the prospect, or this person, wants no more contact."""
    if has_objected(opportunity, person_id):
        raise ObjectedError(_("Hier ist kein Kontakt mehr gewünscht. Die Mail geht nicht hinaus."))


def has_objected(opportunity: Opportunity, person_id: int | None) -> bool:
    """Say whether an objection stands, of the house or of this person."""
    prospects = Prospect.objects.filter(pk=opportunity.prospect_id, opted_out_at__isnull=False)
    if prospects.exists():
        return True
    noted = Event.objects.filter(prospect_id=opportunity.prospect_id, kind="opted_out").standing()
    scopes = noted.values_list("payload__scope", "payload__person_id")
    return any(scope != "person" or person == person_id for scope, person in scopes)
