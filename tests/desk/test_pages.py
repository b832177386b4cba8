"""The pages as a browser without script gets them."""

from datetime import datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.models import Event, UnmatchedMail, User
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import Statement
from tests.post import mailbox

pytestmark = pytest.mark.django_db


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def posted_mail(owner: User) -> None:
    raw = mailbox("Rosa Huber <huber@alpenblick.example>", now=timezone.now())
    commands.import_file(raw=raw, name="post.mbox", actor=owner, now=timezone.now())


@pytest.mark.parametrize(
    "address",
    [
        "/", "/?minutes=30", "/?selected=999999999", "/?minutes=²&selected=²", "/inbox/",
        "/inbox/?page=7", "/opportunities/", "/opportunities/?state=all&q=sued",
        "/opportunities/new", "/prospects/", "/prospects/?q=zzz", "/offers/", "/import/",
        "/settings/", "/more/", "/palette", "/palette?q=alpen",
    ],
)  # fmt: skip
def test_every_page_answers(desk: Client, alpenblick: int, address: str) -> None:
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize("part", ["", "outcomes", "snooze", "decision", "effort", "closing"])
def test_every_page_of_an_opportunity_answers(desk: Client, alpenblick: int, part: str) -> None:
    assert desk.get(f"/opportunities/{alpenblick}/{part}").status_code == 200
    assert desk.get(f"/opportunities/999999/{part}").status_code == 404


@pytest.mark.parametrize("address", ["/", "/inbox/", "/opportunities/", "/prospects/", "/offers/"])
def test_an_empty_page_offers_the_next_act(desk: Client, address: str) -> None:
    assert 'href="/import/"' in html(desk.get(address))


def test_no_page_carries_style_or_script_of_its_own(desk: Client, alpenblick: int) -> None:
    for address in ("/", f"/opportunities/{alpenblick}/", "/inbox/", "/import/"):
        text = html(desk.get(address))
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


def test_an_outcome_is_recorded_told_and_taken_back(desk: Client, alpenblick: int) -> None:
    answer = desk.post(
        f"/opportunities/{alpenblick}/outcomes",
        {"key": "a", "result": "later_vague", "channel": "call", "note": "im neuen Jahr"},
        follow=True,
    )
    text = html(answer)
    assert "WAS-Frage" in text
    assert "Rückgängig" in text
    replied = Event.objects.get(kind="replied")
    assert replied.payload["statement"]["intent"] == "later_vague"
    undone = desk.post(f"/entries/{replied.pk}/undo", {"next": "/"}, follow=True)
    assert undone.redirect_chain[-1][0] == "/"
    assert "im neuen Jahr" not in html(desk.get(f"/opportunities/{alpenblick}/"))


def test_an_outcome_sent_twice_counts_once(desk: Client, alpenblick: int) -> None:
    for _ in range(2):
        desk.post(
            f"/opportunities/{alpenblick}/outcomes",
            {"key": "same", "result": "not_reached", "channel": "call"},
        )
    assert Event.objects.filter(kind="touched").count() == 1


def test_an_outcome_without_a_choice_keeps_what_was_typed(desk: Client, alpenblick: int) -> None:
    answer = desk.post(
        f"/opportunities/{alpenblick}/outcomes", {"key": "a", "channel": "call", "note": "nur das"}
    )
    assert answer.status_code == 422
    assert "Bitte wählen, was herauskam." in html(answer)
    assert 'value="nur das"' in html(answer)


def test_a_mail_written_instead_of_a_call_is_a_mail(desk: Client, alpenblick: int) -> None:
    desk.post(
        f"/opportunities/{alpenblick}/outcomes",
        {"key": "a", "result": "wrote", "channel": "call", "note": "kurz erinnert"},
    )
    assert Event.objects.get(kind="touched").payload["channel"] == "mail"


