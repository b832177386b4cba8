"""A person's own choice takes the lawful way, too."""

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import Opportunity, Plan, Prospect
from nachhaken.terms import Channel, StepKind


@pytest.mark.parametrize(
    ("is_consumer", "kind", "channel"),
    [(False, StepKind.CALL, Channel.CALL), (True, StepKind.MAIL, Channel.LETTER)],
)
@pytest.mark.parametrize("chosen", [StepKind.MAIL, StepKind.CALL])
def test_e6_row_8_a_chosen_step_does_not_lift_the_law(
    desk: Client,
    alpenblick: int,
    chosen: StepKind,
    kind: StepKind,
    channel: Channel,
    *,
    is_consumer: bool,
) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    Prospect.objects.filter(pk=prospect).update(is_consumer=is_consumer)
    commands.replan([alpenblick], now=timezone.now())
    desk.post(f"/opportunities/{alpenblick}/decision", {"key": "d", "chosen": chosen.value})
    plan = Plan.objects.get(pk=alpenblick)
    assert (plan.kind, plan.channel) == (kind, channel)
