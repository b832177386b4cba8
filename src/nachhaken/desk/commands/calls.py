"""The outcome of a call, sent at once or hours later: noted once, or set aside if it won't fit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Min

from nachhaken.desk import labels
from nachhaken.desk.commands.consents import consent_of
from nachhaken.desk.commands.ledger import Act, Change, InvalidError, act_of, events_of, locked
from nachhaken.desk.commands.outcomes import Outcome, Reached, keep
from nachhaken.desk.models import Event, Opportunity, SetAside, User
from nachhaken.desk.partings import NOTHING, Parting
from nachhaken.desk.records import encode
from nachhaken.desk.speech import local_date
from nachhaken.desk.statements import stated
from nachhaken.desk.wishes import window_in
from nachhaken.terms import Channel, Form, Intent, NoReason, StepKind
from nachhaken.timeline import Conveyed, Fact, GutFelt, Mentioned, Promised, Statement

SAID = "said"  # the line is read
DEAD_HORSE, ALIVE = "dead_horse", "alive"
CLOSED, RECORDED = "closed", "recorded"
_UNHEARD = {reached.value: reached for reached in Reached if reached is not Reached.REACHED}
_ARRIVES = {Reached.REACHED, Reached.VOICEMAIL}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Window = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What came of a call, as the call sheet sends it.

    `result` is an intent, "said" (the line is read), or how nobody was reached. `head` is the
    newest event that the sheet knew, 0 for none; `made_at` and `sent_at` are the device's clock.
    `conveyed` are key points with the form in which they were said. `ours` and `theirs` are what
    was promised, with its day. `objector` is the person who objects for nobody else, `parting` what
    was asked beside a no.
    """

    step: StepKind
    result: str
    channel: Channel = Channel.CALL
    head: int = 0
    made_at: datetime | None = None
    sent_at: datetime | None = None
    when: str = ""
    start: date | None = None
    end: date | None = None
    condition: str = ""
    no_reason: NoReason | None = None
    gut: str = ""
    own_share: int | None = None
    consent: bool = False
    consent_words: str = ""
    line: str = ""
    scripts: tuple[str, ...] = ()
    conveyed: tuple[tuple[int, Form], ...] = ()
    mentioned: str = ""
    ours: str = ""
    ours_by: date | None = None
    theirs: str = ""
    theirs_by: date | None = None
    minutes: int = 0
    objector: int | None = None
    parting: Parting = NOTHING

    def __post_init__(self) -> None:
        if self.result not in {SAID, *_UNHEARD, *Intent}:
            raise InvalidError("result")
        if self.result == SAID and not self.line.strip():
            raise InvalidError("line")

    @property
    def reached(self) -> Reached:
        """How it went."""
        return _UNHEARD.get(self.result, Reached.REACHED)

    @property
    def intent(self) -> Intent | None:
        """What the customer meant, by the seller's word."""
        return Intent(self.result) if self.result in set(Intent) else None

    @property
    def is_talk(self) -> bool:
        """Somebody was there who could say something."""
        return self.reached is Reached.REACHED


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAside:
    """An outcome that waits for a person; `is_settled` where one has decided meanwhile.

    `sentence` says why, in the user's language.
    """

    set_aside_id: int
    opportunity_id: int
    sentence: str
    is_settled: bool


def record_call(
    *, actor: User, now: datetime, key: str, opportunity_id: int, call: Call
) -> Change | PutAside:
    """Note what came of a call at the time it took place, however late and often it is sent.

    Where the opportunity was closed after the sheet was made, or somebody else noted a call with
    this customer on that day, the outcome is set aside whole.
    """
    act = act_of(actor, now, key)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        if aside := SetAside.objects.filter(source_key=act.source).first():
            return put_aside(aside)
        at = happened_at(call, now=now, since=_start(opportunity))
        clash = None if events_of(act) else _clash(call, opportunity, actor=actor, at=at)
        if clash:
            return put_aside(_set_aside(act, call, opportunity, at=at, clash=clash))
        outcome = outcome_of(call, opportunity, actor=actor, at=at)
        return keep(act, opportunity_id, outcome, at=at)


def happened_at(call: Call, *, now: datetime, since: datetime) -> datetime:
    """Return when the call took place, between `since` and `now`.

    Only how long ago it was by the device's clock counts: a clock that is wrong changes nothing.
    """
    if call.made_at is None:
        return now
    ago = min(_between(call.made_at, call.sent_at or now), _between(since, now))
    return now.astimezone(UTC) - max(ago, timedelta())


def outcome_of(call: Call, opportunity: Opportunity, *, actor: User, at: datetime) -> Outcome:
    """Return the outcome that a call amounts to, with all that was noted beside it."""
    window = window_of(call, on=local_date(at), region=opportunity.prospect.region)
    statement = _statement(call, window)
    return Outcome(
        step=call.step,
        channel=call.channel,
        reached=call.reached,
        statement=statement,
        text=_text(call, statement),
        minutes=call.minutes,
        scripts=call.scripts if call.is_talk else (),
        own_share=call.own_share if call.is_talk else None,
        objector=call.objector,
        parting=call.parting,
        also=tuple(_also(call, opportunity, actor=actor, at=at, window=window)),
    )


