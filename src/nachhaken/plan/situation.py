"""Where an opportunity stands: what was said last, what is unanswered, what was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from nachhaken.plan.commitments import OpenPoint, points_of
from nachhaken.plan.consent import Consent, concerns, consents_of
from nachhaken.plan.delivery import arrived, bounce_to_mend
from nachhaken.plan.evidence import Answer, answer_of, is_cover, offer_days
from nachhaken.plan.own import OwnPlan, own_plan_of
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent, Origin, OutcomeKind, Signal, StepKind
from nachhaken.timeline import (
    Closed,
    EffortSpent,
    Entry,
    Fact,
    Met,
    NumberChecked,
    OfferSent,
    Opened,
    OptedOut,
    Reopened,
    Replied,
    Snoozed,
    Timeline,
    Touched,
)

_ANSWERING = frozenset({StepKind.ANSWER, StepKind.CONFIRM, StepKind.INVEST})
_UNASKING = frozenset({StepKind.DELIVER, StepKind.DECLINE, StepKind.HAND_OVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the plan decides on.

    `unanswered` is the newest substantial reply with no touch after it. `window_answer` is the
    newest reply that named a time, as long as no later reply took its place. `chases` are our
    touches since the customer's last reply that ask for something; `touches` all of ours.
    A mail that came back is no touch, and an offer that came back was not sent (`offered_at`);
    `bounce` is one after which nothing arrived yet.
    `points` are promises and named conditions, open or not; `consents` those that stand.
    `opened_at` is their newest inquiry, `is_starred` what the directory said of their number.
    `last_contact` may have reached nobody; `reached_at` is the newest that did, or came from them.
    """

    outcome: OutcomeKind | None
    opted_out: bool
    offer: OfferSent | None
    offered_at: datetime | None
    answers: tuple[Answer, ...]
    unanswered: Answer | None
    window_answer: Answer | None
    away_until: date | None
    touches: tuple[Entry, ...]
    chases: tuple[Entry, ...]
    snoozed_until: date | None
    points: tuple[OpenPoint, ...]
    consents: tuple[Consent, ...]
    own: OwnPlan
    meeting: Entry | None
    effort_minutes: int
    asked_what: bool
    irritated_at: datetime | None
    last_contact: datetime | None
    bounce: Entry | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    is_starred: bool | None = None
    reached_at: datetime | None = None

    @property
    def is_new(self) -> bool:
        """Neither side has reached the other yet, and nothing was offered."""
        return self.reached_at is None and self.offer is None

    @property
    def evades(self) -> bool:
        """The WHAT question was put, and the newest answer still names nothing checkable."""
        last = self.last_answer
        return self.asked_what and last is not None and last.intent is Intent.LATER_VAGUE

    @property
    def asked(self) -> frozenset[StepKind]:
        """The steps that the customer has not answered yet."""
        return frozenset(e.fact.step for e in self.chases if isinstance(e.fact, Touched))

    @property
    def asked_openly(self) -> bool:
        """The WHAT question or the clarifying call has been made before."""
        steps = {e.fact.step for e in self.touches if isinstance(e.fact, Touched)}
        return bool(steps & {StepKind.ASK_WHAT, StepKind.CLARIFY})

    @property
    def follow_ups(self) -> int:
        """How many touches have asked since the newest offer and the last reply."""
        offered = self.offered_at
        return sum(
            (offered is None or e.occurred_at > offered) and not _is_answer(e) for e in self.chases
        )

    @property
    def declined_on(self) -> date | None:
        """When we declined ourselves; None once the customer spoke again, or got a new offer."""
        said, offered = self.last_answer_at, self.offered_at
        for entry in reversed(self.touches):
            at = entry.occurred_at
            if (said and at <= said) or (offered and at <= offered):
                return None
            if _is_refusal(entry):
                return at.date()
        return None

    @property
    def last_answer(self) -> Answer | None:
        """What the customer last answered, machines not counted."""
        spoken = (a for a in reversed(self.answers) if a.intent is not Intent.AUTO_REPLY)
        return next(spoken, None)

    @property
    def last_answer_at(self) -> datetime | None:
        """When the customer last answered, machines not counted."""
        return self.last_answer.entry.occurred_at if self.last_answer else None


def situation_of(
    timeline: Timeline,
    readings: Mapping[int, Reading],
    *,
    now: datetime,
    person_id: int | None = None,
) -> Situation:
    """Return the situation that `timeline` tells at `now`; undone entries do not count.

    `person_id` is whom the opportunity is about: an objection of another one is not theirs.
    """
    standing = timeline.standing()
    there = arrived(standing)
    said = [a for e in standing if (a := answer_of(e, readings)) and a.entry.occurred_at <= now]
    answers = tuple(a for a in said if a.intent is not Intent.OTHER)
    spoken = tuple(a for a in answers if a.intent is not Intent.AUTO_REPLY)
    touches = tuple(e for e in there if isinstance(e.fact, Touched) and e.occurred_at <= now)
    offers = [e for e in there if isinstance(e.fact, OfferSent)]
    last = spoken[-1] if spoken else None
    covers = offer_days(there)
    since = [
        e
        for e in touches
        if (last is None or e.occurred_at > last.entry.occurred_at) and not is_cover(e, covers)
    ]
    machines = {a.entry.id for a in said if a.intent is Intent.AUTO_REPLY}
    own = own_plan_of(standing, machines=machines)
    opted_out = _has_opted_out(standing, answers, person_id)
    contacts = [e for e in there if _is_contact(e) and e.occurred_at <= now]
    return Situation(
        outcome=_outcome(standing),
        opted_out=opted_out,
        offer=_offer([e for e in standing if isinstance(e.fact, OfferSent)]),
        offered_at=offers[-1].occurred_at if offers else None,
        answers=answers,
        unanswered=last if last and not _is_answered(last, touches, offers) else None,
        window_answer=last if last and last.window else None,
        away_until=_away_until(answers, now),
        touches=touches,
        chases=tuple(e for e in since if _asks(e)),
        snoozed_until=_snoozed_until(standing, since, last, own.pinned_at),
        points=points_of(there, answers),
        consents=() if opted_out else consents_of(standing, on=now.date()),
        own=own,
        meeting=_meeting(standing, now),
        effort_minutes=sum(e.fact.minutes for e in standing if isinstance(e.fact, EffortSpent)),
        asked_what=_asked_what(touches, last),
        irritated_at=_irritated_at(answers),
        last_contact=max((e.occurred_at for e in contacts), default=None),
        bounce=bounce_to_mend(standing, now=now, person_id=person_id),
        opened_at=_newest_inquiry(standing, now),
        ended_at=_newest(standing, Closed, now),
        is_starred=_is_starred(standing),
        reached_at=max((e.occurred_at for e in contacts if _has_reached(e)), default=None),
    )


