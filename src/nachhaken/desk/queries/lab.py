"""What other numbers would change in the real open matters: plans in memory, nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import F

from nachhaken.desk.access import allow
from nachhaken.desk.models import Plan, User
from nachhaken.desk.pages_lab import (
    Numbers,
    StepNow,
    Turn,
    TurnedGroup,
    TurnedRow,
    WhatIfPage,
)
from nachhaken.desk.planning import chosen_instead, plan_of, version
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import decode_phrase, local_date, speak
from nachhaken.desk.stories import Told, tell
from nachhaken.plan.values import Preferences
from nachhaken.terms import StepKind

LOOKED_AT = 100


def own_numbers() -> Numbers:
    """Return the numbers as they are set."""
    known = preferences()
    return Numbers(
        margin=round(known.margin * 100),
        hour_eur=round(known.hour_eur),
        hold_eur_per_day=known.hold_eur_per_day,
        opt_out_eur=round(known.opt_out_eur),
    )


def with_numbers(known: Preferences, numbers: Numbers) -> Preferences:
    """Return `known` with other numbers; the learnt model stays."""
    return replace(
        known,
        margin=numbers.margin / 100,
        hour_eur=float(numbers.hour_eur),
        hold_eur_per_day=numbers.hold_eur_per_day,
        opt_out_eur=float(numbers.opt_out_eur),
    )


def what_if_numbers(user: User, numbers: Numbers, *, now: datetime) -> WhatIfPage:
    """Return how the steps of the open matters due soonest would change with `numbers`.

    At most `LOOKED_AT` are judged; each is compared with the plan that the desk shows.
    """
    allow(user)
    open_ = Plan.objects.filter(outcome="", truth__gt="")
    total = open_.count()
    rows = open_.order_by(F("due").asc(nulls_last=True), "pk")[:LOOKED_AT]
    kept = {plan.pk: plan for plan in rows}
    known = preferences()
    if numbers == own_numbers():
        gain = _gain(kept.values())
        return _page((), len(kept), total, gains=(gain, gain), is_same=True)
    told = tell(kept)
    before = _before(kept, told, known, now=now)
    after = _plans(told, with_numbers(known, numbers), now=now)
    pairs = [(before[pk], plan) for pk, plan in after.items()]
    on = local_date(now)
    turned = [(turn, old, new) for old, new in pairs if (turn := _turn(old, new, on))]
    groups = tuple(_groups(turned))
    gains = _gain(before.values()), _gain(after.values())
    return _page(groups, len(pairs), total, gains=gains)


def _before(
    kept: dict[int, Plan], told: Sequence[Told], known: Preferences, *, now: datetime
) -> dict[int, Plan]:
    """Return the plans as the desk has them, made in memory where they are not of today."""
    made_with, on = version(known), local_date(now)
    heads = {one.opportunity.pk: one.story.timeline.head for one in told}

    def is_fresh(plan: Plan) -> bool:
        is_of_now = plan.planned_on == on or (plan.due is not None and plan.due > on)
        return is_of_now and plan.model_version == made_with and plan.head == heads[plan.pk]

    fresh = {pk: kept[pk] for pk in heads if is_fresh(kept[pk])}
    rest = [one for one in told if one.opportunity.pk not in fresh]
    return fresh | _plans(rest, known, now=now)


def _plans(told: Sequence[Told], known: Preferences, *, now: datetime) -> dict[int, Plan]:
    chosen = chosen_instead([one.opportunity.pk for one in told])
    return {
        one.opportunity.pk: plan_of(
            one,
            now=now,
            preferences=known,
            chosen=chosen.get((one.opportunity.pk, one.story.timeline.head)),
        )
        for one in told
    }


def _turn(before: Plan, after: Plan, on: date) -> Turn | None:
    """Return how the step changes; what was due yesterday is due today, which is no change."""
    if before.kind != after.kind:
        if after.kind == StepKind.STOP:
            return Turn.LET_GO
        return Turn.GO_ON if before.kind == StepKind.STOP else Turn.OTHER
    days = [max(plan.due, on) if plan.due else date.max for plan in (before, after)]
    if days[0] == days[1]:
        return None
    return Turn.EARLIER if days[1] < days[0] else Turn.LATER


def _groups(turned: Sequence[tuple[Turn, Plan, Plan]]) -> Iterable[TurnedGroup]:
    names = {
        plan.pk: plan.opportunity
        for plan in Plan.objects.filter(pk__in=[new.opportunity_id for _, _, new in turned])
        .select_related("opportunity__prospect")
        .only("opportunity__title", "opportunity__prospect__name")
    }
    for turn in Turn:
        rows = tuple(
            TurnedRow(
                id=new.opportunity_id,
                prospect=names[new.opportunity_id].prospect.name,
                title=names[new.opportunity_id].title,
                before=_step(old),
                after=_step(new),
            )
            for found, old, new in turned
            if found is turn
        )
        if rows:
            yield TurnedGroup(turn=turn, rows=rows)


def _step(plan: Plan) -> StepNow:
    return StepNow(step=speak(decode_phrase(plan.title)), due=plan.due, gain_cents=plan.gain_cents)


def _gain(plans: Iterable[Plan]) -> int:
    return sum(plan.gain_cents for plan in plans if plan.due is not None)


def _page(
    groups: tuple[TurnedGroup, ...],
    looked_at: int,
    total: int,
    *,
    gains: tuple[int, int],
    is_same: bool = False,
) -> WhatIfPage:
    return WhatIfPage(
        looked_at=looked_at,
        open_total=total,
        groups=groups,
        gain_before=gains[0],
        gain_after=gains[1],
        is_same=is_same,
    )
