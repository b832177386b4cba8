"""The pages of objections and limits: what they show, what they keep to themselves."""

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, Opportunity, Person, Plan, User
from nachhaken.terms import Channel, StepKind
from tests.desk.shown import page_of

pytestmark = pytest.mark.django_db


def house(pk: int) -> int:
    return Opportunity.objects.get(pk=pk).prospect_id


def main(desk: Client, address: str) -> str:
    return page_of(desk, address).partition("<main")[2].partition("</main>")[0]


def objected(desk: Client, pk: int, key: str = "o", **more: object) -> str:
    """Object on the opportunity's page; return the page that follows."""
    address = f"/opportunities/{pk}/"
    sent = {"key": key, "next": address, "reason": "Es reicht jetzt.", **more}
    response = desk.post(f"/prospects/{house(pk)}/opt-out", sent)
    assert response["Location"] == address
    return main(desk, address)


def test_e6_row_1_nothing_is_judged_or_proposed_any_more(desk: Client, alpenblick: int) -> None:
    address = f"/opportunities/{alpenblick}/"
    assert "Nicht mehr kontaktieren" in page_of(desk, address)
    text = objected(desk, alpenblick)
    for gone in ("tel:", "mailto:", "Scheininteresse", "Warum?", "Gesprächsblatt", "zu erwarten"):
        assert gone not in text
    assert "Kein Kontakt mehr, mit niemandem im Haus.</b> „Es reicht jetzt.“" in text
    assert "notiert von Katrin Brandt am" in text
    page = queries.opportunity(User.objects.get(), alpenblick, now=timezone.now())
    assert (sum(page.judgement.belief), page.judgement.reasons) == (0.0, ())
    plan = Plan.objects.get()
    assert (plan.truth, plan.genuine + plan.stalled + plan.pretend + plan.lost) == ("", 0.0)


def test_e6_row_1_lists_and_the_customers_page_say_so(desk: Client, alpenblick: int) -> None:
    objected(desk, alpenblick)
    assert "kein Kontakt gewünscht" in page_of(desk, "/opportunities/")
    text = main(desk, f"/prospects/{house(alpenblick)}/")
    assert "„Es reicht jetzt.“" in text
    assert not any(gone in text for gone in ("tel:", "mailto:", "Nicht mehr kontaktieren"))


def test_a_colleague_sees_who_noted_it_and_can_take_it_back(
    desk: Client, owner: User, alpenblick: int
) -> None:
    text = objected(desk, alpenblick)
    mate = User.objects.create_user("j.wirth@brandt.example", first_name="Jonas")
    desk.force_login(mate)
    address = f"/opportunities/{alpenblick}/"
    assert "notiert von Katrin Brandt" in page_of(desk, address)
    assert "Das war ein Versehen" in text
    entry = Event.objects.get(kind="opted_out").pk
    for _ in range(2):
        desk.post(f"/entries/{entry}/undo", {"next": address})
    assert "Kein Kontakt mehr, mit" not in page_of(desk, address)
    assert Event.objects.filter(kind="undone").count() == 1
    assert Event.objects.get(kind="opted_out").actor == owner


def test_posted_twice_it_is_one_objection(desk: Client, alpenblick: int) -> None:
    objected(desk, alpenblick)
    objected(desk, alpenblick)
    assert Event.objects.filter(kind="opted_out").count() == 1


def test_only_where_there_are_several_people_is_it_asked_whose_it_is(
    desk: Client, owner: User, alpenblick: int
) -> None:
    address = f"/opportunities/{alpenblick}/"
    assert "das ganze Haus" not in page_of(desk, address)
    assert "das ganze Haus" not in page_of(desk, f"{address}call")
    rosa = Person.objects.get()
    other = commands.create_opportunity(
        actor=owner,
        now=timezone.now(),
        key="2",
        prospect="Pension Alpenblick",
        title="Zaun",
        person="Toni Huber",
        mail="toni@alpenblick.example",
        amount_cents=100_000,
    ).opportunity_id
    assert "nur Rosa Huber" in page_of(desk, address)
    assert f'name="objector" value="{rosa.pk}"' in page_of(desk, f"{address}call")
    text = objected(desk, alpenblick, person=rosa.pk)
    assert "Kein Kontakt mehr mit Rosa Huber." in text
    assert "mailto:toni@alpenblick.example" not in text
    open_still = page_of(desk, f"/opportunities/{other}/")
    assert "mailto:toni@alpenblick.example" in open_still
    assert "mailto:huber@alpenblick.example" not in open_still


def test_the_call_sheet_takes_down_one_persons_objection(
    desk: Client, owner: User, alpenblick: int
) -> None:
    rosa = Person.objects.get()
    Person.objects.create(prospect=rosa.prospect, name="Toni Huber")
    sent = {"key": "k", "step": "call", "result": "opt_out", "objector": rosa.pk}
    desk.post(f"/opportunities/{alpenblick}/calls", sent)
    assert Event.objects.get(kind="opted_out").payload["person_id"] == rosa.pk
    # A person who is gone by the time that the telephone finds a network: the call is noted all
    # the same, and the house is left alone.
    gone = {"key": "l", "step": "call", "result": "opt_out", "objector": 999}
    assert desk.post(f"/opportunities/{alpenblick}/calls", gone).status_code == 302
    assert Event.objects.filter(kind="opted_out", payload__scope="prospect").count() == 1
    assert owner.is_active


def test_an_objection_in_a_reply_leads_to_the_reply(
    desk: Client, owner: User, alpenblick: int
) -> None:
    commands.record_outcome(
        actor=owner,
        now=timezone.now(),
        key="r",
        opportunity_id=alpenblick,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        text="Rufen Sie hier nie wieder an!",
    )
    text = page_of(desk, f"/opportunities/{alpenblick}/")
    reply = Event.objects.get(kind="replied").pk
    assert "steht so in der Antwort vom" in text
    assert f"/replies/{reply}/statement" in text
