"""One opportunity with everything on its page: timeline, judgement, next step."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.colleagues import is_team
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.commands.outcomes import RETURNING
from nachhaken.desk.effort import effort_row
from nachhaken.desk.models import Opportunity, Person, User
from nachhaken.desk.objections import Objection
from nachhaken.desk.pages import ForesightView, JudgementView, OpportunityPage, StepCard
from nachhaken.desk.pages_limits import PermissionView
from nachhaken.desk.pages_mailbox import Doubt
from nachhaken.desk.permissions import Allowance, allowance_of
from nachhaken.desk.planning import chosen_instead, overruled
from nachhaken.desk.preferences import preferences
from nachhaken.desk.pursuit import PathRow
from nachhaken.desk.queries.ended import ended_view
from nachhaken.desk.queries.entries import entry_rows, title_of
from nachhaken.desk.queries.fits import fit_section
from nachhaken.desk.queries.lists import status_of
from nachhaken.desk.queries.mailboxes import doubt_of
from nachhaken.desk.queries.objections import objection_rows
from nachhaken.desk.queries.offers import offer_section
from nachhaken.desk.queries.permissions import permission_view
from nachhaken.desk.queries.pursuit import pursuit_of
from nachhaken.desk.rows import CourseBar, PersonRow, ReasonRow, TurnRow
from nachhaken.desk.speech import local_date, speak
from nachhaken.desk.stories import Told, tell
from nachhaken.engine.values import Belief
from nachhaken.plan import advise, frequency, strength
from nachhaken.plan.changes import change_of
from nachhaken.plan.foresight import Planned, Turn, foresee
from nachhaken.plan.situation import situation_of
from nachhaken.plan.values import Advice, Preferences, Reason
from nachhaken.terms import StepKind
from nachhaken.timeline import TakenAnyway, Timeline

LEAST_SHOWN = 0.05  # decibans: less would read as nothing
SOON = timedelta(days=7)  # so near, a day says nothing: the answer itself comes some day
CHOICES = (
    StepKind.MAIL,
    StepKind.CALL,
    StepKind.ASK_WHAT,
    StepKind.CLARIFY,
    StepKind.INVEST,
    StepKind.WAIT,
    StepKind.DECLINE,
    StepKind.HAND_OVER,
    StepKind.STOP,
)


def opportunity(
    user: User,
    opportunity_id: int,
    *,
    now: datetime,
    step: StepKind | None = None,
    ahead: bool = False,
    beside_list: bool = False,
) -> OpportunityPage:
    """Return the page, judged at `now`; `step` shows another step's card without deciding for it.

    `ahead` adds what would follow on silence and on each answer, a dozen plans more; beside the
    list (`beside_list`) what is in doubt is not asked for, it stands above the list.
    Raises NotFoundError where there is no such opportunity.
    """
    allow(user)
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    story, known = told.story, preferences()
    advice = advise(told.story, now=now, preferences=known)
    head = (opportunity_id, told.story.timeline.head)
    chosen = step or chosen_instead([opportunity_id]).get(head)
    if chosen and (advice.due or step):
        advice = overruled(advice, told, chosen, now=now, preferences=known)
    page = _page(told, advice, now=now, preferences=known)
    if story.opted_out:
        return _unjudged(page, told)
    page = replace(
        page,
        permission=_permission(told, advice, now=now, preferences=known),
        doubt=_doubt(user, told, advice, now=now) if not beside_list else None,
        fit=fit_section(user, told, now=now, preferences=known),
        may_hand_over=page.is_open and not beside_list and is_team(),
    )
    if not (ahead and page.is_open):
        return page
    return replace(page, foresight=_foresight(told, now=now, preferences=known))


def person_row(
    person: Person, objections: Sequence[Objection] = (), *, unreached: Collection[int] = ()
) -> PersonRow:
    """Return a person as a row: does an objection concern them, does a mail reach them?"""
    return PersonRow(
        id=person.pk,
        name=str(person),
        role=person.role,
        mail=person.mail,
        phone=person.phone,
        tone=person.tone,
        salutation=person.salutation,
        has_objected=any(one.concerns(person.pk) for one in objections),
        is_dead=person.pk in unreached,
    )


def _page(
    told: Told, advice: Advice, *, now: datetime, preferences: Preferences
) -> OpportunityPage:
    row, story, people = told.opportunity, told.story, _people(told.opportunity)
    situation = situation_of(story.timeline, story.readings, now=now, person_id=story.person_id)
    offer = situation.offer
    effort = effort_row(story, situation, advice, preferences=preferences)
    return OpportunityPage(
        id=row.pk,
        title=row.title,
        prospect_id=row.prospect_id,
        prospect=row.prospect.name,
        people=tuple(
            person_row(person, told.objections, unreached=told.unreached) for person in people
        ),
        owner=str(row.owner) if row.owner else "",
        is_open=row.outcome == "",
        may_return=row.outcome in RETURNING,
        status=status_of(row),
        offer_number=offer.number if offer else "",
        offer_version=offer.version if offer else 0,
        amount_cents=offer.net_cents if offer else None,
        currency=offer.currency if offer else "EUR",
        valid_until=offer.valid_until if offer else None,
        entries=entry_rows(
            story.timeline, story.readings, region=story.region or preferences.region, now=now
        ),
        step=_card(advice),
        judgement=_judgement(advice, story.timeline),
        pursuit=pursuit_of(story, situation, advice, now=now, preferences=preferences),
        effort_minutes=advice.effort_minutes,
        effort_cents=effort.spent.sunk_cents,
        effort=effort,
        expected_cents=advice.expected_cents,
        offers=story.offers,
        orders=story.orders,
        offering=offer_section(told, now=now),
        ended=ended_view(row, story.timeline),
        taken=_taken(story.timeline),
    )


def _taken(timeline: Timeline) -> TakenAnyway | None:
    """Return the newest note of limits that stands."""
    notes = [e.fact for e in timeline.standing() if isinstance(e.fact, TakenAnyway)]
    return notes[-1] if notes else None


def _unjudged(page: OpportunityPage, told: Told) -> OpportunityPage:
    """Return the page of whom an objection stops: what was, and no word of what could be."""
    contact = told.opportunity.person
    people = _people(told.opportunity)
    contact_id = contact.pk if contact else next((person.pk for person in people), None)
    concerned = [one for one in told.objections if one.concerns(contact_id)]
    nothing = JudgementView(
        headline=labels.text("opted_out"),
        frequency="",
        belief=Belief(0.0, 0.0, 0.0, 0.0),
        percents=(0, 0, 0, 0),
        reasons=(),
        course=(),
        probability=0.0,
    )
    rows = objection_rows(concerned, people)
    return replace(page, objections=rows, judgement=nothing, expected_cents=0)


def _permission(
    told: Told, advice: Advice, *, now: datetime, preferences: Preferences
) -> PermissionView | None:
    """Return what is allowed now, or of a later step on its day: then nothing is overruled yet."""
    pk, channel = told.opportunity.pk, advice.step.channel
    if channel is None or advice.due is None or told.opportunity.outcome:
        return None
    if advice.due > local_date(now) and advice.permission:
        later = Allowance(channel=channel, permission=advice.permission, overruling=None)
        return replace(permission_view(later, pk), may_overrule=False)
    found = allowance_of(
        told, channel=channel, now=now, preferences=preferences, step=advice.step.kind
    )
    return permission_view(found, pk)


def _doubt(user: User, told: Told, advice: Advice, *, now: datetime) -> Doubt | None:
    """Return what is to be said before the step that is shown."""
    row = told.opportunity
    return None if row.outcome else doubt_of(user, row.owner_id, advice.step.kind, now=now)


def _people(row: Opportunity) -> list[Person]:
    """Return the prospect's people, whom this is about first."""
    return sorted(row.prospect.standing_people, key=lambda p: p.pk != row.person_id)


