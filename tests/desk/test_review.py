"""The week on one page: its edges, what it says, whose it is, and that it only reads."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Event, Opportunity, Plan, User
from nachhaken.desk.speech import local_date
from nachhaken.desk.weeks import moments_of, reviewed_on, week_named, week_of
from nachhaken.terms import NoReason, OutcomeKind, StepKind
from tests import cast
from tests.cast import NOW
from tests.desk.test_pages_entry import html

BERLIN = ZoneInfo("Europe/Berlin")
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def rows(owner: User) -> dict[str, Opportunity]:
    return cast.settle_all(actor=owner)


def lose(user: User, row: Opportunity, *, now: datetime = NOW) -> None:
    commands.close(
        actor=user, now=now, key=f"lose {row.pk}", opportunity_id=row.pk,
        outcome=OutcomeKind.LOST, no_reason=NoReason.PRICE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "name", "before", "after"),
    [
        (date(2026, 1, 1), "2026-W01", "2025-W52", "2026-W02"),
        (date(2025, 12, 29), "2026-W01", "2025-W52", "2026-W02"),
        (date(2027, 1, 3), "2026-W53", "2026-W52", "2027-W01"),
        (date(2026, 11, 24), "2026-W48", "2026-W47", "2026-W49"),
    ],
)
def test_a_week_knows_its_neighbours_over_the_year(
    day: date, name: str, before: str, after: str
) -> None:
    week = week_of(day)
    assert (week.name, week.before, week.after) == (name, before, after)
    assert week.monday <= day <= week.sunday


@pytest.mark.parametrize(
    "name", ["", "x", "2026-W54", "2025-W53", "2026-W00", "9999-W01", "0001-W01", "2026-W49"]
)
def test_a_week_that_is_none_or_still_to_come_is_the_running_one(name: str) -> None:
    assert week_named(name, today=NOW.date()).name == "2026-W48"


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2026, 11, 23), "2026-W47"), (date(2026, 11, 25), "2026-W47"),
     (date(2026, 11, 26), "2026-W48"), (date(2026, 11, 29), "2026-W48")],
)  # fmt: skip
def test_until_wednesday_one_looks_back_on_the_week_before(day: date, name: str) -> None:
    assert reviewed_on(day) == name


@pytest.mark.parametrize(("name", "hours"), [("2026-W13", 167), ("2026-W43", 169)])
def test_a_week_in_which_the_clocks_change_is_an_hour_off(name: str, hours: int) -> None:
    since, until = moments_of(week_named(name, today=NOW.date()))
    assert until.timestamp() - since.timestamp() == hours * 3600
    assert since.hour == until.hour == 0


def test_what_ended_around_midnight_belongs_to_its_own_week(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=BERLIN)
    lose(owner, rows[cast.DECIDER.prospect], now=sunday)
    lose(owner, rows[cast.RETURNING.prospect], now=sunday + timedelta(minutes=2))
    last = queries.review(owner, now=NOW, week="2026-W47")
    this = queries.review(owner, now=NOW)
    assert [row.prospect for row in last.clear] == [cast.DECIDER.prospect]
    assert [row.prospect for row in this.clear] == [cast.RETURNING.prospect]


def test_a_no_is_early_or_late_by_its_days_and_its_work(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    for one in (cast.DECIDER, cast.EVADER, cast.COLLECTOR):
        lose(owner, rows[one.prospect])
    page = queries.review(owner, now=NOW)
    late = {row.prospect: row.is_late for row in page.clear}
    assert late == {
        cast.DECIDER.prospect: False,  # 12 days, an hour and a half
        cast.EVADER.prospect: True,  # 58 days
        cast.COLLECTOR.prospect: True,  # 28 days, but five hours
    }
    assert (page.clear_total, page.won, page.late) == (3, 0, 2)
    assert page.clear_minutes == 90 + 240 + 300


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (OutcomeKind.WON, "Ein Auftrag, kein Nein."),
        (OutcomeKind.STOPPED, "Kein Auftrag, ein Nein."),
    ],
)
def test_a_week_with_only_yeses_or_only_noes_is_told_in_words(
    owner: User, client: Client, outcome: OutcomeKind, said: str
) -> None:
    now = timezone.now()
    row = cast.settle(cast.RETURNING, actor=owner, now=now - timedelta(minutes=1))
    commands.close(actor=owner, now=now, key="end", opportunity_id=row.pk, outcome=outcome)
    client.force_login(owner)
    assert said in html(client.get(f"/review/?week={week_of(local_date(now)).name}"))


def test_three_to_push_are_those_of_which_a_minute_is_worth_most(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    best = (
        Plan.objects.filter(outcome="", due__lte=NOW.date() + timedelta(days=7), gain_cents__gt=0)
        .exclude(kind__in=[StepKind.STOP, StepKind.WAIT])
        .order_by("-rate")
    )
    pushed = [row.opportunity_id for row in queries.review(owner, now=NOW).push]
    assert pushed == [plan.pk for plan in best[:3]]
    assert pushed


def test_nothing_that_lets_go_is_pushed_and_nothing_of_an_objector_is_named(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    page = queries.review(owner, now=NOW)
    pushed = {row.opportunity_id for row in page.push}
    assert not {row.id for row in page.let_go} & pushed
    named = {row.id for row in page.let_go} | {row.id for row in page.stuck} | pushed
    assert rows[cast.OPTED_OUT.prospect].pk not in named


def test_what_is_let_go_says_why_in_money(owner: User, rows: dict[str, Opportunity]) -> None:
    later = NOW + timedelta(days=90)
    commands.replan([row.pk for row in rows.values()], now=later)
    found = queries.review(owner, now=later).let_go
    assert found
    assert len(found) <= 3
    assert all("Weiterzumachen" in row.worth for row in found)


def test_a_promise_is_broken_in_the_week_in_which_it_was_due(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    pk = rows[cast.DECIDER.prospect].pk
    for what, by_us, due in (
        ("Zeichnung schicken", True, date(2026, 11, 19)),
        ("Maße nennen", False, date(2026, 11, 23)),
    ):
        commands.promise(
            actor=owner, now=NOW - timedelta(days=8), key=what, opportunity_id=pk,
            what=what, by_us=by_us, due=due,
        )  # fmt: skip
    last = queries.review(owner, now=NOW, week="2026-W47")
    this = queries.review(owner, now=NOW)
    assert [row.point.what for row in last.broken] == ["Zeichnung schicken"]
    assert [row.point.what for row in this.broken] == ["Maße nennen"]
    entry = Event.objects.get(kind="promised", payload__by_us=True).pk
    commands.settle_promise(
        actor=owner, now=NOW, key="kept", opportunity_id=pk, entry_id=entry, kept=True
    )
    assert queries.review(owner, now=NOW, week="2026-W47").broken == ()


def test_work_counts_as_unclear_only_while_nobody_knows(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    page = queries.review(owner, now=NOW, week="2026-W44")
    known = {
        plan.pk: plan.truth for plan in Plan.objects.filter(outcome="").exclude(truth="genuine")
    }
    assert {row.id for row in page.unclear.rows} <= set(known)
    assert page.unclear.minutes == sum(row.minutes for row in page.unclear.rows)


def test_an_empty_week_says_so_kindly(owner: User, client: Client) -> None:
    client.force_login(owner)
    text = html(client.get("/review/"))
    assert "Eine stille Woche" in text
    assert queries.review(owner, now=NOW).is_empty


def test_one_person_of_a_team_sees_only_what_is_theirs(
    owner: User, rows: dict[str, Opportunity], client: Client
) -> None:
    other = cast.colleague()
    mine = rows[cast.DECIDER.prospect]
    Opportunity.objects.filter(pk=mine.pk).update(owner=other)
    page = queries.review(owner, now=NOW, owner=other.pk)
    shown = {row.opportunity_id for row in page.push} | {row.id for row in page.stuck}
    assert shown <= {mine.pk}
    assert {name for _, name in page.owners} == {str(owner), str(other)}
    assert queries.review(owner, now=NOW, owner=99_999).owner is None
    client.force_login(owner)
    assert "Jonas Wirth" in html(client.get(f"/review/?owner={other.pk}"))


def test_who_left_sees_no_week(rows: dict[str, Opportunity]) -> None:
    with pytest.raises(PermissionDenied):
        queries.review(cast.stranger(), now=NOW)


@pytest.mark.parametrize("week", ["", "2026-W47", "%00", "2026-W99", "²"])
def test_the_page_answers_whatever_week_is_asked_for(
    owner: User, rows: dict[str, Opportunity], client: Client, week: str
) -> None:
    client.force_login(owner)
    response = client.get(f"/review/?week={week}&owner=²")
    assert response.status_code == 200
    assert "Was klar wurde" in html(response)


def test_the_page_asks_as_often_whatever_there_is(
    owner: User, rows: dict[str, Opportunity], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(24):
        queries.review(owner, now=NOW)


def test_letting_go_takes_one_tap_and_is_taken_back(desk: Client, alpenblick: int) -> None:
    asked = {"key": "go", "next": "/review/"}
    for _tapped_twice in range(2):
        told = desk.post(f"/opportunities/{alpenblick}/letting-go", asked)
        assert (told.status_code, told["Location"]) == (302, "/review/")
    assert Opportunity.objects.get(pk=alpenblick).outcome == "stopped"
    assert "Rückgängig" in desk.get("/review/").content.decode()
    assert Event.objects.filter(kind="closed").count() == 1
