"""Comparing ways from the page: begun once, kept by model and numbers, honest about how far."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import Client

from nachhaken.desk import commands, comparing, queries
from nachhaken.desk.models import Simulated, User
from tests import cast
from tests.cast import NOW
from tests.desk.test_pages_entry import html

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return cast.owner()


def played(owner: User) -> None:
    assert commands.compare_ways(actor=owner, now=NOW)
    comparing.play(comparing.setup_now(), matters=80, worlds=2, each=40)


def test_before_it_is_played_the_page_offers_to(owner: User, client: Client) -> None:
    client.force_login(owner)
    assert "Jetzt durchspielen" in html(client.get("/lab/"))
    assert not Simulated.objects.exists()


def test_it_is_begun_once_and_says_how_far_it_is(owner: User, client: Client) -> None:
    client.force_login(owner)
    assert commands.compare_ways(actor=owner, now=NOW)
    assert not commands.compare_ways(actor=owner, now=NOW)
    Simulated.objects.update(report={"done": 7, "all": 24})
    page = queries.compared_ways(owner, now=NOW)
    assert (page.is_under_way, page.done, page.total) == (True, 7, 24)
    assert Simulated.objects.count() == 1


def test_what_its_process_left_behind_is_begun_anew(owner: User) -> None:
    commands.compare_ways(actor=owner, now=NOW)
    later = NOW + comparing.STALLED + timedelta(seconds=1)
    assert not queries.compared_ways(owner, now=later).is_under_way
    assert commands.compare_ways(actor=owner, now=later)


def test_what_was_played_is_there_at_once_the_second_time(owner: User, client: Client) -> None:
    played(owner)
    kept = Simulated.objects.get().report
    assert not commands.compare_ways(actor=owner, now=NOW)
    client.force_login(owner)
    text = html(client.get("/lab/"))
    for said in ("Nachhaken", "Schüchtern", "Drängend", "Fester Takt", "von 2 Welten"):
        assert said in text
    assert "Gespielt wird nach denselben Annahmen" in text
    assert Simulated.objects.get().report == kept


def test_other_numbers_are_another_comparison(owner: User) -> None:
    played(owner)
    assert queries.compared_ways(owner, now=NOW).rows
    commands.prefer(actor=owner, now=NOW, hour_eur=120.0)
    assert not queries.compared_ways(owner, now=NOW).rows
    commands.prefer(actor=owner, now=NOW, hour_eur=75.0)
    assert queries.compared_ways(owner, now=NOW).rows


def test_playing_again_gives_the_same_figures(owner: User) -> None:
    played(owner)
    first = Simulated.objects.get().report
    Simulated.objects.all().delete()
    played(owner)
    assert Simulated.objects.get().report == first


def test_only_the_newest_comparisons_are_kept(owner: User) -> None:
    old = [
        Simulated(fingerprint=f"{n:064}", at=NOW - timedelta(days=n + 1), report={"ways": []})
        for n in range(comparing.MOST_KEPT + 5)
    ]
    Simulated.objects.bulk_create(old)
    assert commands.compare_ways(actor=owner, now=NOW)
    assert Simulated.objects.count() == comparing.MOST_KEPT
    assert Simulated.objects.filter(fingerprint=comparing.setup_now().fingerprint).exists()


def test_what_failed_is_begun_anew(owner: User) -> None:
    commands.compare_ways(actor=owner, now=NOW)
    Simulated.objects.update(report={comparing.FAILED: True})
    assert not queries.compared_ways(owner, now=NOW).is_under_way
    assert commands.compare_ways(actor=owner, now=NOW)


class Held:
    """A database in which somebody else writes whenever a report is to be kept, so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def __call__(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if self.times and sql.startswith('UPDATE "desk_simulated"'):
            self.times -= 1
            cause = sqlite3.OperationalError("database is locked")
            cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise OperationalError from cause
        return execute(sql, *more)


@pytest.mark.django_db(transaction=True)
def test_what_was_played_outlasts_a_database_that_is_held() -> None:
    owner = cast.owner()
    setup = comparing.setup_now()
    # Not by the command: here it would really begin, and go on in the background after this test.
    Simulated.objects.create(fingerprint=setup.fingerprint, at=NOW, report={"done": 0, "all": 1})
    with connection.execute_wrapper(Held(times=9)):
        comparing.play(setup, matters=80, worlds=2, each=40)
    assert queries.compared_ways(owner, now=NOW).rows


@pytest.mark.parametrize(
    ("least", "says"),
    [
        (700.0, "schon „Schüchtern“ verliert"),
        (2000.0, "Kein Weg trägt sich; am wenigsten verliert"),
    ],
)
def test_a_way_that_loses_money_is_drawn_and_said(owner: User, least: float, says: str) -> None:
    assert commands.compare_ways(actor=owner, now=NOW)
    eur = (("nachhaken", 900.0), ("shy", 400.0), ("fixed", 100.0), ("pushy", -500.0))
    share = {"value": 0.2, "low": 0.1, "high": 0.3}
    figures = dict.fromkeys(("yes", "early_no", "late_no", "hours", "annoyed"), share)
    ways = [
        {"way": way, "eur": {"value": v - least, "low": v - least - 9, "high": v - least + 9}}
        | figures
        for way, v in eur
    ]
    robust = {"worlds": 2, "wins": {"nachhaken": 2}, "best": "nachhaken", "least": 5.0, "most": 9.0}
    Simulated.objects.update(report={"ways": ways, "robust": robust})
    page = queries.compared_ways(owner, now=NOW)
    assert says in page.says
    assert page.eur is not None
    assert page.eur.bars[-1].value == -500.0 - least
    assert page.may_lose


def test_the_margin_is_that_of_the_offers_in_euro(owner: User) -> None:
    assert comparing.setup_now().offers == 0
    assert comparing.setup_now().value == 4000.0
    cast.settle(cast.RETURNING, actor=owner)
    setup = comparing.setup_now()
    assert setup.offers == 4
    assert setup.value == 1500.0  # of 5,000 EUR in the middle


def test_only_who_works_here_may_compare(client: Client) -> None:
    stranger = cast.stranger()
    with pytest.raises(PermissionDenied):
        commands.compare_ways(actor=stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        queries.compared_ways(stranger, now=NOW)
    assert client.post("/lab/ways").status_code == 302
    assert not Simulated.objects.exists()


def test_beginning_leads_back_to_the_page(owner: User, client: Client) -> None:
    client.force_login(owner)
    response = client.post("/lab/ways")
    assert response.status_code == 302
    assert response["Location"] == "/lab/#ways"
    assert "Wird gerechnet" in html(client.get("/lab/ways"))
