"""Saying no oneself: whom one recommends, the words, the end of the matter, taken back."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.commands.refusing import check_partner
from nachhaken.desk.commands.writing import Typed, record_writing
from nachhaken.desk.models import Event, Opportunity, Partner, User
from nachhaken.desk.records import decode
from nachhaken.desk.refusals import Chosen, chosen_in, declined
from nachhaken.playbook.declining import Tone
from nachhaken.terms import Channel, OurReason, OutcomeKind, StepKind
from nachhaken.timeline import Closed
from tests.desk.conftest import opened
from tests.desk.shown import Done

pytestmark = pytest.mark.django_db
FIT = Chosen(reason=OurReason.FIT)


@pytest.fixture
def kern(owner: User) -> Partner:
    return added(owner, "Metallbau Kern", trade="Balkonsanierung", place="Bad Tölz")


def added(owner: User, name: str, **about: str) -> Partner:
    return commands.add_partner(
        actor=owner, now=timezone.now(), key=name, about={"name": name, **about}
    )


def ending(opportunity_id: int) -> Closed:
    row = Event.objects.filter(opportunity=opportunity_id, kind="closed").standing().last()
    assert row is not None
    return decode(Closed, row.payload)


def outcome(opportunity_id: int) -> str:
    return Opportunity.objects.get(pk=opportunity_id).outcome


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_d3_our_no_ends_the_matter_with_reason_and_recommendation(
    alpenblick: int, done: Done, kern: Partner
) -> None:
    done(commands.refuse, chosen=Chosen(reason=OurReason.CAPACITY, partner_id=kern.pk))
    end = ending(alpenblick)
    assert outcome(alpenblick) == OutcomeKind.DECLINED
    assert end.our_reason is OurReason.CAPACITY
    assert end.referred_to == "Metallbau Kern"
    assert end.comeback == "wir wieder Zeit haben"


def test_d3_a_shut_door_names_no_way_back(alpenblick: int, done: Done) -> None:
    done(commands.refuse, chosen=Chosen(reason=OurReason.PAYMENT, is_open=False))
    assert ending(alpenblick).comeback == ""


def test_d3_twice_is_once_and_taken_back_it_lives_again(
    owner: User, alpenblick: int, done: Done
) -> None:
    change = done(commands.refuse, chosen=FIT, key="once")
    assert done(commands.refuse, chosen=FIT, key="once").repeated
    assert Event.objects.filter(kind="closed").count() == 1
    commands.undo(actor=owner, now=timezone.now(), key="back", entry_id=change.entry_id)
    assert outcome(alpenblick) == ""


def test_d3_what_has_ended_cannot_be_refused(alpenblick: int, done: Done) -> None:
    done(commands.close, outcome=OutcomeKind.WON)
    with pytest.raises(commands.InvalidError, match="abgeschlossen"):
        done(commands.refuse, chosen=FIT)
    with pytest.raises(commands.InvalidError, match="abgeschlossen"):
        commands.begin_refusal(actor=User.objects.get(), opportunity_id=alpenblick, chosen=FIT)


def test_d3_a_mail_ends_it_when_it_is_noted(owner: User, alpenblick: int, kern: Partner) -> None:
    chosen = Chosen(reason=OurReason.SCOPE, tone=Tone.PLAIN, partner_id=kern.pk)
    page = queries.refusal(owner, alpenblick, chosen, now=timezone.now())
    assert "Metallbau Kern, Bad Tölz" in page.text
    assert "Metallbau Kern, Bad Tölz" in page.said
    typed = Typed(
        slot="x", step=StepKind.DECLINE, subject="Absage", text=page.text, text_key=chosen.key
    )
    record_writing(actor=owner, now=timezone.now(), key="m", opportunity_id=alpenblick, typed=typed)
    assert outcome(alpenblick) == OutcomeKind.DECLINED
    assert ending(alpenblick).our_reason is OurReason.SCOPE
    assert ending(alpenblick).referred_to == "Metallbau Kern"


def test_d3_a_no_of_ours_on_the_call_sheet_is_no_letting_go(alpenblick: int, done: Done) -> None:
    done(
        commands.record_outcome,
        step=StepKind.DECLINE,
        channel=Channel.CALL,
        reached="reached",
    )
    assert ending(alpenblick) == Closed(outcome=OutcomeKind.DECLINED)


def test_d3_nobody_heard_it_then_it_is_not_said(alpenblick: int, done: Done) -> None:
    done(
        commands.record_outcome,
        step=StepKind.DECLINE,
        channel=Channel.CALL,
        reached="not_reached",
    )
    assert outcome(alpenblick) == ""


@pytest.mark.parametrize(
    "key",
    ["", "decline.to_others", "refusal.fit.warm.x.open", "refusal.fit.loud.1.open",
     "refusal.mood.warm.1.open", "refusal.fit.warm.1.ajar", "refusal.fit.warm.1.open.more"],
)  # fmt: skip
def test_d3_a_strange_key_names_no_refusal(key: str) -> None:
    assert chosen_in(key) is None
    assert declined((key,)) == Closed(outcome=OutcomeKind.DECLINED)


def test_d3_a_key_says_what_was_chosen() -> None:
    chosen = Chosen(reason=OurReason.PRICE, tone=Tone.SHORT, partner_id=7, is_open=False)
    assert chosen_in(chosen.key) == chosen
    assert chosen_in(FIT.key) == FIT


def test_d3_the_nearest_trade_comes_first_then_the_place(owner: User, alpenblick: int) -> None:
    Opportunity.objects.get(pk=alpenblick).prospect.__class__.objects.update(place="Tegernsee")
    added(owner, "Anders", trade="Fenster")
    added(owner, "Nachbar", trade="Gärten", place="Tegernsee")
    added(owner, "Zum Balkon", trade="Balkonsanierung")
    found = [one.name for one in queries.partners_for(owner, alpenblick)]
    assert found == ["Zum Balkon", "Nachbar", "Anders"]


def test_d3_a_partner_comes_and_goes_and_is_kept_once(owner: User, kern: Partner) -> None:
    assert added(owner, "Metallbau Kern").pk == kern.pk
    commands.change_partner(
        actor=owner, now=timezone.now(), partner_id=kern.pk, about={"name": "Kern & Sohn"}
    )
    commands.retire_partner(actor=owner, now=timezone.now(), partner_id=kern.pk)
    assert queries.partners(owner) == []
    with pytest.raises(commands.InvalidError):
        check_partner(Chosen(reason=OurReason.FIT, partner_id=kern.pk))
    commands.restore_partner(actor=owner, partner_id=kern.pk)
    assert [one.name for one in queries.partners(owner)] == ["Kern & Sohn"]


@pytest.mark.parametrize(
    "about", [{"name": " "}, {"name": "x" * 201}, {"name": "A", "place": "x" * 121}]
)
def test_d3_a_partner_without_a_name_is_refused(owner: User, about: dict[str, str]) -> None:
    with pytest.raises(commands.InvalidError):
        commands.add_partner(actor=owner, now=timezone.now(), key="k", about=about)


def test_d3_strangers_may_neither_refuse_nor_recommend(owner: User, alpenblick: int) -> None:
    owner.is_active = False
    with pytest.raises(RefusedError):
        queries.partners(owner)
    with pytest.raises(RefusedError):
        added(owner, "Kern")
    with pytest.raises(RefusedError):
        commands.refuse(
            actor=owner, now=timezone.now(), key="k", opportunity_id=alpenblick, chosen=FIT
        )
    with pytest.raises(RefusedError):
        queries.refusal(owner, alpenblick, FIT, now=timezone.now())


def test_d3_the_page_shows_the_words_and_leads_to_the_mail(
    desk: Client, alpenblick: int, kern: Partner
) -> None:
    page = html(desk.get(f"/opportunities/{alpenblick}/refusal"))
    assert "Metallbau Kern (Balkonsanierung, Bad Tölz)" in page
    chosen = {"key": "k", "reason": "price", "tone": "short", "partner": kern.pk, "door": "shut"}
    shown = desk.post(f"/opportunities/{alpenblick}/refusal", {**chosen, "act": "show"})
    assert "Dafür kann ich es nicht gut machen" in html(shown)
    assert outcome(alpenblick) == ""
    mail = desk.post(f"/opportunities/{alpenblick}/refusal", {**chosen, "act": "mail"}, follow=True)
    assert "Dafür kann ich es nicht gut machen" in html(mail)
    assert "Metallbau Kern, Bad Tölz" in html(mail)
    said = desk.post(f"/opportunities/{alpenblick}/refusal", {**chosen, "act": "said"}, follow=True)
    assert "Abgesagt und abgeschlossen" in html(said)
    assert outcome(alpenblick) == OutcomeKind.DECLINED


def test_d3_bad_input_is_said_and_changes_nothing(desk: Client, alpenblick: int) -> None:
    url = f"/opportunities/{alpenblick}/refusal"
    asked = {
        "key": "k",
        "reason": "mood",
        "tone": "warm",
        "door": "open",
        "partner": "99",
        "act": "said",
    }
    assert desk.post(url, asked).status_code == 422
    assert desk.get("/opportunities/99999/refusal").status_code == 404
    assert outcome(alpenblick) == ""


def test_d3_after_an_objection_there_is_nothing_to_say(
    desk: Client, owner: User, alpenblick: int
) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    commands.opt_out(actor=owner, now=timezone.now(), key="o", prospect_id=prospect)
    answer = desk.get(f"/opportunities/{alpenblick}/refusal")
    assert answer.status_code == 302
    assert f"/opportunities/{alpenblick}/refusal" not in html(
        desk.get(f"/opportunities/{alpenblick}/")
    )


def test_d3_deciding_otherwise_leads_to_the_page(desk: Client, alpenblick: int) -> None:
    answer = desk.post(
        f"/opportunities/{alpenblick}/decision", {"key": "d", "chosen": "decline"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"/opportunities/{alpenblick}/refusal"
    assert f"/opportunities/{alpenblick}/refusal" in html(desk.get(f"/opportunities/{alpenblick}/"))


def test_d3_the_list_of_recommendations_by_hand(desk: Client, owner: User) -> None:
    assert "Noch niemand auf der Liste" in html(desk.get("/settings/partners/"))
    answer = desk.post(
        "/settings/partners/new",
        {"key": "k", "name": "Kern", "mail": "k@kern.example"},
        follow=True,
    )
    assert "k@kern.example" in html(answer)
    pk = Partner.objects.get().pk
    assert desk.post("/settings/partners/new", {"key": "l", "name": ""}).status_code == 422
    desk.post(f"/settings/partners/{pk}", {"key": "m", "name": "Kern & Sohn"})
    assert "Kern &amp; Sohn" in html(desk.get("/settings/partners/"))
    desk.post(f"/settings/partners/{pk}/retirement")
    assert "wieder auf die Liste" in html(desk.get("/settings/partners/"))
    desk.post(f"/settings/partners/{pk}/return")
    assert "von der Liste nehmen" in html(desk.get("/settings/partners/"))
    assert desk.get("/settings/partners/99999").status_code == 404


def test_d3_a_recommended_firm_learns_nothing_of_the_customer(
    owner: User, alpenblick: int, done: Done, kern: Partner
) -> None:
    before = Partner.objects.values().get(pk=kern.pk)
    done(commands.refuse, chosen=Chosen(reason=OurReason.FIT, partner_id=kern.pk))
    assert Partner.objects.values().get(pk=kern.pk) == before


def test_d3_two_matters_of_one_house_are_refused_apart(owner: User, alpenblick: int) -> None:
    other = opened(owner, "Pension Alpenblick", "Geländer", "huber@alpenblick.example")
    commands.refuse(actor=owner, now=timezone.now(), key="k", opportunity_id=other, chosen=FIT)
    assert outcome(other) == OutcomeKind.DECLINED
    assert outcome(alpenblick) == ""


def test_e6_the_page_of_our_no_says_what_the_law_says_of_call_and_mail(
    owner: User, desk: Client, alpenblick: int
) -> None:
    page = queries.refusal(owner, alpenblick, FIT, now=timezone.now())
    assert (page.spoken.channel, page.written.channel) == (Channel.CALL, Channel.MAIL)
    shown = html(desk.get(f"/opportunities/{alpenblick}/refusal"))
    assert shown.count('aria-label="Recht und Rücksicht"') == 2
    assert page.spoken.source in shown