def test_two_or_three_months_become_a_window(desk: Client, alpenblick: int) -> None:
    desk.post(
        f"/opportunities/{alpenblick}/outcomes",
        {"key": "a", "result": "later_vague", "channel": "call", "again": "months"},
    )
    start, end = Event.objects.get(kind="replied").payload["statement"]["callback"]
    days = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    assert 28 <= days.days <= 31


def test_an_objection_stops_every_contact(desk: Client, alpenblick: int) -> None:
    answer = desk.post(
        f"/opportunities/{alpenblick}/outcomes",
        {"key": "a", "result": "opt_out", "channel": "call"},
        follow=True,
    )
    assert answer.status_code == 200
    assert f"/opportunities/{alpenblick}/outcomes" not in html(desk.get("/"))


def test_later_wants_a_day_after_today(desk: Client, alpenblick: int) -> None:
    address = f"/opportunities/{alpenblick}/snooze"
    today = timezone.localdate().isoformat()
    answer = desk.post(address, {"key": "a", "when": "date", "until": today})
    assert answer.status_code == 422
    assert "nach heute" in html(answer)
    assert desk.post(address, {"key": "b", "when": "7"}).status_code == 302
    assert Event.objects.filter(kind="snoozed").count() == 1


def test_closed_and_open_again(desk: Client, alpenblick: int) -> None:
    address = f"/opportunities/{alpenblick}/closing"
    desk.post(address, {"key": "a", "outcome": "lost", "no_reason": "price"})
    assert "Pension Alpenblick" in html(desk.get("/opportunities/?state=lost"))
    assert "Wieder öffnen" in html(desk.get(address))
    desk.post(address, {"key": "b", "reason": "neuer Anlauf"})
    assert "Pension Alpenblick" in html(desk.get("/opportunities/"))


def test_what_has_ended_is_not_judged_any_more(desk: Client, alpenblick: int) -> None:
    assert 'class="judgement"' in html(desk.get(f"/opportunities/{alpenblick}/"))
    desk.post(f"/opportunities/{alpenblick}/closing", {"key": "a", "outcome": "won"})
    text = html(desk.get(f"/opportunities/{alpenblick}/"))
    assert "Abgeschlossen" in text
    assert 'class="judgement"' not in text


def test_work_and_a_feeling_are_noted(desk: Client, alpenblick: int) -> None:
    desk.post(
        f"/opportunities/{alpenblick}/effort", {"key": "a", "minutes": "90", "what": "Aufmaß"}
    )
    desk.post(f"/opportunities/{alpenblick}/gut", {"key": "b", "dead_horse": "yes"})
    assert set(Event.objects.values_list("kind", flat=True)) >= {"effort_spent", "gut_felt"}


def test_another_step_is_taken(desk: Client, alpenblick: int) -> None:
    address = f"/opportunities/{alpenblick}/decision"
    assert desk.post(address, {"key": "a", "chosen": "clarify"}).status_code == 302
    assert desk.post(address, {"key": "b", "chosen": "dance"}).status_code == 422


def test_a_new_opportunity_by_hand(desk: Client) -> None:
    typed = {"key": "a", "prospect": "Weingut Hallwachs", "title": "Überdachung"}
    answer = desk.post("/opportunities/new", {**typed, "amount": "28.500,50 €"}, follow=True)
    assert "28.500,50 EUR" in html(answer)
    refused = desk.post("/opportunities/new", {**typed, "amount": "viel"})
    assert refused.status_code == 302  # no figure at all is no amount
    refused = desk.post("/opportunities/new", {**typed, "amount": "1-2"})
    assert "Das ist kein Betrag." in html(refused)


def test_mails_come_in_marked_and_are_put_right(desk: Client, owner: User, alpenblick: int) -> None:
    posted_mail(owner)
    text = html(desk.get("/inbox/"))
    assert "<mark" in text
    assert "Eine Mail passt zu keinem Kunden" in text
    reply = Event.objects.get(kind="replied")
    answer = desk.post(
        f"/replies/{reply.pk}/statement",
        {"key": "a", "intent": "stalled_named", "condition": "die Bank hat zugesagt"},
        follow=True,
    )
    assert "die Bank hat zugesagt" in html(answer)
    assert "von Ihnen bestätigt" in html(desk.get("/inbox/"))


