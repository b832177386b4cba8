"""Is there an objection against writing to somebody? Asked when a mail is taken, and as it goes."""

from django.utils.translation import gettext as _

from nachhaken.desk import digests
from nachhaken.desk.commands.ledger import InvalidError
from nachhaken.desk.models import Blocked, Opportunity
from nachhaken.desk.stories import objections_in


class ObjectedError(InvalidError):
    """They do not want to be contacted; the message says so."""


def require_no_objection(opportunity: Opportunity, person_id: int | None, mail: str) -> None:
    """Raise ObjectedError where the prospect, this person, or who has this address objected."""
    if has_objected(opportunity, person_id, mail):
        raise ObjectedError(_("Hier ist kein Kontakt mehr gewünscht. Die Mail geht nicht hinaus."))


def has_objected(opportunity: Opportunity, person_id: int | None, mail: str) -> bool:
    """Say whether an objection stands, of the house, of this person, or of this address."""
    asked = digests.of_addresses(mail, "", region="")
    if Blocked.objects.filter(digest__in=asked, lifted_at=None).exists():
        return True
    prospect_id = opportunity.prospect_id
    return any(one.concerns(person_id) for one in objections_in([prospect_id])[prospect_id])
