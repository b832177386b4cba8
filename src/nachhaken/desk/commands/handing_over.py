"""A colleague takes a customer over: asked, answered, and with the whole story."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from nachhaken.desk.access import RefusedError, allow
from nachhaken.desk.commands.ledger import (
    Act,
    Change,
    Glance,
    InvalidError,
    NotFoundError,
    act_of,
    events_of,
    glance,
    locked,
    locked_prospect,
    write,
)
from nachhaken.desk.hand_overs import ASKED, answered, waiting_at
from nachhaken.desk.models import Event, Opportunity, User
from nachhaken.desk.planning import replan_prospects
from nachhaken.desk.records import decode, encode, kind_of
from nachhaken.timeline import Fact, HandOverAnswered, HandOverAsked

LONGEST_REASON = 500
MOST_ROOM = 9_999


class NotTheirsError(RefusedError):
    """Only who owns the matter may ask, and only who was asked may answer."""


def ask_hand_over(
    *,
    actor: User,
    now: datetime,
    key: str,
    opportunity_id: int,
    to: int,
    reason: str = "",
    with_others: bool = False,
) -> Change:
    """Ask the colleague `to` to take the matter over; undo takes the question back.

    `with_others`: all open matters of the customer that `actor` owns and nobody was asked about.
    NotTheirsError where somebody active owns it who is not `actor`; InvalidError where it has
    ended, somebody was asked already, or `to` cannot take over.
    """
    act = act_of(actor, now, key)
    with transaction.atomic():
        row = locked(opportunity_id)
        before = glance(row.pk)
        done = events_of(act)
        if not done:
            rows = [row, *(_others(row, actor) if with_others else ())]
            _check_asking(act, row, to)
            fact = HandOverAsked(by=row.owner_id or actor.pk, to=to, reason=_line(reason))
            _write(act, dict.fromkeys(rows, fact))
        return _changed(act, row, before, repeated=bool(done))


def answer_hand_over(
    *, actor: User, now: datetime, key: str, entry_id: int, accepted: bool, note: str = ""
) -> Change:
    """Answer for all matters that were asked about in one go; only who was asked may.

    NotFoundError where the question was taken back; InvalidError where it was answered, or where
    nothing of it is open any more.
    """
    act = act_of(actor, now, key)
    prospect_id = Event.objects.filter(pk=entry_id, kind=ASKED).values_list("prospect_id").first()
    if prospect_id is None:
        raise NotFoundError(f"hand-over {entry_id}")
    with transaction.atomic():
        # Held before anything is looked at: of two who answer at once the second finds the first.
        locked_prospect(prospect_id[0])
        done = events_of(act)
        asked = _asked(entry_id)
        if decode(HandOverAsked, asked.payload).to != actor.pk:
            raise NotTheirsError
        row = Opportunity.objects.get(pk=asked.opportunity_id or 0)
        before = glance(row.pk)
        if not done:
            _answer(act, asked, accepted=accepted, note=_line(note))
        return _changed(act, row, before, repeated=bool(done))


def set_room(*, actor: User, most_open: int | None) -> None:
    """Set how many open matters are enough for `actor`; None says nothing."""
    if most_open is not None and not 0 <= most_open <= MOST_ROOM:
        raise InvalidError("most_open")
    allow(actor).most_open = most_open
    actor.save(update_fields=["most_open"])


def _check_asking(act: Act, row: Opportunity, to: int) -> None:
    if row.owner and row.owner.is_active and row.owner_id != act.actor.pk:
        raise NotTheirsError
    if row.outcome:
        raise InvalidError("closed")
    if to in {act.actor.pk, row.owner_id} or not User.objects.filter(pk=to, is_active=True):
        raise InvalidError("colleague")
    if waiting_at([row.pk]):
        raise InvalidError("asked")


def _others(row: Opportunity, actor: User) -> list[Opportunity]:
    rows = Opportunity.objects.filter(prospect=row.prospect_id, outcome="", owner=actor)
    others = list(rows.exclude(pk=row.pk).select_related("prospect").order_by("pk"))
    busy = waiting_at([one.pk for one in others])
    return [one for one in others if one.pk not in busy]


def _asked(entry_id: int) -> Event:
    """Return the question as it stands, or raise NotFoundError where it was taken back."""
    rows = Event.objects.filter(pk=entry_id, kind=ASKED, opportunity__isnull=False).standing()
    row: Event | None = rows.first()
    if row is None:
        raise NotFoundError(f"hand-over {entry_id}")
    return row


def _answer(act: Act, asked: Event, *, accepted: bool, note: str) -> None:
    together = Event.objects.filter(act=asked.act, kind=ASKED) if asked.act else None
    rows = list(together.standing().order_by("pk")) if together is not None else [asked]
    known = answered([row.pk for row in rows])
    opportunities = Opportunity.objects.select_related("prospect").in_bulk(
        [row.opportunity_id or 0 for row in rows if row.pk not in known]
    )
    facts: dict[Opportunity, Fact] = {
        opportunities[row.opportunity_id or 0]: HandOverAnswered(
            asked_id=row.pk, accepted=accepted, note=note
        )
        for row in rows
        if (found := opportunities.get(row.opportunity_id or 0)) and not found.outcome
    }
    if not facts:
        raise InvalidError("answered")
    _write(act, facts)


def _write(act: Act, facts: Mapping[Opportunity, Fact]) -> None:
    """Append one fact to each of these matters as one act, so that undo takes all of it back."""
    write(act, list(_events(act, facts)))
    replan_prospects({row.prospect_id for row in facts}, now=act.now)


def _events(act: Act, facts: Mapping[Opportunity, Fact]) -> Iterable[Event]:
    for row, fact in facts.items():
        yield Event(
            kind=kind_of(fact),
            prospect_id=row.prospect_id,
            opportunity=row,
            person_id=row.person_id,
            occurred_at=act.now,
            payload=encode(fact),
        )


def _changed(act: Act, row: Opportunity, before: Glance | None, *, repeated: bool) -> Change:
    return Change(
        opportunity_id=row.pk,
        prospect_id=row.prospect_id,
        event_ids=tuple(event.pk for event in events_of(act)),
        before=before,
        after=glance(row.pk),
        repeated=repeated,
    )


def _line(text: str) -> str:
    return text.strip()[:LONGEST_REASON]
