"""Laws of the plan: limits before any value, whatever happened."""

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from nachhaken.engine import standard
from nachhaken.plan import Advice, Preferences, Story, advise, say
from nachhaken.plan.changes import change_of
from nachhaken.plan.commitments import first_owed
from nachhaken.plan.foresight import foresee
from nachhaken.plan.law.manners import calendar_of
from nachhaken.plan.situation import situation_of
from nachhaken.terms import StepKind
from nachhaken.timeline import (
    CadenceSet,
    Entry,
    Fact,
    OfferSent,
    OptedOut,
    Pinned,
    Timeline,
    Undone,
)
from tests.strategies import days, opt_outs, plain_facts, timelines

ZONE = ZoneInfo("Europe/Berlin")
nows = st.integers(0, 900 * 24).map(
    lambda hours: datetime(2025, 1, 7, 9, tzinfo=ZONE) + timedelta(hours=hours)
)


def plan(timeline: Timeline, now: datetime, *, opted_out: bool = False) -> Advice:
    story = Story(
        timeline=timeline, readings={}, title="Tor", prospect="Autohaus Kern", opted_out=opted_out
    )
    return advise(story, now=now, preferences=Preferences())


@given(timelines(), nows)
def test_there_is_always_an_answer_on_a_working_day_not_in_the_past(
    timeline: Timeline, now: datetime
) -> None:
    given_advice = plan(timeline, now)
    if given_advice.due is not None:
        assert given_advice.due >= now.date()
        if given_advice.step.kind not in (StepKind.STOP, StepKind.WAIT):
            assert calendar_of("DE-BY").is_workday(given_advice.due)
    for language in ("de", "en"):
        step = given_advice.step
        phrases = [step.title, step.why, step.goal, step.minimum, given_advice.headline]
        assert all(say(p, language) for p in phrases)
        assert all(say(r.phrase, language) for r in given_advice.reasons)


@given(timelines(facts=st.one_of(plain_facts, opt_outs)), nows)
def test_e6_an_objection_that_stands_stops_everything(timeline: Timeline, now: datetime) -> None:
    given_advice = plan(timeline, now, opted_out=True)
    assert given_advice.due is None
    assert given_advice.step.channel is None
    assert given_advice.step.words is None


@given(timelines(), nows)
def test_reasons_add_up_to_the_judgement(timeline: Timeline, now: datetime) -> None:
    given_advice = plan(timeline, now)
    belief = given_advice.judgement.belief
    assert math.isclose(sum(belief), 1, abs_tol=1e-9)
    odds = (belief.genuine + belief.stalled) / (belief.pretend + belief.lost)
    total = sum(r.decibans for r in given_advice.reasons)
    assert math.isclose(total, 10 * math.log10(odds), abs_tol=1e-6)


pins = st.builds(Pinned, step=st.sampled_from(StepKind), on=days)
rhythms = st.lists(st.integers(1, 60), min_size=1, max_size=4).map(
    lambda workdays: CadenceSet(workdays=tuple(workdays))
)


def then(timeline: Timeline, fact: Fact, now: datetime) -> Timeline:
    """The fact is noted now, after all else."""
    newest = max([now, *(e.recorded_at for e in timeline)])
    entry = Entry(
        id=timeline.head + 1,
        occurred_at=now,
        recorded_at=newest,
        actor="brandt",
        source_key="then",
        fact=fact,
    )
    return Timeline.of([*timeline, entry])


@given(timelines(), nows, pins)
def test_e6_a_pin_never_beats_an_objection(timeline: Timeline, now: datetime, pin: Pinned) -> None:
    told = then(then(timeline, OptedOut(), now), pin, now)
    assert plan(told, now).due is None
    assert plan(then(timeline, pin, now), now, opted_out=True).due is None


@given(timelines(), nows, pins | rhythms)
def test_e1_undoing_brings_the_old_plan_back(timeline: Timeline, now: datetime, own: Fact) -> None:
    changed = then(timeline, own, now)
    undone = then(changed, Undone(entry_id=changed.head), now)
    assert plan(undone, now) == plan(timeline, now)


@given(timelines(), nows, pins)
def test_e1_a_pin_is_the_next_step_of_whatever_is_open(
    timeline: Timeline, now: datetime, pin: Pinned
) -> None:
    past = Timeline.of(e for e in timeline if e.occurred_at <= now)
    given_advice = plan(then(past, pin, now), now)
    if given_advice.due is not None:
        light = {StepKind.MAIL, StepKind.CALL}  # the law says by which way a light word goes
        kinds = light if pin.step in light else {pin.step}
        assert given_advice.step.kind in kinds
        assert given_advice.step.because == "pinned"
        assert given_advice.due >= pin.on


@settings(max_examples=20)  # a path is up to six plans
@given(nows, rhythms, st.sampled_from(["DE-BY", "DE-BE", "AT-5", "CH-TI"]))
def test_e1_a_rhythm_never_falls_on_a_holiday(
    now: datetime, rhythm: CadenceSet, region: str
) -> None:
    offered = then(then(Timeline(()), OfferSent(number="AN-1"), now), rhythm, now)
    story = Story(timeline=offered, readings={}, title="Tor", prospect="Kern", region=region)
    path = foresee(story, now=now, preferences=Preferences()).silence
    kept = [one for one in path if one.because == "cadence"]
    assert kept
    assert all(calendar_of(region).is_workday(one.on) for one in kept)
    assert [one.on for one in path] == sorted(one.on for one in path)


@given(timelines(), nows)
def test_e1_every_change_of_the_plan_is_said_in_both_languages(
    timeline: Timeline, now: datetime
) -> None:
    story = Story(timeline=timeline, readings={}, title="Tor", prospect="Autohaus Kern")
    change = change_of(story, now=now, preferences=Preferences())
    if change is not None:
        assert change.before != change.now
        assert change.ref in {entry.id for entry in timeline}
        assert all(say(change.phrase, language) for language in ("de", "en"))


@given(timelines(), nows)
def test_a4_an_open_point_is_never_both_kept_and_due(timeline: Timeline, now: datetime) -> None:
    situation = situation_of(timeline, {}, now=now)
    given_advice = plan(timeline, now)
    if given_advice.step.because == "owed":
        point = first_owed(situation.points)
        assert point is not None
        assert point.due is not None
        assert given_advice.due is not None
        assert point.due <= given_advice.due


def test_the_standard_model_is_built_once() -> None:
    assert standard() is standard()
