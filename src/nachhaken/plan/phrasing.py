"""The sentences of a step: its title, why now, the goal, the words to say."""

from datetime import date, timedelta

from nachhaken.plan.appointed import consent_to_call
from nachhaken.plan.commitments import OpenPoint, first_awaited, first_owed
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Choice, Phrase, Silence
from nachhaken.terms import Channel, Intent, StepKind

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
    StepKind.DELIVER: "goal.deliver",
    StepKind.DECLINE: "goal.done",
    StepKind.HAND_OVER: "goal.hand_over",
    StepKind.REOPEN: "goal.reopen",
    StepKind.STOP: "goal.done",
    StepKind.WAIT: "goal.done",
}
_MINIMUMS = {
    StepKind.ANSWER: "minimum.answer",
    StepKind.INVEST: "minimum.answer",
    StepKind.ASK_REASON: "minimum.thanks",
    StepKind.STOP: "minimum.thanks",
    StepKind.CONFIRM: "minimum.thanks",
    StepKind.DELIVER: "minimum.answer",
    StepKind.DECLINE: "minimum.thanks",
    StepKind.HAND_OVER: "minimum.hand_over",
}
_ENDINGS = {
    "opted_out": "step.opted_out",
    "closed": "step.none",
    "forbidden": "step.forbidden",
    "bounced": "step.bounced",
}
_DELIVER = Phrase("step.deliver_plain")
_LIGHT = {StepKind.MAIL, StepKind.CALL}
_ON_RECORD = frozenset(
    ("owed", "awaited", "consented", "window", "declined", "bounced", "resend", "meeting", "first")
)
_WORDLESS = {StepKind.INVEST, StepKind.WAIT}


def title(choice: Choice, situation: Situation) -> Phrase:
    """Return the step as a sentence with a verb."""
    if choice.because in _ENDINGS:
        return Phrase(_ENDINGS[choice.because])
    match choice.kind:
        case StepKind.MAIL if choice.because == "resend":
            return Phrase("step.resend")
        case StepKind.CHECK_CONDITION | StepKind.DELIVER:
            return _point(choice, situation)
        case StepKind.MAIL | StepKind.CALL | StepKind.CALL_BACK:
            return _asking(choice, situation)
        case StepKind.ASK_WHAT if choice.because == "requote":
            return Phrase("step.ask_what_requote")
        case StepKind.ANSWER if choice.because == "when":
            return Phrase("step.answer_when")
        case StepKind.STOP if choice.because in ("no", "declined"):
            return Phrase(f"step.stop_{choice.because}")
        case kind:
            return Phrase(f"step.{kind.value}")


def why(choice: Choice, situation: Situation, silence: Silence | None, *, today: date) -> Phrase:
    """Return why this step, and why now, in one line."""
    on = _said_on(situation, today)
    match choice.because:
        case "closed" | "opted_out" | "patience" as because:
            return Phrase(f"why.{because}")
        case "yes" | "referral" | "engaged" | "later_vague" | "evades" as because:
            return Phrase(f"why.{because}", {"on": on})
        case "pinned" | "cadence":
            return _own(choice, situation)
        case because if because in _ON_RECORD:
            return _on_record(choice, situation, today)
        case "no":
            return Phrase("why.no_known" if choice.kind is StepKind.STOP else "why.no", {"on": on})
        case "requote":
            return _requote(situation, on)
        case "condition" | "when":
            return _condition("why.condition", situation, on=on)
    if choice.kind is StepKind.STOP:
        return Phrase("why.little_left")
    if situation.unanswered and situation.unanswered.intent is Intent.NONCOMMITTAL:
        return Phrase("why.noncommittal", {"on": on})
    return _silence(situation, silence, today)


def goal(choice: Choice, situation: Situation) -> Phrase:
    """Return what this contact is for; what the seller set stands above what the step is for."""
    if situation.own.goal:
        return Phrase("said.plain", {"text": situation.own.goal})
    if choice.kind is StepKind.CHECK_CONDITION and _awaited(choice, situation):
        return Phrase("goal.awaited")
    if situation.offer is None and choice.kind in _LIGHT:
        return Phrase("goal.first_talk")
    return Phrase("goal.when" if choice.because == "when" else _GOALS[choice.kind])


def minimum(choice: Choice, situation: Situation) -> Phrase:
    """Return what this contact must at least bring; what the seller set stands above it."""
    if situation.own.minimum:
        return Phrase("said.plain", {"text": situation.own.minimum})
    return Phrase(_MINIMUMS.get(choice.kind, "minimum.consent"))


def words(choice: Choice, situation: Situation, *, title: str) -> Phrase | None:
    """Return what to say; None where the step needs no words."""
    if choice.because in ("opted_out", "closed") or choice.kind in _WORDLESS:
        return None
    if choice.kind is StepKind.STOP:
        return Phrase("words.stop_no") if choice.because == "no" else None
    filled = {"title": title}
    if choice.because == "consented":
        return Phrase("words.call_back", filled)
    if choice.kind in (StepKind.CHECK_CONDITION, StepKind.DELIVER):
        return _point_words(choice, situation, title=title)
    if situation.offer is None and choice.kind in _LIGHT:
        return Phrase("words.first_talk", filled)
    if choice.kind is StepKind.ASK_WHAT and choice.because == "requote":
        return Phrase("words.ask_what_requote", filled)
    if choice.because == "when":
        return Phrase("words.answer_when")
    if choice.kind is StepKind.MAIL and choice.channel is Channel.LETTER:
        return Phrase("words.letter", filled)
    if choice.kind in _LIGHT and situation.chases:
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


