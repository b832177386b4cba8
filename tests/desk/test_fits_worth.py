"""What fit and own finished jobs make of the worth of a yes at the desk (D1, D2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nachhaken.desk import commands
from nachhaken.desk.jobs_done import jobs_of
from nachhaken.desk.models import Opportunity, Plan, Prospect, User
from nachhaken.desk.planning import rethink
from nachhaken.desk.preferences import preferences
from nachhaken.desk.stories import tell
from nachhaken.engine.fit import Level
from nachhaken.plan.evidence import worth_of
from nachhaken.terms import OutcomeKind
from tests import cast
from tests.desk.conftest import opened
from tests.desk.shown import Done

POOR = {"values": -1, "respect": -1, "expectations": -1}
GOOD = {"values": 1, "respect": 1, "expectations": 1}
MARGIN = 0.30 * 31_200


def worth(opportunity_id: int) -> float:
    (told,) = tell([opportunity_id])
    return worth_of(told.story, preferences())


def finished(owner: User, name: str, marks: dict[str, int], *, hours: int, margin: int) -> int:
    """A job that was rated after the first talk, won, and took so many hours more than planned."""
    pk = opened(owner, name, "Geländer", f"post@{name.lower()}.example")

    def doing(command: Done, key: str, **asked: object) -> None:
        command(actor=owner, now=timezone.now(), key=f"{key} {name}", opportunity_id=pk, **asked)

    doing(commands.rate_fit, "rate", marks=marks)
    doing(commands.close, "close", outcome=OutcomeKind.WON)
    worked = {"planned_minutes": 40 * 60, "worked_minutes": (40 + hours) * 60}
    doing(commands.finish_job, "done", **worked, margin_cents=margin)
    return pk


@pytest.fixture
def past(owner: User) -> None:
    """Six finished jobs: poor fits took 16 hours more, good ones none; the margin was as always."""
    usual = 936_000
    for number in range(3):
        finished(owner, f"Schlecht{number}", POOR, hours=16, margin=usual)
        finished(owner, f"Gut{number}", GOOD, hours=0, margin=usual)


def test_d1_unrated_changes_nothing(owner: User, past: None) -> None:
    before = opened(owner, "Pension Alpenblick", "Balkone", "huber@alpenblick.example")
    (told,) = tell([before])
    assert (told.fitted, told.story.fit, told.story.hidden_hours) == (None, None, 0.0)
    assert worth(before) == pytest.approx(MARGIN)
    assert "-" not in Plan.objects.get(pk=before).model_version


def test_d1_a_rating_changes_what_a_yes_is_worth_and_plans_anew(
    done: Done, owner: User, alpenblick: int
) -> None:
    plan = Plan.objects.get(pk=alpenblick)
    done(commands.rate_fit, marks=POOR)
    factor = 1 - 0.5 * 3 / 5
    assert worth(alpenblick) == pytest.approx(MARGIN * factor)
    rated = Plan.objects.get(pk=alpenblick)
    assert rated.gain_cents < plan.gain_cents
    assert rated.head > plan.head
    done(commands.rate_fit, marks=GOOD)
    assert Plan.objects.get(pk=alpenblick).gain_cents > plan.gain_cents


def test_d2_a_colleague_s_rating_does_not_move_the_owner_s_numbers(
    done: Done, alpenblick: int
) -> None:
    done(commands.rate_fit, marks=POOR, actor=cast.colleague())
    assert worth(alpenblick) == pytest.approx(MARGIN)


def test_d1_hidden_hours_of_own_jobs_go_off_the_worth(
    done: Done, owner: User, alpenblick: int, past: None
) -> None:
    assert [job.hours for job in jobs_of([owner.pk])[owner.pk]] == [16, 0] * 3
    done(commands.rate_fit, marks=POOR)
    own = 48 / 10
    hours = (48 + 3 * own) / 6
    (told,) = tell([alpenblick])
    assert told.fitted is not None
    assert told.fitted.level is Level.POOR
    assert told.story.hidden_hours == pytest.approx(hours)
    assert worth(alpenblick) == pytest.approx((MARGIN - 75 * hours) * (1 - 0.5 * 3 / 5))


def test_d1_what_was_said_of_a_job_last_counts_and_can_be_taken_back(
    done: Done, owner: User
) -> None:
    pk = finished(owner, "Schlosserei", POOR, hours=5, margin=0)
    asked = {"opportunity_id": pk, "planned_minutes": 60, "worked_minutes": 120}
    change = done(commands.finish_job, **asked)
    (job,) = jobs_of([owner.pk])[owner.pk]
    assert (job.level, job.hours, job.margin) == (Level.POOR, 1.0, None)
    commands.undo(actor=owner, now=timezone.now(), key="undo", entry_id=change.entry_id)
    (job,) = jobs_of([owner.pk])[owner.pk]
    assert (job.hours, job.margin) == (5.0, 0.0)


def test_d1_a_job_counts_with_the_fit_as_it_was_before_the_job(owner: User) -> None:
    pk = finished(owner, "Schlosserei", GOOD, hours=30, margin=0)
    later = timezone.now() + timedelta(days=1)
    commands.rate_fit(actor=owner, now=later, key="wiser", opportunity_id=pk, marks=POOR)
    (job,) = jobs_of([owner.pk])[owner.pk]
    assert job.level is Level.GOOD


def test_d1_a_job_that_was_not_won_is_not_finished(done: Done, alpenblick: int) -> None:
    with pytest.raises(commands.InvalidError):
        done(commands.finish_job, worked_minutes=60)
    done(commands.close, outcome=OutcomeKind.WON)
    wrong: list[dict[str, object]] = [{}, {"worked_minutes": -1}, {"again": True, "kept": [True]}]
    for asked in wrong:
        with pytest.raises(commands.InvalidError):
            done(commands.finish_job, **asked)
    done(commands.finish_job, again=False)


def test_d1_another_finished_job_makes_rated_plans_anew_and_no_others(
    done: Done, owner: User, alpenblick: int, past: None
) -> None:
    unrated = opened(owner, "Autohaus Kern", "Tor", "kern@autohaus.example")
    done(commands.rate_fit, marks=POOR)
    now = timezone.now()
    assert rethink(now=now) == 0
    before = Plan.objects.get(pk=alpenblick).model_version
    finished(owner, "Neunter", POOR, hours=80, margin=0)
    assert rethink(now=now) == 1
    assert Plan.objects.get(pk=alpenblick).model_version != before
    assert "-" not in Plan.objects.get(pk=unrated).model_version
    assert rethink(now=now) == 0


def test_d1_many_stories_take_no_more_queries_than_one(
    done: Done, owner: User, alpenblick: int, past: None
) -> None:
    done(commands.rate_fit, marks=POOR)
    pks = list(Opportunity.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as one:
        tell([alpenblick])
    with CaptureQueriesContext(connection) as many:
        tell(pks)
    assert len(many) == len(one)
    assert Prospect.objects.count() == 7
