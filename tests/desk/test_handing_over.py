"""A customer goes over to a colleague, with the whole story (D2)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import commands, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.colleagues import suggestions
from nachhaken.desk.jobs_done import limits_of
from nachhaken.desk.models import Event, Opportunity, User
from tests import cast
from tests.desk.conftest import opened
from tests.desk.shown import Done, page_of


@pytest.fixture
def jonas(db: None) -> User:
    return cast.colleague()


def owner_of(opportunity_id: int) -> str:
    return str(Opportunity.objects.get(pk=opportunity_id).owner)


def answer(jonas: User, entry_id: int, *, accepted: bool = True, key: str = "answer") -> None:
    commands.answer_hand_over(
        actor=jonas, now=timezone.now(), key=key, entry_id=entry_id, accepted=accepted
    )


def test_d2_who_accepts_takes_over_and_undo_gives_it_back(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    asked = done(commands.ask_hand_over, to=jonas.pk, reason="Ihr sprecht eine Sprache")
    assert owner_of(alpenblick) == "Katrin Brandt"
    answer(jonas, asked.entry_id)
    assert owner_of(alpenblick) == "Jonas Wirth"
    said = Event.objects.get(kind="hand_over_answered")
    commands.undo(actor=jonas, now=timezone.now(), key="undo", entry_id=said.pk)
    assert owner_of(alpenblick) == "Katrin Brandt"


def test_d2_who_refuses_leaves_it_where_it_is(done: Done, jonas: User, alpenblick: int) -> None:
    answer(jonas, done(commands.ask_hand_over, to=jonas.pk).entry_id, accepted=False)
    assert owner_of(alpenblick) == "Katrin Brandt"


def test_d2_the_question_taken_back_after_the_answer_gives_it_back(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    asked = done(commands.ask_hand_over, to=jonas.pk)
    answer(jonas, asked.entry_id)
    commands.undo(actor=owner, now=timezone.now(), key="undo", entry_id=asked.entry_id)
    assert owner_of(alpenblick) == "Katrin Brandt"
    with pytest.raises(commands.NotFoundError):
        answer(jonas, asked.entry_id, key="again")


def test_d2_only_the_asked_colleague_answers_and_only_the_owner_asks(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    with pytest.raises(RefusedError):
        done(commands.ask_hand_over, actor=jonas, to=owner.pk)
    asked = done(commands.ask_hand_over, to=jonas.pk)
    for other in (owner, cast.stranger()):
        with pytest.raises(RefusedError):
            answer(other, asked.entry_id, key=f"other {other.pk}")
    assert owner_of(alpenblick) == "Katrin Brandt"


def test_d2_two_answers_at_once_count_once(done: Done, jonas: User, alpenblick: int) -> None:
    asked = done(commands.ask_hand_over, to=jonas.pk)
    answer(jonas, asked.entry_id, key="one")
    answer(jonas, asked.entry_id, key="one")
    with pytest.raises(commands.InvalidError):
        answer(jonas, asked.entry_id, accepted=False, key="two")
    assert Event.objects.filter(kind="hand_over_answered").count() == 1
    assert owner_of(alpenblick) == "Jonas Wirth"


def test_d2_who_cannot_take_over_is_not_asked(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    for to in (owner.pk, cast.stranger().pk, 99_999):
        with pytest.raises(commands.InvalidError):
            done(commands.ask_hand_over, to=to)
    done(commands.ask_hand_over, to=jonas.pk)
    with pytest.raises(commands.InvalidError):
        done(commands.ask_hand_over, to=jonas.pk)


def test_d2_all_matters_of_a_customer_go_over_together(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    other = opened(owner, "Pension Alpenblick", "Geländer Nord", "huber@alpenblick.example")
    assert (
        Opportunity.objects.get(pk=other).prospect_id
        == Opportunity.objects.get(pk=alpenblick).prospect_id
    )
    asked = done(commands.ask_hand_over, to=jonas.pk, with_others=True)
    answer(jonas, asked.entry_id)
    assert {owner_of(alpenblick), owner_of(other)} == {"Jonas Wirth"}
    said = Event.objects.filter(kind="hand_over_answered").first()
    assert said is not None
    commands.undo(actor=jonas, now=timezone.now(), key="undo", entry_id=said.pk)
    assert {owner_of(alpenblick), owner_of(other)} == {"Katrin Brandt"}


def test_d2_the_story_and_its_limits_go_along(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    limits = {"reason": "Ein Neubau", "limits": ["Keine Anrufe am Wochenende"]}
    done(commands.take_anyway, **limits)
    before = list(Event.objects.filter(opportunity=alpenblick).values_list("pk", flat=True))
    answer(jonas, done(commands.ask_hand_over, to=jonas.pk).entry_id)
    after = Event.objects.filter(opportunity=alpenblick).values_list("pk", flat=True)
    assert set(before) < set(after)
    assert limits_of(alpenblick) == ("Keine Anrufe am Wochenende",)


def test_d2_an_objection_holds_for_whoever_took_over(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    commands.opt_out(actor=owner, now=timezone.now(), key="no", prospect_id=prospect)
    answer(jonas, done(commands.ask_hand_over, to=jonas.pk).entry_id)
    page = queries.opportunity(jonas, alpenblick, now=timezone.now())
    assert page.owner == "Jonas Wirth"
    assert page.objections


def test_d2_the_own_room_is_kept_and_checked(owner: User) -> None:
    commands.set_room(actor=owner, most_open=12)
    owner.refresh_from_db()
    assert owner.most_open == 12
    for wrong in (-1, 10_000):
        with pytest.raises(commands.InvalidError):
            commands.set_room(actor=owner, most_open=wrong)
    with pytest.raises(RefusedError):
        commands.set_room(actor=cast.stranger(), most_open=1)


def rated(user: User, opportunity_id: int, points: int) -> None:
    names = ("wavelength", "values", "expectations", "respect", "appreciation")
    commands.rate_fit(
        actor=user,
        now=timezone.now(),
        key=f"fit {user.pk} {opportunity_id}",
        opportunity_id=opportunity_id,
        marks=dict.fromkeys(names, points),
    )


def test_d2_who_suits_is_proposed_first_with_the_reason(
    desk: Client, owner: User, jonas: User, alpenblick: int
) -> None:
    assert "passt eher" not in page_of(desk, f"/opportunities/{alpenblick}/handing-over")
    rated(owner, alpenblick, -1)
    rated(jonas, alpenblick, 1)
    page = page_of(desk, f"/opportunities/{alpenblick}/handing-over")
    assert "Jonas passt eher: hat diesen Kunden selbst besser eingeschätzt." in page
    assert "noch Platz für 3, angenommen" in page
    commands.set_room(actor=jonas, most_open=0)
    assert "passt eher" not in page_of(desk, f"/opportunities/{alpenblick}/handing-over")


def test_d2_likeness_proposes_without_an_own_rating(
    owner: User, jonas: User, alpenblick: int
) -> None:
    rated(owner, alpenblick, -1)
    for name in ("Hotel Post", "Gasthof Krone"):
        rated(jonas, opened(owner, name, "Balkon", f"{name.split()[1].lower()}@haus.example"), 1)
    (found,) = suggestions().values()
    assert (found.seller, found.expected.own, found.expected.good) == (jonas.pk, False, 2)


def test_d2_the_asked_one_sees_it_and_answers_with_one_tap(
    desk: Client, client: Client, owner: User, jonas: User, alpenblick: int
) -> None:
    address = f"/opportunities/{alpenblick}/handing-over"
    asked = {"to": jonas.pk, "reason": "Du kennst die Wirtin", "key": "ask"}
    assert desk.post(address, asked).status_code == 302
    assert "Jonas Wirth ist gefragt" in page_of(desk, address)
    assert "Übernehmen Sie?" not in page_of(desk, "/")
    client.force_login(jonas)
    for place in ("/", "/inbox/"):
        page = page_of(client, place)
        assert "Übernehmen Sie?" in page
        assert "Warum: Du kennst die Wirtin" in page
    (entry,) = Event.objects.filter(kind="hand_over_asked").values_list("pk", flat=True)
    assert client.post(f"/entries/{entry}/hand-over", {"accepted": "yes"}).status_code == 302
    assert owner_of(alpenblick) == "Jonas Wirth"
    assert "Übernehmen Sie?" not in page_of(client, "/")


def test_d2_many_questions_take_no_more_queries_than_one(
    done: Done, owner: User, jonas: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(6):
        matter = opened(owner, f"Gasthof {n}", "Balkon", f"wirt{n}@haus.example")
        commands.ask_hand_over(
            actor=owner, now=timezone.now(), key=f"ask {n}", opportunity_id=matter, to=jonas.pk
        )
        if n in (0, 5):
            with django_assert_num_queries(4):
                assert len(queries.asked_of(jonas)) == n + 1


def test_d2_who_asked_sees_the_answer_where_the_morning_begins(
    desk: Client, done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    asked = done(commands.ask_hand_over, to=jonas.pk)
    assert queries.answers_to(owner, now=timezone.now()) == ()
    commands.answer_hand_over(
        actor=jonas,
        now=timezone.now(),
        key="no",
        entry_id=asked.entry_id,
        accepted=False,
        note="Zu weit weg",
    )
    for place in ("/", "/inbox/"):
        page = page_of(desk, place)
        assert "Jonas Wirth lehnt ab" in page
        assert "Zu weit weg" in page
        assert "Jemand anderen fragen" in page
    assert queries.answers_to(jonas, now=timezone.now()) == ()
    assert queries.answers_to(owner, now=timezone.now() + timedelta(days=5)) == ()


def test_d2_an_answer_is_told_once_and_not_after_the_next_question(
    done: Done, owner: User, jonas: User, alpenblick: int
) -> None:
    other = opened(owner, "Pension Alpenblick", "Geländer Nord", "huber@alpenblick.example")
    asked = done(commands.ask_hand_over, to=jonas.pk, with_others=True)
    answer(jonas, asked.entry_id, accepted=False)
    (told,) = queries.answers_to(owner, now=timezone.now())
    assert (told.by, told.accepted, told.matters) == ("Jonas Wirth", False, 2)
    asked_again = [
        commands.ask_hand_over(
            actor=owner, now=timezone.now(), key=key, opportunity_id=matter, to=jonas.pk
        )
        for matter, key in ((alpenblick, "again"), (other, "other"))
    ]
    assert queries.answers_to(owner, now=timezone.now()) == ()
    answer(jonas, asked_again[-1].entry_id, key="yes")
    (told,) = queries.answers_to(owner, now=timezone.now())
    assert (told.opportunity_id, told.accepted, told.matters) == (other, True, 1)
    said = Event.objects.filter(kind="hand_over_answered").latest("pk")
    commands.undo(actor=jonas, now=timezone.now(), key="undo", entry_id=said.pk)
    assert queries.answers_to(owner, now=timezone.now()) == ()


def test_d2_many_answers_take_no_more_queries_than_one(
    owner: User, jonas: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(6):
        matter = opened(owner, f"Gasthof {n}", "Balkon", f"wirt{n}@haus.example")
        asked = commands.ask_hand_over(
            actor=owner, now=timezone.now(), key=f"ask {n}", opportunity_id=matter, to=jonas.pk
        )
        answer(jonas, asked.entry_id, key=f"answer {n}")
        if n in (0, 5):
            with django_assert_num_queries(2):
                assert len(queries.answers_to(owner, now=timezone.now())) == n + 1


def test_d2_alone_at_the_desk_nothing_of_it_is_shown(desk: Client, alpenblick: int) -> None:
    assert "handing-over" not in page_of(desk, f"/opportunities/{alpenblick}/")
    assert desk.get(f"/opportunities/{alpenblick}/handing-over").status_code == 404


def test_d2_the_room_is_set_on_its_page(desk: Client, owner: User) -> None:
    assert desk.post("/settings/room", {"most_open": "7"}).status_code == 302
    owner.refresh_from_db()
    assert owner.most_open == 7
    assert desk.post("/settings/room", {"most_open": "-7"}).status_code == 422