def _asking(choice: Choice, situation: Situation) -> Phrase:
    """Name the way that it takes: what was to be a call may be a letter."""
    is_call = choice.channel in (Channel.CALL, None)
    if choice.because == "consented" and choice.kind is not StepKind.CALL_BACK:
        return Phrase("step.write_back")
    if choice.kind is StepKind.CALL_BACK:
        return Phrase("step.call_back" if is_call else "step.write_back")
    if situation.offer is None:
        return Phrase("step.first_talk")
    if choice.channel is Channel.LETTER:
        return Phrase("step.letter")
    if situation.chases:
        return Phrase("step.mail_again", {"count": len(situation.chases) + 1})
    return Phrase(f"step.{choice.kind}")


def _point(choice: Choice, situation: Situation) -> Phrase:
    if choice.kind is StepKind.DELIVER:
        owed = first_owed(situation.points)
        return Phrase("step.deliver", {"promised": owed.what}) if owed else _DELIVER
    awaited = _awaited(choice, situation)
    if awaited is not None:
        return Phrase("step.ask_promised", {"what": awaited.what})
    return _condition("step.check_condition", situation)


def _point_words(choice: Choice, situation: Situation, *, title: str) -> Phrase | None:
    if choice.kind is StepKind.DELIVER:
        owed = first_owed(situation.points)
        return Phrase("words.deliver", {"promised": owed.what}) if owed else None
    awaited = _awaited(choice, situation)
    if awaited is not None:
        return Phrase("words.ask_promised", {"what": awaited.what})
    condition = named_condition(situation)
    if condition:
        return Phrase("words.check_condition", {"condition": condition})
    return Phrase("words.call_back", {"title": title})


def _first(situation: Situation, today: date) -> Phrase:
    tried, opened = situation.last_contact, situation.opened_at
    if tried is not None:
        return Phrase("why.first_tried", {"on": tried.date()})
    if opened is None:
        return Phrase("why.first_plain")
    is_today = opened.date() == today
    return Phrase("why.first_today") if is_today else Phrase("why.first", {"on": opened.date()})


def _own(choice: Choice, situation: Situation) -> Phrase:
    own, count = situation.own, situation.follow_ups
    if choice.because == "cadence":
        days = own.cadence[count]
        key = "why.cadence" if days > 1 else "why.cadence_next"
        return Phrase(key, {"count": count + 1, "days": days})
    reason = own.pin.reason.strip() if own.pin else ""
    return Phrase("why.pinned", {"reason": reason}) if reason else Phrase("why.pinned_plain")


def _on_record(choice: Choice, situation: Situation, today: date) -> Phrase:
    answer, consent = situation.window_answer, consent_to_call(situation)
    owed, awaited = first_owed(situation.points), first_awaited(situation.points)
    match choice.because:
        case "first":
            return _first(situation, today)
        case "owed" if owed and owed.due:
            return Phrase("why.owed", {"due": owed.due})
        case "awaited" if awaited and awaited.due:
            key = "why.awaited" if awaited.due <= today else "why.awaited_ahead"
            return Phrase(key, {"due": awaited.due, "what": awaited.what})
        case "consented" if consent:
            return Phrase("why.consented", {"on": consent.on, "words": consent.words})
        case "window" if answer and answer.window:
            return Phrase("why.window", {"start": answer.window.start, "end": answer.window.end})
        case "bounced" | "resend" if situation.bounce:
            return Phrase("why.bounced", {"on": situation.bounce.occurred_at.date()})
        case "meeting" if situation.meeting:
            return Phrase("why.meeting", {"on": situation.meeting.occurred_at.date()})
        case "declined" if situation.declined_on:
            return Phrase("why.declined", {"on": situation.declined_on})
    return Phrase("why.today")


def _requote(situation: Situation, on: date) -> Phrase:
    if not situation.effort_minutes:
        return Phrase("why.requote_plain", {"on": on})
    return Phrase("why.requote", {"on": on, "hours": situation.effort_minutes / 60})


def _awaited(choice: Choice, situation: Situation) -> OpenPoint | None:
    """The customer's promise that a check asks about; a condition has words of its own."""
    if choice.because != "awaited" and named_condition(situation):
        return None
    point = first_awaited(situation.points)
    return None if point is None or point.is_condition else point


def _silence(situation: Situation, silence: Silence | None, today: date) -> Phrase:
    offer = situation.offer
    if offer and offer.valid_until and today <= offer.valid_until <= today + EXPIRES_SOON:
        return Phrase("why.expires", {"until": offer.valid_until})
    if silence is None:
        return Phrase("why.first_plain")
    if silence.workdays < 1:
        on = silence.since.date()
        return Phrase("why.today") if on == today else Phrase("why.last", {"on": on})
    if offer and not situation.chases and not situation.answers:
        return Phrase("why.fresh", {"count": silence.workdays})
    return Phrase("why.silence", {"count": silence.workdays, "usual": silence.usual})


def _said_on(situation: Situation, today: date) -> date:
    answer = situation.unanswered or situation.window_answer or situation.last_answer
    return answer.entry.occurred_at.date() if answer else today


def _condition(key: str, situation: Situation, *, on: date | None = None) -> Phrase:
    condition = named_condition(situation)
    params = {"on": on} if on else {}
    if not condition:
        return Phrase(f"{key}_plain", params)
    return Phrase(key, {**params, "condition": condition})
