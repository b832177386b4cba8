"""Screen 7: the list of offers, one offer with its versions, and one that is being written."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.effort import WarningRow, effort_row
from nachhaken.desk.models import Event, OfferDraft, Opportunity, Plan, User
from nachhaken.desk.offering import (
    cash_step_of,
    draft_in_work,
    is_on_the_way,
    newest_sent,
    offer_of,
    proposed,
    stamp_of,
)
from nachhaken.desk.pages_offers import (
    AskedRow,
    OfferDetail,
    OfferList,
    OfferRow,
    OfferSection,
    OfferWriting,
    VersionRow,
)
from nachhaken.desk.papers import lines_of, missing_in, offer_sent_of, totals_of_draft
from nachhaken.desk.preferences import preferences
from nachhaken.desk.queries.entries import entry_rows, title_of
from nachhaken.desk.queries.lists import matching
from nachhaken.desk.queries.paging import Page
from nachhaken.desk.queries.pursuit import point_row
from nachhaken.desk.speech import local_date, speak
from nachhaken.desk.stories import Told, tell
from nachhaken.plan import Story, advise
from nachhaken.plan.difference import difference_of
from nachhaken.plan.evidence import answer_of
from nachhaken.plan.offers import OfferStatus, OfferVersion, offers_of, totals_of_offer
from nachhaken.plan.situation import Situation, situation_of
from nachhaken.timeline import Closed, OfferSent, Reopened, Replied, Timeline, Touched

_OPEN = [OfferStatus.SENT, OfferStatus.ASKED]
_ABOUT_OFFERS = OfferSent | Touched | Replied | Closed | Reopened


def offer_list(
    user: User, *, now: datetime, search: str = "", state: str = "all", page: int = 1
) -> OfferList:
    """Return every version of every offer, the newest first; `state` is a status or "all"."""
    allow(user)
    today = local_date(now)
    rows = Event.objects.filter(kind="offer_sent").standing()
    rows = rows.filter(matching(search, "opportunity__search"), _in_state(state, today))
    total = rows.count()
    at = Page.of(total, page)
    found = rows.select_related("opportunity__prospect", "opportunity__plan").order_by(
        "-occurred_at", "-pk"
    )
    return OfferList(
        rows=tuple(_offer_row(row, today=today) for row in found[at.start : at.end]),
        total=total,
        page=at.number,
        pages=at.pages,
        search=search,
        state=state if state in set(OfferStatus) else "all",
    )


def offer(user: User, entry_id: int, *, now: datetime) -> OfferDetail:
    """Return the offer of an event with all its versions, or raise NotFoundError."""
    allow(user)
    event = Event.objects.filter(pk=entry_id, kind="offer_sent", opportunity__isnull=False).first()
    told = next(iter(tell([event.opportunity_id or 0])), None) if event else None
    if event is None or told is None:
        raise NotFoundError(f"offer {entry_id}")
    versions = _versions(told, now=now, number=offer_of(event).number)
    if not any(version.entry_id == entry_id for version in versions):
        raise NotFoundError(f"offer {entry_id}")
    row, story = told.opportunity, told.story
    about = Timeline(tuple(e for e in story.timeline if isinstance(e.fact, _ABOUT_OFFERS)))
    first = versions[-1].sent_at
    return OfferDetail(
        opportunity_id=row.pk,
        prospect_id=row.prospect_id,
        prospect=row.prospect.name,
        title=row.title,
        versions=versions,
        entries=tuple(
            entry
            for entry in entry_rows(about, story.readings, region=story.region, now=now)
            if entry.at >= first
        ),
        has_draft=draft_in_work(row.pk) is not None,
        is_open=row.outcome == "",
    )


def offer_section(told: Told, *, now: datetime) -> OfferSection:
    """Return where the offer of an opportunity stands, for its page."""
    versions = _versions(told, now=now)
    return OfferSection(
        newest=versions[0] if versions else None,
        versions=len(versions),
        has_draft=draft_in_work(told.opportunity.pk) is not None,
    )


def offer_writing(user: User, opportunity_id: int, *, now: datetime) -> OfferWriting:
    """Return the offer in work, or the one that would be begun, beside what it is for."""
    allow(user)
    told = next(iter(tell([opportunity_id])), None)
    if told is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    row, story = told.opportunity, told.story
    situation = situation_of(story.timeline, story.readings, now=now)
    draft = draft_in_work(row.pk) or proposed(row, author=user, now=now)
    last = newest_sent(opportunity_id)
    today = local_date(now)
    return OfferWriting(
        opportunity_id=row.pk,
        prospect=row.prospect.name,
        title=row.title,
        draft_id=draft.pk,
        number=draft.number,
        version=draft.version,
        currency=draft.currency,
        stamp=stamp_of(draft) if draft.pk else "",
        saved_at=timezone.localtime(draft.updated_at) if draft.pk else None,
        totals=totals_of_draft(draft),
        against=offer_of(last).version if last else 0,
        changes=_sentences(offer_of(last), offer_sent_of(draft, None, None)) if last else (),
        missing=missing_in(draft, on=today),
        asked=_asked(draft, told, situation),
        points=tuple(point_row(p, today) for p in situation.points if p.kept is None),
        document=draft.document.sha256 if draft.document else "",
        document_name=draft.document.name if draft.document else "",
        is_on_the_way=bool(draft.pk) and is_on_the_way(draft),
        warning=_warning(story, situation, now=now),
    )


def _warning(story: Story, situation: Situation, *, now: datetime) -> WarningRow | None:
    own = preferences()
    advice = advise(story, now=now, preferences=own)
    return effort_row(story, situation, advice, preferences=own).warning


def offer_draft(user: User, opportunity_id: int, *, now: datetime) -> OfferDraft:
    """Return the offer in work; else the one that would be begun, not kept."""
    allow(user)
    row = Opportunity.objects.filter(pk=opportunity_id).first()
    if row is None:
        raise NotFoundError(f"opportunity {opportunity_id}")
    return draft_in_work(opportunity_id) or proposed(row, author=user, now=now)


def _in_state(state: str, today: date) -> Q:
    """Only what is still open expires; what is not the newest has been replaced."""
    newest = Plan.objects.filter(offer_entry__isnull=False)
    over = Q(valid_until__lt=today)
    match state:
        case OfferStatus.REVISED:
            return ~_among(newest)
        case OfferStatus.EXPIRED:
            return _among(newest.filter(over, offer_state__in=_OPEN))
        case OfferStatus.SENT | OfferStatus.ASKED:
            held = Q(valid_until__isnull=True) | ~over
            return _among(newest.filter(held, offer_state=state))
        case OfferStatus.ACCEPTED | OfferStatus.DECLINED | OfferStatus.WITHDRAWN:
            return _among(newest.filter(offer_state=state))
    return Q()


def _among(plans: QuerySet[Plan]) -> Q:
    # As a list that is made once: joined, each offer would look up its opportunity and its plan.
    return Q(pk__in=plans.values("offer_entry"))


def _offer_row(event: Event, *, today: date) -> OfferRow:
    offer, opportunity = offer_of(event), event.opportunity
    assert opportunity is not None  # noqa: S101 - an offer belongs to one
    plan: Plan | None = getattr(opportunity, "plan", None)
    status = _status(event.pk, offer, plan, today=today)
    totals = totals_of_offer(offer)
    return OfferRow(
        entry_id=event.pk,
        opportunity_id=opportunity.pk,
        number=offer.number,
        version=offer.version,
        prospect=opportunity.prospect.name,
        title=offer.title or opportunity.title,
        amount_cents=offer.net_cents,
        gross_cents=totals.gross_cents if totals else None,
        currency=offer.currency,
        sent_on=local_date(event.occurred_at),
        valid_until=offer.valid_until,
        status=status,
        word=_word(status, offer, plan),
    )


def _status(entry_id: int, offer: OfferSent, plan: Plan | None, *, today: date) -> OfferStatus:
    """The plan keeps the status without the day; the list must not tell whole stories."""
    if plan is None or not plan.offer_state:
        return OfferStatus.SENT
    if plan.offer_entry != entry_id:
        return OfferStatus.REVISED
    status = OfferStatus(plan.offer_state)
    is_over = offer.valid_until is not None and offer.valid_until < today
    return OfferStatus.EXPIRED if status in _OPEN and is_over else status


def _word(status: OfferStatus, offer: OfferSent, plan: Plan | None) -> str:
    if status is OfferStatus.REVISED and plan and plan.offer_version > offer.version:
        return labels.text("revised", version=plan.offer_version)
    return labels.word(labels.OFFERS[status])


def _versions(told: Told, *, now: datetime, number: str | None = None) -> tuple[VersionRow, ...]:
    """Return the versions of one number, or of all, the newest first."""
    standing = told.story.timeline.standing()
    answers = [a for e in standing if (a := answer_of(e, told.story.readings))]
    zone = timezone.get_default_timezone()
    states = offers_of(standing, answers, at=now, zone=zone)
    found = sorted((v for state in states for v in state.versions), key=_sent_at)
    steps = {currency: cash_step_of(currency) for currency in {v.offer.currency for v in found}}
    rows = [
        _version(version, found[index - 1].offer if index else None, steps)
        for index, version in enumerate(found)
        if number is None or version.offer.number == number
    ]
    return tuple(reversed(rows))


def _sent_at(version: OfferVersion) -> tuple[datetime, datetime, int]:
    entry = version.entry
    return entry.occurred_at, entry.recorded_at, entry.id


def _version(
    version: OfferVersion, before: OfferSent | None, steps: Mapping[str, int]
) -> VersionRow:
    offer = version.offer
    return VersionRow(
        entry_id=version.entry.id,
        number=offer.number,
        version=offer.version,
        title=offer.title,
        currency=offer.currency,
        positions=lines_of(offer.positions, offer.vat_permille),
        totals=totals_of_offer(offer, step=steps[offer.currency]),
        sent_at=timezone.localtime(version.entry.occurred_at),
        channel=offer.channel,
        valid_until=offer.valid_until,
        status=version.status,
        word=labels.word(labels.OFFERS[version.status]),
        since=timezone.localtime(version.since),
        document=offer.document,
        note=offer.note,
        changes=_sentences(before, offer) if before else (),
    )


def _sentences(old: OfferSent, new: OfferSent) -> tuple[str, ...]:
    return tuple(speak(one.phrase) for one in difference_of(old, new))


def _asked(draft: OfferDraft, told: Told, situation: Situation) -> AskedRow | None:
    """What the offer answers: the event that it was begun for, else what waits for an answer."""
    waiting = situation.unanswered.entry.id if situation.unanswered else None
    wanted = draft.based_on_id or waiting
    entry = next((e for e in told.story.timeline.standing() if e.id == wanted), None)
    if entry is None or not isinstance(entry.fact, Replied | Touched):
        return None
    answer = answer_of(entry, told.story.readings)
    return AskedRow(
        entry_id=entry.id,
        at=timezone.localtime(entry.occurred_at),
        title=title_of(entry),
        text=entry.fact.text,
        condition=(answer.condition or "") if answer else "",
    )