def _card(advice: Advice) -> StepCard:
    step = advice.step
    others = [kind for kind in CHOICES if kind is not step.kind]
    return StepCard(
        kind=step.kind,
        channel=step.channel,
        title=speak(step.title),
        why=speak(step.why),
        goal=speak(step.goal),
        minimum=speak(step.minimum),
        words=speak(step.words),
        minutes=step.minutes,
        gain_cents=advice.gain_cents,
        worth_of_asking_cents=advice.worth_of_asking_cents,
        best_hours=advice.best_hours,
        due=advice.due,
        against=speak(advice.against),
        asking=speak(advice.asking),
        held_by=speak(advice.held_by),
        choices=tuple((kind, labels.step_name(kind)) for kind in others),
    )


def _judgement(advice: Advice, timeline: Timeline) -> JudgementView:
    belief = advice.judgement.belief
    probability = belief.genuine + belief.stalled
    titles = {entry.id: title_of(entry) for entry in timeline.standing()}
    return JudgementView(
        headline=speak(advice.headline),
        frequency=speak(frequency(probability)),
        belief=belief,
        percents=percents(belief),
        reasons=_reasons(advice.reasons),
        course=tuple(
            CourseBar(
                at=timezone.localtime(point.at),
                belief=point.belief,
                label=titles.get(point.ref, ""),
            )
            for point in advice.course
        ),
        probability=probability,
    )


def percents(belief: Belief) -> tuple[int, int, int, int]:
    """Return whole per cent that sum to 100, by the largest remainder."""
    exact = [100 * share for share in belief]
    whole = [int(share) for share in exact]
    order = sorted(range(4), key=lambda i: whole[i] - exact[i])
    for i in order[: 100 - sum(whole)]:
        whole[i] += 1
    return whole[0], whole[1], whole[2], whole[3]


def _reasons(reasons: tuple[Reason, ...]) -> tuple[ReasonRow, ...]:
    longest = max((abs(reason.decibans) for reason in reasons), default=0.0) or 1.0
    return tuple(
        ReasonRow(
            sentence=speak(reason.phrase),
            sign=1 if reason.decibans >= 0 else -1,
            share=abs(reason.decibans) / longest,
            strength=speak(strength(reason.decibans)),
            decibans=reason.decibans,
            entry_id=reason.ref,
            silence=reason.silence if abs(reason.silence) >= LEAST_SHOWN else 0.0,
        )
        for reason in sorted(reasons, key=lambda r: -abs(r.decibans))
    )


def _foresight(told: Told, *, now: datetime, preferences: Preferences) -> ForesightView:
    foresight = foresee(told.story, now=now, preferences=preferences)
    change = change_of(told.story, now=now, preferences=preferences)
    return ForesightView(
        change=speak(change.phrase if change else None),
        silence=tuple(_row(planned) for planned in foresight.silence),
        turns=tuple(_turn(turn, on=local_date(now)) for turn in foresight.turns),
    )


def _row(planned: Planned) -> PathRow:
    return PathRow(
        kind=planned.kind,
        step=labels.step_name(planned.kind),
        on=planned.on,
        why=speak(planned.why),
    )


def _turn(turn: Turn, *, on: date) -> TurnRow:
    return TurnRow(
        answer=labels.word(labels.INTENTS[turn.answer]),
        truth=labels.TRUTH_OF_INTENT[turn.answer],
        step=labels.step_name(turn.kind),
        on=turn.on if turn.on and turn.on > on + SOON else None,
    )
