"""The reader learns from what a user says of replies: for their opportunities, and not for ever."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, Opportunity, Plan, ReadingCache, ReadingLayer, User
from nachhaken.desk.stories import bare_readings_of, readings_of
from nachhaken.desk.teaching import learn_what_was_said, said_something
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent
from nachhaken.timeline import Statement
from tests.cast import SAYING, SIMILAR
from tests.desk.conftest import opened
from tests.desk.test_correcting import html
from tests.post import mailbox

pytestmark = pytest.mark.django_db
SENDER = "Rosa Huber <huber@alpenblick.example>"


def replied(owner: User, said: str, *, sender: str = SENDER) -> int:
    before = set(Event.objects.values_list("pk", flat=True))
    at = timezone.now() - timedelta(minutes=len(before))
    raw = mailbox(sender, now=at, said=said).replace(b"<1@", f"<{uuid4()}@".encode())
    commands.import_file(raw=raw, name="post.mbox", actor=owner, now=at)
    return Event.objects.filter(kind="replied").exclude(pk__in=before).get().pk


def correct(owner: User, *texts: str) -> list[int]:
    """Take in these replies and call each a refusal; return the statements."""
    return [say(owner, replied(owner, text), Intent.NO) for text in texts]


def say(user: User, reply: int, intent: Intent) -> int:
    return commands.restate_reply(
        actor=user,
        now=timezone.now(),
        key=str(uuid4()),
        entry_id=reply,
        statement=Statement(intent=intent),
    ).entry_id


def reading(pk: int) -> Reading:
    return readings_of(Event.objects.filter(pk=pk).select_related("prospect"))[pk]


def bare(pk: int) -> Reading:
    return bare_readings_of(Event.objects.filter(pk=pk).select_related("prospect"))[pk]


def learn() -> int:
    return learn_what_was_said(now=timezone.now())


def test_a_phrase_that_was_corrected_is_read_right_the_next_time(
    owner: User, alpenblick: int
) -> None:
    pk = replied(owner, SIMILAR)
    assert reading(pk).intent is not Intent.NO
    assert learn() == 0
    correct(owner, *SAYING)
    assert learn() == 1
    assert learn() == 0
    assert ReadingLayer.objects.get().fingerprint
    assert reading(pk).intent is Intent.NO
    assert bare(pk).intent is not Intent.NO


def test_a_plan_follows_what_is_now_read_otherwise(owner: User, alpenblick: int) -> None:
    other = opened(owner, "Hotel Post", "Geländer", "post@hotel.example")
    replied(owner, SIMILAR, sender="Karl Post <post@hotel.example>")
    before = Plan.objects.get(pk=other)
    correct(owner, *SAYING)
    learn()
    after = Plan.objects.get(pk=other)
    assert (after.title, after.headline) != (before.title, before.headline)


def test_what_was_read_stays_the_shipped_reading(owner: User, alpenblick: int) -> None:
    correct(owner, *SAYING)
    before = queries.corrections(owner)
    learn()
    assert queries.corrections(owner) == before
    assert {one.read.intent for one in before} != {Intent.NO}
    ReadingCache.objects.all().delete()
    assert queries.corrections(owner) == before


def test_only_replies_to_the_owner_are_read_so(owner: User, alpenblick: int) -> None:
    colleague = User.objects.create_user("milan", "milan@brandt.example", "x")
    other = opened(owner, "Hotel Post", "Geländer", "post@hotel.example")
    Opportunity.objects.filter(pk=other).update(owner=colleague)
    correct(owner, *SAYING)
    learn()
    mine = replied(owner, SIMILAR)
    theirs = replied(owner, SIMILAR, sender="Karl Post <post@hotel.example>")
    assert reading(mine).intent is Intent.NO
    assert reading(theirs) == bare(theirs)


def test_what_is_taken_back_is_no_longer_learnt_from(owner: User, alpenblick: int) -> None:
    pk = replied(owner, SIMILAR)
    said = correct(owner, *SAYING)
    learn()
    for entry in said:
        commands.undo(actor=owner, now=timezone.now(), key=str(uuid4()), entry_id=entry)
    assert learn() == 1
    assert reading(pk) == bare(pk)
    assert ReadingLayer.objects.get().report["refused"] == "few"


def test_a_layer_of_another_reader_is_not_used_until_it_is_learnt_anew(
    owner: User, alpenblick: int
) -> None:
    pk = replied(owner, SIMILAR)
    correct(owner, *SAYING)
    learn()
    ReadingLayer.objects.update(version="older")
    assert reading(pk) == bare(pk)
    assert learn() == 1
    assert reading(pk).intent is Intent.NO


def test_a_lost_layer_is_learnt_anew(owner: User, alpenblick: int) -> None:
    correct(owner, *SAYING)
    learn()
    fingerprint = ReadingLayer.objects.get().fingerprint
    ReadingLayer.objects.all().delete()
    assert learn() == 1
    assert ReadingLayer.objects.get().fingerprint == fingerprint


def test_the_page_says_what_was_learnt_and_forgets(
    desk: Client, owner: User, alpenblick: int
) -> None:
    pk = replied(owner, SIMILAR)
    assert 'id="taught"' not in html(desk.get("/learning/"))
    correct(owner, SAYING[0])
    learn()
    assert "Daraus ist noch nichts gelernt: eine Aussage" in html(desk.get("/learning/"))
    correct(owner, *SAYING[1:])
    learn()
    text = html(desk.get("/learning/"))
    assert "Antworten an Sie liest Nachhaken jetzt mit dem" in text
    assert "alle Absichten, im Mittel (F1)" in text
    text = html(desk.post("/learning/forgetting", follow=True))
    assert "Vergessen. Antworten werden wieder wie ausgeliefert gelesen." in text
    assert reading(pk) == bare(pk)
    assert learn() == 0
    assert "ist vergessen" in html(desk.get("/learning/"))
    assert len(queries.corrections(owner)) == len(SAYING)
    correct(owner, "Die Gurke steht jetzt im Keller!")
    assert learn() == 1
    assert ReadingLayer.objects.get().report["statements"] == 1


def test_the_page_says_why_a_lesson_is_not_used(desk: Client, owner: User, alpenblick: int) -> None:
    for text, intent in (
        ("Hiermit beauftragen wir Sie.", Intent.OTHER),
        ("Können Sie das nochmal mit 50 Stück rechnen?", Intent.NO),
        ("Anbei die Rechnung vom März.", Intent.YES),
    ):
        say(owner, replied(owner, text), intent)
    learn()
    assert "Das ist nicht sicher besser." in html(desk.get("/learning/"))
    english = html(desk.get("/learning/", headers={"Accept-Language": "en"}))
    assert "That is not surely better." in english
    assert not ReadingLayer.objects.get().fingerprint


def test_whoever_says_or_takes_back_wakes_the_learning(
    owner: User, alpenblick: int, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    pk = replied(owner, SIMILAR)
    learn()
    assert not said_something.is_set()
    with django_capture_on_commit_callbacks(execute=True):
        said = say(owner, pk, Intent.NO)
    assert said_something.is_set()
    learn()
    with django_capture_on_commit_callbacks(execute=True):
        commands.undo(actor=owner, now=timezone.now(), key="u", entry_id=said)
    assert said_something.is_set()


def test_forgetting_needs_a_post_and_a_login(desk: Client, owner: User, client: Client) -> None:
    desk.get("/learning/forgetting")
    assert not ReadingLayer.objects.exists()
    desk.logout()
    client.post("/learning/forgetting")
    assert not ReadingLayer.objects.exists()
