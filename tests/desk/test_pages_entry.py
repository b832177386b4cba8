"""The way in, the first start, the example, and what is said when something fails."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from nachhaken.desk.models import User
from nachhaken.desk.views.faults import broken
from tests.desk.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_a_fresh_desk_asks_for_its_owner_and_lets_them_in(client: Client) -> None:
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/start/"
    answer = client.post(
        "/start/",
        {"name": "Katrin Brandt", "mail": "katrin@brandt.example", "password": PASSWORD},
        follow=True,
    )
    assert "Hier steht, wen Sie heute anrufen" in html(answer)
    assert client.get("/start/").status_code == 302


def test_a_weak_password_is_refused_with_a_reason(client: Client) -> None:
    answer = client.post("/start/", {"name": "K", "mail": "k@b.example", "password": "kurz"})
    assert answer.status_code == 422
    assert "zu kurz" in html(answer)
    assert not User.objects.exists()


def test_a_stranger_is_led_to_the_login(owner: User, client: Client) -> None:
    answer = client.get("/inbox/")
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/inbox/"
    answer = client.post(
        "/login/?next=/inbox/", {"login": "katrin@brandt.example", "password": PASSWORD}
    )
    assert answer["Location"] == "/inbox/"


def test_a_wrong_password_says_so(owner: User, client: Client) -> None:
    answer = client.post("/login/", {"login": "katrin@brandt.example", "password": "falsch"})
    assert 'class="notice"' in html(answer)


def test_the_example_fills_the_desk(desk: Client) -> None:
    text = html(desk.post("/example/", follow=True))
    assert "Metallbau Brandt" in text
    assert "Was " in text
    assert 'class="row"' in text


def test_the_language_follows_the_choice(desk: Client, alpenblick: int) -> None:
    desk.post(
        "/settings/",
        {
            "language": "en",
            "margin": "25",
            "hour_eur": "80",
            "hold_eur_per_day": "2",
            "opt_out_eur": "150",
        },
    )
    text = html(desk.get("/"))
    assert '<html lang="en">' in text
    assert "What counts" in text
    assert "31,200" in text


@pytest.mark.parametrize("address", ["gibt-es-nicht/", "opportunities/77/", "prospects/77/"])
def test_what_is_not_there_is_said_in_words(desk: Client, address: str) -> None:
    answer = desk.get(f"/{address}")
    assert answer.status_code == 404
    assert "Hier ist nichts" in html(answer)


def test_an_old_form_keeps_what_was_typed(owner: User, alpenblick: int) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    typed = {"note": "ruft im Januar an", "result": "later_vague"}
    address = f"/opportunities/{alpenblick}/outcomes"
    ours = browser.post(address, typed, headers={"Origin": "http://testserver"})
    assert ours.status_code == 403
    assert "ruft im Januar an" in html(ours)
    strangers = browser.post(address, typed, headers={"Origin": "http://evil.example"})
    assert "ruft im Januar an" not in html(strangers)


def test_the_settings_know_the_page_for_old_forms() -> None:
    assert settings.CSRF_FAILURE_VIEW == "nachhaken.desk.views.faults.expired"


def test_a_broken_desk_says_so_without_its_database() -> None:
    answer = broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Da ist etwas schiefgegangen" in html(answer)
