"""The plain facts on which the law decides: what is on record of a person, and the contact."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nachhaken.plan.consent import Consent
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Preferences, Story
from nachhaken.terms import Channel, ConsentScope, Intent, OutcomeKind, Purpose
from nachhaken.timeline import Touched

# An open request ends so long after the offer's validity.
AFTER_VALIDITY = timedelta(days=90)
# Presumed consent weakens after six months without a word from the customer.
WEAK_AFTER = timedelta(days=183)

COUNTRIES = ("DE", "AT", "CH")


class Facts(NamedTuple):
    """What is on record of one person in one matter; days are those of the user's zone.

    `agreed` are the days on which they asked to be contacted, `chases` our touches that asked for
    something, over all matters and colleagues, ascending. `is_starred` is None until somebody
    looked the number up.
    """

    country: str
    region: str
    is_consumer: bool = False
    has_objected: bool = False
    consents: tuple[Consent, ...] = ()
    asked: date | None = None
    offered: date | None = None
    answered: date | None = None
    agreed: tuple[date, date] | None = None
    valid_until: date | None = None
    declined: date | None = None
    is_over: bool = False
    orders: int = 0
    is_starred: bool | None = None
    chases: tuple[datetime, ...] = ()


class Contact(NamedTuple):
    """The contact that is asked about: `local` is its moment in the user's zone."""

    channel: Channel
    purpose: Purpose
    local: datetime
    on: date
    is_automated: bool = False


def facts_of(story: Story, situation: Situation, *, preferences: Preferences) -> Facts:
    """Return the facts that `story` and its `situation` tell."""
    zone = ZoneInfo(preferences.zone)
    region = story.region or preferences.region
    answer, named = situation.last_answer_at, situation.window_answer
    return Facts(
        country=country_of(region),
        region=region,
        is_consumer=story.is_consumer,
        has_objected=story.opted_out or situation.opted_out,
        consents=tuple(c for c in situation.consents if _is_theirs(c.person_id, story.person_id)),
        asked=_day(situation.opened_at, zone),
        offered=_day(situation.offered_at, zone),
        answered=_day(answer, zone),
        agreed=(named.window.start, named.window.end) if named and named.window else None,
        valid_until=situation.offer.valid_until if situation.offer else None,
        declined=_day(_declined_at(situation), zone),
        is_over=situation.outcome is not None,
        orders=story.orders + (situation.outcome is OutcomeKind.WON),
        is_starred=situation.is_starred,
        chases=chases_of(story, situation),
    )


def contact_of(
    channel: Channel,
    purpose: Purpose,
    at: datetime,
    preferences: Preferences,
    *,
    is_automated: bool = False,
) -> Contact:
    """Return the contact at the moment `at` (aware), seen in the user's zone."""
    local = at.astimezone(ZoneInfo(preferences.zone))
    return Contact(channel, purpose, local, local.date(), is_automated)


def country_of(region: str) -> str:
    """An unknown country is taken for Germany, as its working days are."""
    country = region[:2]
    return country if country in COUNTRIES else "DE"


def chases_of(story: Story, situation: Situation) -> tuple[datetime, ...]:
    """Return when this person was chased since they last answered, and over any other matter."""
    own = (e for e in situation.chases if isinstance(e.fact, Touched))
    return tuple(
        sorted(
            [
                *(e.occurred_at for e in own if _touches(e.fact, story.person_id)),
                *story.other_touches,
            ]
        )
    )


def consent_to(facts: Facts, contact: Contact) -> Consent | None:
    """Return the newest consent to this channel on this day that no later refusal has ended."""
    for consent in reversed(facts.consents):
        if consent.covers(contact.channel) and _holds_on(consent, contact.on, facts.declined):
            return consent
    return None


def last_word(facts: Facts, on: date) -> date | None:
    """Return the day of their last word; until the end of the days that they named, it is fresh."""
    named = min(facts.agreed[1], on) if facts.agreed else None
    said = (facts.asked, facts.offered, facts.answered, named)
    return max((day for day in said if day is not None), default=None)


def is_silent(facts: Facts, on: date) -> bool:
    """Say whether they have not said a word for six months."""
    last = last_word(facts, on)
    return last is not None and on > last + WEAK_AFTER


def is_open(facts: Facts, on: date) -> bool:
    """Say whether their request is open: it lives with the offer, and a later word renews it."""
    last = last_word(facts, on)
    if last is None or facts.is_over or facts.declined is not None:
        return False
    if facts.valid_until is None:
        return on <= last + WEAK_AFTER
    return on <= max(facts.valid_until, last) + AFTER_VALIDITY


def _holds_on(consent: Consent, on: date, declined: date | None) -> bool:
    """Leave to ask again in a matter ends with their no; leave to advertise does not."""
    if consent.window is not None and not consent.window[0] <= on <= consent.window[1]:
        return False
    is_refused = declined is not None and consent.on < declined
    return not (is_refused and consent.scope is ConsentScope.FOLLOW_UP)


def _is_theirs(one: int | None, other: int | None) -> bool:
    """Where it is not known who agreed, or who is asked, it is the same person."""
    return one is None or other is None or one == other


def _touches(fact: object, person_id: int | None) -> bool:
    return isinstance(fact, Touched) and _is_theirs(fact.person_id, person_id)


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at else None


def _declined_at(situation: Situation) -> datetime | None:
    """Return when they said no, or the matter was lost; a newer inquiry or offer begins anew."""
    last = situation.last_answer
    said = last.entry.occurred_at if last is not None and last.intent is Intent.NO else None
    lost = situation.ended_at if situation.outcome is OutcomeKind.LOST else None
    at = max((moment for moment in (said, lost) if moment), default=None)
    anew = max((m for m in (situation.offered_at, situation.opened_at) if m), default=None)
    return None if at is None or (anew is not None and anew > at) else at
