"""The pages of objections and limits: what they show, what they keep to themselves."""

from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Blocked, Event, Opportunity, Person, Plan, User
from nachhaken.desk.preferences import preferences
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
    assert "Kein Kontakt mehr, mit niemandem im Haus.</h2><p>„Es reicht jetzt.“</p>" in text
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


def test_the_card_says_what_is_allowed_and_takes_a_reason(
    desk: Client, owner: User, alpenblick: int
) -> None:
    address = f"/opportunities/{alpenblick}/"
    shown = queries.allowance(owner, alpenblick, channel=Channel.MAIL, now=timezone.now())
    sent = {"key": "k", "rule": shown.rule, "channel": "mail", "next": address}
    short = desk.post(f"{address}overruling", sent | {"reason": "weil"})
    assert short.status_code == 422
    assert "ein paar Worten" in short.content.decode()
    assert "weil</textarea>" in short.content.decode()
    why = "Sie bat beim Termin um eine kurze Mail."
    for _ in range(2):
        answer = desk.post(f"{address}overruling", sent | {"reason": why})
        assert answer["Location"] == address
    assert Event.objects.filter(kind="law_overruled").count() == 1
    assert why in page_of(desk, address)
    assert desk.get(f"{address}overruling")["Location"] == address


def test_the_call_sheet_says_what_the_law_says(desk: Client, owner: User, alpenblick: int) -> None:
    text = page_of(desk, f"/opportunities/{alpenblick}/call")
    shown = queries.allowance(owner, alpenblick, channel=Channel.CALL, now=timezone.now())
    assert f'class="permission {shown.verdict}"' in text
    assert shown.source in text


LIMITS = {
    "touches_per_week": "1",
    "touches_per_month": "3",
    "quiet_before": "08:00",
    "quiet_after": "20:00",
    "reason": "",
}


def test_limits_are_lowered_freely_and_raised_with_a_reason(desk: Client, owner: User) -> None:
    address = "/settings/limits/"
    lower = LIMITS | {"touches_per_month": "2", "quiet_after": "18:00"}
    assert desk.post(address, lower)["Location"] == address
    assert (preferences().touches_per_month, preferences().quiet_after) == (2, time(18))
    higher = LIMITS | {"touches_per_week": "2"}
    refused = desk.post(address, higher)
    assert refused.status_code == 422
    assert "braucht einen Grund" in refused.content.decode()
    assert preferences().touches_per_week == 1
    desk.post(address, higher | {"reason": "Ladengeschäft, Kunden erwarten das."})
    assert preferences().touches_per_week == 2
    text = page_of(desk, address)
    assert "angehoben von Katrin Brandt am" in text
    assert "„Ladengeschäft, Kunden erwarten das.“" in text
    # Saved again, it stays raised for the reason that it was raised for; lowered, it needs none.
    desk.post(address, higher)
    assert "Ladengeschäft" in page_of(desk, address)
    desk.post(address, LIMITS)
    assert "Ladengeschäft" not in page_of(desk, address)


@pytest.mark.parametrize(
    "wrong",
    [
        {"touches_per_week": "0"},
        {"touches_per_month": "31"},
        {"quiet_before": "21:00"},
        {"quiet_after": "abends"},
    ],
)
def test_limits_that_make_no_sense_are_refused(desk: Client, wrong: dict[str, str]) -> None:
    before = preferences()
    assert desk.post("/settings/limits/", LIMITS | wrong).status_code == 422
    assert preferences() == before


def test_the_block_list_shows_how_many_and_no_address(
    desk: Client, owner: User, alpenblick: int
) -> None:
    assert "Noch niemand." in page_of(desk, "/settings/limits/")
    objected(desk, alpenblick)
    text = main(desk, "/settings/limits/")
    assert "1 Mailadresse, seit dem" in text
    assert "1 Telefonnummer, seit dem" in text
    assert "huber" not in text.casefold()


def test_an_entry_made_by_mistake_is_lifted_with_a_reason(
    desk: Client, owner: User, alpenblick: int
) -> None:
    objected(desk, alpenblick)
    address = "/settings/limits/lifting"
    sent = {"address": "Huber@alpenblick.example ", "reason": "Das war die falsche Zeile."}
    refused = desk.post(address, sent).content.decode()
    assert "Bei Pension Alpenblick steht der Widerspruch noch." in refused
    # As after erasure: nobody here objects any more, only the list remembers.
    with connection.cursor() as cursor:
        for table in ("plan", "figures", "event", "opportunity", "person", "prospect"):
            cursor.execute(f"DELETE FROM desk_{table}")
    assert desk.post(address, sent | {"reason": "nein"}).status_code == 422
    assert desk.post(address, sent | {"address": "x@x.example"}).status_code == 422
    assert desk.post(address, sent)["Location"] == "/settings/limits/"
    row = Blocked.objects.get(kind="mail")
    assert (row.lifted_by, row.lift_reason) == (owner, "Das war die falsche Zeile.")
    assert row.lifted_at is not None
    assert Blocked.objects.get(kind="phone").lifted_at is None


@pytest.mark.parametrize(("country", "shown"), [("DE", "DE-8"), ("AT", "AT-"), ("CH", "CH-14")])
def test_the_law_is_shown_with_source_and_day_of_the_check(
    desk: Client, country: str, shown: str
) -> None:
    text = main(desk, f"/settings/law/?country={country}")
    assert shown in text
    assert "keine Rechtsberatung. Zuletzt geprüft am" in text
    assert "UWG" in text


def test_an_unknown_country_is_germany(desk: Client) -> None:
    assert "DE-8" in page_of(desk, "/settings/law/?country=XX")


def test_e6_row_14_a_swiss_number_is_looked_up_and_noted(
    desk: Client, owner: User, alpenblick: int
) -> None:
    address = f"/prospects/{house(alpenblick)}/"
    assert "Nummer geprüft?" not in page_of(desk, address)
    row = Opportunity.objects.get(pk=alpenblick).prospect
    row.region = "CH-ZH"
    row.save(update_fields=["region"])
    assert "Bitte nachsehen und hier festhalten" in page_of(desk, address)
    for _ in range(2):
        desk.post(f"{address}number-check", {"key": "n", "starred": "yes"})
    assert Event.objects.filter(kind="number_checked").count() == 1
    text = page_of(desk, address)
    assert "ohne Geschäftsbeziehung nicht anrufen" in text
    assert "Geprüft von Katrin Brandt am" in text
    desk.post(f"{address}number-check", {"key": "m", "starred": "no"})
    assert "Ohne Stern eingetragen" in page_of(desk, address)


def test_a_note_is_taken_down_as_what_the_customer_may_read(desk: Client, alpenblick: int) -> None:
    hint = "Der Kunde darf das lesen, wenn er Auskunft verlangt."
    for page in ("outcomes", "calls", "call", "closing"):
        assert hint in page_of(desk, f"/opportunities/{alpenblick}/{page}")
