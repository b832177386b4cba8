"""One week on one page: what got clear, what is stuck and why, what to let go and to push."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet, Sum

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.models import Event, Opportunity, Plan, User
from nachhaken.desk.pages_review import (
    BrokenRow,
    ClearRow,
    ReviewPage,
    StuckRow,
    Unclear,
    UnclearRow,
    Week,
)
from nachhaken.desk.preferences import preferences
from nachhaken.desk.pursuit import PointRow, PointState
from nachhaken.desk.queries.letting_go import candidates, let_go_rows
from nachhaken.desk.queries.pursuit import point_row
from nachhaken.desk.queries.today import step_row
from nachhaken.desk.records import entry_of
from nachhaken.desk.rows import StepRow
from nachhaken.desk.speech import decode_phrase, local_date, speak
from nachhaken.desk.stories import VOID, Told, tell
from nachhaken.desk.weeks import moments_of, week_named
from nachhaken.learning.insight.ending import ending_of
from nachhaken.learning.insight.values import Ending
from nachhaken.plan.effort import cents_of
from nachhaken.plan.situation import situation_of
from nachhaken.terms import OutcomeKind, StepKind, Truth
from nachhaken.timeline import EffortSpent

MOST_CLEAR = 8
MOST_JUDGED = 1000  # ended ones of which it is counted how many were late
MOST_STUCK = 5
MOST_BROKEN = 5
MOST_UNCLEAR = 3
PUSHED = 3
SOON = timedelta(days=7)
MOST_PROMISES = 400  # newest promises looked at
MOST_TOLD = 40  # matters whose promises are folded

Points = Mapping[int, tuple[PointRow, ...]]


def review(user: User, *, now: datetime, week: str = "", owner: int | None = None) -> ReviewPage:
    """Return the page of a week (2026-W47; "" for the running one), of all or of one person.

    What is stuck, to let go and to push is as it stands at `now`, whatever the week.
    """
    allow(user)
    on = local_date(now)
    shown = week_named(week, today=on)
    owners = _owners()
    whose = owner if owner in dict(owners) else None
    open_ = _of(Plan.objects.filter(outcome="", truth__gt=""), whose)
    stuck = open_.filter(truth=Truth.STALLED).exclude(kind=StepKind.STOP)
    first = list(stuck.select_related("opportunity__prospect").order_by(*_LONGEST)[:MOST_STUCK])
    push = _push(open_, on)
    # What is worth pushing is not let go in the same breath.
    going = candidates(open_.exclude(pk__in=[row.opportunity_id for row in push]))
    promised = _promised(shown, whose)
    told = _told([*(plan.pk for plan in (*first, *going)), *promised])
    points = {pk: _points(one, now=now, on=on) for pk, one in told.items()}
    clear, counts = _clear(shown, whose)
    return ReviewPage(
        week=shown,
        today=on,
        owner=whose,
        owners=owners if len(owners) > 1 else (),
        clear=clear[:MOST_CLEAR],
        clear_total=counts["all"],
        won=counts["won"],
        late=sum(row.is_late for row in clear if not row.is_won),
        clear_minutes=counts["minutes"] or 0,
        stuck=tuple(_stuck_row(plan, points) for plan in first),
        stuck_total=len(first) if len(first) < MOST_STUCK else stuck.count(),
        let_go=let_go_rows(going, told, now=now),
        push=push,
        broken=_broken(promised, told, points, week=shown),
        unclear=_unclear(shown, whose),
    )


_LATE = (Ending.LATE_YES, Ending.LATE_NO)
_LONGEST = ("last_contact_on", "pk")  # whom nobody has talked to for longest


def _owners() -> tuple[tuple[int, str], ...]:
    rows = User.objects.filter(is_active=True).order_by("first_name", "pk")
    return tuple((row.pk, str(row)) for row in rows)


def _of(plans: QuerySet[Plan], owner: int | None) -> QuerySet[Plan]:
    return plans.filter(opportunity__owner=owner) if owner else plans


def _told(ids: Iterable[int]) -> dict[int, Told]:
    wanted = list(dict.fromkeys(ids))
    return {one.opportunity.pk: one for one in tell(wanted)} if wanted else {}


def _points(told: Told, *, now: datetime, on: date) -> tuple[PointRow, ...]:
    story = told.story
    situation = situation_of(story.timeline, story.readings, now=now, person_id=story.person_id)
    return tuple(point_row(point, on) for point in situation.points)


def _stuck_row(plan: Plan, points: Points) -> StuckRow:
    waiting = [point for point in points.get(plan.pk, ()) if point.is_open]
    return StuckRow(
        id=plan.pk,
        prospect=plan.opportunity.prospect.name,
        title=plan.opportunity.title,
        points=tuple(sorted(waiting, key=lambda p: (p.due or date.max, p.id)))[:2],
        step=speak(decode_phrase(plan.title)) if plan.due else "",
        due=plan.due,
    )


def _push(open_: QuerySet[Plan], on: date) -> tuple[StepRow, ...]:
    """Return the steps of the coming days of which a minute is worth most."""
    soon = open_.filter(due__lte=on + SOON, gain_cents__gt=0)
    soon = soon.exclude(kind__in=[StepKind.STOP, StepKind.WAIT])
    best = soon.select_related("opportunity__prospect", "opportunity__person")
    return tuple(step_row(plan, on) for plan in best.order_by("-rate", "pk")[:PUSHED])


def _clear(week: Week, owner: int | None) -> tuple[tuple[ClearRow, ...], dict[str, int]]:
    since, until = moments_of(week)
    ended = Opportunity.objects.filter(ended_at__gte=since, ended_at__lt=until)
    ended = ended.exclude(outcome__in=["", VOID]).filter(plan__isnull=False)
    ended = ended.filter(owner=owner) if owner else ended
    counts = ended.aggregate(
        all=Count("pk"),
        won=Count("pk", filter=Q(outcome=OutcomeKind.WON)),
        minutes=Sum("plan__effort_minutes"),
    )
    offered = Min("events__occurred_at", filter=Q(events__kind="offer_sent"))
    rows = ended.select_related("prospect", "plan").annotate(offered=offered)
    found = tuple(_clear_row(row) for row in rows.order_by("-ended_at", "pk")[:MOST_JUDGED])
    return found, counts


def _clear_row(row: Opportunity) -> ClearRow:
    assert row.ended_at is not None  # noqa: S101 - only ended ones are asked for
    on = local_date(row.ended_at)
    began = getattr(row, "offered", None) or row.created_at
    days, minutes = max((on - local_date(began)).days, 0), row.plan.effort_minutes
    ending = ending_of(OutcomeKind(row.outcome), days=days, minutes=minutes)
    return ClearRow(
        id=row.pk,
        prospect=row.prospect.name,
        title=row.title,
        status=labels.status(row.outcome),
        is_won=row.outcome == OutcomeKind.WON,
        is_late=ending in _LATE,
        on=on,
        days=days,
        minutes=minutes,
    )


def _promised(week: Week, owner: int | None) -> list[int]:
    """Return the matters in which a promise of the newest could have been broken in the week."""
    _, until = moments_of(week)
    rows = Event.objects.filter(kind__in=["promised", "promise_settled", "promise_moved"])
    rows = rows.filter(occurred_at__lt=until, opportunity__isnull=False)
    rows = rows.filter(opportunity__owner=owner) if owner else rows
    newest = rows.order_by("-occurred_at", "-pk").values_list(
        "opportunity_id", "occurred_at", "payload"
    )
    found = (
        pk
        for pk, at, payload in newest[:MOST_PROMISES]
        if pk and _is_in(week, _day(payload.get("due")) or local_date(at))
    )
    return list(dict.fromkeys(found))[:MOST_TOLD]


def _day(due: object) -> date | None:
    return date.fromisoformat(due) if isinstance(due, str) else None


def _is_in(week: Week, day: date) -> bool:
    return week.monday <= day <= week.sunday


def _broken(
    promised: Sequence[int], told: Mapping[int, Told], points: Points, *, week: Week
) -> tuple[BrokenRow, ...]:
    given_up = _given_up(promised, week)
    rows = [
        BrokenRow(
            opportunity_id=pk,
            prospect=told[pk].story.prospect,
            title=told[pk].story.title,
            point=point,
        )
        for pk in promised
        if pk in told
        for point in points[pk]
        if not point.is_condition and _is_broken(point, given_up, week)
    ]
    rows.sort(key=lambda row: (not row.point.by_us, row.point.due or date.max, row.point.id))
    return tuple(rows[:MOST_BROKEN])


def _given_up(promised: Collection[int], week: Week) -> set[int]:
    """Return the promises of which it was said in the week that nothing comes of them."""
    since, until = moments_of(week)
    rows = Event.objects.filter(kind="promise_settled", opportunity__in=promised)
    rows = rows.filter(occurred_at__gte=since, occurred_at__lt=until).standing()
    return {pk for pk in rows.values_list("about", flat=True) if pk is not None}


def _is_broken(point: PointRow, given_up: set[int], week: Week) -> bool:
    if point.state is PointState.BROKEN:
        return point.id in given_up
    return point.state is PointState.OVERDUE and point.due is not None and _is_in(week, point.due)


def _unclear(week: Week, owner: int | None) -> Unclear:
    since, until = moments_of(week)
    rows = Event.objects.filter(kind="effort_spent", occurred_at__gte=since, occurred_at__lt=until)
    rows = rows.filter(opportunity__plan__outcome="", opportunity__plan__truth__gt="")
    rows = rows.exclude(opportunity__plan__truth=Truth.GENUINE).standing()
    rows = rows.filter(opportunity__owner=owner) if owner else rows
    spent: dict[int, list[EffortSpent]] = {}
    names: dict[int, tuple[str, str]] = {}
    for event in rows.select_related("opportunity__prospect").order_by("pk"):
        fact, matter = entry_of(event).fact, event.opportunity
        assert isinstance(fact, EffortSpent)  # noqa: S101 - only these are asked for
        assert matter is not None  # noqa: S101 - joined above
        spent.setdefault(matter.pk, []).append(fact)
        names[matter.pk] = matter.prospect.name, matter.title
    return _summed(spent, names)


def _summed(
    spent: Mapping[int, Sequence[EffortSpent]], names: Mapping[int, tuple[str, str]]
) -> Unclear:
    hour_eur = preferences().hour_eur
    found = [
        UnclearRow(
            id=pk,
            prospect=names[pk][0],
            title=names[pk][1],
            minutes=sum(note.minutes for note in notes),
            cents=sum(cents_of(note, hour_eur=hour_eur) for note in notes),
        )
        for pk, notes in spent.items()
    ]
    return Unclear(
        minutes=sum(row.minutes for row in found),
        cents=sum(row.cents for row in found),
        matters=len(found),
        rows=tuple(sorted(found, key=lambda row: (-row.cents, row.id))[:MOST_UNCLEAR]),
    )
