"""Where a mail cannot go: a dead address, an offer that is not whole, and a letter in its place."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import (
    Event,
    MailAccount,
    OfferDraft,
    Opportunity,
    Outgoing,
    Person,
    Plan,
    User,
)
from nachhaken.desk.records import encode
from nachhaken.terms import Channel, StepKind
from nachhaken.timeline import Bounced
from tests.post import HUBER

pytestmark = pytest.mark.django_db

WHY = "Sie bat eben am Telefon darum."


@pytest.fixture(autouse=True)
def account(owner: User) -> MailAccount:
    return MailAccount.objects.create(
        user=owner, address="k@brandt.example", username="k", smtp_host="x", set_at=timezone.now()
    )


@pytest.fixture
def person(alpenblick: int) -> Person:
    return Person.objects.get(mail=HUBER)


@pytest.fixture
def returned(alpenblick: int, person: Person) -> int:
    """A mail that is no entry of the story came back three days ago: its address is dead."""
    row = Opportunity.objects.get(pk=alpenblick)
    at = timezone.now() - timedelta(days=3)
    fact = Bounced(address=HUBER, is_permanent=True, person_id=person.pk)
    Event.objects.create(
        kind="bounced", prospect=row.prospect, opportunity=row, occurred_at=at, recorded_at=at,
        source_key="mail:b", payload=encode(fact),
    )  # fmt: skip
    commands.replan([alpenblick], now=timezone.now())
    return alpenblick


def page(desk: Client, pk: int, **query: str) -> str:
    return unescape(desk.get(reverse("mail", args=[pk]), query).content.decode())


def typed(desk: Client, pk: int, **query: str) -> dict[str, object]:
    form = desk.get(reverse("mail", args=[pk]), query).context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in found.items() if value is not None}


def test_the_mail_came_back_and_the_desk_wanted_to_send_it_again(
    desk: Client, returned: int, person: Person
) -> None:
    shown = page(desk, returned, step="mail")
    assert "kam zurück am" in shown
    assert reverse("reach", args=[person.prospect_id, person.pk]) in shown
    assert "mailto:" not in shown
    assert 'value="send"' not in shown
    form = typed(desk, returned, step="mail")
    refused = desk.post(reverse("mail", args=[returned]), {**form, "act": "now", "reason": WHY})
    assert refused.status_code == 422
    assert "Gibt es eine andere Adresse?" in unescape(refused.content.decode())
    assert not Outgoing.objects.exists()


def test_with_another_address_the_mail_goes(
    desk: Client, owner: User, returned: int, person: Person
) -> None:
    commands.reach_person(
        actor=owner, now=timezone.now(), prospect_id=person.prospect_id, person_id=person.pk,
        mail="rosa@alpenblick.example", phone=person.phone,
    )  # fmt: skip
    assert "kam zurück am" not in page(desk, returned, step="mail")
    form = typed(desk, returned, step="mail")
    went = desk.post(reverse("mail", args=[returned]), {**form, "act": "now", "reason": WHY})
    assert went.status_code == 302


def test_a_dead_address_alone_brings_the_call_that_mends_it(returned: int) -> None:
    plan = Plan.objects.get(pk=returned)
    assert (plan.kind, plan.channel) == (StepKind.CALL, Channel.CALL)
    assert plan.title["key"] == "step.bounced"


def test_a_mail_that_came_back_ends_no_silence(
    desk: Client, owner: User, alpenblick: int, person: Person
) -> None:
    address = reverse("opportunity", args=[alpenblick])
    before = [e for e in desk.get(address).context["page"].entries if e.icon == "silence"]
    sent = commands.record_outcome(
        actor=owner, now=timezone.now() - timedelta(days=1), key="m", opportunity_id=alpenblick,
        step=StepKind.MAIL, channel=Channel.MAIL, reached="wrote",
    )  # fmt: skip
    at = timezone.now() - timedelta(hours=20)
    Event.objects.create(
        kind="bounced", prospect=person.prospect, opportunity_id=alpenblick, occurred_at=at,
        recorded_at=at, source_key="mail:c", about=sent.entry_id,
        payload=encode(Bounced(address=HUBER, is_permanent=True, entry_id=sent.entry_id)),
    )  # fmt: skip
    after = [e for e in desk.get(address).context["page"].entries if e.icon == "silence"]
    assert [e.title for e in after] == [e.title for e in before] != []


def drafted(owner: User, pk: int, **more: object) -> OfferDraft:
    given = {"number": "2026-0421", "vat_permille": 190} | more
    now = timezone.now()
    return OfferDraft.objects.create(
        opportunity_id=pk, source_key="d", author=owner, created_at=now, updated_at=now, **given
    )


def test_an_offer_without_an_amount_does_not_go_by_mail_either(
    desk: Client, owner: User, alpenblick: int
) -> None:
    draft = drafted(owner, alpenblick)
    shown = page(desk, alpenblick, offer=str(draft.pk))
    assert "Ein Angebot braucht einen Betrag" in shown
    assert reverse("offer-writing", args=[alpenblick]) in shown
    assert 'value="send"' not in shown
    form = typed(desk, alpenblick, offer=str(draft.pk))
    refused = desk.post(reverse("mail", args=[alpenblick]), {**form, "act": "now", "reason": WHY})
    assert refused.status_code == 422
    assert not Outgoing.objects.exists()
    draft.refresh_from_db()
    assert draft.document is None


def test_an_offer_whose_validity_is_over_is_held_back(
    desk: Client, owner: User, alpenblick: int
) -> None:
    over = timezone.now().date() - timedelta(days=2)
    draft = drafted(owner, alpenblick, net_cents=100_000, valid_until=over)
    assert "Es wäre beim Verschicken schon abgelaufen" in page(
        desk, alpenblick, offer=str(draft.pk)
    )


# Letters


@pytest.fixture
def by_letter(owner: User, alpenblick: int, person: Person) -> int:
    """A consumer who agreed to nothing: neither call nor mail, only a letter."""
    prospect = person.prospect
    prospect.is_consumer = True
    prospect.save()
    Person.objects.filter(pk=person.pk).update(phone="")
    commands.replan([alpenblick], now=timezone.now())
    return alpenblick


def test_where_only_a_letter_is_lawful_it_is_what_the_step_offers(
    desk: Client, by_letter: int
) -> None:
    assert Plan.objects.get(pk=by_letter).channel == Channel.LETTER
    address = f"{reverse('mail', args=[by_letter])}?by=letter"
    for name, args in (("opportunity", [by_letter]), ("today", [])):
        shown = unescape(desk.get(reverse(name, args=args)).content.decode())
        assert address in shown
        assert "Brief schreiben" in shown


def test_a_letter_without_an_address_says_where_to_write_it_down(
    desk: Client, owner: User, by_letter: int, person: Person
) -> None:
    postal = reverse("postal-address", args=[person.prospect_id])
    shown = page(desk, by_letter)
    assert "Für den Brief fehlt die Postanschrift." in shown
    assert postal in shown
    assert reverse("letterhead") in shown
    commands.set_postal_address(
        actor=owner, prospect_id=person.prospect_id, address="Seeweg 3\n83684 Tegernsee"
    )
    assert "Seeweg 3" in page(desk, by_letter)
    assert "Für den Brief fehlt die Postanschrift." not in page(desk, by_letter)


def test_the_letter_is_printed_and_once_it_is_posted_it_stands_in_the_story(
    desk: Client, by_letter: int
) -> None:
    address = reverse("mail", args=[by_letter])
    form = typed(desk, by_letter)
    assert form["by"] == "letter"
    printed = desk.post(address, {**form, "act": "letter"})
    assert printed.content.startswith(b"%PDF-")
    for _ in range(2):
        assert desk.post(address, {**form, "act": "note", "channel": "letter"}).status_code == 302
    touch = Event.objects.get(opportunity=by_letter, kind="touched")
    assert touch.payload["channel"] == Channel.LETTER
    assert not Outgoing.objects.exists()


def test_the_page_says_what_the_law_says_of_the_letter(desk: Client, by_letter: int) -> None:
    view = desk.get(reverse("mail", args=[by_letter])).context["page"]
    assert view.is_letter
    assert view.draft.asks_first
    assert view.permission.channel is Channel.LETTER
