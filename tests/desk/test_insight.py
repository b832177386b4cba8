"""What the own past shows at the desk: sums by differences, filters, the matters of a field."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from nachhaken.desk import commands, queries
from nachhaken.desk.chances import give_chances
from nachhaken.desk.figures import catch_up, rebuild, recount
from nachhaken.desk.models import Event, Figures, FiguresCell, Opportunity, User
from nachhaken.desk.pages_insight import Chosen
from nachhaken.learning.insight.values import Band, Ending, Insight, OfferType, Segment
from nachhaken.terms import Channel, NoReason, OutcomeKind
from nachhaken.timeline import Closed, GutFelt, OfferSent, Touched
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

ALL = Chosen()


@pytest.fixture
def owner() -> User:
    return cast.owner()


@pytest.fixture
def rows(owner: User) -> dict[str, Opportunity]:
    return cast.settle_all(actor=owner)


def seen(owner: User, chosen: Chosen = ALL) -> Insight:
    return queries.insight(owner, chosen, now=NOW)


def test_b3_every_ended_matter_is_an_early_or_late_yes_or_no(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    found = seen(owner)
    counts = {ending: field.count for ending, field in found.fields.items()}
    assert counts == {
        Ending.EARLY_YES: 2,
        Ending.LATE_YES: 0,
        Ending.EARLY_NO: 5,
        Ending.LATE_NO: 0,
    }
    assert (found.decided, found.open_cases) == (7, 6)
    assert found.fields[Ending.EARLY_YES].amount == {"EUR": 1_000_000}


def test_c3_reasons_are_counted(owner: User, rows: dict[str, Opportunity]) -> None:
    (reason,) = seen(owner).reasons
    assert (reason.reason, reason.count, reason.is_ours) == (NoReason.COMPARISON_ONLY, 5, False)
    assert reason.amount == {"EUR": 2_500_000}


def test_filters_part_the_matters(owner: User, rows: dict[str, Opportunity]) -> None:
    since, until = date(2026, 6, 1), date(2026, 8, 1)
    # The collector's zone ended on 27 July, the vineyard's pergola on 17 June.
    assert seen(owner, Chosen(since=since, until=until)).decided == 2
    assert seen(owner, Chosen(band=Band.LARGE)).decided == 7
    assert seen(owner, Chosen(band=Band.HUGE)).open_cases == 2
    assert seen(owner, Chosen(segment=Segment.CONSUMER)).decided == 0
    assert seen(owner, Chosen(owner=owner.pk)).decided == 7
    assert seen(owner, Chosen(owner=cast.colleague().pk)).decided == 0
    assert seen(owner, Chosen(offer_type=OfferType.FIRST)).decided == 2


def test_b3_the_matters_of_a_field(owner: User, rows: dict[str, Opportunity]) -> None:
    page = queries.cases(owner, ALL, Ending.EARLY_NO, page=1)
    assert (page.total, page.page, page.pages) == (5, 1, 1)
    assert [row.title for row in page.rows][:2] == ["Zaun Spielplatz", "Pergola Terrasse"]
    assert page.rows[0].amount_cents == 500_000
    assert page.rows[0].outcome is OutcomeKind.LOST


def test_only_who_works_here_sees_figures(owner: User) -> None:
    stranger = cast.stranger()
    with pytest.raises(PermissionDenied):
        queries.insight(stranger, ALL, now=NOW)
    with pytest.raises(PermissionDenied):
        queries.cases(stranger, ALL, Ending.LATE_NO, page=1)


def test_nothing_is_no_division_by_zero(owner: User) -> None:
    found = seen(owner)
    assert (found.decided, found.open_cases, found.clarity.cases) == (0, 0, 0)
    assert found.clarity.median_days is None
    assert found.saved.minutes is None
    assert found.reliability.skill is None
    assert not found.follow_ups


def test_sums_made_anew_are_the_same(owner: User, rows: dict[str, Opportunity]) -> None:
    before = seen(owner)
    rebuild()
    assert seen(owner).decided == 0
    assert recount() == 13
    assert seen(owner) == before
    assert recount() == 0
    assert catch_up() == 0


def test_what_is_taken_back_is_taken_off(owner: User, rows: dict[str, Opportunity]) -> None:
    before = seen(owner)
    row = rows[cast.SILENT.prospect]
    change = commands.close(
        actor=owner,
        now=NOW,
        key="away",
        opportunity_id=row.pk,
        outcome=OutcomeKind.LOST,
        no_reason=NoReason.PRICE,
    )
    assert seen(owner).decided == before.decided + 1
    commands.undo(actor=owner, now=NOW, key="back", entry_id=change.entry_id)
    assert seen(owner) == before


def test_cells_that_are_behind_are_caught_up_in_steps(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    assert catch_up(limit=10) == 10
    assert Figures.objects.filter(is_behind=True).count() == 3
    assert catch_up(limit=10) == 3
    whole = FiguresCell.objects.filter(key__contains=".any.any.").filter(key__endswith=".any")
    answered = sum(cell.tally.get("nth.1.cases", 0) for cell in whole)
    assert answered == 2


def test_a_follow_up_counts_from_the_day_on_which_it_is_settled(
    owner: User, rows: dict[str, Opportunity]
) -> None:
    # The silent one's mail of 6 November can be answered until the 20th.
    (now,) = seen(owner).follow_ups
    (then,) = queries.insight(owner, ALL, now=NOW - timedelta(days=4)).follow_ups
    assert (now.cases, then.cases) == (3, 2)


def test_chances_are_given_once_with_what_was_known_then(owner: User) -> None:
    told = cast.Standing(
        prospect="Hof Maier",
        title="Tor",
        number="AN-1",
        person="Eva Maier",
        mail="e@maier.example",
        phone="",
        events=(
            (900, OfferSent(number="AN-1", net_cents=900_000)),
            (880, Touched(channel=Channel.MAIL)),
            (870, Closed(outcome=OutcomeKind.WON)),
        ),
    )
    row = cast.settle(told, actor=owner)
    # What was noted when it happened was known then; the cast notes its events on their days.
    assert give_chances(now=NOW) == 1
    assert give_chances(now=NOW) == 0
    found = seen(owner).reliability
    assert (found.cases, found.skill) == (1, None)
    (one,) = found.bins
    assert 0.1 < one.chance < 0.9
    assert one.share.value == 0.75
    commands.replan([row.pk], now=NOW)
    assert seen(owner).reliability == found
    commands.spend_effort(actor=owner, now=NOW, key="work", opportunity_id=row.pk, minutes=30)
    assert seen(owner).reliability.cases == 0
    assert give_chances(now=NOW) == 1
    assert seen(owner).reliability == found


def test_what_an_import_told_late_has_its_chances_looked_back(owner: User) -> None:
    """Felt dead on day 20, it was won on day 30; all of it was told on a later day."""
    gut = GutFelt(dead_horse=True)
    offer = (300, OfferSent(number="AN-1", net_cents=900_000))
    told = cast.Standing(
        prospect="Hof Maier",
        title="Tor",
        number="AN-1",
        person="Eva Maier",
        mail="e@maier.example",
        phone="",
        events=(offer, (280, gut), (270, Closed(outcome=OutcomeKind.WON))),
    )
    row = cast.settle(told, actor=owner)
    QuerySet(Event).filter(opportunity=row).update(recorded_at=NOW)
    commands.replan([row.pk], now=NOW)
    assert give_chances(now=NOW) == 1
    found = seen(owner)
    assert (found.reliability.cases, found.reliability.looked_back) == (1, 1)
    looks = [(look.day, look.cases) for look in found.reliability.looks]
    assert looks == [(1, 1), (14, 1), (42, 0)]
    beside = found.nose.beside_dead
    assert (beside.cases, beside.won) == (1, 1)
    assert 0.1 < beside.chance < 0.9
