"""Laws of the plan: limits before any value, whatever happened."""

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.engine import standard
from nachhaken.plan import Advice, Preferences, Story, advise, say
from nachhaken.plan.advice import calendar_of
from nachhaken.terms import StepKind
from nachhaken.timeline import Timeline
from tests.strategies import opt_outs, plain_facts, timelines

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


def test_the_standard_model_is_built_once() -> None:
    assert standard() is standard()
