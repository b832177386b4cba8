"""Whom an import brought that was taken back: nowhere to be met until somebody names them again."""

from pathlib import Path

import pytest

from nachhaken.desk import commands, queries
from nachhaken.desk.models import ImportRun, Person, Prospect, UnmatchedMail, User
from nachhaken.desk.takeout.cards import cards
from nachhaken.desk.takeout.scope import Scope
from nachhaken.desk.takeout.tables import tables
from tests import cast
from tests.cast import NOW
from tests.desk.looked import KERN, state, table, taken
from tests.desk.test_imports import mail

pytestmark = pytest.mark.django_db
ASKING = mail("Anfrage Balkon", "Was kostet das?")
CARD = b"""BEGIN:VCARD
VERSION:3.0
FN:Markus Kern
ORG:Autohaus Kern
EMAIL:m.kern@autohaus-kern.example
END:VCARD
"""


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def owner() -> User:
    owner = cast.owner()
    run = taken(owner, table(f"{KERN};14.800,00;offen;"))
    commands.revert_import(actor=owner, now=NOW, run_id=run.pk)
    # They are kept, for what stands in the history is never deleted.
    assert Person.objects.get().run == run
    return owner


def test_a_mail_of_theirs_is_one_of_a_stranger(owner: User) -> None:
    taken(owner, ASKING, "anfrage.eml")
    assert UnmatchedMail.objects.get().run == ImportRun.objects.latest("pk")
    assert state()["events"] == []


def test_no_list_search_or_suggestion_names_them(owner: User) -> None:
    assert queries.prospect_list(owner, search="kern").rows == ()
    assert queries.prospect(owner, Prospect.objects.get().pk, now=NOW).people == ()
    known = queries.known_like(
        owner, name="Autohaus Kern GmbH", mail="m.kern@autohaus-kern.example"
    )
    assert known == ()


def test_they_are_in_no_address_book_and_table(owner: User) -> None:
    assert b"Kern" not in b"".join(cards(Scope(None)))
    files = {name: b"".join(rows) for name, rows in tables(Scope(None), now=NOW)}
    assert b"Kern" not in files["tables/kunden.csv"] + files["tables/personen.csv"]
    own = Scope(frozenset({Prospect.objects.get().pk}))
    assert b"Markus Kern" in b"".join(cards(own))


def test_a_contact_that_names_them_brings_them_back(owner: User) -> None:
    assert taken(owner, CARD, "kontakte.vcf").new == 1
    assert [row[1] for row in state()["people"]] == ["Markus Kern"]
    assert len(queries.prospect_list(owner, search="kern").rows) == 1
    assert taken(owner, CARD, "kontakte.vcf").same == 1
