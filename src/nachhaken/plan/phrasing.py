"""The sentences of a step: its title, why now, the goal, the words to say."""

from datetime import date, timedelta

from nachhaken.plan.situation import Situation
from nachhaken.plan.steps import Choice
from nachhaken.plan.values import Phrase, Silence
from nachhaken.terms import Intent, StepKind

EXPIRES_SOON = timedelta(days=7)

_GOALS = {
    StepKind.MAIL: "goal.follow_up",
    StepKind.CALL: "goal.follow_up",
    StepKind.CALL_BACK: "goal.follow_up",
    StepKind.ASK_WHAT: "goal.what",
    StepKind.CLARIFY: "goal.clarity",
    StepKind.CHECK_CONDITION: "goal.condition",
    StepKind.INVEST: "goal.answer",
    StepKind.ANSWER: "goal.answer",
    StepKind.ASK_REASON: "goal.reason",
    StepKind.ASK_REFERRED: "goal.person",
    StepKind.CONFIRM: "goal.confirm",
    StepKind.DELIVER: "goal.answer",
    StepKind.DECLINE: "goal.done",
    StepKind.HAND_OVER: "goal.person",
    StepKind.REOPEN: "goal.what",
    StepKind.STOP: "goal.done",
    StepKind.WAIT: "goal.done",
}
_MINIMUMS = {
    StepKind.ANSWER: "minimum.answer",
    StepKind.INVEST: "minimum.answer",
    StepKind.ASK_REASON: "minimum.thanks",
    StepKind.STOP: "minimum.thanks",
    StepKind.CONFIRM: "minimum.thanks",
}
_WORDLESS = {StepKind.INVEST, StepKind.WAIT}


def title(choice: Choice, situation: Situation) -> Phrase:
    """Return the step as a sentence with a verb."""
    if choice.because in ("opted_out", "closed"):
        return Phrase("step.opted_out" if choice.because == "opted_out" else "step.none")
    match choice.kind:
        case StepKind.CHECK_CONDITION:
            return _condition("step.check_condition", situation)
        case StepKind.ASK_WHAT if choice.because == "requote":
            return Phrase("step.ask_what_requote")
        case StepKind.ANSWER if choice.because == "when":
            return Phrase("step.answer_when")
        case StepKind.STOP if choice.because == "no":
            return Phrase("step.stop_no")
        case StepKind.MAIL | StepKind.CALL if situation.offer is None:
            return Phrase("step.first_talk")
        case StepKind.MAIL if situation.chases:
            return Phrase("step.mail_again", {"count": len(situation.chases) + 1})
        case kind:
            return Phrase(f"step.{kind.value}")


def why(choice: Choice, situation: Situation, silence: Silence | None, *, today: date) -> Phrase:
    """Return why this step, and why now, in one line."""
    answer = situation.unanswered or situation.window_answer
    if choice.because in ("closed", "opted_out", "patience"):
        return Phrase(f"why.{choice.because}")
    if choice.because == "no":
        known = "no_known" if choice.kind is StepKind.STOP else "no"
        return Phrase(f"why.{known}", {"on": _said_on(situation, today)})
    if choice.because == "requote":
        if not situation.effort_minutes:
            return Phrase("why.requote_plain", {"on": _said_on(situation, today)})
        hours = situation.effort_minutes / 60
        return Phrase("why.requote", {"on": _said_on(situation, today), "hours": hours})
    if choice.because in ("yes", "referral", "engaged", "later_vague", "evades"):
        return Phrase(f"why.{choice.because}", {"on": _said_on(situation, today)})
    if choice.because in ("condition", "when"):
        return _condition("why.condition", situation, on=_said_on(situation, today))
    if choice.because == "window" and answer is not None and answer.window is not None:
        return Phrase("why.window", {"start": answer.window.start, "end": answer.window.end})
    if choice.kind is StepKind.STOP:
        return Phrase("why.little_left")
    if situation.unanswered and situation.unanswered.intent is Intent.NONCOMMITTAL:
        return Phrase("why.noncommittal", {"on": _said_on(situation, today)})
    return _silence(situation, silence, today)


def goal(choice: Choice) -> Phrase:
    """Return what this contact is for."""
    return Phrase("goal.when" if choice.because == "when" else _GOALS[choice.kind])


def minimum(kind: StepKind) -> Phrase:
    """Return what this contact must at least bring."""
    return Phrase(_MINIMUMS.get(kind, "minimum.consent"))


def words(choice: Choice, situation: Situation, *, title: str) -> Phrase | None:
    """Return what to say; None where the step needs no words."""
    if choice.because in ("opted_out", "closed") or choice.kind in _WORDLESS:
        return None
    if choice.kind is StepKind.STOP:
        return Phrase("words.stop_no") if choice.because == "no" else None
    filled = {"title": title}
    if choice.kind is StepKind.CHECK_CONDITION:
        condition = named_condition(situation)
        if not condition:
            return Phrase("words.call_back", filled)
        return Phrase("words.check_condition", {"condition": condition})
    if situation.offer is None and choice.kind in (StepKind.MAIL, StepKind.CALL):
        return Phrase("words.first_talk", filled)
    if choice.kind is StepKind.ASK_WHAT and choice.because == "requote":
        return Phrase("words.ask_what_requote", filled)
    if choice.because == "when":
        return Phrase("words.answer_when")
    if choice.kind is StepKind.MAIL and situation.chases:
        return Phrase("words.mail_again", filled)
    return Phrase(f"words.{choice.kind.value}", filled)


def named_condition(situation: Situation) -> str | None:
    """The newest condition that the customer named and no later answer replaced."""
    for answer in reversed(situation.answers):
        if answer.condition:
            return answer.condition
        if answer.intent is not Intent.AUTO_REPLY:
            return None
    return None


def _silence(situation: Situation, silence: Silence | None, today: date) -> Phrase:
    offer = situation.offer
    if offer and offer.valid_until and today <= offer.valid_until <= today + EXPIRES_SOON:
        return Phrase("why.expires", {"until": offer.valid_until})
    if silence is None or silence.workdays < 1:
        return Phrase("why.today")
    if not situation.chases and not situation.answers:
        return Phrase("why.fresh", {"count": silence.workdays})
    return Phrase("why.silence", {"count": silence.workdays, "usual": silence.usual})


def _said_on(situation: Situation, today: date) -> date:
    answer = situation.unanswered or situation.window_answer
    return answer.entry.occurred_at.date() if answer else today


def _condition(key: str, situation: Situation, *, on: date | None = None) -> Phrase:
    condition = named_condition(situation)
    params = {"on": on} if on else {}
    if not condition:
        return Phrase(f"{key}_plain", params)
    return Phrase(key, {**params, "condition": condition})
