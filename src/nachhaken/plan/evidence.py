"""The only translator from a timeline to the engine's evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nachhaken.engine import Model, common_symbols, standard
from nachhaken.engine.values import Acted, Action, Case, Evidence, Felt, Heard, Moment, Symbol
from nachhaken.engine.worth import hidden_cost, value_of
from nachhaken.plan.delivery import arrived
from nachhaken.plan.values import Preferences, Story
from nachhaken.reading.confusion import corpus_shares
from nachhaken.reading.values import Reading, Window
from nachhaken.terms import Intent, Signal, StepKind
from nachhaken.timeline import (
    Entry,
    Fact,
    GutFelt,
    Met,
    OfferSent,
    Promised,
    PromiseSettled,
    Replied,
    Timeline,
    Touched,
)
from nachhaken.workdays import Calendar

HORIZON_WORKDAYS = 60
OFFICE_OPENS = time(9)

# A visit after the offer is a step towards a decision, but a calendar entry may mean less.
VISIT: Mapping[Symbol, float] = {Symbol.ENGAGED: 0.8}
# Who does what they said they would comes closer too, though often only in a small thing.
KEPT: Mapping[Symbol, float] = {Symbol.ENGAGED: 0.5}

# What a step is to the engine; STOP, WAIT, ASK_REASON, our own no and a hand-over ask nobody who
# still decides.
ACTIONS = {
    StepKind.MAIL: Action.MAIL,
    StepKind.CALL: Action.CALL,
    StepKind.CALL_BACK: Action.CALL,
    StepKind.CHECK_CONDITION: Action.CALL,
    StepKind.ASK_WHAT: Action.ASK_WHAT,
    StepKind.CLARIFY: Action.CLARIFY,
    StepKind.INVEST: Action.INVEST,
    StepKind.ANSWER: Action.MAIL,
    StepKind.ASK_REFERRED: Action.CALL,
    StepKind.CONFIRM: Action.MAIL,
    StepKind.DELIVER: Action.MAIL,
    StepKind.REOPEN: Action.CALL,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with what it is taken to say: a person's statement before the machine's reading.

    `reading` is None after a statement, which is certain; `signals` stay, as nobody states them.
    """

    entry: Entry
    intent: Intent
    window: Window | None
    condition: str | None
    reading: Reading | None
    signals: frozenset[Signal]


def answer_of(entry: Entry, readings: Mapping[int, Reading]) -> Answer | None:
    """Return what the reply in `entry` says; None when it is no reply or not read yet."""
    fact = entry.fact
    if not isinstance(fact, Replied):
        return None
    reading = readings.get(entry.id)
    signals = reading.signals if reading else frozenset()
    if fact.statement is not None:
        stated = fact.statement
        window = Window(*stated.callback) if stated.callback else None
        return Answer(entry, stated.intent, window, stated.condition, None, signals)
    if reading is None:
        return None
    return Answer(entry, reading.intent, reading.callback, reading.condition, reading, signals)


def start_of(timeline: Timeline) -> datetime | None:
    """Return day 0: the first offer that arrived; without an offer the first entry."""
    offers = (e.occurred_at for e in arrived(timeline) if isinstance(e.fact, OfferSent))
    first = next(offers, None)
    return first or next((e.occurred_at for e in timeline), None)


def case_of(story: Story, *, now: datetime, calendar: Calendar, preferences: Preferences) -> Case:
    """Return the engine's case for what `story` tells until `now` (aware)."""
    timeline = story.timeline.standing()
    known = arrived(Timeline(tuple(e for e in timeline if e.occurred_at <= now)))
    start = start_of(known) or now
    clock = _Clock(start, calendar, ZoneInfo(preferences.zone))
    odds = _odds(preferences.learnt or standard())
    return Case(
        evidence=tuple(_evidence(known, story.readings, clock, odds)),
        now=clock.moment(now),
        ahead=tuple(clock.moment(at) for at in days_ahead(now, calendar, clock.zone)),
        value=worth_of(story, preferences),
        history=(story.offers, story.orders),
        last_order=story.last_order,
    )