def test_a_correction_swaps_one_reply(desk: Client, owner: User, alpenblick: int) -> None:
    posted_mail(owner)
    pk = Event.objects.get(kind="replied").pk
    headers = {"HX-Request": "true", "HX-Target": f"reply-{pk}"}
    asked = html(desk.get(f"/replies/{pk}/statement", headers=headers))
    assert "<html" not in asked
    refused = desk.post(f"/replies/{pk}/statement", {"key": "a"}, headers=headers)
    assert refused.status_code == 422
    assert refused["HX-Retarget"] == f"#correction-{pk}"
    swapped = desk.post(f"/replies/{pk}/statement", {"key": "a", "intent": "no"}, headers=headers)
    assert f'id="reply-{pk}"' in html(swapped)
    assert "Rückgängig" in html(swapped)


def test_a_mail_without_a_customer_is_assigned_or_dismissed(
    desk: Client, owner: User, alpenblick: int
) -> None:
    posted_mail(owner)
    mail = UnmatchedMail.objects.get()
    assert "Geländer Nordseite" in html(desk.get(f"/mails/{mail.pk}/assignment?q=alpen"))
    desk.post(f"/mails/{mail.pk}/assignment", {"opportunity": alpenblick})
    assert Event.objects.filter(kind="replied").count() == 2
    assert desk.post(f"/mails/{mail.pk}/dismissal").status_code == 302
    assert desk.get(f"/mails/{mail.pk}/assignment").status_code == 404


def test_a_row_fetches_its_pane(desk: Client, alpenblick: int) -> None:
    headers = {"HX-Request": "true", "HX-Target": "pane"}
    text = html(desk.get(f"/opportunities/{alpenblick}/", headers=headers))
    assert text.lstrip().startswith('<div class="pane">')


def test_the_palette_finds_whatever_the_spelling(desk: Client, alpenblick: int) -> None:
    for spelling in ("suedseite", "SÜDSEITE", "südseite"):
        text = html(desk.get("/palette", {"q": spelling}, headers={"HX-Request": "true"}))
        assert f'href="/opportunities/{alpenblick}/"' in text
        assert "<html" not in text


def test_an_objection_is_noted_at_the_prospect(desk: Client, alpenblick: int) -> None:
    prospect = Event.objects.earliest("pk").prospect_id
    answer = desk.post(f"/prospects/{prospect}/opt-out", {"key": "a"}, follow=True)
    assert "Kein Kontakt mehr, mit niemandem im Haus." in html(answer)
    page = html(desk.get(f"/opportunities/{alpenblick}/"))
    assert f"/opportunities/{alpenblick}/outcomes" not in page
    assert f"/opportunities/{alpenblick}/decision" not in page


def test_what_a_customer_writes_stays_text(desk: Client, owner: User, alpenblick: int) -> None:
    said = "<script>alert(1)</script>"
    commands.record_outcome(
        actor=owner,
        now=timezone.now(),
        key="x",
        opportunity_id=alpenblick,
        step=StepKind.CALL,
        channel=Channel.CALL,
        reached="reached",
        statement=Statement(intent=Intent.ENGAGED),
        text=said,
    )
    assert said not in html(desk.get(f"/opportunities/{alpenblick}/"))


def test_what_would_follow_is_looked_up_apart(desk: Client, alpenblick: int) -> None:
    """A dozen plans more: the page does not wait for them."""
    plain = html(desk.get(f"/opportunities/{alpenblick}/"))
    assert 'hx-get="?ahead=1"' in plain
    assert "Was den Rat ändert" not in plain
    ahead = html(desk.get(f"/opportunities/{alpenblick}/?ahead=1"))
    assert "Was den Rat ändert" in ahead
    assert "will noch ein Angebot" in ahead
