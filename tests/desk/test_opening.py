"""How opportunities begin: by hand, once per prospect however it is spelt, with their offers."""

from datetime import date

import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Opportunity, Plan, Prospect, User
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def evader(owner: User) -> Opportunity:
    return cast.settle(cast.EVADER, actor=owner)


def test_a_new_opportunity_that_is_taken_back_is_in_no_list(owner: User) -> None:
    change = commands.create_opportunity(
        actor=owner, now=NOW, key="a", prospect="Huber", title="Tor", amount_cents=100_000
    )
    assert queries.opportunity_list(owner, state="all").total == 1
    commands.undo(actor=owner, now=NOW, key="b", entry_id=change.entry_id)
    assert queries.opportunity_list(owner, state="all").total == 0
    assert queries.offer_list(owner, now=NOW).total == 0


def test_an_offer_of_last_week_went_out_then(owner: User) -> None:
    sent = date(2026, 11, 16)
    change = commands.create_opportunity(
        actor=owner,
        now=NOW,
        key="a",
        prospect="Huber",
        title="Tor",
        amount_cents=100_000,
        sent_on=sent,
    )
    plan = Plan.objects.get(pk=change.opportunity_id)
    assert (plan.offer_sent_on, plan.amount_cents) == (sent, 100_000)


@pytest.mark.parametrize("name", ["Müller GmbH", "MUELLER  GmbH", "Muller gmbh"])
def test_one_name_in_any_spelling_is_one_prospect(owner: User, name: str) -> None:
    for key, prospect in (("a", "Müller GmbH"), ("b", name)):
        commands.create_opportunity(
            actor=owner, now=NOW, key=key, prospect=prospect, title=f"Tor {key}"
        )
    assert Prospect.objects.count() == 1


def test_one_name_in_two_places_is_two_prospects(owner: User) -> None:
    for place in ("Rosenheim", "Murnau", "Rosenheim"):
        commands.create_opportunity(
            actor=owner, now=NOW, key=place, prospect="Müller", title="Tor", place=place
        )
    assert sorted(Prospect.objects.values_list("place", flat=True)) == ["Murnau", "Rosenheim"]


def test_a_known_address_leads_to_its_prospect(owner: User, evader: Opportunity) -> None:
    change = commands.create_opportunity(
        actor=owner, now=NOW, key="a", prospect="Alpenblick", title="Tor", mail=cast.EVADER.mail
    )
    assert change.prospect_id == evader.prospect_id


def test_a_revised_offer_is_the_next_version(owner: User, evader: Opportunity) -> None:
    commands.send_offer(
        actor=owner, now=NOW, key="a", opportunity_id=evader.pk, amount_cents=3_500_000
    )
    page = queries.opportunity(owner, evader.pk, now=NOW)
    assert (page.offer_number, page.offer_version, page.amount_cents) == ("AN-1412", 2, 3_500_000)
