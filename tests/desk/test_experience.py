"""What own follow-ups and lines brought: counted in the background, kept as rows, shown at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from nachhaken.desk import queries
from nachhaken.desk.commands.ledger import act_of, append, locked
from nachhaken.desk.experience import EVERY, count, count_if_due, tally_of
from nachhaken.desk.models import Experience, Opportunity, User
from nachhaken.learning.follow_ups import OWN_FROM, Counts
from nachhaken.learning.scripts import LEAST, Uses
from nachhaken.terms import Channel, Intent, StepKind
from nachhaken.timeline import Fact, Replied, Statement, Touched
from tests import cast
from tests.cast import NOW
from tests.desk.test_pages_entry import html

pytestmark = pytest.mark.django_db

SAID = Touched(channel=Channel.CALL, step=StepKind.CALL, reached=True, scripts=("what.until_then",))
NAMED = Replied(channel=Channel.CALL, statement=Statement(intent=Intent.STALLED_NAMED))


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def rows(owner: User) -> dict[str, Opportunity]:
    return cast.settle_all(actor=owner)


def note(row: Opportunity, *facts: Fact, actor: User, key: str = "note") -> None:
    locked(row.pk)
    append(act_of(actor, NOW, key), facts, opportunity=row)


def test_c1_the_own_past_is_counted(owner: User, rows: dict[str, Opportunity]) -> None:
    assert count_if_due(now=NOW) == 1
    # Answered: the evader's and the opted-out one's first; the silent one's mail is not, and the
    # evader's call came after the answer, so it is none.
    assert tally_of(owner).follow_ups == {1: Counts(cases=3, answered=2, annoyed=1)}


def test_c1_without_a_row_the_stated_prior_speaks(owner: User) -> None:
    assert "Erfahrungswert, noch nicht Ihre Zahlen" in queries.courage_of(owner, nth=1)
    with translation.override("en"):
        assert queries.courage_of(owner, nth=2).startswith("Of ten second follow-ups about five")


def test_c1_own_figures_speak_from_thirty_cases_on(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    row = count(owner, now=NOW)
    row.counts["follow_ups"] = {"1": [OWN_FROM, 15, 12, 4, 0]}
    row.save()
    said = queries.courage_of(owner, nth=1)
    assert said.endswith("verärgert war bei Ihnen noch niemand (30 Nachfragen).")
    assert "Erfahrungswert" in queries.courage_of(owner, nth=2)


def test_the_past_of_others_is_not_the_own(owner: User, rows: object) -> None:
    colleague = cast.colleague()
    assert count_if_due(now=NOW) == 1
    assert not tally_of(colleague).follow_ups
    assert not Experience.objects.filter(owner=colleague).exists()


def test_it_is_counted_once_a_day_where_something_happened(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    assert count_if_due(now=NOW) == 1
    assert count_if_due(now=NOW + EVERY) == 0
    note(rows[cast.SILENT.prospect], SAID, NAMED, actor=owner)
    assert count_if_due(now=NOW + EVERY / 2) == 0
    assert count_if_due(now=NOW + EVERY) == 1
    assert tally_of(owner).uses == {"what.until_then": Uses(1, 1, 1)}


def test_a_deleted_row_is_counted_again_to_the_same(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    note(rows[cast.SILENT.prospect], SAID, NAMED, actor=owner)
    count_if_due(now=NOW)
    before = tally_of(owner)
    Experience.objects.all().delete()
    assert "Erfahrungswert" in queries.courage_of(owner, nth=1)
    assert queries.ranks() == {}
    assert count_if_due(now=NOW + timedelta(minutes=1)) == 1
    assert tally_of(owner) == before


def test_e5_lines_are_ranked_over_everybody_from_eight_uses_on(owner: User) -> None:
    for user, used in ((owner, LEAST - 1), (cast.colleague(), 1)):
        Experience.objects.create(
            owner=user,
            counted_at=NOW,
            head=0,
            counts={
                "follow_ups": {},
                "uses": {"what.until_then": [used, used, used], "own.1": [used, 0, 0]},
                "talks": [[0, 0, 0], [0, 0, 0]],
            },
        )
    found = queries.ranks()
    assert found == {
        "what.until_then": pytest.approx((8 + 8 * 8.5 / 9) / 16),
        "own.1": pytest.approx(8 * 0.5 / 9 / 16),
    }


def test_the_sheet_asks_little(
    owner: User, rows: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    count_if_due(now=NOW)
    with django_assert_num_queries(1):
        queries.courage_of(owner, nth=1)
    with django_assert_num_queries(2):
        queries.ranks()
    with django_assert_num_queries(3):
        count_if_due(now=NOW)


def test_c1_the_page_says_what_follow_ups_bring(owner: User, rows: object, client: Client) -> None:
    client.force_login(owner)
    row = count(owner, now=NOW)
    row.counts["follow_ups"] = {"1": [42, 17, 15, 4, 0]}
    row.save()
    text = html(client.get("/learning/"))
    assert "aus 42 eigenen" in text
    assert "41 % (29–53)" in text
    assert "Auftrag 11 % (4–21) · verärgert 1 % (0–4)" in text
    assert "Erfahrungswert, 0 eigene" in text
    assert "bisher sind es 0" in text


def test_e4_the_page_says_how_much_was_spoken(owner: User, client: Client) -> None:
    client.force_login(owner)
    row = count(owner, now=NOW)
    row.counts["talks"] = [[6, 240, 9_700], [6, 360, 21_900]]
    row.save()
    text = html(client.get("/learning/"))
    assert "Wo es weiterging, sprachen Sie selbst im Mittel 40 % (35–45) der Zeit." in text
    assert "Wo es nicht weiterging, 60 % (55–65)." in text


def test_a_stranger_learns_nothing(db: None) -> None:
    with pytest.raises(PermissionDenied):
        queries.courage_of(cast.stranger(), nth=1)
