"""How long limits and law take for a hundred thousand people, a contact of each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import process_time

from nachhaken.plan import Preferences, Story
from nachhaken.plan.consent import Consent
from nachhaken.plan.law import Facts, contact_of, decide, permission_of, table
from nachhaken.plan.law.manners import calendar_of
from nachhaken.plan.situation import situation_of
from nachhaken.terms import Channel, ConsentScope, Purpose
from nachhaken.workdays import REGIONS
from tests import cast
from tests.speed import Row, measure

_PEOPLE = 100_000
_STORIES = 2_000
_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
_CHANNELS = (Channel.CALL, Channel.MAIL, Channel.LETTER)


@measure
def law_of_facts() -> Iterator[Row]:
    """From plain facts, as rows of a table would hold them, to reasons that can be shown."""
    rng, preferences, law = Random(1), Preferences(), table()
    people = [_person(rng) for _ in range(_PEOPLE)]
    for region in REGIONS:  # the holidays of a year are reckoned once
        calendar_of(region).is_holiday(_AT.date())
    ways = [(rng.choice(_CHANNELS), rng.choice(list(Purpose))) for _ in people]
    start = process_time()
    for facts, (channel, purpose) in zip(people, ways, strict=True):
        contact = contact_of(channel, purpose, _AT, preferences)
        decide(facts, contact, preferences=preferences, law=law)
    took = process_time() - start
    yield Row("Limits and law, 100,000 people, from plain facts", took, "s", at_most=2)


@measure
def law_of_timelines() -> Iterator[Row]:
    """The same with each timeline folded first; scaled up from fewer stories."""
    preferences = Preferences()
    stories = [_story(n) for n in range(_STORIES)]
    start = process_time()
    for story in stories:
        situation = situation_of(story.timeline, story.readings, now=_AT)
        permission_of(
            story,
            situation,
            channel=Channel.CALL,
            purpose=Purpose.CHASE,
            at=_AT,
            preferences=preferences,
        )
    took = (process_time() - start) * _PEOPLE / _STORIES
    yield Row("Limits and law, 100,000 people, timelines folded", took, "s")


def _story(n: int) -> Story:
    return cast.story(cast.CAST[n % len(cast.CAST)])


def _person(rng: Random) -> Facts:
    region = rng.choice(list(REGIONS))
    asked = date(2026, 11, 24) - timedelta(days=rng.randrange(400))
    chases = sorted(_AT - timedelta(hours=rng.randrange(1500)) for _ in range(rng.randrange(4)))
    return Facts(
        country=region[:2],
        region=region,
        is_consumer=rng.random() < 0.3,
        has_objected=rng.random() < 0.05,
        consents=(_consent(asked),) if rng.random() < 0.2 else (),
        asked=asked,
        offered=asked + timedelta(days=3),
        declined=asked + timedelta(days=20) if rng.random() < 0.2 else None,
        orders=rng.choice([0, 0, 0, 1, 2]),
        is_starred=rng.choice([None, True, False]),
        chases=tuple(chases),
    )


def _consent(asked: date) -> Consent:
    return Consent(
        id=1,
        on=asked,
        words="Rufen Sie gern wieder an.",
        heard_on=Channel.CALL,
        channel=None,
        scope=ConsentScope.FOLLOW_UP,
        window=None,
        person_id=None,
        evidence="",
        rule="DE-2",
        ended=None,
    )
