"""Saying no oneself: said in a talk, or begun as a mail."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import Change, InvalidError, act_of, locked, record
from nachhaken.desk.commands.outcomes import Outcome, Reached, decided_for, facts_of
from nachhaken.desk.models import Opportunity, Partner, User
from nachhaken.desk.refusals import Chosen
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Fact

_SPOKEN = frozenset({Channel.CALL, Channel.MEETING})


def refuse(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    chosen: Chosen,
    channel: Channel = Channel.CALL,
) -> Change:
    """Note that we said no in a talk, and end the matter with our reason.

    InvalidError for a matter that has ended, a partner who is not on the list, a written channel:
    a mail ends the matter when it goes.
    """
    if channel not in _SPOKEN:
        raise InvalidError("channel")
    check_partner(chosen)
    outcome = Outcome(
        step=StepKind.DECLINE, channel=channel, reached=Reached.REACHED, scripts=(chosen.key,)
    )

    def facts(opportunity: Opportunity) -> list[Fact]:
        if opportunity.outcome:
            raise InvalidError(_("Dieser Vorgang ist schon abgeschlossen."))
        return facts_of(outcome, opportunity)

    decided = decided_for(opportunity_id, StepKind.DECLINE)
    return record(act_of(actor, now, key), opportunity_id, facts, decided=decided)


def begin_refusal(*, actor: User, opportunity_id: int, chosen: Chosen) -> None:
    """Check that a no can be written: the matter is open, and whom we recommend is on the list."""
    allow(actor)
    check_partner(chosen)
    with transaction.atomic():
        if locked(opportunity_id).outcome:
            raise InvalidError(_("Dieser Vorgang ist schon abgeschlossen."))


def check_partner(chosen: Chosen) -> None:
    """Raise InvalidError where whom we recommend is not on the list, or not any more."""
    if chosen.partner_id is None:
        return
    if not Partner.objects.filter(pk=chosen.partner_id, retired_at=None).exists():
        raise InvalidError(_("Dieser Betrieb steht nicht mehr auf Ihrer Liste."))
