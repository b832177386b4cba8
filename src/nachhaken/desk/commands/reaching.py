"""How a person is reached: mail address and telephone, set right by hand."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.blocking import heed
from nachhaken.desk.commands.ledger import InvalidError, NotFoundError, locked_prospect
from nachhaken.desk.models import Person, User
from nachhaken.desk.planning import replan_prospects


def reach_person(
    *, actor: User, now: datetime, prospect_id: int, person_id: int, mail: str, phone: str
) -> None:
    """Set mail address and telephone of a person; "" for none. Setting the same changes nothing.

    Raises InvalidError where the address is somebody else's. An objection under it is heeded.
    """
    allow(actor)
    mail, phone = mail.strip().casefold()[:254], " ".join(phone.split())[:50]
    with transaction.atomic():
        prospect = locked_prospect(prospect_id)
        rows = Person.objects.filter(pk=person_id, prospect=prospect, merged_into=None)
        person = rows.first()
        if person is None:
            raise NotFoundError(f"person {person_id}")
        if mail and Person.objects.filter(mail=mail).exclude(pk=person_id).exists():
            raise InvalidError(_("Diese Adresse gehört schon zu jemand anderem."))
        if (person.mail, person.phone) == (mail, phone):
            return
        person.mail, person.phone = mail, phone
        person.save(update_fields=["mail", "phone"])
        heed(prospect, person, actor=actor, now=now)
        replan_prospects([prospect_id], now=now)
