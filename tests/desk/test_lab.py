"""The workshop: other numbers tried on the real open matters, and nothing kept."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import commands, queries
from nachhaken.desk.models import Opportunity, Plan, Preference, User
from nachhaken.desk.pages_lab import Numbers, Turn
from nachhaken.desk.planning import rethink
from tests import cast
from tests.cast import NOW
from tests.desk.test_pages_entry import html

pytestmark = pytest.mark.django_db
USUAL = Numbers(margin=30, hour_eur=75, hold_eur_per_day=2.0, opt_out_eur=150)
DEAR = replace(USUAL, margin=4, hour_eur=300, hold_eur_per_day=12.0)


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def rows(owner: User) -> dict[str, Opportunity]:
    return cast.settle_all(actor=owner)


def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("desk").get_models()
    }


def address(numbers: Numbers, **other: object) -> str:
    asked = asdict(numbers) | other
    return "/lab/?" + "&".join(f"{name}={value}" for name, value in asked.items())


def test_trying_numbers_changes_nothing(
    owner: User, rows: dict[str, Opportunity], client: Client
) -> None:
    client.force_login(owner)
    before = everything()
    assert queries.what_if_numbers(owner, DEAR, now=NOW).changed
    assert client.get(address(DEAR)).status_code == 200
    assert client.get(address(DEAR), headers={"HX-Request": "true"}).status_code == 200
    assert {k: v for k, v in everything().items() if k != "User"} == {
        k: v for k, v in before.items() if k != "User"
    }


def test_what_would_be_is_what_is_after_the_settings_change(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    page = queries.what_if_numbers(owner, DEAR, now=NOW)
    was = {plan.pk: plan for plan in Plan.objects.filter(outcome="")}
    commands.prefer(actor=owner, now=NOW, margin=0.04, hour_eur=300.0, hold_eur_per_day=12.0)
    rethink(now=NOW)
    now = {plan.pk: plan for plan in Plan.objects.filter(outcome="")}
    moved = {pk for pk in now if (now[pk].kind, now[pk].due) != (was[pk].kind, was[pk].due)}
    shown = {row.id: row for group in page.groups for row in group.rows}
    assert set(shown) == moved
    for pk, row in shown.items():
        assert (row.before.gain_cents, row.before.due) == (was[pk].gain_cents, was[pk].due)
        assert (row.after.gain_cents, row.after.due) == (now[pk].gain_cents, now[pk].due)
    gains = sum(plan.gain_cents for plan in now.values() if plan.due and plan.truth)
    assert page.gain_after == gains
    assert page.open_total == page.looked_at == 5  # whoever objected is not judged


def test_what_is_no_longer_worth_it_is_let_go(owner: User, rows: dict[str, Opportunity]) -> None:
    page = queries.what_if_numbers(owner, DEAR, now=NOW)
    turns = {group.turn: group.rows for group in page.groups}
    assert turns[Turn.LET_GO]


def test_the_own_numbers_change_nothing(owner: User, rows: dict[str, Opportunity]) -> None:
    page = queries.what_if_numbers(owner, USUAL, now=NOW)
    assert page.is_same
    assert not page.changed
    assert page.gain_before == page.gain_after


def test_a_desk_without_open_matters_says_so(owner: User, client: Client) -> None:
    client.force_login(owner)
    assert "Es gibt keine offenen Vorgänge" in html(client.get(address(DEAR)))


def test_one_open_matter_is_spoken_of_as_one(owner: User, client: Client) -> None:
    cast.settle(cast.DECIDER, actor=owner)
    client.force_login(owner)
    text = html(client.get(address(replace(USUAL, margin=31))))
    assert "Der eine Schritt bleibt, wie er ist." in text or "1 von 1 Schritten" in text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("margin", 0, "Bleibt nichts übrig"),
        ("margin", 101, "Mehr als 100 Prozent"),
        ("margin", -5, "Bleibt nichts übrig"),
        ("margin", "viel", "Bitte eine ganze Zahl."),
        ("margin", "", "Bitte eine ganze Zahl."),
        ("hour_eur", 0, "Ihre Stunde ist etwas wert"),
        ("hour_eur", "1e99", "Bitte eine ganze Zahl."),
        ("hold_eur_per_day", -1, "Weniger als nichts"),
        ("hold_eur_per_day", "NaN", "Bitte eine Zahl."),
        ("opt_out_eur", -1, "Weniger als nichts"),
        ("opt_out_eur", 10**9, "Bitte höchstens 1.000.000 EUR."),
    ],
)
def test_a_number_that_cannot_be_is_answered_calmly(
    owner: User, rows: dict[str, Opportunity], client: Client, name: str, value: object, said: str
) -> None:
    client.force_login(owner)
    response = client.get(address(USUAL, **{name: value}))
    assert response.status_code == 422
    assert said in html(response)
    assert "So lässt es sich nicht rechnen." in html(response)


@pytest.mark.parametrize("margin", [1, 100])
def test_the_ends_of_what_can_be_are_reckoned(
    owner: User, rows: dict[str, Opportunity], margin: int
) -> None:
    page = queries.what_if_numbers(owner, replace(USUAL, margin=margin), now=NOW)
    assert page.looked_at == 5


def test_taking_numbers_over_fills_the_settings_in_and_saves_nothing(
    owner: User, rows: dict[str, Opportunity], client: Client
) -> None:
    client.force_login(owner)
    text = html(client.get(address(DEAR)))
    assert 'href="/settings/?margin=4&amp;hour_eur=300&amp;hold_eur_per_day=12.0' in text
    filled = html(
        client.get("/settings/?margin=4&hour_eur=300&hold_eur_per_day=12&opt_out_eur=150")
    )
    assert 'name="margin" value="4"' in filled
    assert 'name="hour_eur" value="300"' in filled
    assert not Preference.objects.filter(key="margin").exists()
    assert 'name="margin" value="30"' in html(client.get("/settings/?margin=-4&hour_eur=x"))


def test_only_who_works_here_may_try(rows: dict[str, Opportunity], client: Client) -> None:
    with pytest.raises(PermissionDenied):
        queries.what_if_numbers(cast.stranger(), DEAR, now=NOW)
    assert client.get("/lab/").status_code == 302


def test_trying_asks_as_often_whatever_there_is(
    owner: User, rows: dict[str, Opportunity], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(18):
        queries.what_if_numbers(owner, DEAR, now=NOW)


def test_a_decimal_is_read_as_it_is_written(
    owner: User, rows: dict[str, Opportunity], client: Client
) -> None:
    client.force_login(owner)
    assert client.get(address(USUAL, hold_eur_per_day="2,50")).status_code == 200
