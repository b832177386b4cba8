"""Plans as rows: what the lists show, made anew whenever an event came in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F

from nachhaken import __version__
from nachhaken.desk.blocking import keep_block_list
from nachhaken.desk.figures import keep_figures
from nachhaken.desk.folding import searchable
from nachhaken.desk.hand_overs import owner_of
from nachhaken.desk.holding import held
from nachhaken.desk.jobs_done import version_of, versions
from nachhaken.desk.layers import reader_version
from nachhaken.desk.models import AdviceGiven, Opportunity, Plan, Prospect
from nachhaken.desk.objections import Objection, house_objected_at
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import encode_phrase, local_date
from nachhaken.desk.stories import VOID, Told, objections_in, tell
from nachhaken.engine import standard
from nachhaken.plan import advise, phrasing
from nachhaken.plan.advice import situation_in
from nachhaken.plan.offers import newest_offer
from nachhaken.plan.situation import Situation, situation_of
from nachhaken.plan.steps import MINUTES, gain_of
from nachhaken.plan.values import Advice, Choice, Phrase, Preferences, Step
from nachhaken.plan.ways import FORBIDDEN, lawful
from nachhaken.terms import StepKind
from nachhaken.timeline import Closed, OfferSent, OptedOut, Timeline

AT_ONCE = 500  # opportunities planned anew before the due ones are looked at again
BATCH = 25  # short transactions: writers queue without fairness on SQLite
OVERRULED = "overruled"
CHOSEN = Phrase("why.chosen")

_PLAN_FIELDS = [f.name for f in Plan._meta.concrete_fields if f.name != "opportunity"]  # noqa: SLF001


def replan(opportunity_ids: Iterable[int], *, now: datetime) -> int:
    """Make state, readings and plans of these opportunities anew; return how many."""
    known = preferences()
    ids = sorted(set(opportunity_ids))
    # The states come first, all of them: how a matter ended is evidence for its siblings.
    for batch in _batches(ids):
        with held(batch):
            told = tell(batch)
            for one in told:
                _keep_state(one, now=now)
            objections = {one.opportunity.prospect_id: one.objections for one in told}
            keep_objections(objections, now=now)
    for batch in _batches(ids):
        with held(batch):
            instead = chosen_instead(batch)
            told = tell(batch)
            _keep_plans(
                [
                    plan_of(one, now=now, preferences=known, chosen=instead.get(_head(one)))
                    for one in told
                ]
            )
            keep_figures(told, preferences=known)
    return len(ids)


def replan_prospects(prospect_ids: Iterable[int], *, now: datetime) -> int:
    """Replan every opportunity of these prospects: an end, or an objection, concerns them all."""
    wanted = set(prospect_ids)
    bare = Prospect.objects.filter(pk__in=wanted, opportunities=None).values_list("pk", flat=True)
    with transaction.atomic():
        keep_objections(objections_in(bare), now=now)
    rows = Opportunity.objects.filter(prospect_id__in=wanted).order_by("ended_at", "pk")
    return replan(rows.values_list("pk", flat=True), now=now)


def keep_objections(objections: Mapping[int, tuple[Objection, ...]], *, now: datetime) -> None:
    """Write since when houses must not be contacted, and keep the block list beside it."""
    known = Prospect.objects.filter(pk__in=objections).values_list("pk", "opted_out_at")
    for pk, known_at in known:
        if known_at != (since := house_objected_at(objections[pk])):
            Prospect.objects.filter(pk=pk).update(opted_out_at=since)
    keep_block_list(objections, now=now)


def refresh(*, now: datetime) -> int:
    """Plan anew what is due and was planned on an earlier day; return how many.

    The date stands, but "12 working days of silence" is true on one day only. What is not due is
    not shown with its words, so it waits.
    """
    today = local_date(now)
    rows = Plan.objects.filter(due__lte=today, planned_on__lt=today).order_by("-rate", "pk")
    return replan(rows.values_list("pk", flat=True), now=now)


def rethink(*, now: datetime) -> int:
    """Plan anew open opportunities that were planned with other numbers; return how many.

    Own numbers, a learnt model or a new version change every plan; a finished job those of its
    seller that are rated. What is due comes first, and no more than `AT_ONCE` at a time: the desk
    goes on meanwhile.
    """
    usual = version(preferences())
    present = [usual, *(f"{usual}-{past}" for past in versions())]
    rows = Plan.objects.filter(outcome="").exclude(model_version__in=present)
    soonest = rows.order_by(F("due").asc(nulls_last=True), "pk")
    return replan(soonest.values_list("pk", flat=True)[:AT_ONCE], now=now)


def plan_missing(*, now: datetime) -> int:
    """Plan what has no plan, as after everything came in from another desk; return how many.

    No more than `AT_ONCE` at a time: the desk goes on meanwhile.
    """
    rows = Opportunity.objects.filter(plan__isnull=True).order_by("outcome", "pk")
    return replan(rows.values_list("pk", flat=True)[:AT_ONCE], now=now)


def plan_of(
    told: Told, *, now: datetime, preferences: Preferences, chosen: StepKind | None = None
) -> Plan:
    """Return the row of the advice for one opportunity, or of the step that a person chose.

    Of whom an objection stops nothing is judged any more (GDPR Art. 21).
    """
    if told.story.opted_out:
        return _unjudged(told, now=now, preferences=preferences)
    situation = situation_in(told.story, now=now)
    advice = advise(told.story, now=now, preferences=preferences, situation=situation)
    if chosen and advice.due:
        advice = overruled(
            advice, told, chosen, now=now, preferences=preferences, situation=situation
        )
    row = _row(told, advice, now=now)
    row.model_version = _version(told, preferences)
    for name, value in _standing(told.story.timeline.standing(), situation).items():
        setattr(row, name, value)
    if is_over(told.opportunity):
        row.due = None
    return row


def _unjudged(told: Told, *, now: datetime, preferences: Preferences) -> Plan:
    timeline = told.story.timeline
    situation = situation_of(timeline, told.story.readings, now=now)
    row = Plan(
        opportunity=told.opportunity,
        kind=StepKind.STOP,
        minutes=0,
        gain_cents=0,
        title=encode_phrase(Phrase("step.opted_out")),
        why=encode_phrase(Phrase("why.opted_out")),
        headline=encode_phrase(Phrase("headline.opted_out")),
        truth="",
        genuine=0.0,
        stalled=0.0,
        pretend=0.0,
        lost=0.0,
        hour_from=0.0,
        hour_to=0.0,
        effort_minutes=situation.effort_minutes,
        since=local_date(told.opportunity.created_at),
        outcome=told.opportunity.outcome,
        head=timeline.head,
        model_version=version(preferences),
        planned_on=local_date(now),
    )
    for name, value in _standing(timeline.standing(), situation).items():
        setattr(row, name, value)
    return row


def version(known: Preferences, *, reader: str = "") -> str:
    """Return a name for what the plans are made with: another model, reader or own number, another.

    `reader` is the version of the reader; "" is the installed one.
    """
    made_with = (__version__, (known.learnt or standard()).fingerprint, reader or reader_version())
    return sha256(f"{' '.join(made_with)} {known}".encode()).hexdigest()[:16]


def _version(told: Told, known: Preferences) -> str:
    """Return the name of what this plan is made with: where it is rated, with the seller's past."""
    fitted, usual = told.fitted, version(known)
    return f"{usual}-{version_of(fitted.seller, fitted.jobs)}" if fitted else usual


