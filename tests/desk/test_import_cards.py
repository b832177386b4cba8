"""Contacts become people: who is known is completed, and nothing is overwritten."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nachhaken.desk import commands
from nachhaken.desk.commands.arriving import Arrival
from nachhaken.desk.commands.import_cards import Strangers, import_cards
from nachhaken.desk.models import Event, Filled, ImportRun, Opportunity, Person, Prospect, User
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def kern(owner: User) -> Opportunity:
    return cast.settle(cast.SILENT, actor=owner)


def card(*lines: str) -> str:
    return "\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


KERN = card(
    "N:Kern;Markus;;Herr;",
    "ORG:Autohaus Kern",
    "TITLE:Geschäftsführer",
    "EMAIL;TYPE=WORK:m.kern@autohaus-kern.example",
    "EMAIL;TYPE=HOME:kern.privat@gmx.de",
    "TEL;TYPE=WORK:08061 555 70 99",
    "ADR;TYPE=WORK:;;Rosenheimer Str. 8;Bad Aibling;;83043;Deutschland",
)
COLLEAGUE = card("FN:Petra Lang", "N:Lang;Petra;;;", "ORG:AUTOHAUS KERN", "TEL:08061 555 70 5")
NEW = card("FN:Rolf Beck", "N:Beck;Rolf;;;", "ORG:Hotel Post", "EMAIL:beck@hotel-post.example")
FRIEND = card("FN:Tante Erna", "TEL:089 555123")


def taken(
    owner: User, *cards: str, strangers: Strangers = Strangers.FIRMS, name: str = "a.vcf"
) -> Arrival:
    run = ImportRun.objects.create(name=name, kind="vcf", at=NOW, actor=owner)
    arrival = Arrival(actor=owner, now=NOW, run=run)
    import_cards(arrival, "".join(cards).encode(), name, strangers=strangers)
    return arrival


def counts(arrival: Arrival) -> tuple[int, int, int, int]:
    return arrival.new, arrival.changed, arrival.same, arrival.skipped


def test_who_is_known_is_completed_and_what_stood_there_stays(
    owner: User, kern: Opportunity
) -> None:
    assert counts(taken(owner, KERN)) == (0, 1, 0, 0)
    person, prospect = kern.person, Prospect.objects.get()
    assert person is not None
    person.refresh_from_db()
    assert (person.role, person.salutation) == ("Geschäftsführer", "herr")
    assert person.phone == cast.SILENT.phone  # typed by a person
    assert prospect.address == "Rosenheimer Str. 8\n83043 Bad Aibling"
    assert prospect.place == "Bad Aibling"
    filled = set(Filled.objects.values_list("table", "field", "before"))
    assert filled == {
        ("person", "role", ""), ("person", "salutation", ""),
        ("prospect", "address", ""), ("prospect", "place", ""),
    }  # fmt: skip


def test_a_further_address_is_known_as_theirs(owner: User, kern: Opportunity) -> None:
    arrival = taken(owner, KERN)
    alias = Person.objects.get(mail="kern.privat@gmx.de")
    assert (alias.merged_into_id, alias.run) == (kern.person_id, arrival.run)


def test_a_colleague_at_a_known_house_becomes_known(owner: User, kern: Opportunity) -> None:
    arrival = taken(owner, COLLEAGUE, strangers=Strangers.NONE)
    assert counts(arrival) == (1, 0, 0, 0)
    lang = Person.objects.get(name="Petra Lang")
    assert (lang.prospect_id, lang.run, lang.phone) == (
        kern.prospect_id, arrival.run, "+49 8061 555705",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("strangers", "known"),
    [
        (Strangers.NONE, set()),
        (Strangers.FIRMS, {"Hotel Post"}),
        (Strangers.ALL, {"Hotel Post", "Tante Erna"}),
    ],
)
def test_friends_stay_out_unless_everybody_is_wanted(
    owner: User, strangers: Strangers, known: set[str]
) -> None:
    arrival = taken(owner, NEW, FRIEND, strangers=strangers)
    assert {row.name for row in Prospect.objects.all()} == known
    assert arrival.new == len(known)
    assert arrival.skipped == 2 - len(known)
    assert {row.is_consumer for row in Prospect.objects.filter(name="Tante Erna")} <= {True}
    for rows in (Prospect.objects.all(), Person.objects.all()):
        assert set(rows.values_list("run", flat=True)) <= {arrival.run and arrival.run.pk}


def test_twice_is_once(owner: User, kern: Opportunity) -> None:
    taken(owner, KERN, COLLEAGUE, NEW)
    people, filled = Person.objects.count(), Filled.objects.count()
    again = taken(owner, KERN, COLLEAGUE, NEW)
    assert counts(again) == (0, 0, 3, 0)
    assert (Person.objects.count(), Filled.objects.count()) == (people, filled)


def test_a_broken_contact_is_told_and_the_others_are_taken(owner: User) -> None:
    arrival = taken(owner, NEW, "BEGIN:VCARD\nFN:Halb\n", COLLEAGUE)
    assert arrival.faults == ["Kontakt 2: Der Kontakt ist nicht vollständig und fehlt deshalb."]
    assert arrival.new == 2


def test_an_objection_stands_before_a_card(owner: User, kern: Opportunity) -> None:
    taken(owner, KERN)
    other = cast.settle(cast.OPTED_OUT, actor=owner)
    arrival = taken(
        owner,
        card(
            "FN:Markus Kern",
            "EMAIL:m.kern@autohaus-kern.example",
            "EMAIL:d.neu@getraenke.example",
        ),
        card("FN:Dieter Lohmeier", "ORG:Lohmeier neu", "TEL:08062 555 90 8"),
    )
    assert other.prospect_id not in arrival.prospects
    noted = Event.objects.filter(kind="opted_out", prospect__name="Lohmeier neu")
    assert noted.exists()
    commands.replan_prospects(arrival.prospects, now=NOW)
    assert Prospect.objects.get(name="Lohmeier neu").opted_out_at is not None


def test_the_look_asks_for_strangers(owner: User, client: Client) -> None:
    client.force_login(owner)
    file = SimpleUploadedFile("adressbuch.vcf", (NEW + FRIEND).encode())
    client.post("/import/", {"file": file})
    run = ImportRun.objects.get()
    place = f"/imports/{run.pk}"
    assert "auch alle anderen" in client.get(f"{place}/", follow=True).content.decode()
    client.post(f"{place}/strangers", {"strangers": "all"})
    run.refresh_from_db()
    assert run.about == "all"
    assert not Prospect.objects.exists()
