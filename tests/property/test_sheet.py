"""Laws of the call sheet: whatever happened, it is whole, and nothing of its making shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.plan import Preferences, Story, advise
from nachhaken.plan.memory import Remembered
from nachhaken.plan.sheet import CallSheet, Line, Speaker, compose
from nachhaken.playbook.tables import playbook
from nachhaken.playbook.values import Voice
from nachhaken.terms import Channel, Form, StepKind
from nachhaken.timeline import Consented, GoalSet, Mentioned, Opened, Timeline, Touched
from tests.strategies import plain_facts, timelines, windows

ZONE = ZoneInfo("Europe/Berlin")
nows = st.integers(0, 900 * 24).map(
    lambda hours: datetime(2025, 1, 7, 9, tzinfo=ZONE) + timedelta(hours=hours)
)
words = st.text(alphabet="aäßZ {}*„“\"'‚‘.!?\n-", min_size=1, max_size=100)
facts = st.one_of(
    plain_facts,
    st.builds(Opened, title=words),
    st.builds(Mentioned, what=words),
    st.builds(GoalSet, goal=words),
    st.builds(Consented, words=words, heard_on=st.just(Channel.CALL), window=st.none() | windows),
    st.builds(
        Touched,
        channel=st.just(Channel.CALL),
        reached=st.booleans(),
        scripts=st.lists(st.sampled_from(sorted(playbook().scripts))).map(tuple),
    ),
)
points = st.builds(
    Remembered,
    id=st.integers(1, 9),
    text=words,
    importance=st.just(1.0),
    in_mind=st.floats(0, 1),
    conveyed=st.dictionaries(st.sampled_from(Form), st.just((date(2025, 1, 7),))),
    form=st.none() | st.sampled_from(Form),
    is_new_form=st.booleans(),
)
sheets = st.builds(
    lambda timeline, step, now, name, title, tone, region, company, point: _sheet(
        Story(
            timeline=timeline,
            readings={},
            title=title,
            prospect="Autohaus Kern",
            person=name,
            region=region,
        ),
        step,
        now=now,
        tone=tone,
        speaker=Speaker("Karl Brandt", company),
        points=point,
    ),
    timelines(facts=facts),
    st.sampled_from(StepKind),
    nows,
    st.sampled_from(["", "Rosa Huber", "Frau Dr. Yıldız", "Kern, Markus", "{name}"]),
    words | st.just(""),
    st.sampled_from(["", "du", "sie"]),
    st.sampled_from(["", "CH-ZH", "AT-9"]),
    st.sampled_from(["", "Metallbau Brandt"]),
    st.lists(points, max_size=2),
)


def _sheet(
    story: Story,
    step: StepKind,
    *,
    now: datetime,
    tone: str,
    speaker: Speaker,
    points: list[Remembered],
) -> CallSheet:
    preferences = Preferences()
    advice = advise(story, now=now, preferences=preferences)
    return compose(
        story,
        replace(advice, step=replace(advice.step, kind=step)),
        speaker=speaker,
        playbook=playbook(),
        now=now,
        preferences=preferences,
        language="de",
        ground="",
        is_allowed=True,
        person_voice=tone,
        key_points=points,
    )


def lines(of: CallSheet) -> Iterator[Line]:
    yield from (*of.versions, *of.questions, of.say, of.consent, of.voicemail)
    yield from (turn.say for turn in of.turns.values() if turn.say)
    yield from (point.say for point in of.repeats if point.say)
    yield from (answer for objection in of.objections for answer in objection.answers)


@given(sheets)
def test_no_placeholder_and_no_sign_of_the_making_shows(made: CallSheet) -> None:
    for line in lines(made):
        assert not set('{}*„“"').intersection(line.text), line
        assert line.text.strip()
    assert made.voice in (Voice.DU, Voice.SIE, Voice.SWISS)


@given(sheets)
def test_there_are_always_words_and_every_turn_is_there(made: CallSheet) -> None:
    assert made.say.key in playbook().scripts
    assert made.first
    reached = set(made.first) | {key for turn in made.turns.values() for key in turn.then}
    assert reached == set(made.turns)
    assert len(made.questions) == 3
    assert len({line.key for line in made.versions}) == len(made.versions)
    assert set(made.likely) <= {objection.key for objection in made.objections}


@given(timelines(facts=facts), nows)
def test_what_is_said_depends_on_what_happened_alone(timeline: Timeline, now: datetime) -> None:
    story = Story(timeline=timeline, readings={}, title="Tor", prospect="Autohaus Kern")
    made = [
        _sheet(story, StepKind.CALL, now=now, tone="", speaker=Speaker("", ""), points=[])
        for _ in range(2)
    ]
    assert made[0] == made[1]