def days_ahead(now: datetime, calendar: Calendar, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return `now` and the opening of the coming working days: when a step is possible."""
    on = now.astimezone(zone).date()
    days = [now]
    for _ in range(HORIZON_WORKDAYS):
        on = calendar.next_workday(on + timedelta(days=1))
        days.append(datetime.combine(on, OFFICE_OPENS, zone))
    return tuple(days)


def amount_of(timeline: Timeline) -> tuple[int, str] | None:
    """Return net cents and currency of the newest offer that has an amount."""
    offers = [e.fact for e in timeline if isinstance(e.fact, OfferSent)]
    for offer in reversed(offers):
        if offer.net_cents is not None:
            return offer.net_cents, offer.currency
    return None


def worth_of(story: Story, preferences: Preferences) -> float:
    """Return what a yes would bring, in EUR; an offer without an amount counts as the base case.

    How the customer fits, and what such jobs took the seller, goes off or comes on top.
    """
    amount = amount_of(story.timeline.standing())
    margin = None
    if amount and amount[0] > 0:
        # What was left of own jobs may be a loss; a margin below 0 that was set is a fault.
        learnt = story.margin_share
        margin = amount[0] / 100 * (preferences.margin if learnt is None else max(0.0, learnt))
    hidden = hidden_cost(story.hidden_hours, preferences.hour_eur)
    return value_of(margin, fit=story.fit, hidden_cost_eur=hidden)


class _Clock(NamedTuple):
    """Times as the engine counts them; days begin and offices open in the user's zone."""

    start: datetime
    calendar: Calendar
    zone: ZoneInfo

    def moment(self, at: datetime) -> Moment:
        return Moment(self.day(at), self.calendar.between(self.start, at))

    def day(self, at: datetime) -> float:
        return (at - self.start).total_seconds() / 86_400

    def midnight(self, on: date) -> float:
        return self.day(datetime.combine(on, time(0), self.zone))


def _evidence(
    timeline: Timeline,
    readings: Mapping[int, Reading],
    clock: _Clock,
    odds: Mapping[Intent, float],
) -> Iterator[Evidence]:
    offers = 0
    days = offer_days(timeline)
    theirs = {e.id for e in timeline if _is_theirs(e)}
    for entry in timeline:
        if entry.occurred_at < clock.start:
            continue
        at = clock.moment(entry.occurred_at)
        match entry.fact:
            case OfferSent():
                offers += 1
                yield Acted(at=at, action=_offering(offers), ref=entry.id)
            case Touched() as touch if not is_cover(entry, days):
                action = action_of(touch)
                if action is not None:
                    yield Acted(at=at, action=action, ref=entry.id)
            case Replied():
                answer = answer_of(entry, readings)
                if answer is not None and answer.intent is not Intent.OTHER:
                    yield _heard(answer, at, clock, odds)
            case fact:
                if (beside := _beside(fact, at, entry.id, theirs)) is not None:
                    yield beside


def _beside(fact: Fact, at: Moment, ref: int, theirs: set[int]) -> Evidence | None:
    """What says something of the customer beside touches and replies; `theirs` are their points.

    A promise given up is no word of theirs: it weighs as little as a feeling.
    """
    match fact:
        case Met():
            return Heard(at=at, symbols=VISIT, ref=ref)
        case GutFelt(dead_horse=dead_horse):
            return Felt(at=at, dead_horse=dead_horse, ref=ref)
        case PromiseSettled(promise_id=promise, kept=True) if promise in theirs:
            return Heard(at=at, symbols=KEPT, ref=ref)
        case PromiseSettled(promise_id=promise) if promise in theirs:
            return Felt(at=at, dead_horse=True, ref=ref)
        case _:
            return None


def _is_theirs(entry: Entry) -> bool:
    """A promise of the customer, or the condition that a reply named."""
    return isinstance(entry.fact, Replied) or (
        isinstance(entry.fact, Promised) and not entry.fact.by_us
    )


def _offering(count: int) -> Action:
    """The first offer was asked for and starts the clock; a further one is new own work."""
    return Action.MAIL if count == 1 else Action.INVEST


def action_of(touch: Touched) -> Action | None:
    """Return the engine's action of a touch; None for a call that reached nobody."""
    if touch.reached is False:
        return None
    return ACTIONS.get(touch.step)


def offer_days(timeline: Timeline) -> frozenset[date]:
    """Return the days on which an offer went out."""
    return frozenset(e.occurred_at.date() for e in timeline if isinstance(e.fact, OfferSent))


def is_cover(entry: Entry, days: frozenset[date]) -> bool:
    """The mail that carries an offer is the offer, not a second touch on the same day."""
    fact = entry.fact
    is_mail = isinstance(fact, Touched) and fact.step is StepKind.MAIL
    return is_mail and entry.occurred_at.date() in days


def _heard(answer: Answer, at: Moment, clock: _Clock, odds: Mapping[Intent, float]) -> Heard:
    is_machine = answer.intent is Intent.AUTO_REPLY
    return Heard(
        at=at,
        symbols=_symbols(answer, odds),
        ref=answer.entry.id,
        window=None if is_machine else _window_days(answer, clock),
        away_until=_return(answer, clock) if is_machine else None,
    )


def _odds(model: Model) -> dict[Intent, float]:
    """Return how much commoner each intent is among answers to offers than in the reader's corpus.

    The chances of a reading assume the corpus, in which all intents are about as common; the
    engine takes them relative to how common an answer is at the start.
    """
    corpus = corpus_shares()
    common = common_symbols(model)
    return {Intent(s.value): share / corpus[Intent(s.value)] for s, share in common.items()}


def _symbols(answer: Answer, odds: Mapping[Intent, float]) -> dict[Symbol, float]:
    """A statement is certain; a reading keeps its doubt, and its share about something else."""
    if answer.reading is None:
        return {Symbol(answer.intent.value): 1.0}
    chances = answer.reading.probabilities
    weights = {i: p * odds[i] for i, p in chances.items() if i is not Intent.OTHER and p > 0}
    told, total = 1 - chances.get(Intent.OTHER, 0.0), sum(weights.values())
    return {Symbol(i.value): told * w / total for i, w in weights.items()} if total > 0 else {}


def _window_days(answer: Answer, clock: _Clock) -> tuple[float, float] | None:
    if answer.window is None:
        return None
    end = answer.window.end + timedelta(days=1)
    return clock.midnight(answer.window.start), clock.midnight(end)


def _return(answer: Answer, clock: _Clock) -> Moment | None:
    if answer.window is None:
        return None
    back = datetime.combine(answer.window.start, OFFICE_OPENS, clock.zone)
    return clock.moment(back) if back > answer.entry.occurred_at else None
