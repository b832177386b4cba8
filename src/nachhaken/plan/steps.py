"""Which step an opportunity needs: the situation first, the engine's action where it is open."""

from datetime import date

from nachhaken.engine.values import Action, Judgement
from nachhaken.plan.appointed import agreed, named, owed, pinned
from nachhaken.plan.evidence import ACTIONS
from nachhaken.plan.situation import Situation
from nachhaken.plan.values import Choice
from nachhaken.terms import Channel, Intent, NoReason, OutcomeKind, StepKind
from nachhaken.timeline import Bounced, Replied
from nachhaken.workdays import Calendar

# As the planner has it: steps whose worth differs by less are equal.
TIE_EUR = 5.0
TIE_SHARE = 0.01

# Nobody is let go unasked: only below this belief does an offer end without a word after the last.
HOPELESS = 0.10
_WORDS = (Action.MAIL, Action.ASK_WHAT, Action.CLARIFY)

# Who gave no answer to these is not asked the same again.
_ONCE = (StepKind.ASK_WHAT, StepKind.CLARIFY)
_ASKING = (Action.MAIL, Action.CALL, Action.ASK_WHAT, Action.CLARIFY)

# Nothing beats waiting within the horizon: look again after so many working days.
PATIENCE_WORKDAYS = 20

_KINDS = {
    Action.MAIL: StepKind.MAIL,
    Action.CALL: StepKind.CALL,
    Action.ASK_WHAT: StepKind.ASK_WHAT,
    Action.CLARIFY: StepKind.CLARIFY,
    Action.INVEST: StepKind.INVEST,
    Action.STOP: StepKind.STOP,
    Action.WAIT7: StepKind.WAIT,
    Action.WAIT30: StepKind.WAIT,
}

# Minutes of the seller's time, preparing and writing down included.
MINUTES = {
    StepKind.MAIL: 5,
    StepKind.CALL: 8,
    StepKind.CALL_BACK: 8,
    StepKind.CHECK_CONDITION: 8,
    StepKind.ASK_WHAT: 8,
    StepKind.CLARIFY: 12,
    StepKind.INVEST: 240,
    StepKind.STOP: 3,
    StepKind.ANSWER: 10,
    StepKind.ASK_REASON: 5,
    StepKind.ASK_REFERRED: 8,
    StepKind.CONFIRM: 5,
    StepKind.DELIVER: 15,
    StepKind.DECLINE: 8,
    StepKind.HAND_OVER: 10,
    StepKind.REOPEN: 8,
    StepKind.WAIT: 0,
}
_CALLS = {
    StepKind.CALL,
    StepKind.CALL_BACK,
    StepKind.CHECK_CONDITION,
    StepKind.CLARIFY,
    StepKind.ASK_REFERRED,
    StepKind.DECLINE,
    StepKind.REOPEN,
}


def choose(
    situation: Situation,
    judgement: Judgement,
    *,
    today: date,
    calendar: Calendar,
) -> Choice:
    """Return the step that this situation calls for; limits are not yet applied."""
    if situation.opted_out or situation.outcome is OutcomeKind.OPTED_OUT:
        return Choice(StepKind.STOP, None, "opted_out")
    if situation.outcome is not None:
        return Choice(StepKind.STOP, None, "closed")
    fixed = pinned(situation, today) or _answering(situation, judgement, today)
    if fixed is None and situation.declined_on is not None:
        return Choice(StepKind.STOP, today, "declined")
    if fixed is not None and (fixed.because == "pinned" or fixed.on == today):
        return fixed
    choice = (
        fixed
        or _mending(situation, today)
        or _planned(situation, judgement, today=today, calendar=calendar)
    )
    return owed(situation, today, until=choice.on or today) or choice


def _answering(situation: Situation, judgement: Judgement, today: date) -> Choice | None:
    """What the customer said and nobody answered yet."""
    answer = situation.unanswered
    if answer is None:
        return None
    match answer.intent:
        case Intent.YES:
            return Choice(StepKind.CONFIRM, today, "yes")
        case Intent.NO:
            return Choice(_after_no(situation), today, "no")
        case Intent.REFERRAL:
            return Choice(StepKind.ASK_REFERRED, today, "referral")
        case Intent.ENGAGED:
            return Choice(StepKind.ANSWER, today, "engaged")
        case Intent.REQUOTE:
            return Choice(_after_requote(situation, judgement), today, "requote")
        case Intent.LATER_VAGUE if not situation.asked_what:
            return Choice(StepKind.ASK_WHAT, today, "later_vague")
        case Intent.STALLED_NAMED:
            return named(situation, answer, today)
        case _:
            return None


def _mending(situation: Situation, today: date) -> Choice | None:
    """A mail came back, and nothing has arrived since: check the address, or call."""
    return Choice(StepKind.CALL, today, "bounced") if situation.bounce else None


def mended(choice: Choice, situation: Situation, *, mail: str) -> Choice:
    """Return the mail that came back as the step, once there is another address for it."""
    bounce = situation.bounce.fact if situation.bounce else None
    if choice.because != "bounced" or not isinstance(bounce, Bounced):
        return choice
    is_new = mail != "" and mail.casefold() != bounce.address.casefold()
    return Choice(StepKind.MAIL, choice.on, "resend") if is_new else choice


def _after_no(situation: Situation) -> StepKind:
    """A no whose reason is known needs thanks and an end; else its reason is asked for."""
    answer = situation.unanswered
    fact = answer.entry.fact if answer else None
    reason = None
    if isinstance(fact, Replied) and fact.statement is not None:
        reason = fact.statement.no_reason
    elif answer is not None and answer.reading is not None:
        reason = answer.reading.no_reason
    known = reason is not None and reason is not NoReason.UNKNOWN
    return StepKind.STOP if known else StepKind.ASK_REASON


