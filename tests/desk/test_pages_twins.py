"""The pages about twins: why two may be one, what they will be, and every way back."""

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk.models import Apart, Merger, Opportunity, Prospect, UnmatchedMail, User
from tests.desk.twins import offered

pytestmark = pytest.mark.django_db


def seen(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def twins(owner: User) -> tuple[Opportunity, Opportunity]:
    one = offered(owner, "Metallbau Huber GmbH", "Sabine Keller", "keller@huber.example", "AN-1001")
    other = offered(owner, "Huber Metallbau", "Keller, Sabine", "s.keller@huber.example", "AN-2002")
    return one, other


def address_of(twins: tuple[Opportunity, Opportunity]) -> str:
    return f"/twins/prospect/{twins[0].prospect_id}/{twins[1].prospect_id}"


def test_an_empty_page_teaches(desk: Client) -> None:
    assert "Niemand steht zweimal da" in seen(desk, "/twins/")


def test_pairs_stand_side_by_side_with_their_reasons(
    desk: Client, twins: tuple[Opportunity, Opportunity]
) -> None:
    page = seen(desk, "/twins/")
    assert "gleicher Name, gleiche Mail-Domain, gleicher Ansprechpartner" in page
    assert "wohl derselbe" in page
    assert "Steht hier jemand doppelt da?" in seen(desk, f"/prospects/{twins[0].prospect_id}/")


def test_what_differs_is_chosen_and_the_old_address_leads_on(
    desk: Client, twins: tuple[Opportunity, Opportunity]
) -> None:
    page = seen(desk, address_of(twins))
    assert "So steht es danach da" in page
    assert 'name="name" value="gone"' in page
    desk.post(address_of(twins), {"key": "k", "name": "gone"})
    kept, gone = (row.prospect_id for row in twins)
    assert Prospect.objects.get(pk=kept).name == "Huber Metallbau"
    assert desk.get(f"/prospects/{gone}/").headers["Location"] == f"/prospects/{kept}/"
    page = seen(desk, f"/prospects/{kept}/")
    assert "wieder trennen" in page
    assert "gleicher Name" in page  # the two Sabine Kellers of the one house


def test_parted_again_each_has_its_own_page(
    desk: Client, twins: tuple[Opportunity, Opportunity]
) -> None:
    desk.post(address_of(twins), {"key": "k"})
    merger = Merger.objects.get()
    desk.post(f"/mergers/{merger.pk}/undo")
    assert "Huber Metallbau" in seen(desk, f"/prospects/{twins[1].prospect_id}/")


def test_who_is_said_to_be_two_is_not_asked_about_again(
    desk: Client, twins: tuple[Opportunity, Opportunity]
) -> None:
    desk.post(f"{address_of(twins)}/apart")
    page = seen(desk, "/twins/")
    assert "Niemand steht zweimal da" in page
    assert "doch wieder fragen" in page
    desk.post(f"/twins/apart/{Apart.objects.get().pk}/removal")
    assert "wohl derselbe" in seen(desk, "/twins/")


def test_people_of_one_house_are_made_one(
    desk: Client, owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    desk.post(address_of(twins), {"key": "k"})
    one, other = (row.person_id for row in twins)
    desk.post(f"/twins/person/{one}/{other}", {"key": "p"})
    assert Merger.objects.filter(table="person").count() == 1
    page = seen(desk, f"/prospects/{twins[0].prospect_id}/")
    assert page.count("wieder trennen<span") == 2


@pytest.mark.parametrize("address", ["/twins/prospect/1/99999", "/twins/car/1/2"])
def test_what_is_not_there_is_not_found(desk: Client, address: str) -> None:
    assert desk.get(address).status_code == 404
    assert desk.post(address).status_code == 404


def test_before_a_twin_is_made_the_known_one_is_named(
    desk: Client, twins: tuple[Opportunity, Opportunity]
) -> None:
    new = {"key": "n", "prospect": "Metallbau Huber & Co. KG", "title": "Tor"}
    page = desk.post("/opportunities/new", new).content.decode()
    assert "Gibt es schon:" in page
    assert not Opportunity.objects.filter(title="Tor").exists()
    desk.post("/opportunities/new", {**new, "known": twins[0].prospect_id})
    assert Opportunity.objects.get(title="Tor").prospect_id == twins[0].prospect_id


def test_who_says_that_it_is_new_is_not_asked_twice(
    desk: Client, twins: tuple[Opportunity, Opportunity]
) -> None:
    new = {"key": "n", "prospect": "Metallbau Huber & Co. KG", "title": "Tor", "asked": "1"}
    desk.post("/opportunities/new", new)
    assert Opportunity.objects.get(title="Tor").prospect.name == "Metallbau Huber & Co. KG"


def test_a_doubtful_mail_waits_with_its_reasons_in_words(
    desk: Client, owner: User, twins: tuple[Opportunity, Opportunity]
) -> None:
    UnmatchedMail.objects.create(
        source_key="mail:x",
        at=timezone.now(),
        sender="einkauf@huber.example",
        sender_name="Petra Neu",
        subject="Angebot AN-1001 oder AN-2002?",
        text="Was gilt?",
    )
    page = seen(desk, "/inbox/")
    assert "gleiche Firma: huber.example" in page
    assert "nennt Angebot AN-1001" in page
