"""Contacts that may be somebody known are named before they are taken in; sure ones are found."""

import pytest
from django.test import Client
from django.urls import reverse

from nachhaken.desk import commands, incoming, queries
from nachhaken.desk.models import ImportRun, Opportunity, Person, Prospect, User
from nachhaken.desk.pages_imports import LookView
from tests import cast
from tests.cast import NOW
from tests.desk.looked import received, state, taken
from tests.desk.test_import_cards import card

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture(autouse=True)
def kern(owner: User) -> Opportunity:
    """Autohaus Kern, with Markus Kern at m.kern@autohaus-kern.example and 08061 555 70 12."""
    return cast.settle(cast.SILENT, actor=owner)


def look(owner: User, raw: str, name: str) -> LookView:
    found = queries.import_page(owner, received(owner, raw.encode(), name), now=NOW).look
    assert found is not None
    return found


def likely(found: LookView) -> list[tuple[str, str, str]]:
    return [(one.name, one.known, one.why) for one in found.likely]


COUSIN = card("FN:M. Kern", "N:Kern;M.;;;", "ORG:Autohaus Kern", "TEL:08061 555 70 44")
OTHER = card("FN:Rolf Beck", "ORG:Hotel Post", "EMAIL:beck@hotel-post.example")


VCARD = card("FN:Rita Neu", "ORG:Kern Autohaus GmbH", "TEL:08061 555 99 1") + OTHER
TABLE = """\
Firma;Ort;Ansprechpartner;E-Mail;Telefon
Kern Autohaus GmbH;;Rita Neu;;08061 555 99 1
Hotel Post;;Rolf Beck;beck@hotel-post.example;
"""


@pytest.mark.parametrize(("name", "raw"), [("a.vcf", VCARD), ("kontakte.csv", TABLE)])
def test_who_may_be_known_is_named_before_anything_is_taken_in(
    owner: User, name: str, raw: str
) -> None:
    before = state()
    found = look(owner, raw, name)
    assert state() == before
    assert likely(found) == [("Kern Autohaus GmbH", "Autohaus Kern", "gleicher Name")]
    assert (found.new, found.doubtful) == (2, 1)


def test_a_person_of_a_known_house_is_compared_with_its_people(owner: User) -> None:
    found = look(owner, COUSIN, "a.vcf")
    assert likely(found) == [("M. Kern", "Markus Kern", "ähnlicher Name")]
    assert found.doubtful == 1
    assert likely(look(owner, OTHER, "b.vcf")) == []


def test_the_page_names_them_with_their_page(owner: User, client: Client) -> None:
    client.force_login(owner)
    house = Prospect.objects.get()
    pk = received(owner, COUSIN.encode(), "a.vcf")
    page = client.get(reverse("import-run", args=[pk])).content.decode()
    assert "Ein Kontakt ist vielleicht schon da" in page
    assert f'<a href="{reverse("prospect", args=[house.pk])}">Markus Kern</a>' in page


@pytest.mark.parametrize(
    "organisation",
    ["Autohaus Kern GmbH & Co. KG", "AUTOHAUS KERN e. K.", "Kern GmbH"],
)
def test_a_house_is_found_by_the_domain_and_a_like_name(owner: User, organisation: str) -> None:
    lang = card("FN:Petra Lang", f"ORG:{organisation}", "EMAIL:p.lang@autohaus-kern.example")
    run = taken(owner, lang.encode(), "a.vcf")
    assert run.doubtful == 0
    assert [row.prospect.name for row in Person.objects.filter(name="Petra Lang")] == [
        "Autohaus Kern"
    ]


def test_a_house_is_found_by_umlauts_and_place(owner: User) -> None:
    for name, mail in (("Bäckerei Müller GmbH", "a@gmx.de"), ("Baeckerei Mueller", "b@gmx.de")):
        one = card(f"FN:{mail[0]}", f"ORG:{name}", f"EMAIL:{mail}", "ADR:;;Am Markt 1;Ulm;;89073;")
        taken(owner, one.encode(), f"{mail[0]}.vcf")
    assert Prospect.objects.exclude(name="Autohaus Kern").count() == 1


def test_the_domain_alone_finds_the_house_of_who_names_none(owner: User) -> None:
    cards = [
        card("FN:Petra Lang", "EMAIL:p.lang@autohaus-kern.example"),
        card("FN:Hans Huber", "EMAIL:hans@gmx.de"),
        card("FN:Eva Post", "EMAIL:eva@hotel-post.example"),
        OTHER,
    ]
    raw = "".join(cards).encode()
    taken(owner, raw, "a.vcf")
    found = dict(Person.objects.values_list("name", "prospect__name"))
    assert (found["Petra Lang"], found["Eva Post"]) == ("Autohaus Kern", "Hotel Post")
    assert "Hans Huber" not in found
    before = state()
    taken(owner, raw + b"\n", "again.vcf")
    assert state() == before


def test_a_like_name_alone_or_another_town_makes_no_house_one(owner: User) -> None:
    Prospect.objects.update(place="Rosenheim")
    far = card("FN:X", "ORG:Autohaus Kern GmbH", "TEL:0531 55512", "ADR:;;Weg 1;Kiel;;24103;")
    taken(owner, far.encode(), "a.vcf")
    assert Prospect.objects.count() == 2


def test_an_old_look_without_names_is_still_shown(owner: User) -> None:
    """One was kept by an earlier version of the desk and waits."""
    pk = received(owner, COUSIN.encode(), "a.vcf")
    run = ImportRun.objects.get(pk=pk)
    told = incoming.look_of(run.file)
    incoming.keep_look(run.file, {key: told[key] for key in told if key != "likely"})
    page = queries.import_page(owner, pk, now=NOW)
    assert page.look is not None
    assert page.look.likely == ()


def test_the_command_line_names_them_as_well(owner: User) -> None:
    done = commands.import_file(
        raw=COUSIN.encode(), name="a.vcf", actor=owner, now=NOW, dry_run=True
    )
    assert [one.known for one in done.likely] == ["Markus Kern"]
