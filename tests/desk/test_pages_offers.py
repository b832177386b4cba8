"""The pages of offers: nothing typed is lost, and every act says what it did."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import commands
from nachhaken.desk.documents import LARGEST
from nachhaken.desk.models import Document, Event, OfferDraft, Opportunity, Plan, User
from nachhaken.desk.offering import draft_in_work
from nachhaken.terms import Channel, OutcomeKind
from tests.desk.conftest import opened
from tests.desk.shown import in_days, page_of

pytestmark = pytest.mark.django_db

ROWS: dict[str, Any] = {
    "row": ["0", "1"],
    "p0-text": "Geländer",
    "p0-quantity": "12,5",
    "p0-unit": "m",
    "p0-price": "380",
    "p1-text": "Montage",
    "p1-price": "2.400,00",
}


def post(desk: Client, pk: int, act: Any = "", **typed: Any) -> HttpResponse:
    shown = desk.get(f"/opportunities/{pk}/offer").content.decode()
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    body = {"number": "2026-0418", "title": "Balkone", "currency": "EUR", "vat": "190"}
    body |= {"valid_until": in_days(30).isoformat(), "seen": seen, "act": act}
    response = desk.post(f"/opportunities/{pk}/offer", body | ROWS | typed)
    assert isinstance(response, HttpResponse)
    return response


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def in_work(pk: int) -> OfferDraft:
    draft = draft_in_work(pk)
    assert draft is not None
    return draft


def test_looking_at_the_page_writes_nothing(desk: Client, alpenblick: int) -> None:
    shown = page_of(desk, f"/opportunities/{alpenblick}/offer")
    assert 'name="seen" value=""' in shown
    assert "Wird beim Schreiben gespeichert." in shown
    assert OfferDraft.objects.count() == 0


def test_what_is_typed_is_kept_and_summed(desk: Client, alpenblick: int) -> None:
    shown = text_of(post(desk, alpenblick))
    assert "7.150,00 €" in shown
    assert "8.508,50 €" in shown
    assert "Gespeichert heute" in shown
    again = page_of(desk, f"/opportunities/{alpenblick}/offer")
    assert 'name="p0-quantity" value="12,5"' in again
    assert 'name="p1-price" value="2.400,00"' in again
    assert "Montage</textarea>" in again


def test_rows_come_and_go_without_script(desk: Client, alpenblick: int) -> None:
    more = text_of(post(desk, alpenblick, "add"))
    assert 'name="p2-text"' in more
    assert len(in_work(alpenblick).positions) == 2
    less = text_of(post(desk, alpenblick, "remove-0"))
    assert 'name="p0-text"' not in less
    assert 'name="p1-text"' in less
    assert [row["text"] for row in in_work(alpenblick).positions] == ["Montage"]


def test_enter_in_a_field_saves_and_removes_nothing(desk: Client, alpenblick: int) -> None:
    shown = page_of(desk, f"/opportunities/{alpenblick}/offer")
    form = shown.partition('class="split offer-form"')[2]
    assert form.index('value="save"') < form.index('value="add"')
    assert form.index('value="save"') < form.index('value="remove-')
    assert post(desk, alpenblick, "save").status_code == 302


@pytest.mark.parametrize(
    ("typed", "words", "kept"),
    [
        ({"p0-price": "teuer"}, "Das ist kein Betrag.", "teuer"),
        ({"p0-quantity": "0"}, "Bitte eine Menge über null", "Geländer"),
        ({"p0-quantity": "viel"}, "Das ist keine Menge.", "viel"),
        ({"p1-text": ""}, "wofür der Preis ist", "2.400,00"),
        ({"vat": "123"}, "Gespeichert ist alles außer", "Geländer"),
        ({"net": "1e9"}, "", "1e9"),
        ({"valid_until": "31.02.2027"}, "31.02.2027", "Geländer"),
        ({"number": "9" * 61}, "9" * 61, "Geländer"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(
    desk: Client, alpenblick: int, typed: dict[str, str], words: str, kept: str
) -> None:
    response = post(desk, alpenblick, "send", **typed)
    shown = text_of(response)
    if words:
        assert response.status_code == 422
        assert words in shown
    else:
        assert response.status_code == 302
        shown = page_of(desk, f"/opportunities/{alpenblick}/offer")
        kept = "19,00"
    assert kept in shown
    assert in_work(alpenblick).title == "Balkone"
    assert not Event.objects.filter(kind="offer_sent", payload__number="2026-0418").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"row": [], "net": ""}, "Ein Angebot braucht einen Betrag"),
        ({"valid_until": "2020-01-01"}, "schon abgelaufen: gültig bis 1.1.2020"),
        ({"p1-price": "-9.000"}, "Die Summe liegt unter null."),
    ],
)
@pytest.mark.parametrize("act", ["send", "sent"])
def test_what_cannot_go_out_says_so_and_is_kept(
    desk: Client, alpenblick: int, typed: dict[str, Any], words: str, act: str
) -> None:
    response = post(desk, alpenblick, act, **typed)
    assert response.status_code == 422
    assert words in text_of(response)
    assert in_work(alpenblick).number == "2026-0418"


@pytest.mark.parametrize(
    ("rate", "currency", "shown"),
    [
        ("0", "EUR", "7.150,00 €"),
        ("81", "CHF", "7.729,15 CHF"),
        ("26", "CHF", "7.335,90 CHF"),
        ("100", "EUR", "7.865,00 €"),
        ("", "EUR", "ohne Angabe zur MwSt."),
    ],
)
def test_every_rate_of_the_three_countries_can_be_chosen(
    desk: Client, alpenblick: int, rate: str, currency: str, shown: str
) -> None:
    assert shown in text_of(post(desk, alpenblick, vat=rate, currency=currency))


def test_a_rebate_is_a_negative_position(desk: Client, alpenblick: int) -> None:
    for rebate in ("-150", "−150,00", "- 150"):
        assert "4.600,00 €" in text_of(post(desk, alpenblick, **{"p1-price": rebate}))


def test_thousands_and_decimals_are_told_apart(desk: Client, alpenblick: int) -> None:
    for typed, held in {"1.000": 1000.0, "2,5": 2.5, "0.125": 0.125, "1.000,5": 1000.5}.items():
        post(desk, alpenblick, **{"p0-quantity": typed})
        assert in_work(alpenblick).positions[0]["quantity"] == held


def test_a_second_window_gets_a_notice_and_keeps_its_words(desk: Client, alpenblick: int) -> None:
    post(desk, alpenblick, title="aus Fenster 1")
    typed = ROWS | {"title": "aus Fenster 2", "currency": "EUR", "vat": "190", "seen": "1 gestern"}
    refused = desk.post(f"/opportunities/{alpenblick}/offer", typed)
    shown = text_of(refused)  # type: ignore[arg-type]
    assert refused.status_code == 422
    assert "inzwischen in einem anderen Fenster geändert" in shown
    assert "aus Fenster 2" in shown
    assert in_work(alpenblick).title == "aus Fenster 1"
    desk.post(f"/opportunities/{alpenblick}/offer", typed | {"act": "overwrite"})
    assert in_work(alpenblick).title == "aus Fenster 2"


def test_an_own_pdf_goes_with_the_offer_and_comes_out_safely(desk: Client, alpenblick: int) -> None:
    file = SimpleUploadedFile("Mein Angebot.pdf", b"%PDF-1.7 eigenes", "application/pdf")
    shown = text_of(post(desk, alpenblick, document=file))
    kept = Document.objects.get()
    assert f'href="/documents/{kept.sha256}"' in shown
    handed = desk.get(f"/documents/{kept.sha256}")
    assert handed["Content-Disposition"].startswith("attachment")
    assert handed["X-Content-Type-Options"] == "nosniff"
    assert "Mein Angebot.pdf" not in text_of(post(desk, alpenblick, "remove-document"))
    assert in_work(alpenblick).document is None


def test_a_pdf_of_80_mb_is_refused_and_the_rest_is_kept(desk: Client, alpenblick: int) -> None:
    big = BytesIO(b"%PDF-1.7" + b"\0" * (80 * 2**20))
    big.name = "gross.pdf"
    response = post(desk, alpenblick, "save", document=big)
    shown = text_of(response)
    assert response.status_code == 422
    assert "Die Datei hat 81 MB." in shown
    assert str(LARGEST // 2**20) in shown
    assert in_work(alpenblick).title == "Balkone"
    assert Document.objects.count() == 0


def test_what_is_no_pdf_is_refused(desk: Client, alpenblick: int) -> None:
    file = SimpleUploadedFile("a.pdf", b"<html>", "application/pdf")
    assert "Das ist kein PDF." in text_of(post(desk, alpenblick, document=file))


def test_the_paper_can_be_looked_at_before(desk: Client, alpenblick: int) -> None:
    post(desk, alpenblick)
    printed = desk.get(f"/opportunities/{alpenblick}/offer.pdf")
    assert isinstance(printed, HttpResponse)
    assert printed.content.startswith(b"%PDF-")
    assert printed["Content-Disposition"].startswith("attachment")


def test_to_the_mail_with_the_draft(desk: Client, alpenblick: int) -> None:
    response = post(desk, alpenblick, "send")
    draft = in_work(alpenblick)
    assert response["Location"] == f"/opportunities/{alpenblick}/mail?offer={draft.pk}"
    assert "2026-0418" in page_of(desk, response["Location"])


def test_c1_an_offer_sent_by_post_is_noted_and_followed(desk: Client, alpenblick: int) -> None:
    address = f"/opportunities/{alpenblick}/offer/sending"
    assert post(desk, alpenblick, "sent")["Location"] == address
    assert "8.508,50 €" in page_of(desk, address)
    body = {"key": "k", "channel": "letter", "sent_on": in_days(-2).isoformat(), "with_paper": "on"}
    assert desk.post(address, body).status_code == 302
    event = Event.objects.get(kind="offer_sent", payload__number="2026-0418")
    assert event.payload["channel"] == Channel.LETTER
    assert event.payload["document"] == Document.objects.get().sha256
    assert timezone.localtime(event.occurred_at).date() == in_days(-2)
    assert Plan.objects.get(pk=alpenblick).due is not None
    assert desk.get(address)["Location"].endswith("/offer")


def test_sent_tomorrow_is_not_sent(desk: Client, alpenblick: int) -> None:
    post(desk, alpenblick)
    address = f"/opportunities/{alpenblick}/offer/sending"
    body = {"key": "k", "channel": "letter", "sent_on": in_days(1).isoformat()}
    refused = desk.post(address, body)
    assert refused.status_code == 422
    assert "liegt in der Zukunft" in text_of(refused)  # type: ignore[arg-type]


def test_validity_before_the_sending_day_is_refused(desk: Client, alpenblick: int) -> None:
    post(desk, alpenblick, valid_until=in_days(-1).isoformat())
    address = f"/opportunities/{alpenblick}/offer/sending"
    body = {"key": "k", "channel": "letter", "sent_on": in_days(0).isoformat()}
    refused = desk.post(address, body)
    assert refused.status_code == 422
    assert "schon abgelaufen" in text_of(refused)  # type: ignore[arg-type]
    assert in_work(alpenblick).sent_at is None


def test_c2_a_second_version_reads_what_changed(desk: Client, alpenblick: int) -> None:
    address = f"/opportunities/{alpenblick}/offer"
    for typed in (ROWS, ROWS | {"row": ["0"]}):
        post(desk, alpenblick, **typed)
        body = {"key": str(typed["row"]), "channel": "letter", "sent_on": in_days(0).isoformat()}
        desk.post(f"{address}/sending", body)
        desk.post(f"{address}/adaptation")
    newest = Event.objects.filter(kind="offer_sent").latest("pk")
    shown = page_of(desk, f"/offers/{newest.pk}/")
    assert "Position „Montage“ entfällt (−2.400,00 €)" in shown
    assert "Fassung 2" in shown
    assert "ersetzt" in shown
    assert "Entwurf weiterschreiben" in shown
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert f'href="/offers/{newest.pk}/"' in page
    assert "Position „Montage“ entfällt" in page


def test_c2_adapting_from_a_reply_shows_what_was_asked(
    desk: Client, owner: User, alpenblick: int
) -> None:
    commands.record_outcome(
        actor=owner,
        now=timezone.now(),
        key="r",
        opportunity_id=alpenblick,
        step=Plan.objects.get(pk=alpenblick).kind,  # type: ignore[arg-type]
        channel=Channel.MAIL,
        reached="reached",
        text="Können Sie das ohne Montage rechnen?",
    )
    reply = Event.objects.get(kind="replied")
    page = page_of(desk, f"/opportunities/{alpenblick}/")
    assert "Angebot daran anpassen" in page
    desk.post(f"/opportunities/{alpenblick}/offer/adaptation", {"based_on": reply.pk})
    assert in_work(alpenblick).based_on_id == reply.pk
    shown = page_of(desk, f"/opportunities/{alpenblick}/offer")
    assert "Darauf antwortet das Angebot" in shown
    assert "Können Sie das ohne Montage rechnen?" in shown
    house = Opportunity.objects.get(pk=alpenblick).prospect_id
    commands.opt_out(actor=owner, now=timezone.now(), key="o", prospect_id=house)
    assert "Angebot daran anpassen" not in page_of(desk, f"/opportunities/{alpenblick}/")


def test_an_accepted_offer_wins_with_one_click_that_can_be_undone(
    desk: Client, alpenblick: int
) -> None:
    answer = desk.post(f"/opportunities/{alpenblick}/offer/acceptance", {"key": "k"}, follow=True)
    shown = text_of(answer)  # type: ignore[arg-type]
    assert "Angenommen: Auftrag erhalten." in shown
    assert "Rückgängig" in shown
    assert Opportunity.objects.get(pk=alpenblick).outcome == OutcomeKind.WON


def test_c3_a_declined_offer_asks_for_the_reason(desk: Client, alpenblick: int) -> None:
    shown = page_of(desk, f"/opportunities/{alpenblick}/closing?outcome=lost")
    chosen = shown.partition('value="lost"')[2].partition(">")[0]
    assert "checked" in chosen
    assert "Woran lag es?" in shown


def test_a_dropped_draft_comes_back_from_the_toast(desk: Client, alpenblick: int) -> None:
    post(desk, alpenblick)
    pk = in_work(alpenblick).pk
    shown = desk.post(f"/opportunities/{alpenblick}/offer/removal", follow=True)
    assert f'action="/drafts/{pk}/return"' in text_of(shown)  # type: ignore[arg-type]
    assert draft_in_work(alpenblick) is None
    desk.post(f"/drafts/{pk}/return")
    assert in_work(alpenblick).pk == pk


def test_habits_are_set_on_a_page_of_their_own(desk: Client, alpenblick: int) -> None:
    body = {"days": "14", "opening": "Vielen Dank.", "closing": "", "five_rappen": "on"}
    assert desk.post("/settings/offers", body).status_code == 302
    assert 'value="14"' in page_of(desk, "/settings/offers")
    assert desk.post("/settings/offers", body | {"days": "0"}).status_code == 422


def test_the_list_leads_to_the_offer_and_filters(desk: Client, alpenblick: int) -> None:
    event = Event.objects.get(kind="offer_sent")
    shown = page_of(desk, "/offers/?state=sent")
    assert f'href="/offers/{event.pk}/"' in shown
    assert "Keines in diesem Stand" in page_of(desk, "/offers/?state=accepted")


def test_who_is_not_logged_in_sees_no_offer(client: Client, alpenblick: int) -> None:
    event = Event.objects.get(kind="offer_sent")
    for address in (f"/offers/{event.pk}/", "/offers/", f"/opportunities/{alpenblick}/offer.pdf"):
        assert client.get(address).status_code == 302


def test_no_offer_no_page(desk: Client, alpenblick: int) -> None:
    assert desk.get("/offers/4711/").status_code == 404
    assert desk.get("/opportunities/4711/offer").status_code == 404


def test_the_pages_ask_the_same_however_many_there_are(
    desk: Client,
    owner: User,
    alpenblick: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(4):
        opened(owner, f"Kunde {n}", f"Tor {n}", f"k{n}@x.example")
    desk.get("/offers/")
    with django_assert_max_num_queries(30) as few:
        desk.get("/offers/")
    for n in range(4, 8):
        opened(owner, f"Kunde {n}", f"Tor {n}", f"k{n}@x.example")
    with django_assert_num_queries(len(few)):
        desk.get("/offers/")
    newest = Event.objects.filter(opportunity=alpenblick, kind="offer_sent").latest("pk")
    with django_assert_max_num_queries(30) as few:
        desk.get(f"/offers/{newest.pk}/")
    for version in (2, 3):
        commands.send_offer(
            actor=owner,
            now=timezone.now() + timedelta(seconds=version),
            key=f"v{version}",
            opportunity_id=alpenblick,
            amount_cents=version * 100_000,
        )
    with django_assert_num_queries(len(few)):
        desk.get(f"/offers/{newest.pk}/")
