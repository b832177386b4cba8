"""Own limits, a number looked up, and the block list corrected: each with who, when and why."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk import digests
from nachhaken.desk.access import allow
from nachhaken.desk.blocking import standing_ground
from nachhaken.desk.commands.ledger import Change, InvalidError, act_of, record_at_prospect
from nachhaken.desk.commands.permission import LEAST_WORDS
from nachhaken.desk.commands.setting_up import set_preferences
from nachhaken.desk.models import Blocked, Event, Preference, User
from nachhaken.desk.preferences import preferences
from nachhaken.plan.values import Preferences
from nachhaken.timeline import NumberChecked

LIMITS = ("touches_per_week", "touches_per_month")
MOST = {"touches_per_week": 7, "touches_per_month": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How often a person may be asked, in 7 and in 30 days, and the hours outside quiet time."""

    touches_per_week: int
    touches_per_month: int
    quiet_before: time
    quiet_after: time

    @property
    def raised(self) -> tuple[str, ...]:
        """The limits that are above what good manners would have."""
        return tuple(name for name in LIMITS if getattr(self, name) > getattr(Preferences(), name))


def set_limits(*, actor: User, now: datetime, limits: Limits, reason: str = "") -> None:
    """Set the own limits; above the default only with a reason, kept with who raised it and when.

    What stays as it was keeps its reason.
    """
    allow(actor)
    if not all(0 < getattr(limits, name) <= MOST[name] for name in LIMITS):
        raise InvalidError("limits")
    if limits.quiet_before >= limits.quiet_after:
        raise InvalidError(_("Zwischen Anfang und Ende muss Zeit für Kontakte bleiben."))
    own, names = preferences(), (*LIMITS, "quiet_before", "quiet_after")
    changed = {n: getattr(limits, n) for n in names if getattr(limits, n) != getattr(own, n)}
    said = " ".join(reason.split())
    higher = [name for name in limits.raised if name in changed]
    if higher and len(said.split()) < LEAST_WORDS:
        raise InvalidError(_("Mehr als üblich zu fragen braucht einen Grund, in ein paar Worten."))
    with transaction.atomic():
        set_preferences(changed, actor=actor, now=now)
        for name in changed:
            why = said if name in higher else ""
            Preference.objects.filter(key=name).update(reason=why)


def check_number(
    *, actor: User, now: datetime, key: str, prospect_id: int, is_starred: bool
) -> Change:
    """Note whether a Swiss customer's number is starred or unlisted in the directory."""
    act = act_of(actor, now, key)
    return record_at_prospect(act, prospect_id, lambda _: NumberChecked(is_starred=is_starred))


def lift_block(*, actor: User, now: datetime, address: str, reason: str) -> None:
    """Take an address off the block list that came onto it by mistake.

    Refused while a customer here objects: that objection is taken back where it stands.
    """
    allow(actor)
    said = " ".join(reason.split())
    if len(said.split()) < LEAST_WORDS:
        raise InvalidError(_("Bitte in ein paar Worten sagen, warum das ein Versehen war."))
    is_mail = "@" in address
    asked = digests.of_addresses(
        address if is_mail else "", "" if is_mail else address, region=preferences().region
    )
    rows = Blocked.objects.filter(digest__in=asked, lifted_at=None)
    if not rows.exists():
        raise InvalidError(_("Diese Adresse steht nicht auf der Sperrliste."))
    if ground := standing_ground(asked):
        customer = Event.objects.select_related("prospect").get(pk=ground.entry_id).prospect
        raise InvalidError(
            _("Bei %(customer)s steht der Widerspruch noch. Bitte dort zurücknehmen.")
            % {"customer": customer}
        )
    rows.update(lifted_at=now, lifted_by=actor, lift_reason=said)
