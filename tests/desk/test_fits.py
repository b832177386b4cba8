"""How customers and sellers fit, rated at the desk (D1, D2)."""

from datetime import timedelta

import pytest

from nachhaken.desk import commands, fits
from nachhaken.desk.access import RefusedError
from nachhaken.desk.fits import Criterion, criteria, ratings_of
from nachhaken.desk.models import Event, Opportunity, User
from tests import cast
from tests.desk.shown import Done

NOW = cast.NOW
DAY = timedelta(days=1)


def at(opportunity_id: int) -> int:
    return Opportunity.objects.get(pk=opportunity_id).prospect_id


def points(user: User, prospect_id: int) -> dict[str, int]:
    rated = ratings_of([prospect_id])[user.pk, prospect_id].fact
    return {mark.criterion: mark.points for mark in rated.marks}


def test_d1_the_newest_standing_rating_of_a_seller_counts(
    done: Done, owner: User, alpenblick: int
) -> None:
    prospect = at(alpenblick)
    assert ratings_of([prospect]) == {}
    done(commands.rate_fit, marks={"values": 1}, now=NOW)
    second = done(commands.rate_fit, marks={"values": -1, "respect": 0}, now=NOW + DAY)
    assert points(owner, prospect) == {"values": -1, "respect": 0}
    commands.undo(actor=owner, now=NOW + 2 * DAY, key="undo", entry_id=second.entry_id)
    assert points(owner, prospect) == {"values": 1}


def test_d2_the_fit_of_a_colleague_is_his_own(done: Done, owner: User, alpenblick: int) -> None:
    colleague = cast.colleague()
    done(commands.rate_fit, marks={"values": -1}, energy=-1)
    done(commands.rate_fit, marks={"values": 1}, actor=colleague)
    assert points(owner, at(alpenblick)) == {"values": -1}
    assert points(colleague, at(alpenblick)) == {"values": 1}


def test_d1_a_rating_sent_twice_counts_once(done: Done) -> None:
    for _ in range(2):
        done(commands.rate_fit, marks={"values": 1}, key="once")
    assert Event.objects.filter(kind=fits.KIND).count() == 1


def test_d1_what_nobody_asked_for_is_refused(done: Done, owner: User) -> None:
    wrong: list[dict[str, object]] = [
        {"marks": {}},
        {"marks": {"shoes": 1}},
        {"marks": {"values": 2}},
        {"marks": {"values": 1}, "energy": 5},
        {"marks": {"values": 1}, "evidence": [999]},
    ]
    for asked in wrong:
        with pytest.raises(commands.InvalidError):
            done(commands.rate_fit, **asked)
    with pytest.raises(RefusedError):
        done(commands.rate_fit, marks={"values": 1}, actor=cast.stranger())
    assert not Event.objects.filter(kind=fits.KIND).exists()


def test_d1_criteria_are_renamed_added_and_retired_with_stable_keys(owner: User) -> None:
    assert [one.name for one in criteria()] == [
        "Wellenlänge",
        "Werte",
        "Erwartungen",
        "Achtung der Grenzen",
        "Wertschätzung",
    ]
    wanted = [Criterion("values", "Was uns wichtig ist"), Criterion("", "Zahlt pünktlich")]
    commands.set_criteria(wanted, actor=owner, now=NOW)
    asked = {one.key: one.name for one in fits.asked()}
    assert asked == {"values": "Was uns wichtig ist", "own-zahlt-pünktlich": "Zahlt pünktlich"}
    again = [Criterion("own-zahlt-pünktlich", "Zahlung"), Criterion("wavelength", "Wellenlänge")]
    commands.set_criteria(again, actor=owner, now=NOW)
    assert [one.key for one in fits.asked()] == ["own-zahlt-pünktlich", "wavelength"]
    assert {one.key for one in criteria()} > {"values", "respect"}


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        [Criterion("", "  ")],
        [Criterion("values", "A"), Criterion("values", "B")],
        [Criterion("", f"Nummer {number}") for number in range(11)],
    ],
)
def test_d1_criteria_that_cannot_be_are_refused(owner: User, wanted: list[Criterion]) -> None:
    with pytest.raises(commands.InvalidError):
        commands.set_criteria(wanted, actor=owner, now=NOW)
    assert len(fits.asked()) == 5
