"""Laws of the law: whatever happened, what is proposed is allowed, and no objection softens."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.plan import Preferences, Story, advise, say
from nachhaken.plan.foresight import with_facts
from nachhaken.plan.law import permission_of, purpose_of
from nachhaken.plan.law.facts import chases_of
from nachhaken.plan.situation import Situation, situation_of
from nachhaken.plan.ways import contact_moment
from nachhaken.terms import Channel, Purpose, StepKind, Verdict
from nachhaken.timeline import OptedOut
from nachhaken.workdays import REGIONS
from tests.strategies import moments, objections, opt_outs, person_ids, plain_facts, timelines

PREFERENCES = Preferences()
ZONE = ZoneInfo(PREFERENCES.zone)
nows = st.integers(0, 900 * 24).map(
    lambda hours: datetime(2025, 1, 7, 9, tzinfo=ZONE) + timedelta(hours=hours)
)
stories = st.builds(
    Story,
    timeline=timelines(facts=st.one_of(plain_facts, plain_facts, plain_facts, objections)),
    readings=st.just({}),
    title=st.just("Tor"),
    prospect=st.just("Autohaus Kern"),
    person_id=person_ids,
    is_consumer=st.booleans(),
    region=st.sampled_from(["", *REGIONS]),
    mail=st.sampled_from(["", "kern@autohaus.example"]),
    phone=st.sampled_from(["", "08061 555 70 2"]),
    offers=st.just(2),
    orders=st.integers(0, 2),
    last_order=st.just(0),
    other_touches=st.lists(moments, max_size=3).map(lambda found: tuple(sorted(found))),
)
verdicts = list(Verdict)


def situation(story: Story, now: datetime) -> Situation:
    return situation_of(story.timeline, story.readings, now=now, person_id=story.person_id)


@given(stories, nows)
def test_e6_the_contact_of_a_proposed_step_is_allowed_on_its_day(
    story: Story, now: datetime
) -> None:
    advice, here = advise(story, now=now, preferences=PREFERENCES), situation(story, now)
    step = advice.step
    if step.channel is None or advice.due is None:
        assert advice.permission is None
        return
    at = contact_moment(advice.due, now=now, preferences=PREFERENCES)
    purpose = purpose_of(step.kind, here)
    found = permission_of(
        story, here, channel=step.channel, purpose=purpose, at=at, preferences=PREFERENCES
    )
    assert found.is_allowed
    assert found == advice.permission
    if step.channel is Channel.CALL:
        assert_call_is_wanted(story, here, found.rule, purpose)
    if purpose is Purpose.CHASE:
        assert_limit_is_kept(story, here, at)


def assert_call_is_wanted(story: Story, here: Situation, rule: str, purpose: Purpose) -> None:
    """Rows 4, 5 and 12: the protected are called with a consent, or because they asked."""
    country = (story.region or PREFERENCES.region)[:2]
    if country == "AT" or (country == "DE" and story.is_consumer):
        if rule.endswith("-13"):
            assert purpose is Purpose.ANSWER
        else:
            assert rule in {"DE-4", "AT-11"}
            assert any(c.covers(Channel.CALL) for c in here.consents)


def assert_limit_is_kept(story: Story, here: Situation, at: datetime) -> None:
    """Row 19: over all matters and colleagues, once in 7 days and three times in 30."""
    done = [chase.astimezone(ZONE).date() for chase in chases_of(story, here) if chase <= at]
    for most, days in ((1, 7), (3, 30)):
        assert sum(at.date() - on < timedelta(days=days) for on in done) < most


@given(stories, nows)
def test_e6_row_1_nothing_is_proposed_to_whoever_objected(story: Story, now: datetime) -> None:
    stops = [e.fact for e in story.timeline.standing() if isinstance(e.fact, OptedOut)]
    advice = advise(story, now=now, preferences=PREFERENCES)
    theirs = {None, story.person_id}
    if any(o.scope == "prospect" or o.person_id in theirs for o in stops):
        assert advice.step.kind is StepKind.STOP
        assert (advice.due, advice.step.channel, advice.step.words) == (None, None, None)


@given(stories, nows, st.sampled_from(Channel), st.sampled_from(Purpose), st.booleans(), opt_outs)
def test_e6_row_1_an_objection_never_raises_a_verdict(
    story: Story,
    now: datetime,
    channel: Channel,
    purpose: Purpose,
    is_automated: bool,
    stop: OptedOut,
) -> None:
    def rank(told: Story) -> int:
        found = permission_of(
            told,
            situation(told, now),
            channel=channel,
            purpose=purpose,
            at=now,
            preferences=PREFERENCES,
            is_automated=is_automated,
        )
        for phrase in filter(None, (found.reason, found.remedy)):
            assert say(phrase, "de")
            assert say(phrase, "en")
        assert (found.until is not None) == (found.verdict is Verdict.LATER)
        assert found.until is None or found.until > now
        return verdicts.index(found.verdict)

    objected = with_facts(story, now, stop)
    assert rank(objected) >= rank(story)
    assert rank(objected) == verdicts.index(Verdict.NOT_ALLOWED)
