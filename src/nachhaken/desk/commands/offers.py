"""Offers before and as they go out: written, adapted, dropped, taken up again, noted as sent."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nachhaken.desk.access import allow
from nachhaken.desk.commands.ledger import (
    Change,
    InvalidError,
    NotFoundError,
    act_of,
    locked,
    record,
)
from nachhaken.desk.commands.opening import moment_of
from nachhaken.desk.models import Document, Event, OfferDraft, Opportunity, User
from nachhaken.desk.offering import (
    draft_in_work,
    is_on_the_way,
    newest_sent,
    next_version,
    offer_of,
    proposed,
    stamp_of,
)
from nachhaken.desk.papers import mark_sent, missing_in, offer_sent_of
from nachhaken.desk.speech import local_date
from nachhaken.terms import Channel
from nachhaken.timeline import Fact, OfferSent

_WRITTEN = frozenset({
    "number", "title", "opening", "closing", "positions", "net_cents", "currency", "vat_permille",
    "valid_until", "document",
})  # fmt: skip


class OlderError(Exception):
    """The page that was written on is older than the draft: another window wrote it meanwhile."""


class OnTheWayError(Exception):
    """The offer waits in the outbox: what goes out must be what is kept."""


def write_offer(
    *,
    actor: User,
    now: datetime,
    opportunity_id: int,
    typed: Mapping[str, object],
    seen: str | None,
) -> OfferDraft:
    """Keep what was typed in the draft in work, begun where there is none; twice is once.

    `typed` are fields of the draft. `seen` is the stamp of the draft that the page showed: where
    another one stands by now, OlderError is raised and nothing is kept; None overwrites it.
    """
    allow(actor)
    if unknown := typed.keys() - _WRITTEN:
        raise TypeError(f"not written by hand: {sorted(unknown)}")
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        draft = draft_in_work(opportunity_id)
        if draft is not None and _is_same(draft, typed):
            return draft
        if seen is not None and seen != stamp_of(draft):
            raise OlderError
        if draft is not None and is_on_the_way(draft):
            raise OnTheWayError
        draft = draft or proposed(opportunity, author=actor, now=now)
        for name, value in typed.items():
            setattr(draft, name, value)
        return _kept(draft, now=now)


def adapt_offer(
    *, actor: User, now: datetime, opportunity_id: int, based_on: int | None = None
) -> OfferDraft:
    """Begin the next version from the last one, because of event `based_on` (None: by itself).

    Where an offer is in work already it stays as it is, and now answers that event.
    """
    allow(actor)
    with transaction.atomic():
        opportunity = locked(opportunity_id)
        event = _event(opportunity, based_on) if based_on else newest_sent(opportunity_id)
        draft = draft_in_work(opportunity_id)
        if draft is None:
            return _kept(proposed(opportunity, author=actor, now=now, based_on=event), now=now)
        if based_on and draft.based_on_id != based_on:
            draft.based_on = event
            return _kept(draft, now=now)
        return draft


def drop_offer(*, actor: User, now: datetime, opportunity_id: int) -> OfferDraft | None:
    """Put the offer in work aside; what was typed stays and can be taken up again."""
    allow(actor)
    with transaction.atomic():
        locked(opportunity_id)
        draft = draft_in_work(opportunity_id)
        if draft is None:
            return None
        if is_on_the_way(draft):
            raise OnTheWayError
        draft.dropped_at = now
        draft.save(update_fields=["dropped_at"])
    return draft


def resume_offer(*, actor: User, draft_id: int) -> OfferDraft:
    """Take a dropped offer up again; one that is in work meanwhile makes way, dropped itself."""
    allow(actor)
    with transaction.atomic():
        draft = OfferDraft.objects.filter(pk=draft_id, sent_at=None).first()
        if draft is None:
            raise NotFoundError(f"draft {draft_id}")
        locked(draft.opportunity_id)
        other = draft_in_work(draft.opportunity_id)
        if other is not None and other.pk != draft.pk:
            other.dropped_at = draft.dropped_at
            other.save(update_fields=["dropped_at"])
        draft.dropped_at = None
        draft.save(update_fields=["dropped_at"])
    return draft


def send_offer(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    amount_cents: int | None = None,
    number: str = "",
    valid_until: date | None = None,
    sent_on: date | None = None,
    draft_id: int | None = None,
    channel: Channel | None = None,
    document: Document | None = None,
) -> Change:
    """Note an offer that went out; after an earlier one it is its next version.

    With `draft_id` it is that draft as it stands, with `document` as its PDF; without, an amount
    and a number by hand. A mail of the desk itself writes the event when the server has said yes.
    """
    act = act_of(actor, now, key)

    def facts(opportunity: Opportunity) -> list[Fact]:
        if draft_id is not None:
            draft = _sendable(opportunity, draft_id, on=local_date(moment_of(sent_on, now)))
            return [offer_sent_of(draft, channel, document)]
        last = newest_sent(opportunity.pk)
        earlier = offer_of(last) if last else None
        offer = OfferSent(
            number=number or (earlier.number if earlier else ""),
            version=earlier.version + 1 if earlier else 1,
            net_cents=amount_cents,
            valid_until=valid_until,
            channel=channel,
        )
        return [offer]

    with transaction.atomic():
        change = record(act, opportunity_id, facts, at=moment_of(sent_on, now))
        if draft_id is not None and not change.repeated:
            draft = OfferDraft.objects.get(pk=draft_id)
            mark_sent(draft, Event.objects.get(pk=change.entry_id))
    return change


def settle_drafts(opportunity_id: int) -> None:
    """Bring drafts in line with their events: one whose sending was undone is in work again."""
    drafts = OfferDraft.objects.filter(opportunity_id=opportunity_id, sent_as__isnull=False)
    events = Event.objects.filter(pk__in=drafts.values("sent_as")).standing()
    standing = set(events.values_list("pk", flat=True))
    for draft in drafts.select_related("sent_as").order_by("-pk"):
        assert draft.sent_as is not None  # noqa: S101 - filtered so
        if draft.sent_as_id in standing:
            _set_sent(draft, draft.sent_as.recorded_at)
        elif draft_in_work(opportunity_id) is None:
            _set_sent(draft, None)


def _set_sent(draft: OfferDraft, at: datetime | None) -> None:
    if draft.sent_at != at:
        draft.sent_at = at
        draft.save(update_fields=["sent_at"])


def _sendable(opportunity: Opportunity, draft_id: int, *, on: date) -> OfferDraft:
    draft = draft_in_work(opportunity.pk)
    if draft is None or draft.pk != draft_id:
        raise InvalidError(_("Dieses Angebot ist schon verschickt oder verworfen."))
    if is_on_the_way(draft):
        raise OnTheWayError
    if missing := missing_in(draft, on=on):
        raise InvalidError(" ".join(missing))
    return draft


def _event(opportunity: Opportunity, entry_id: int) -> Event:
    event = opportunity.events.filter(pk=entry_id).first()
    if event is None:
        raise NotFoundError(f"entry {entry_id}")
    return event


def _is_same(draft: OfferDraft, typed: Mapping[str, object]) -> bool:
    return all(getattr(draft, name) == value for name, value in typed.items())


def _kept(draft: OfferDraft, *, now: datetime) -> OfferDraft:
    opportunity_id = draft.opportunity_id
    draft.version = next_version(opportunity_id, draft.number)
    draft.updated_at = now
    if not draft.source_key:
        count = OfferDraft.objects.filter(opportunity_id=opportunity_id).count()
        draft.source_key = f"draft:{opportunity_id}:{count + 1}"
    draft.save()
    return draft