def _after_requote(situation: Situation, judgement: Judgement) -> StepKind:
    """Before new unpaid work, one question: only who was asked openly before is let go unasked.

    Who answered the WHAT question with the wish for another offer is not asked the same again.
    """
    options: tuple[Action, ...] = (Action.CLARIFY, Action.INVEST)
    if not situation.asked_what:
        options = (Action.ASK_WHAT, *options)
    if situation.asked_openly:
        options = (*options, Action.STOP)
    return _KINDS[_best(judgement, options)]


def _planned(
    situation: Situation, judgement: Judgement, *, today: date, calendar: Calendar
) -> Choice:
    """Silence: an agreed day, the seller's rhythm, or when a step is worth more than waiting."""
    set_day = agreed(situation, today) or _in_rhythm(situation, judgement, today, calendar)
    set_day = set_day or _first(situation, judgement, today, calendar)
    if set_day is not None:
        return set_day
    if judgement.due is None:
        return Choice(StepKind.WAIT, calendar.add(today, PATIENCE_WORKDAYS), "patience")
    on = today if judgement.due == 0 else calendar.add(today, judgement.due)
    kind = _KINDS[judgement.action]
    if kind is StepKind.STOP and not situation.chases and _has_hope(judgement):
        kind = _KINDS[_best(judgement, _WORDS)]
    return Choice(_fitting(kind, situation, judgement), on, "silence")


def _first(
    situation: Situation, judgement: Judgement, today: date, calendar: Calendar
) -> Choice | None:
    """Nobody has talked to them yet: at once, after a vain try the next working day.

    Where the first talk is agreed, it is waited for.
    """
    if not situation.is_new or not _has_hope(judgement):
        return None
    if situation.meeting is not None:
        agreed_on = situation.meeting.occurred_at.astimezone(calendar.zone).date()
        return Choice(StepKind.WAIT, agreed_on, "meeting")
    tried = situation.last_contact
    on = calendar.add(tried.astimezone(calendar.zone).date(), 1) if tried else today
    return Choice(StepKind.CALL, max(today, on), "first")


def _in_rhythm(
    situation: Situation, judgement: Judgement, today: date, calendar: Calendar
) -> Choice | None:
    """The n-th touch comes so many working days after the last contact as the seller set."""
    last, rhythm, count = situation.last_contact, situation.own.cadence, situation.follow_ups
    if situation.offer is None or last is None or count >= len(rhythm):
        return None
    on = calendar.add(last.astimezone(calendar.zone).date(), rhythm[count])
    kind = _KINDS[judgement.action]
    if judgement.action not in _ASKING:
        kind = _KINDS[_best(judgement, _otherwise(situation))]
    return Choice(_fitting(kind, situation, judgement), max(today, on), "cadence")


def _fitting(kind: StepKind, situation: Situation, judgement: Judgement) -> StepKind:
    if kind is StepKind.ASK_WHAT and situation.last_answer_at is None:
        kind = StepKind.MAIL  # nobody has put anything off yet, so there is no WHAT to ask for
    if kind in _ONCE and kind in situation.asked:
        kind = _KINDS[_best(judgement, _otherwise(situation))]
    if situation.evades and kind in (StepKind.MAIL, StepKind.CALL, StepKind.ASK_WHAT):
        kind = StepKind.CLARIFY
    return kind


def _otherwise(situation: Situation) -> tuple[Action, ...]:
    """A question that found no answer is not put again: another way, or a light word."""
    return tuple(a for a in _ASKING if _KINDS[a] not in _ONCE or _KINDS[a] not in situation.asked)


def _has_hope(judgement: Judgement) -> bool:
    return judgement.belief.genuine + judgement.belief.stalled >= HOPELESS


def _best(judgement: Judgement, actions: tuple[Action, ...]) -> Action:
    """Return the most valuable of `actions`; within a tie the one that teaches more."""
    top = max(judgement.values[a] for a in actions)
    near = max(TIE_EUR, TIE_SHARE * abs(top))
    tied = [a for a in actions if top - judgement.values[a] <= near]
    return max(tied, key=lambda a: (judgement.bits[a], judgement.values[a]))


def action_of_step(kind: StepKind) -> Action | None:
    """Return the engine's action that stands for a step of `kind`."""
    return ACTIONS.get(kind)


def channel_of(kind: StepKind, *, mail: str, phone: str) -> Channel | None:
    """Return the channel of a step: what suits it, as far as the address is known."""
    if kind in (StepKind.STOP, StepKind.WAIT):
        return None
    if kind in _CALLS:
        return Channel.CALL if phone or not mail else Channel.MAIL
    if kind is StepKind.ASK_WHAT:
        return Channel.CALL if phone else Channel.MAIL
    return Channel.MAIL if mail or not phone else Channel.CALL


def gain_of(choice: Choice, judgement: Judgement) -> float:
    """Return what the step is worth more than letting the matter lie for a month, in EUR.

    A question is worth at least what its answer can change (`worth_of_asking`).
    """
    action = ACTIONS.get(choice.kind)
    if action is None:
        return max(0.0, judgement.gain) if choice.kind is StepKind.STOP else 0.0
    least = judgement.worth_of_asking if choice.kind is StepKind.ASK_WHAT else 0.0
    return max(0.0, least, judgement.values[action] - judgement.values[Action.WAIT30])
