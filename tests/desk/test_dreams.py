"""The dream customer, from what was won and went well (D5)."""

from datetime import timedelta

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import queries
from nachhaken.desk.dreams import cases_of, profile
from nachhaken.desk.models import Event, Opportunity, Prospect, User
from nachhaken.desk.records import encode
from nachhaken.learning.dream import Verdict
from nachhaken.timeline import JobFinished
from tests import cast
from tests.desk.shown import page_of

NOW = cast.NOW


def ended(owner: User, count: int, *, is_good: bool, is_consumer: bool, word: str) -> None:
    """Let so many matters have ended: won and good, or lost."""
    prospects = [
        Prospect(
            name=f"{word} {number}",
            key=f"{word} {number}",
            folded=f"{word} {number}",
            search=f"{word} {number}",
            is_consumer=is_consumer,
            created_at=NOW,
        )
        for number in range(count)
    ]
    Prospect.objects.bulk_create(prospects)
    matters = [
        Opportunity(
            prospect=one,
            owner=owner,
            title="Balkon",
            source_key=f"{one.name} {is_good}",
            created_at=NOW - timedelta(days=90),
            ended_at=NOW - timedelta(days=30),
            outcome="won" if is_good else "lost",
        )
        for one in prospects
    ]
    Opportunity.objects.bulk_create(matters)
    if is_good:
        said = encode(JobFinished(again=True))
        Event.objects.bulk_create(
            Event(
                kind="job_finished",
                prospect=one.prospect,
                opportunity=one,
                occurred_at=NOW,
                recorded_at=NOW,
                actor=owner,
                source_key=f"job {one.source_key}",
                payload=said,
            )
            for one in matters
        )


def a_past(owner: User, *, good: int = 18) -> None:
    ended(owner, good, is_good=True, is_consumer=False, word="Firma")
    ended(owner, 2, is_good=True, is_consumer=True, word="Familie")
    ended(owner, 30, is_good=False, is_consumer=True, word="Privat")
    ended(owner, 6, is_good=False, is_consumer=False, word="Betrieb")


def test_d5_the_page_says_what_good_jobs_have_in_common(desk: Client, owner: User) -> None:
    a_past(owner)
    page = page_of(desk, "/insight/dream/")
    assert "bei Ihren guten" in page
    assert "18 von 20 guten" in page or "2 von 20 guten" in page
    assert "Worauf das beruht" in page


def test_d5_too_few_jobs_say_how_many_are_missing(desk: Client, owner: User) -> None:
    assert "Es fehlen noch 8 gute Aufträge." in page_of(desk, "/insight/dream/")
    a_past(owner, good=5)
    assert "Es fehlt noch ein guter Auftrag." in page_of(desk, "/insight/dream/")


def test_d5_a_bad_job_is_no_good_one_and_others_customers_do_not_count(owner: User) -> None:
    a_past(owner)
    assert profile(owner).good == 20
    assert cases_of(cast.colleague()) == []
    won = Opportunity.objects.filter(owner=owner, outcome="won").first()
    assert won is not None
    Event.objects.create(
        kind="job_finished",
        prospect=won.prospect,
        opportunity=won,
        occurred_at=NOW + timedelta(days=1),
        recorded_at=NOW,
        actor=owner,
        source_key="bad",
        payload=encode(JobFinished(again=False)),
    )
    assert profile(owner).good == 19


def test_d5_a_customer_is_near_or_far_in_words(desk: Client, owner: User) -> None:
    a_past(owner)
    near = Prospect.objects.get(name="Firma 0")
    far = Prospect.objects.get(name="Privat 0")
    assert queries.dream_match(cast.colleague(), near.pk) is None
    found = queries.dream_match(owner, far.pk)
    assert found is not None
    assert found.verdict is Verdict.FAR
    assert found.against
    assert "Weit weg vom Traumkunden" in page_of(desk, f"/prospects/{far.pk}/")
    new = page_of(desk, "/opportunities/new?prospect=Privat 0")
    assert "Weit weg vom Traumkunden" in new
    assert "Weit weg" not in page_of(desk, f"/prospects/{near.pk}/")


def test_d5_the_number_of_queries_does_not_grow(
    owner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_past(owner)
    with django_assert_max_num_queries(8):
        queries.dream_page(owner)


def test_d5_how_the_contact_came_is_told_and_compared(desk: Client, owner: User) -> None:
    asked = {"prospect": "Hotel Post", "title": "Balkon", "origin": "recommendation", "key": "new"}
    assert desk.post("/opportunities/new", asked).status_code == 302
    matter = Opportunity.objects.get()
    assert "Balkon · auf Empfehlung" in page_of(desk, f"/opportunities/{matter.pk}/")
    Opportunity.objects.update(outcome="won", ended_at=NOW)
    (case,) = cases_of(owner)
    assert case.features["origin"] == "recommendation"


def test_d5_a_reply_that_was_taken_back_is_no_quick_answer(owner: User) -> None:
    ended(owner, 1, is_good=False, is_consumer=False, word="Betrieb")
    matter = Opportunity.objects.get()
    said = [("offer_sent", {}, None), ("replied", {"channel": "mail"}, None)]
    for number, (kind, payload, about) in enumerate(said):
        added(owner, matter, kind, payload, about, number)
    assert cases_of(owner)[0].features["answer"] == "quick"
    reply = Event.objects.get(kind="replied").pk
    added(owner, matter, "undone", {"entry_id": reply}, reply, 2)
    assert "answer" not in cases_of(owner)[0].features


def added(
    owner: User, matter: Opportunity, kind: str, payload: object, about: int | None, number: int
) -> None:
    Event.objects.create(
        kind=kind,
        prospect=matter.prospect,
        opportunity=matter,
        occurred_at=NOW - timedelta(days=50 - number),
        recorded_at=NOW,
        actor=owner,
        source_key=f"{kind} {number}",
        payload=payload,
        about=about,
    )
