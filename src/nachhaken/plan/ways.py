"""The lawful way of a step: its own channel, another one, or letting the matter rest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nachhaken.plan.evidence import OFFICE_OPENS
from nachhaken.plan.law.facts import contact_of, facts_of
from nachhaken.plan.law.permission import decide
from nachhaken.plan.law.purposes import purpose_of
from nachhaken.plan.law.rules import Table, table
from nachhaken.plan.law.values import Permission
from nachhaken.plan.situation import Situation
from nachhaken.plan.steps import channel_of
from nachhaken.plan.values import Choice, Preferences, Story
from nachhaken.terms import Channel, StepKind, Verdict

FORBIDDEN = "forbidden"
# So long after a step that no channel allows, somebody looks at the matter again.
PATIENCE = timedelta(days=28)
# A light word takes the name of its channel.
_LIGHT = frozenset({StepKind.MAIL, StepKind.CALL})


def lawful(
    choice: Choice,
    *,
    story: Story,
    situation: Situation,
    at: datetime,
    preferences: Preferences,
    law: Table | None = None,
) -> tuple[Choice, Permission | None]:
    """Return `choice` by the first channel that is allowed at `at`, and what allows it there.

    Its own channel comes first, then call, mail and letter as far as an address is known; one
    that is allowed later comes after those that are allowed at once. Where no channel is allowed,
    nothing is left but to wait for them; the permission then says why.
    """
    first = channel_of(choice.kind, mail=story.mail, phone=story.phone)
    if first is None or choice.on is None:
        return choice, None
    facts = facts_of(story, situation, preferences=preferences)
    purpose = purpose_of(choice.kind, situation)
    found: list[tuple[Permission, Channel]] = []
    for channel in _ways(first, story):
        contact = contact_of(channel, purpose, at, preferences)
        found.append((decide(facts, contact, preferences=preferences, law=law or table()), channel))
    for verdict in (Verdict.ALLOWED, Verdict.LATER):
        for permission, channel in found:
            if permission.verdict is verdict:
                kind = _kind(choice.kind, channel)
                return replace(choice, kind=kind, channel=channel), permission
    return Choice(StepKind.WAIT, choice.on + PATIENCE, FORBIDDEN), found[0][0]


def contact_moment(on: date, *, now: datetime, preferences: Preferences) -> datetime:
    """Return when a contact on day `on` takes place: when offices open, or now if that is later."""
    opens = max(OFFICE_OPENS, preferences.quiet_before)
    return max(now, datetime.combine(on, opens, ZoneInfo(preferences.zone)))


def _ways(first: Channel, story: Story) -> Iterator[Channel]:
    is_unknown = not (story.mail or story.phone or story.has_dead_mail)
    if first is not Channel.MAIL or story.mail or is_unknown:
        yield first
    if first is not Channel.CALL and (story.phone or is_unknown):
        yield Channel.CALL
    if first is not Channel.MAIL and (story.mail or is_unknown):
        yield Channel.MAIL
    yield Channel.LETTER


def _kind(kind: StepKind, channel: Channel) -> StepKind:
    if kind not in _LIGHT:
        return kind
    return StepKind.CALL if channel is Channel.CALL else StepKind.MAIL
