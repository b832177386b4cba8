"""Learning from the own past: when, what is kept, and what it changes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from nachhaken.desk import commands, queries
from nachhaken.desk.lessons import EVERY, learn_if_due
from nachhaken.desk.models import Lesson, Opportunity, Plan, User
from nachhaken.desk.planning import rethink
from nachhaken.desk.preferences import preferences
from nachhaken.engine import standard
from nachhaken.terms import NoReason, OutcomeKind
from tests import cast
from tests.cast import NOW
from tests.desk.test_pages_entry import html

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def rows(owner: User) -> dict[str, Opportunity]:
    return cast.settle_all(actor=owner)


def test_a_desk_without_a_past_learns_nothing(owner: User) -> None:
    assert learn_if_due(now=NOW) is None
    assert preferences().learnt is None
    assert queries.learning(owner) is None


def test_what_ended_is_learnt_from_once_a_day(owner: User, rows: dict[str, Opportunity]) -> None:
    first = learn_if_due(now=NOW)
    assert first is not None
    assert first.cases == Opportunity.objects.exclude(outcome="").count() > 0
    assert learn_if_due(now=NOW + 2 * EVERY) is None
    _lose(owner, rows[cast.SILENT.prospect])
    assert learn_if_due(now=NOW + EVERY / 2) is None
    assert learn_if_due(now=NOW + EVERY) is not None
    assert Lesson.objects.count() == 2


def test_the_judgement_follows_the_lesson(owner: User, rows: dict[str, Opportunity]) -> None:
    before = Plan.objects.get(pk=rows[cast.COLLECTOR.prospect].pk).genuine
    lesson = commands.learn_anew(actor=owner, now=NOW)
    learnt = preferences().learnt
    assert learnt is not None
    assert learnt.fingerprint == lesson.fingerprint != standard().fingerprint
    assert rethink(now=NOW) > 0
    assert Plan.objects.get(pk=rows[cast.COLLECTOR.prospect].pk).genuine != before
    assert rethink(now=NOW) == 0


def test_a_lesson_of_another_version_is_not_believed(owner: User, rows: object) -> None:
    lesson = commands.learn_anew(actor=owner, now=NOW)
    Lesson.objects.filter(pk=lesson.pk).update(parameters={"start": [1.0]}, fingerprint="old")
    assert preferences().learnt is None


def test_the_page_says_what_was_learnt_and_what_not_yet(owner: User, client: Client) -> None:
    client.force_login(owner)
    assert "Noch nichts." in html(client.get("/learning/"))
    cast.settle_all(actor=owner)
    text = html(client.post("/learning/", follow=True))
    assert "Neu gelernt." in text
    assert "Es gelten die Ausgangswerte. Eigene zählen ab 50 Vorgängen" in text
    assert " von 100" in text


def test_a_feeling_is_held_against_what_came(owner: User, rows: dict[str, Opportunity]) -> None:
    row = rows[cast.SILENT.prospect]
    commands.feel(actor=owner, now=NOW, key="g", opportunity_id=row.pk, dead_horse=True)
    _lose(owner, row)
    commands.learn_anew(actor=owner, now=NOW + timedelta(hours=2))
    page = queries.learning(owner)
    assert page is not None
    assert (page.gut_right, page.gut_pairs) == (1, 1)
    assert page.gut_low < page.gut_decibans < page.gut_high


def test_a_stranger_makes_nothing_learn(rows: object) -> None:
    stranger = cast.stranger()
    with pytest.raises(PermissionDenied):
        commands.learn_anew(actor=stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        queries.learning(stranger)


def _lose(owner: User, row: Opportunity) -> None:
    commands.close(
        actor=owner,
        now=NOW + timedelta(hours=1),
        key="n",
        opportunity_id=row.pk,
        outcome=OutcomeKind.LOST,
        no_reason=NoReason.PRICE,
    )


def test_a_past_that_cannot_be_learnt_from_stops_nothing(
    owner: User, rows: object, caplog: pytest.LogCaptureFixture
) -> None:
    commands.prefer(actor=owner, now=NOW, margin=-1.0)
    assert learn_if_due(now=NOW) is None
    assert "learning failed" in caplog.text
    assert not Lesson.objects.exists()
