"""The playbook's page: lines by scene and voice, what followed them, own versions beside them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Experience, OwnScript, User
from nachhaken.desk.playbook_words import PARTS, SCENES, SLOTS
from nachhaken.desk.queries.playbook import pieces_of
from nachhaken.playbook.filling import PLACEHOLDERS
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import WRITTEN, Scene, Voice
from tests import cast
from tests.cast import NOW
from tests.desk.test_pages_entry import html

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def desk(owner: User, client: Client) -> Client:
    client.force_login(owner)
    return client


def counted(owner: User, **uses: list[int]) -> None:
    counts = {
        "follow_ups": {},
        "uses": {key.replace("__", "."): numbers for key, numbers in uses.items()},
        "talks": [[0, 0, 0], [0, 0, 0]],
    }
    Experience.objects.create(owner=owner, counted_at=NOW, head=0, counts=counts)


def own(owner: User, text: str = "Woran merken wir beide, dass es losgeht?") -> OwnScript:
    return commands.write_script(
        actor=owner, now=NOW, key=text, scene=Scene.WHAT, voice=Voice.SIE, text=text, angle="kurz"
    )


def test_e5_every_script_refusal_and_question_can_be_found(owner: User) -> None:
    assert set(SCENES) == set(Scene) - WRITTEN
    assert set(SLOTS) == PLACEHOLDERS
    table = playbook()
    for voice in Voice:
        shown = [queries.playbook(owner, part=p, voice=voice).parts[0] for p in PARTS]
        lines = [line for part in shown for line in part.lines]
        assert len(lines) == len(table.scripts) + len(table.questions)
        answers = [line for part in shown for one in part.refusals for line in one.answers]
        assert len(answers) == sum(len(one.answers) for one in table.refusals.values())


def test_e5_a_line_shows_how_often_it_was_said_and_what_followed(owner: User) -> None:
    counted(owner, what__until_then=[12, 10, 7], what__either=[1, 1, 0])
    (part,) = queries.playbook(owner, part="what").parts
    notes = {line.key: line.note for line in part.lines}
    assert notes["what.until_then"] == "12-mal gesagt, bei 7 ging es weiter (35–79 %)"
    assert notes["what.either"] == "einmal gesagt, bei keinem ging es weiter (0–77 %)"
    assert notes["what.missing"] == ""


def test_e5_what_was_said_often_and_worked_stands_first(owner: User) -> None:
    counted(owner, what__either=[20, 20, 18], what__missing=[7, 7, 7])
    (part,) = queries.playbook(owner, part="what").parts
    assert [line.key for line in part.lines][:2] == ["what.either", "what.until_then"]


def test_the_question_is_marked_and_slots_are_named() -> None:
    pieces = pieces_of("Guten Tag, {name}. *Was müsste {window} sein*, damit es geht? 2 * 3")
    assert [(piece.text, piece.kind) for piece in pieces] == [
        ("Guten Tag, ", ""),
        ("Name", "slot"),
        (". ", ""),
        ("Was müsste ", "strong"),
        ("genannte Zeit", "slot"),
        (" sein", "strong"),
        (", damit es geht? 2 * 3", ""),
    ]


def test_the_search_goes_through_all_parts_whatever_the_spelling(owner: User) -> None:
    parts = queries.playbook(owner, search="zu teuer").parts
    heard = [refusal.heard for part in parts for refusal in part.refusals]
    assert "zu teuer" in heard
    assert queries.playbook(owner, search="bedingung prufen").parts[0].key == "condition"
    assert queries.playbook(owner, search="Quastenflosser").parts == ()


def test_what_does_not_exist_is_the_first_part_in_the_usual_voice(desk: Client) -> None:
    text = html(desk.get("/playbook/?part=quatsch&voice=platt"))
    assert "Erste Nachfrage" in text
    assert re.search(r'aria-current="true">Sie<', text)


def test_the_page_asks_little(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        own(owner, f"Nummer {number}?")
    with django_assert_num_queries(2):
        queries.playbook(owner, part="what")


def test_an_own_version_stands_beside_the_shipped_ones(desk: Client, owner: User) -> None:
    text = "Was müsste passieren, {name}? <b>"
    said = {"key": "k", "text": text, "scene": "what", "voice": "sie", "angle": "", "nth": "0"}
    page = desk.post(reverse("script-new"), said, follow=True)
    assert "Steht jetzt im Playbook." in html(page)
    assert "von Katharina Brandt" in html(page)
    assert "&lt;b&gt;" in page.content.decode()
    desk.post(reverse("script-new"), said)
    assert OwnScript.objects.count() == 1


def test_an_own_version_begins_with_the_shipped_text(desk: Client) -> None:
    page = html(desk.get("/playbook/own/new?scene=what&voice=du&from=what.until_then"))
    assert "Was müsste bis dahin passiert sein" in page
    assert '<option value="what" selected>' in page


@pytest.mark.parametrize(("text", "fault"), [("", "erforderlich"), ("Hallo {nam}", ": nam"),
                                             ("Hallo {", ": {")])  # fmt: skip
def test_a_text_that_cannot_be_said_is_refused(desk: Client, text: str, fault: str) -> None:
    said = {"key": "k", "text": text, "scene": "what", "voice": "sie"}
    assert fault in html(desk.post(reverse("script-new"), said))
    assert not OwnScript.objects.exists()


def test_another_wording_is_another_row_and_the_old_one_can_come_back(
    desk: Client, owner: User
) -> None:
    old = own(owner)
    said = {"key": "n", "text": "Was fehlt noch?", "scene": "what", "voice": "sie", "nth": "3"}
    desk.post(reverse("script", args=[old.pk]), said)
    new = OwnScript.objects.get(retired_at=None)
    assert (new.text, new.nth) == ("Was fehlt noch?", 0)
    (part,) = queries.playbook(owner, part="what").parts
    assert [line.own_id for line in part.lines if line.own_id] == [new.pk]
    assert [line.own_id for line in part.retired] == [old.pk]
    desk.post(reverse("script-return", args=[old.pk]))
    assert OwnScript.objects.filter(retired_at=None).count() == 2


def test_saved_unchanged_it_stays_the_same_row(desk: Client, owner: User) -> None:
    row = own(owner)
    page = desk.get(reverse("script", args=[row.pk]))
    said = {**page.context["form"].initial, "key": "again"}
    desk.post(reverse("script", args=[row.pk]), said)
    assert OwnScript.objects.count() == 1
    assert OwnScript.objects.get().retired_at is None


def test_what_was_withdrawn_comes_back_from_the_toast(desk: Client, owner: User) -> None:
    row = own(owner)
    page = html(desk.post(reverse("script-retirement", args=[row.pk]), follow=True))
    assert reverse("script-return", args=[row.pk]) in page
    assert OwnScript.objects.get().retired_by == owner
    desk.post(reverse("script-return", args=[row.pk]))
    assert OwnScript.objects.get().retired_at is None


@pytest.mark.parametrize("name", ["script", "script-retirement", "script-return"])
def test_a_version_that_is_not_there_is_not_found(desk: Client, name: str) -> None:
    assert desk.post(reverse(name, args=[999])).status_code == 404
