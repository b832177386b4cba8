"""Endings with their reasons, what an early no saved, limits of a job taken, and reopening."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.access import RefusedError
from nachhaken.desk.models import Event, OfferDraft, Opportunity, User
from nachhaken.desk.pages import OpportunityPage
from nachhaken.desk.queries.ended import comparable
from nachhaken.desk.records import decode
from nachhaken.terms import NoReason, OurReason, OutcomeKind
from nachhaken.timeline import Closed, TakenAnyway
from tests.desk.conftest import opened
from tests.desk.shown import Done

pytestmark = pytest.mark.django_db


def html(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def page_of(owner: User, opportunity_id: int) -> OpportunityPage:
    return queries.opportunity(owner, opportunity_id, now=timezone.now())


def late_no(owner: User, nth: int, hours: int) -> None:
    """A matter of 20 days: an hour at the begin, `hours` on the last day."""
    pk = opened(owner, f"Haus {nth}", "Balkon", f"h{nth}@haus.example")
    if hours:
        commands.spend_effort(
            actor=owner,
            now=timezone.now(),
            key=f"e{nth}",
            opportunity_id=pk,
            minutes=60 * hours,
        )
    commands.close(
        actor=owner,
        now=timezone.now(),
        key=f"c{nth}",
        opportunity_id=pk,
        outcome=OutcomeKind.LOST,
    )


def early_no(owner: User) -> int:
    """A matter that we refused on its third day."""
    sent = timezone.now() - timedelta(days=3)
    change = commands.create_opportunity(
        actor=owner,
        now=sent,
        key="early",
        prospect="Pension Seeblick",
        title="Geländer",
        person="Uwe See",
        mail="see@seeblick.example",
        amount_cents=3_000_000,
        number="2026-0500",
    )
    pk = change.opportunity_id or 0
    commands.close(
        actor=owner,
        now=timezone.now(),
        key="refused",
        opportunity_id=pk,
        outcome=OutcomeKind.DECLINED,
        our_reason=OurReason.CAPACITY,
        comeback="der Winter kommt",
    )
    return pk


def test_a4_an_early_no_says_what_it_saved_and_from_how_many(owner: User) -> None:
    for nth in range(6):
        late_no(owner, nth, hours=6)
    ended = page_of(owner, early_no(owner)).ended
    assert ended is not None
    assert ended.saved is not None
    assert ended.ending == "Frühes Nein"
    assert ended.saved.hours == "frühes Nein, spart rund 6 Stunden"
    assert (ended.saved.compared, ended.saved.band) == (6, "ab 20.000")


def test_a4_where_nothing_more_was_done_it_claims_no_hours(owner: User) -> None:
    for nth in range(6):
        late_no(owner, nth, hours=0)
    ended = page_of(owner, early_no(owner)).ended
    assert ended is not None
    assert ended.saved is not None
    assert ended.saved.hours == "frühes Nein, danach kam kaum noch Arbeit"


def test_a4_with_too_few_it_says_so(owner: User, desk: Client) -> None:
    late_no(owner, 0, hours=6)
    pk = early_no(owner)
    saved = page_of(owner, pk).ended
    assert saved is not None
    assert saved.saved is not None
    assert (saved.saved.hours, saved.saved.compared, saved.saved.least) == ("", 1, 5)
    assert "lässt sich noch nicht sagen" in html(desk.get(f"/opportunities/{pk}/"))


def test_a4_a_matter_is_not_compared_with_itself_nor_with_an_order(owner: User) -> None:
    late_no(owner, 0, hours=2)
    won = opened(owner, "Haus 9", "Balkon", "h9@haus.example")
    commands.close(
        actor=owner,
        now=timezone.now(),
        key="won",
        opportunity_id=won,
        outcome=OutcomeKind.WON,
    )
    own = Opportunity.objects.get(outcome=OutcomeKind.LOST).pk
    assert comparable(own) == []
    assert len(comparable(won)) == 1


def test_b3_a_late_no_is_called_late(owner: User) -> None:
    late_no(owner, 0, hours=6)
    ended = page_of(owner, Opportunity.objects.get().pk).ended
    assert ended is not None
    assert (ended.ending, ended.minutes, ended.days) == ("Spätes Nein", 360, 20)
    assert ended.saved is None


def test_b3_comparing_asks_as_often_for_many_as_for_few(
    owner: User, django_assert_num_queries: object
) -> None:
    for nth in range(4):
        late_no(owner, nth, hours=1)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(comparable(0)) == 4


def test_c3_a_no_keeps_its_reason_and_what_would_bring_the_customer_back(
    desk: Client, owner: User, alpenblick: int
) -> None:
    told = {
        "key": "k",
        "outcome": "lost",
        "no_reason": "no_budget",
        "our_reason": "fit",
        "back_if": "budget",
        "comeback": "Zusage der Bank",
    }
    answer = html(desk.post(f"/opportunities/{alpenblick}/closing", told, follow=True))
    row = Event.objects.get(kind="closed")
    end = decode(Closed, row.payload)
    assert end.no_reason is NoReason.NO_BUDGET
    assert end.our_reason is None  # it was the customer's no
    assert end.comeback == "das Budget da ist, Zusage der Bank"
    assert "Kommt wieder, wenn: das Budget da ist, Zusage der Bank" in answer
    found = queries.opportunity_list(owner, search="Zusage Bank", state="all")
    assert [one.id for one in found.rows] == [alpenblick]


def test_c3_an_order_keeps_no_reason_for_a_no(desk: Client, alpenblick: int) -> None:
    told = {"key": "k", "outcome": "won", "no_reason": "price", "comeback": "nie"}
    desk.post(f"/opportunities/{alpenblick}/closing", told)
    assert decode(Closed, Event.objects.get(kind="closed").payload) == Closed(
        outcome=OutcomeKind.WON
    )


@pytest.mark.parametrize(
    "told",
    [
        {"outcome": OutcomeKind.WON, "comeback": "nie"},
        {"outcome": OutcomeKind.WON, "our_reason": OurReason.FIT},
        {"outcome": OutcomeKind.LOST, "our_reason": OurReason.FIT},
    ],
)
def test_c3_reasons_that_do_not_belong_together_are_refused(
    done: Done, told: dict[str, object]
) -> None:
    with pytest.raises(commands.InvalidError):
        done(commands.close, **told)


def test_c3_the_page_of_the_customer_says_what_would_bring_him_back(
    desk: Client, alpenblick: int, done: Done
) -> None:
    done(commands.close, outcome=OutcomeKind.LOST, comeback="Frist vorbei")
    prospect = Opportunity.objects.get(pk=alpenblick).prospect_id
    assert "Frist vorbei" in html(desk.get(f"/prospects/{prospect}/"))


def test_a4_reopening_keeps_the_story_and_says_whether_it_has_come(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    done(commands.close, outcome=OutcomeKind.LOST, comeback="Budget frei")
    shown = html(desk.get(f"/opportunities/{alpenblick}/closing"))
    assert "Eingetreten ist: Budget frei" in shown
    desk.post(
        f"/opportunities/{alpenblick}/closing",
        {"key": "r", "has_come": "on", "reason": "Frau Huber rief an"},
    )
    ended = page_of(owner, alpenblick).ended
    assert ended is not None
    assert ended.has_come
    assert "das ist eingetreten" in html(desk.get(f"/opportunities/{alpenblick}/"))


def test_a4_reopened_for_another_reason_says_which(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    done(commands.close, outcome=OutcomeKind.LOST, comeback="Budget frei")
    desk.post(f"/opportunities/{alpenblick}/closing", {"key": "r", "reason": "neue Idee"})
    ended = page_of(owner, alpenblick).ended
    assert ended is not None
    assert (ended.has_come, ended.reopened_because) == (False, "neue Idee")
    assert ended.saved is None


def test_d4_taken_anyway_keeps_why_and_within_which_limits(
    desk: Client, owner: User, alpenblick: int
) -> None:
    told = {
        "key": "k",
        "reason": "Der Februar ist leer",
        "limits": ["scope", "extra"],
        "own": "Ansprechpartner ist Rosa Huber\n\n  Kein Gerüst von uns ",
    }
    answer = html(desk.post(f"/opportunities/{alpenblick}/taking", told, follow=True))
    taken = page_of(owner, alpenblick).taken
    assert taken is not None
    assert len(taken.limits) == 4
    assert taken.limits[-1] == "Kein Gerüst von uns"
    assert "Der Februar ist leer" in answer
    assert "Grenzen ins Angebot" in answer


def test_d4_the_limits_go_into_the_offer_once(
    desk: Client, owner: User, alpenblick: int, done: Done
) -> None:
    done(commands.take_anyway, reason="Auftrag fürs Referenzbuch", limits=["Werktags bis 17 Uhr"])
    for _ in range(2):
        assert desk.post(f"/opportunities/{alpenblick}/taking/offer").status_code == 302
    draft = OfferDraft.objects.get()
    assert draft.closing.count("– Werktags bis 17 Uhr") == 1
    draft.closing = f"{draft.closing}\n\nLieferzeit sechs Wochen."
    draft.save()
    done(commands.take_anyway, reason="noch eins", limits=["Werktags bis 17 Uhr", "Nur der Süden"])
    desk.post(f"/opportunities/{alpenblick}/taking/offer")
    draft.refresh_from_db()
    first, *rest = draft.closing.split("\n\n")
    assert first == "Was dazugehört – und was nicht\n– Werktags bis 17 Uhr\n– Nur der Süden"
    assert rest[-1] == "Lieferzeit sechs Wochen."


def test_d4_without_limits_nothing_goes_into_the_offer(desk: Client, alpenblick: int) -> None:
    answer = desk.post(f"/opportunities/{alpenblick}/taking/offer", follow=True)
    assert "keine Grenzen vereinbart" in html(answer)
    assert not OfferDraft.objects.exists()


@pytest.mark.parametrize(
    ("reason", "limits"),
    [
        ("", []),
        (" ", []),
        ("x" * 301, []),
        ("gut", ["x" * 201]),
        ("gut", list(map(str, range(13)))),
    ],
)
def test_d4_bad_input_is_refused(done: Done, reason: str, limits: list[str]) -> None:
    with pytest.raises(commands.InvalidError):
        done(commands.take_anyway, reason=reason, limits=limits)


def test_d4_twice_is_once_taken_back_it_is_gone_and_strangers_may_not(
    owner: User, alpenblick: int, done: Done
) -> None:
    change = done(commands.take_anyway, reason="leer", limits=["a"], key="once")
    assert done(commands.take_anyway, reason="leer", limits=["a"], key="once").repeated
    assert page_of(owner, alpenblick).taken == TakenAnyway(reason="leer", limits=("a",))
    commands.undo(actor=owner, now=timezone.now(), key="u", entry_id=change.entry_id)
    assert page_of(owner, alpenblick).taken is None
    owner.is_active = False
    with pytest.raises(RefusedError):
        done(commands.take_anyway, reason="leer", key="later", actor=owner)
    with pytest.raises(RefusedError):
        commands.put_limits_into_offer(actor=owner, now=timezone.now(), opportunity_id=alpenblick)


def test_a4_the_closed_list_says_what_would_bring_them_back(
    owner: User, desk: Client, django_assert_num_queries: object
) -> None:
    early_no(owner)
    opened(owner, "Haus 3", "Balkon", "h3@haus.example")
    with django_assert_num_queries(3):  # type: ignore[operator]
        rows = queries.opportunity_list(owner, state="all").rows
    assert sorted(row.comeback for row in rows) == ["", "der Winter kommt"]
    assert "Kommt wieder, wenn: der Winter kommt" in html(desk.get("/opportunities/?state=lost"))
    assert "der Winter kommt" in html(desk.get("/opportunities/?state=lost&q=winter"))


def test_a4_a_row_says_nothing_of_an_end_that_was_taken_back(owner: User) -> None:
    pk = early_no(owner)
    commands.reopen(actor=owner, now=timezone.now(), key="again", opportunity_id=pk)
    assert [row.comeback for row in queries.opportunity_list(owner).rows] == [""]
