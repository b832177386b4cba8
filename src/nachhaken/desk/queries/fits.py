"""How customers and sellers fit: asked, shown, and how won jobs went."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import Change, NotFoundError
from nachhaken.desk.fit_words import changes_of
from nachhaken.desk.fits import KIND, Criterion, Pair, Rated, asked, criteria, ratings_of
from nachhaken.desk.jobs_done import factor_of, limits_of, price_of
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.desk.pages_fit import (
    AGAIN,
    FIRST,
    AskedRow,
    EvidenceRow,
    FitRow,
    FitSection,
    JobPage,
    JobRow,
    MarkRow,
    RatingPage,
)
from nachhaken.desk.queries.headings import newest
from nachhaken.desk.stories import Told, readings_of
from nachhaken.engine.fit import level_of
from nachhaken.plan.values import Preferences
from nachhaken.reading.values import Reading, Span
from nachhaken.terms import Channel, OutcomeKind, Signal
from nachhaken.timeline import JobFinished, Met, Replied, Timeline, Touched

WEEKS_UNTIL_ASKED = 4
NEWEST_REPLIES = 20
MOST_EVIDENCE = 6
MOST_BESIDE = 2  # at one question: more would push the answers off a telephone
LONGEST_WORDS = 160
_TALKS = (Channel.CALL, Channel.MEETING)
_TALKED = (
    Q(kind="touched", payload__reached=True, payload__channel__in=_TALKS)
    | Q(kind="replied", payload__channel__in=_TALKS)
    | Q(kind="met")
)
# What friction and warmth speak to, and for or against; urgency says nothing about fit.
SPEAKS_TO: Mapping[Signal, tuple[str, int]] = {
    Signal.DISRESPECT: ("respect", -1),
    Signal.FREE_WORK: ("respect", -1),
    Signal.EXCESSIVE_DEMAND: ("expectations", -1),
    Signal.PRICE_PRESSURE: ("appreciation", -1),
    Signal.APPRECIATION: ("appreciation", 1),
    Signal.OPENNESS: ("wavelength", 1),
}


def rating_page(user: User, opportunity_id: int) -> RatingPage:
    """Return what the user rates this customer by; of whom an objection stops nothing is rated."""
    row = _row(allow(user), opportunity_id)
    if row.prospect.opted_out_at:
        raise NotFoundError(f"opportunity {opportunity_id}")
    last = ratings_of([row.prospect_id]).get((user.pk, row.prospect_id))
    known = {mark.criterion: mark.points for mark in last.fact.marks} if last else {}
    evidence, wanted = _evidence(row.prospect_id), asked()
    keys = {one.key for one in wanted}
    return RatingPage(
        id=row.pk,
        prospect=row.prospect.name,
        title=row.title,
        asked=tuple(
            AskedRow(
                key=one.key,
                name=one.name,
                points=known.get(one.key),
                evidence=tuple(said for said in evidence if said.criterion == one.key)[
                    :MOST_BESIDE
                ],
            )
            for one in wanted
        ),
        energy=last.fact.energy if last else None,
        note=last.fact.note if last else "",
        rest=tuple(said for said in evidence if said.criterion not in keys),
    )


def was_first_talk(user: User, change: Change) -> bool:
    """Say whether what was just noted holds the first talk with a customer whom the user sells to.

    Only of a matter that is open, and where the user has rated nothing yet: so it is asked once.
    """
    matters = Opportunity.objects.filter(pk=change.opportunity_id or 0, outcome="")
    own = matters.filter(Q(owner=user) | Q(owner=None), prospect__opted_out_at=None)
    if change.repeated or not own.exists():
        return False
    here = Event.objects.filter(prospect=change.prospect_id).standing()
    talks = set(here.filter(_TALKED).values_list("pk", flat=True)[: len(change.event_ids) + 1])
    rated = here.filter(kind=KIND, actor=user)
    return bool(talks) and talks <= set(change.event_ids) and not rated.exists()


def fit_rows(rated: Mapping[Pair, Rated]) -> tuple[FitRow, ...]:
    """Return the ratings of one customer as rows, the newest first."""
    if not rated:
        return ()
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=[pk for pk, _at in rated])}
    known = criteria()
    rows = [_fit_row(pk, names[pk], one, known) for (pk, _at), one in rated.items()]
    return tuple(sorted(rows, key=lambda row: row.at, reverse=True))


def fit_section(user: User, told: Told, *, now: datetime, preferences: Preferences) -> FitSection:
    """Return what the page of an opportunity shows of fit, and whether it asks for a rating."""
    row, fitted = told.opportunity, told.fitted
    rows = fit_rows(told.ratings)
    seller = row.owner_id or user.pk
    own = next((one for one in rows if one.seller_id == user.pk), None)
    is_won = row.outcome == OutcomeKind.WON
    job = newest_job(told.story.timeline)
    since = row.ended_at or now
    return FitSection(
        row=next((one for one in rows if one.seller_id == seller), None),
        changes=(
            changes_of(told.story, fitted, preferences, is_own=seller == user.pk) if fitted else ()
        ),
        offered=_offered(told.story.timeline, own, now=now) if seller == user.pk else "",
        job=_job_row(job, limits_of(row.pk)) if job and is_won else None,
        may_finish=is_won,
        asks_job=is_won and job is None and now - since >= timedelta(weeks=WEEKS_UNTIL_ASKED),
    )


def newest_job(timeline: Timeline) -> JobFinished | None:
    """Return what was said last of how the job went."""
    said = [entry.fact for entry in timeline.standing() if isinstance(entry.fact, JobFinished)]
    return said[-1] if said else None


def job_page(user: User, opportunity_id: int) -> JobPage:
    """Return what the page of a finished job asks; NotFoundError where nothing was won."""
    row = _row(allow(user), opportunity_id)
    if row.outcome != OutcomeKind.WON:
        raise NotFoundError(f"opportunity {opportunity_id}")
    said = newest(user, opportunity_id, "job_finished")
    job = said if isinstance(said, JobFinished) else JobFinished()
    return JobPage(
        id=row.pk,
        prospect=row.prospect.name,
        title=row.title,
        currency=price_of(row.pk)[1],
        limits=limits_of(row.pk),
        planned_minutes=job.planned_minutes,
        worked_minutes=job.worked_minutes,
        margin_cents=job.margin_cents,
        again=job.again,
        kept=job.kept,
        note=job.note,
    )


def _row(user: User, opportunity_id: int) -> Opportunity:  # noqa: ARG001 - who asks is allowed
    row = Opportunity.objects.select_related("prospect").filter(pk=opportunity_id).first()
    if row is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    return row


def _fit_row(seller: int, name: str, rated: Rated, known: tuple[Criterion, ...]) -> FitRow:
    points = {mark.criterion: mark.points for mark in rated.fact.marks}
    return FitRow(
        seller_id=seller,
        seller=name,
        level=level_of(factor_of(rated.fact)),
        marks=tuple(
            MarkRow(name=one.name, points=points[one.key]) for one in known if one.key in points
        ),
        energy=rated.fact.energy,
        note=rated.fact.note,
        at=timezone.localtime(rated.at),
    )


def _offered(timeline: Timeline, own: FitRow | None, *, now: datetime) -> str:
    """Ask after the first talk, and once more after a later one."""
    talk = _last_talk(timeline, now=now)
    if talk is None:
        return ""
    if own is None:
        return FIRST
    return AGAIN if own.at < talk else ""


def _last_talk(timeline: Timeline, *, now: datetime) -> datetime | None:
    talks = [
        entry.occurred_at
        for entry in timeline.standing()
        if _is_talk(entry.fact) and entry.occurred_at <= now
    ]
    return talks[-1] if talks else None


def _is_talk(fact: object) -> bool:
    match fact:
        case Touched(channel=channel, reached=reached):
            return channel in _TALKS and reached is True
        case Replied(channel=channel):
            return channel in _TALKS
        case Met():
            return True
        case _:
            return False


def _job_row(job: JobFinished, limits: tuple[str, ...]) -> JobRow:
    known = job.planned_minutes is not None and job.worked_minutes is not None
    return JobRow(
        minutes=(job.worked_minutes or 0) - (job.planned_minutes or 0) if known else None,
        margin_cents=job.margin_cents,
        currency=job.currency,
        again=job.again,
        limits=tuple(zip(limits, job.kept, strict=False)),
    )


def _evidence(prospect_id: int) -> tuple[EvidenceRow, ...]:
    """Return friction and warmth of the customer's newest replies, the newest first."""
    rows = Event.objects.filter(prospect=prospect_id, kind="replied").standing()
    newest_replies = list(rows.select_related("prospect").order_by("-occurred_at")[:NEWEST_REPLIES])
    readings = readings_of(newest_replies)
    found = (one for row in newest_replies for one in _said(row, readings[row.pk]))
    return tuple(one for one, _count in zip(found, range(MOST_EVIDENCE), strict=False))


def _said(row: Event, reading: Reading) -> Iterator[EvidenceRow]:
    for signal, (criterion, points) in SPEAKS_TO.items():
        span = reading.signal_spans.get(signal)
        if signal not in reading.signals or span is None:
            continue
        yield EvidenceRow(
            value=f"{row.pk}-{signal.value}",
            entry_id=row.pk,
            what=labels.word(labels.SIGNALS[signal]),
            words=_sentence(row.payload.get("text", ""), span),
            criterion=criterion,
            points=points,
            at=timezone.localtime(row.occurred_at),
        )


def _sentence(text: str, span: Span) -> str:
    """Return the sentence around a place, in one line."""
    start = max(text.rfind(mark, 0, span.start) for mark in ".!?\n") + 1
    ends = [end for mark in ".!?\n" if (end := text.find(mark, span.end)) >= 0]
    words = " ".join(text[start : min(ends, default=len(text)) + 1].split())
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS].rpartition(" ")[0] + " …"
