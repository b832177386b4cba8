"""The judgement in words: each weight of the engine becomes a sentence, in order of time."""

from collections.abc import Mapping

from nachhaken.engine.values import Belief, Case, Judgement, Weight
from nachhaken.plan.evidence import Answer
from nachhaken.plan.limits import USUAL_SILENCE_WORKDAYS
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Phrase, Reason, Story
from nachhaken.terms import Intent, OutcomeKind, Truth
from nachhaken.timeline import Entry, GutFelt, Met, OfferSent, PromiseSettled

# Below this share no truth is named: the four are too close together.
CLEAR_SHARE = 0.40

_EVASIVE = (Intent.LATER_VAGUE, Intent.NONCOMMITTAL)
_OUTCOMES = {
    OutcomeKind.WON: "headline.won",
    OutcomeKind.LOST: "headline.closed_lost",
    OutcomeKind.STOPPED: "headline.stopped",
    OutcomeKind.DECLINED: "headline.declined",
    OutcomeKind.OPTED_OUT: "headline.opted_out",
}


def truth_of(belief: Belief) -> Truth:
    """Return the likelier truth on the likelier side: with us (genuine, stalled) or not."""
    if belief.genuine + belief.stalled >= belief.pretend + belief.lost:
        return Truth.GENUINE if belief.genuine >= belief.stalled else Truth.STALLED
    return Truth.PRETEND if belief.pretend >= belief.lost else Truth.LOST


def headline_of(situation: Situation, belief: Belief) -> Phrase:
    """Return the judgement as one sentence; what was said outright stands above the estimate."""
    if situation.opted_out:
        return Phrase("headline.opted_out")
    if situation.outcome is not None:
        return Phrase(_OUTCOMES[situation.outcome])
    said = situation.unanswered.intent if situation.unanswered else None
    if said in (Intent.YES, Intent.NO):
        return Phrase(f"headline.{said.value}")
    truth = truth_of(belief)
    if belief[list(Truth).index(truth)] < CLEAR_SHARE:
        return Phrase("headline.open")
    return Phrase(f"headline.{truth.value}")


def reasons_of(
    story: Story, situation: Situation, judgement: Judgement, case: Case
) -> tuple[Reason, ...]:
    """Return the reasons in order of time; their decibans sum to the log-odds of "genuine".

    The silences between events are one reason together: one by one they would drown the events.
    """
    entries = {e.id: e for e in story.timeline.standing()}
    answers = {a.entry.id: a for a in situation.answers}
    nth = _nth_answers(situation.answers)
    between = [w for w in judgement.weights if w.what == "time" and w.until != case.now]
    reasons = [
        Reason(
            phrase=_phrase(weight, story, entries=entries, answers=answers, nth=nth, days=days),
            decibans=weight.decibans,
            ref=weight.ref,
            silence=weight.silence,
        )
        for weight, days in _with_days(judgement.weights)
        if weight not in between
    ]
    if between:
        days = sum(d for w, d in _with_days(judgement.weights) if w in between)
        together = Reason(
            phrase=_time("reason.time", days),
            decibans=sum(w.decibans for w in between),
            ref=0,
            silence=sum(w.silence for w in between),
        )
        reasons.insert(-1, together)
    return tuple(reasons)


def _with_days(weights: tuple[Weight, ...]) -> list[tuple[Weight, float]]:
    """Each weight with the working days since the one before."""
    starts = [0.0, *(w.until.workday for w in weights)]
    return [(w, w.until.workday - start) for w, start in zip(weights, starts, strict=False)]


def _phrase(
    weight: Weight,
    story: Story,
    *,
    entries: Mapping[int, Entry],
    answers: Mapping[int, Answer],
    nth: Mapping[int, int],
    days: float,
) -> Phrase:
    match weight.what:
        case "history":
            return _history(story)
        case "time":
            return _time("reason.time_now", days)
        case "heard" if weight.ref in answers:
            return _heard(answers[weight.ref], nth[weight.ref], speaks_for=weight.decibans > 0)
        case "acted" | "heard" | "felt" if weight.ref in entries:
            return _entry(entries[weight.ref])
        case _:
            return Phrase("reason.prior")


def _history(story: Story) -> Phrase:
    if story.orders:
        return Phrase("reason.history_orders", {"count": story.orders})
    return Phrase("reason.history_none", {"count": story.offers + 1})


def _time(key: str, workdays: float) -> Phrase:
    days = int(workdays)
    if days < 1:
        return Phrase("reason.time_short")
    return Phrase(key, {"count": days, "usual": USUAL_SILENCE_WORKDAYS})


def _heard(answer: Answer, nth: int, *, speaks_for: bool) -> Phrase:
    """After long silence even an evasive answer speaks for the customer; the sentence says why."""
    key = f"reason.heard.{answer.intent.value}"
    if answer.intent is Intent.STALLED_NAMED:
        if answer.condition:
            return Phrase(key, {"condition": answer.condition})
        return Phrase(f"{key}_plain")
    if answer.intent is Intent.LATER_VAGUE and nth > 1:
        key = f"{key}_again"
    if answer.intent in _EVASIVE and speaks_for:
        key = f"{key}_still"
    return Phrase(key, {"count": nth})


def _entry(entry: Entry) -> Phrase:
    match entry.fact:
        case OfferSent(number=number, version=1):
            return Phrase("reason.offer", {"number": number})
        case OfferSent(version=version):
            return Phrase("reason.revised", {"version": version})
        case Met(title=title):
            return (
                Phrase("reason.met", {"title": title}) if title else Phrase("reason.met_untitled")
            )
        case GutFelt(dead_horse=dead):
            return Phrase("reason.gut_dead" if dead else "reason.gut_alive")
        case PromiseSettled(kept=kept):
            return Phrase("reason.promise_kept" if kept else "reason.promise_broken")
        case _:
            return Phrase("reason.touch", {"on": entry.occurred_at.date()})


def _nth_answers(answers: tuple[Answer, ...]) -> dict[int, int]:
    """How often the customer has said the same by then."""
    counts: dict[Intent, int] = {}
    nth = {}
    for answer in answers:
        counts[answer.intent] = counts.get(answer.intent, 0) + 1
        nth[answer.entry.id] = counts[answer.intent]
    return nth
