"""The call sheet of one step, composed from what is known of this customer and the playbook."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from nachhaken.plan.known import known_of
from nachhaken.plan.memory import Remembered
from nachhaken.plan.scenes import follow_up_of, scene_of
from nachhaken.plan.sheet_values import (
    CallSheet,
    KeyPoint,
    Known,
    Line,
    Objection,
    Part,
    Turn,
)
from nachhaken.plan.situation import situation_of
from nachhaken.plan.talk import Talk
from nachhaken.plan.values import Advice, Preferences, Story
from nachhaken.plan.voicing import Speech, first_of, used_in
from nachhaken.plan.wording import Speaker, clause, named_of, values_of
from nachhaken.plan.words import say
from nachhaken.playbook.values import Playbook
from nachhaken.terms import Form

__all__ = [
    "IN_A_TALK",
    "CallSheet",
    "KeyPoint",
    "Known",
    "Line",
    "Objection",
    "Part",
    "Speaker",
    "Turn",
    "compose",
]

# How a key point can be said again on the telephone.
IN_A_TALK = (Form.CALL, Form.STORY, Form.PICTURE)

_NONE: Mapping[str, float] = MappingProxyType({})


def compose(
    story: Story,
    advice: Advice,
    *,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
    preferences: Preferences,
    language: str,
    ground: str,
    is_allowed: bool,
    person_voice: str = "",
    salutation: str = "",
    colleague: str = "",
    own_rank: Mapping[str, float] = _NONE,
    courage: str = "",
    key_points: Sequence[Remembered] = (),
    script: str = "",
) -> CallSheet:
    """Return the sheet for the step of `advice`; texts for the user are in `language`.

    `person_voice` ("du" or "sie") and `salutation` ("frau" or "herr") are what somebody set,
    `colleague` is who takes over. `own_rank` says by key of a script or an answer how well own
    experience speaks for it (higher is better). `script` chooses a version; the best one is taken
    where it does not fit. Where the playbook has no words for the scene, the line is empty.
    """
    zone = ZoneInfo(preferences.zone)
    situation = situation_of(story.timeline, story.readings, now=now, person_id=story.person_id)
    nth = follow_up_of(story, situation)
    scene = scene_of(advice.step.kind, situation, nth=nth)
    named = named_of(story, region=preferences.region, tone=person_voice, salutation=salutation)
    values = values_of(story, situation, named=named, speaker=speaker, now=now, zone=zone)
    speech = Speech(
        voice=named.voice,
        language=language,
        values={**values, "colleague": colleague, "point": _point(key_points)},
        rank=own_rank,
        used=used_in(story.timeline),
    )
    today = now.astimezone(zone).date()
    talk = Talk(playbook, speech, situation, scene, nth, today)
    versions = talk.versions(script)
    first = talk.first(versions)
    return CallSheet(
        scene=scene,
        voice=named.voice,
        step=advice.step.kind,
        goal=say(advice.step.goal, language),
        minimum=say(advice.step.minimum, language),
        ground=ground,
        is_allowed=is_allowed,
        courage=courage,
        known=known_of(story, situation, zone=zone, language=language),
        questions=talk.questions(story, advice.truth),
        repeats=tuple(talk.repeat(point) for point in key_points),
        say=first_of(versions),
        versions=versions,
        first=first,
        turns=talk.turns(first),
        objections=talk.objections(),
        likely=talk.likely(),
        consent=talk.consent(),
        voicemail=talk.voicemail(),
    )


def _point(key_points: Sequence[Remembered]) -> str:
    return next((clause(point.text) for point in key_points if point.form), "")