def _newest(timeline: Timeline, kind: type[Fact], now: datetime) -> datetime | None:
    at = [e.occurred_at for e in timeline if isinstance(e.fact, kind) and e.occurred_at <= now]
    return at[-1] if at else None


def _newest_inquiry(timeline: Timeline, now: datetime) -> datetime | None:
    """Whom we approached ourselves did not ask: that is no ground to call."""
    at = [
        e.occurred_at
        for e in timeline
        if isinstance(e.fact, Opened)
        and e.fact.origin is not Origin.OWN_CALL
        and e.occurred_at <= now
    ]
    return at[-1] if at else None


def _is_starred(timeline: Timeline) -> bool | None:
    looks = [e.fact.is_starred for e in timeline if isinstance(e.fact, NumberChecked)]
    return looks[-1] if looks else None


def _asks(entry: Entry) -> bool:
    """Who gets what was promised, or a no of ours, is not chased."""
    return isinstance(entry.fact, Touched) and entry.fact.step not in _UNASKING


def _is_answer(entry: Entry) -> bool:
    return isinstance(entry.fact, Touched) and entry.fact.step in _ANSWERING


def _is_refusal(entry: Entry) -> bool:
    fact = entry.fact
    if not isinstance(fact, Touched):
        return False
    return fact.step is StepKind.DECLINE and fact.reached is not False


def _is_contact(entry: Entry) -> bool:
    return isinstance(entry.fact, OfferSent | Touched | Replied | Met)


def _has_reached(entry: Entry) -> bool:
    return not (isinstance(entry.fact, Touched) and entry.fact.reached is False)


def _outcome(timeline: Timeline) -> OutcomeKind | None:
    outcome = None
    for entry in timeline:
        if isinstance(entry.fact, Closed):
            outcome = entry.fact.outcome
        elif isinstance(entry.fact, Reopened):
            outcome = None
    return outcome


def _has_opted_out(timeline: Timeline, answers: tuple[Answer, ...], person_id: int | None) -> bool:
    """The customer's word is enough: no person has to confirm it first (UWG § 7, GDPR Art. 21).

    Of a reply it is not known whether it speaks for one or for the house: it stops everything.
    """
    objections = (e.fact for e in timeline if isinstance(e.fact, OptedOut))
    return any(concerns(o, person_id) for o in objections) or any(
        a.intent is Intent.OPT_OUT for a in answers
    )


def _offer(offers: list[Entry]) -> OfferSent | None:
    fact = offers[-1].fact if offers else None
    return fact if isinstance(fact, OfferSent) else None


def _is_answered(last: Answer, touches: tuple[Entry, ...], offers: list[Entry]) -> bool:
    """A touch that reached somebody, or a new offer, answers what was said before it."""
    at = last.entry.occurred_at
    return any(e.occurred_at > at for e in (*filter(_has_reached, touches), *offers))


def _away_until(answers: tuple[Answer, ...], now: datetime) -> date | None:
    if not answers or answers[-1].intent is not Intent.AUTO_REPLY or not answers[-1].window:
        return None
    back = answers[-1].window.start
    return back if back > now.date() else None


def _snoozed_until(
    timeline: Timeline, since: list[Entry], last: Answer | None, pinned_at: datetime | None
) -> date | None:
    """Any contact after it ends a snooze, and so does a day that the seller fixed later."""
    snoozes = [e for e in timeline if isinstance(e.fact, Snoozed)]
    if not snoozes:
        return None
    newest = snoozes[-1]
    if pinned_at is not None and pinned_at > newest.recorded_at:
        return None
    later = [e for e in since if e.recorded_at > newest.recorded_at]
    if later or (last and last.entry.recorded_at > newest.recorded_at):
        return None
    return newest.fact.until if isinstance(newest.fact, Snoozed) else None


def _meeting(timeline: Timeline, now: datetime) -> Entry | None:
    ahead = [e for e in timeline if isinstance(e.fact, Met) and e.occurred_at > now]
    return ahead[0] if ahead else None


def _asked_what(touches: tuple[Entry, ...], last: Answer | None) -> bool:
    """The WHAT question was put before the newest answer came."""
    asked = (e for e in touches if isinstance(e.fact, Touched) and e.fact.step is StepKind.ASK_WHAT)
    return any(last is None or e.occurred_at <= last.entry.occurred_at for e in asked)


def _irritated_at(answers: tuple[Answer, ...]) -> datetime | None:
    rude = [a for a in answers if Signal.DISRESPECT in a.signals]
    return rude[-1].entry.occurred_at if rude else None