def is_over(opportunity: Opportunity) -> bool:
    """Say whether the opportunity ended, or was taken back as a whole."""
    return opportunity.outcome != ""


def chosen_instead(opportunity_ids: Iterable[int]) -> dict[tuple[int, int], StepKind]:
    """Return the steps that people took over the proposed ones, by opportunity and its head then.

    A decision stands while the head is the same: as soon as something happens it is past.
    """
    rows = AdviceGiven.objects.filter(opportunity_id__in=opportunity_ids, decision=OVERRULED)
    found = rows.order_by("pk").values_list("opportunity_id", "head", "chosen")
    return {(pk, head): StepKind(chosen) for pk, head, chosen in found}


def advice_of(
    told: Told, *, now: datetime, preferences: Preferences, step: StepKind | None = None
) -> Advice:
    """Return today's advice; in place of its step the one that a person chose, or `step`."""
    advice = advise(told.story, now=now, preferences=preferences)
    chosen = step or chosen_instead([told.opportunity.pk]).get(_head(told))
    if chosen and (advice.due or step):
        return overruled(advice, told, chosen, now=now, preferences=preferences)
    return advice


def overruled(
    advice: Advice,
    told: Told,
    chosen: StepKind,
    *,
    now: datetime,
    preferences: Preferences,
    situation: Situation | None = None,
) -> Advice:
    """Return `advice` with the step that a person chose in its place, due today.

    `situation` is that of the story at `now`, where the caller has it already. It takes a lawful
    way, too; in the customer's quiet time it is due when that is over.
    """
    story = told.story
    situation = situation or situation_in(story, now=now)
    choice, permission = lawful(
        Choice(chosen, local_date(now), "chosen"),
        story=story,
        situation=situation,
        at=now,
        preferences=preferences,
    )
    if permission and permission.until and choice.on:
        choice = replace(choice, on=max(choice.on, permission.until.date()))
    is_refused = permission is not None and choice.because == FORBIDDEN
    step = Step(
        kind=choice.kind,
        channel=choice.channel,
        title=phrasing.title(choice, situation),
        why=permission.reason if permission and is_refused else CHOSEN,
        goal=phrasing.goal(choice, situation),
        minimum=phrasing.minimum(choice, situation),
        words=phrasing.words(choice, situation, title=story.title),
        minutes=MINUTES[choice.kind],
        because=choice.because,
    )
    gain = round(gain_of(choice, advice.judgement) * 100)
    return replace(
        advice,
        step=step,
        due=choice.on,
        gain_cents=gain,
        held_by=None,
        permission=permission if choice.channel else None,
    )