def window_of(call: Call, *, on: date, region: str) -> Window | None:
    """Return the days that were chosen, or else what the words mean on the day of the call."""
    first, last = call.start or call.end, call.end or call.start
    if first and last:
        return first, last
    return window_in(call.when, on=on, region=region) if call.when.strip() else None


def put_aside(row: SetAside) -> PutAside:
    """Return what the user is told about an outcome that was set aside."""
    other = row.about_event
    return PutAside(
        set_aside_id=row.pk,
        opportunity_id=row.opportunity_id,
        sentence=labels.text(
            f"aside_{row.why}",
            by=other.actor or labels.text("by_import"),
            on=labels.day(local_date(other.occurred_at)),
        ),
        is_settled=row.settled_at is not None,
    )


def in_words(call: Call) -> str:
    """Return what was noted, for somebody who has to decide about it."""
    heard = labels.word(labels.INTENTS[call.intent]) if call.intent else ""
    how = labels.text(call.reached) if not heard else ""
    reason = labels.word(labels.NO_REASONS[call.no_reason]) if call.no_reason else ""
    parts = (heard or how, _wish(call), call.condition, reason, call.line, call.mentioned)
    return " · ".join(part.strip() for part in parts if part.strip())


def _between(earlier: datetime, later: datetime) -> timedelta:
    # Within one zone Python subtracts what the clocks on the wall say, also over summer time.
    return (later - _EPOCH) - (earlier - _EPOCH)


def _start(opportunity: Opportunity) -> datetime:
    first = opportunity.events.aggregate(first=Min("occurred_at"))["first"]
    return min(first or opportunity.created_at, opportunity.created_at)


def _clash(
    call: Call, opportunity: Opportunity, *, actor: User, at: datetime
) -> tuple[str, Event] | None:
    """Return what happened behind the sheet's back that this outcome does not know of."""
    if not call.head:
        return None
    rows = Event.objects.filter(prospect=opportunity.prospect_id, pk__gt=call.head).standing()
    closed = rows.filter(kind="closed", opportunity=opportunity).order_by("-pk").first()
    if closed and opportunity.outcome:
        return CLOSED, closed
    calls = rows.filter(kind="touched", payload__channel=Channel.CALL.value).exclude(actor=actor)
    same_day = (e for e in calls.order_by("pk") if local_date(e.occurred_at) == local_date(at))
    other = next(same_day, None)
    return (RECORDED, other) if other else None


def _set_aside(
    act: Act, call: Call, opportunity: Opportunity, *, at: datetime, clash: tuple[str, Event]
) -> SetAside:
    why, other = clash
    return SetAside.objects.create(
        source_key=act.source,
        opportunity=opportunity,
        actor=act.actor,
        at=at,
        set_aside_at=act.now,
        why=why,
        payload=encode(call),
        about_event=other,
    )


def _statement(call: Call, window: Window | None) -> Statement | None:
    if call.intent is None:
        return None
    return stated(call.intent, window=window, condition=call.condition, no_reason=call.no_reason)


def _text(call: Call, statement: Statement | None) -> str:
    """Return the line; a wish that no statement holds stands behind it, to be read or seen."""
    is_kept = statement is not None and statement.callback is not None
    wish = "" if is_kept else _wish(call)
    return " · ".join(part for part in (call.line.strip(), wish) if part)


def _wish(call: Call) -> str:
    first, last = call.start or call.end, call.end or call.start
    when = labels.window(first, last) if first and last else call.when.strip()
    return labels.text("again", when=when) if when else ""


def _also(
    call: Call, opportunity: Opportunity, *, actor: User, at: datetime, window: Window | None
) -> list[Fact]:
    facts: list[Fact] = []
    if call.gut in {DEAD_HORSE, ALIVE}:
        facts.append(GutFelt(dead_horse=call.gut == DEAD_HORSE))
    if call.consent and call.is_talk and call.intent is not Intent.OPT_OUT:
        facts.append(
            consent_of(
                opportunity,
                by=actor,
                at=at,
                words=call.consent_words,
                heard_on=call.channel,
                channel=call.channel,
                window=window,
            )
        )
    facts += _conveyed(call, opportunity)
    if call.mentioned.strip():
        facts.append(Mentioned(what=call.mentioned.strip()))
    return facts + _promised(call)


def _conveyed(call: Call, opportunity: Opportunity) -> list[Fact]:
    if call.reached not in _ARRIVES or not call.conveyed:
        return []
    points = opportunity.events.filter(kind="key_point_set", pk__in=[pk for pk, _ in call.conveyed])
    known = set(points.values_list("pk", flat=True))
    by_form = {
        form: tuple(pk for pk, said in call.conveyed if said is form and pk in known)
        for form in Form
    }
    return [
        Conveyed(key_points=points, form=form, two_way=call.is_talk)
        for form, points in by_form.items()
        if points
    ]


def _promised(call: Call) -> list[Fact]:
    both = ((True, call.ours, call.ours_by), (False, call.theirs, call.theirs_by))
    return [
        Promised(by_us=by_us, what=what.strip(), due=due)
        for by_us, what, due in both
        if what.strip()
    ]
