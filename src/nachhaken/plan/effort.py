"""What has been put into an opportunity before its decision, and does more of it pay?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nachhaken.engine.values import Action
from nachhaken.plan.situation import Situation
from nachhaken.plan.steps import TIE_EUR, TIE_SHARE
from nachhaken.plan.values import Advice, Param, Phrase, Preferences
from nachhaken.terms import Intent, Truth
from nachhaken.timeline import EffortSpent, OfferSent, Timeline

# What can be done instead of working on: two ways to ask first, and letting go.
_INSTEAD = (Action.ASK_WHAT, Action.CLARIFY, Action.STOP)
_ASKING = (Action.ASK_WHAT, Action.CLARIFY)
# Below so many EUR an estimate is rounded to so many.
_STEPS = ((100.0, 5), (1000.0, 10), (float("inf"), 100))
_ALTERNATIVES = ("effort.commitment", "effort.smaller", "effort.paid")


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind of work took: `cents` are its minutes in money and the money spent beside."""

    work: str
    minutes: int
    cents: int


@dataclass(frozen=True, slots=True)
class Effort:
    """Own work before the decision: minutes, the money spent beside, what both come to, by kind.

    `sunk_cents` counts each note at its own rate, else at an hour of the user's.
    """

    minutes: int
    money_cents: int
    sunk_cents: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortWarning:
    """Why more free work does not pay now, by the engine's values, and what to do instead.

    `instead` is the best of what can be done instead; `loss_cents` what working on is worth less.
    """

    headline: Phrase
    because: Phrase
    sunk: Phrase | None
    alternatives: tuple[Phrase, ...]
    instead: Action
    loss_cents: int


def effort_of(timeline: Timeline, *, hour_eur: float) -> Effort:
    """Return what was put in so far; what was undone does not count. Costliest kind first."""
    notes = [e.fact for e in timeline.standing() if isinstance(e.fact, EffortSpent)]
    kinds = list(dict.fromkeys(note.work for note in notes))
    parts = [_part(work, [n for n in notes if n.work == work], hour_eur) for work in kinds]
    return Effort(
        minutes=sum(note.minutes for note in notes),
        money_cents=sum(note.cents for note in notes),
        sunk_cents=sum(part.cents for part in parts),
        parts=tuple(sorted(parts, key=lambda part: -part.cents)),
    )


def cents_of(note: EffortSpent, *, hour_eur: float) -> int:
    """Return what a note comes to: its minutes at its rate, and its money."""
    rate = hour_eur * 100 if note.rate_cents is None else note.rate_cents
    return round(note.minutes / 60 * rate) + note.cents


def warning_of(
    timeline: Timeline, situation: Situation, advice: Advice, *, preferences: Preferences
) -> EffortWarning | None:
    """Return why not to put in more free work; None where nothing speaks against it.

    The engine says so by two of its own figures: the customer is not most likely genuine, and
    asking first or letting go is worth more than another piece of free work, by more than a tie.
    A matter that ended, or wants no contact, needs no warning; nor does a first inquiry.
    """
    if advice.due is None or situation.outcome is not None or not _is_unclear(situation, advice):
        return None
    values = advice.judgement.values
    instead = max(_INSTEAD, key=lambda action: values[action])
    loss = values[instead] - values[Action.INVEST]
    if loss <= max(TIE_EUR, TIE_SHARE * abs(values[instead])):
        return None
    effort = effort_of(timeline, hour_eur=preferences.hour_eur)
    lets_go = ("effort.let_go",) if instead is Action.STOP else ()
    return EffortWarning(
        headline=_headline(situation, timeline),
        because=_because(values, instead),
        sunk=_sunk(effort, advice.expected_cents),
        alternatives=tuple(Phrase(key) for key in (*_ALTERNATIVES, *lets_go)),
        instead=instead,
        loss_cents=round(loss * 100),
    )


def variant_of(timeline: Timeline, situation: Situation, advice: Advice) -> Phrase | None:
    """Return the engine's answer to a further version that the customer asked for.

    None where none is asked for. It compares working on at once with the better way to ask first.
    """
    answer = situation.unanswered
    if answer is None or answer.intent is not Intent.REQUOTE:
        return None
    values = advice.judgement.values
    asking = max(_ASKING, key=lambda action: values[action])
    is_worth = values[Action.INVEST] >= max(values[asking], values[Action.STOP])
    return Phrase(
        "effort.variant_yes" if is_worth else "effort.variant_ask",
        {
            "count": _versions(timeline) + 1,
            "other": f"kind.{asking.value}",
            "work": _about(values[Action.INVEST]),
            "ask": _about(values[asking]),
        },
    )


def _is_unclear(situation: Situation, advice: Advice) -> bool:
    """Before the first offer only who most likely pretends: who just asks has to get one."""
    if situation.offer is None:
        return advice.truth is Truth.PRETEND
    return advice.truth is not Truth.GENUINE


def _part(work: str, notes: Iterable[EffortSpent], hour_eur: float) -> Part:
    notes = list(notes)
    cents = sum(cents_of(note, hour_eur=hour_eur) for note in notes)
    return Part(work, sum(note.minutes for note in notes), cents)


def _headline(situation: Situation, timeline: Timeline) -> Phrase:
    answer = situation.unanswered
    if answer is not None and answer.intent is Intent.REQUOTE:
        return Phrase("effort.before_variant", {"count": _versions(timeline) + 1})
    return Phrase("effort.before_more")


def _because(values: Mapping[Action, float], instead: Action) -> Phrase:
    work = values[Action.INVEST]
    params: dict[str, Param] = {
        "other": f"kind.{instead.value}",
        "work": _about(abs(work)),
        "more": _about(values[instead] - work),
    }
    return Phrase("effort.loses" if work < 0 else "effort.less", params)


def _sunk(effort: Effort, expected_cents: int) -> Phrase | None:
    if not effort.sunk_cents:
        return None
    params = {"spent": _about(effort.sunk_cents / 100), "expected": _about(expected_cents / 100)}
    return Phrase("effort.sunk", params)


def _versions(timeline: Timeline) -> int:
    """Return how many priced documents went out."""
    return sum(isinstance(e.fact, OfferSent) for e in timeline.standing())


def _about(eur: float) -> int:
    """Return an estimate in cents, rounded as far as it can be true."""
    step = next(step for below, step in _STEPS if abs(eur) < below)
    return round(eur / step) * step * 100