def _head(told: Told) -> tuple[int, int]:
    return told.opportunity.pk, told.story.timeline.head


def _row(told: Told, advice: Advice, *, now: datetime) -> Plan:
    runner_up = advice.judgement.runner_up
    belief = advice.judgement.belief
    minutes = max(advice.step.minutes, 1)
    return Plan(
        opportunity=told.opportunity,
        due=advice.due,
        rate=advice.gain_cents / minutes,
        kind=advice.step.kind,
        channel=advice.step.channel or "",
        minutes=advice.step.minutes,
        gain_cents=advice.gain_cents,
        runner_up=runner_up[0] if runner_up else "",
        runner_up_cents=round(runner_up[1] * 100) if runner_up else None,
        title=encode_phrase(advice.step.title),
        why=encode_phrase(advice.step.why),
        headline=encode_phrase(advice.headline),
        words=encode_phrase(advice.step.words) if advice.step.words else {},
        truth=advice.truth,
        genuine=belief.genuine,
        stalled=belief.stalled,
        pretend=belief.pretend,
        lost=belief.lost,
        hour_from=advice.best_hours[0],
        hour_to=advice.best_hours[1],
        effort_minutes=advice.effort_minutes,
        since=local_date(told.opportunity.created_at),
        outcome=told.opportunity.outcome,
        head=told.story.timeline.head,
        planned_on=local_date(now),
    )


def _standing(timeline: Timeline, situation: Situation) -> dict[str, Any]:
    """Return what lists show of the opportunity itself."""
    closed = [e.fact for e in timeline if isinstance(e.fact, Closed)]
    reason = closed[-1].no_reason if closed and situation.outcome else None
    last = situation.last_contact
    return _offered(timeline, situation) | {
        "last_contact_on": local_date(last) if last else None,
        "no_reason": reason or "",
    }


def _offered(timeline: Timeline, situation: Situation) -> dict[str, Any]:
    newest = newest_offer(timeline, situation.answers)
    if newest is None:
        return {}
    offer, sent_on = newest.offer, local_date(newest.entry.occurred_at)
    return {
        "amount_cents": offer.net_cents,
        "currency": offer.currency,
        "offer_number": offer.number[:60],
        "offer_version": offer.version,
        "offer_entry": newest.entry.id,
        "offer_state": newest.status.value,
        "offer_sent_on": sent_on,
        "since": sent_on,
        "valid_until": offer.valid_until,
    }


def _keep_state(told: Told, *, now: datetime) -> None:
    """Write what follows from the events: open or ended, and what the search finds."""
    row, timeline = told.opportunity, told.story.timeline.standing()
    situation = situation_in(told.story, now=now)
    own = [e for e in timeline if not isinstance(e.fact, OptedOut)]
    row.outcome = (situation.outcome or "") if own else VOID
    ended = [e.occurred_at for e in timeline if isinstance(e.fact, Closed)]
    row.ended_at = ended[-1] if ended and situation.outcome else None
    numbers = {e.fact.number for e in timeline if isinstance(e.fact, OfferSent)}
    waits = {e.fact.comeback for e in timeline if isinstance(e.fact, Closed)}
    row.search = searchable(row.prospect.name, row.title, *sorted(numbers), *sorted(waits))
    row.owner_id = owner_of(told.story.timeline, row.owner_id)
    row.save(update_fields=["outcome", "ended_at", "search", "owner"])


def _keep_plans(plans: list[Plan]) -> None:
    Plan.objects.bulk_create(
        plans,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["opportunity"],
        update_fields=_PLAN_FIELDS,
    )


def _batches(ids: list[int]) -> Iterator[list[int]]:
    walk = iter(ids)
    while batch := list(islice(walk, BATCH)):
        yield batch
