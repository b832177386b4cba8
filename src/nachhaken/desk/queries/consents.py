"""The record of a prospect's consents: every one that was ever noted, and what became of it."""

from datetime import datetime

from django.utils import timezone

from nachhaken.desk.access import allow
from nachhaken.desk.aliases import aliases_in, kept_prospect
from nachhaken.desk.commands.ledger import NotFoundError
from nachhaken.desk.models import Event, Prospect, User
from nachhaken.desk.pursuit import ConsentRecord, ConsentState
from nachhaken.desk.records import entry_of
from nachhaken.desk.speech import local_date
from nachhaken.plan.consent import every_consent_of, is_ended_by
from nachhaken.timeline import Consented, ConsentWithdrawn, Entry, OptedOut, Timeline, Undone

_KINDS = ("consented", "consent_withdrawn", "opted_out", "undone")


def consent_records(
    user: User, prospect_id: int, *, now: datetime
) -> tuple[str, tuple[ConsentRecord, ...]]:
    """Return the prospect's name and its consents, the newest first; raise NotFoundError."""
    allow(user)
    row = Prospect.objects.filter(pk=prospect_id).first()
    if row is None:
        raise NotFoundError(f"prospect {prospect_id}")
    row = kept_prospect(row)
    return row.name, records_of(row, now=now)


def records_of(row: Prospect, *, now: datetime) -> tuple[ConsentRecord, ...]:
    """Return every consent of a prospect, over all its opportunities, in one query."""
    events = list(
        Event.objects.filter(prospect=row, kind__in=_KINDS)
        .select_related("actor", "opportunity", "person")
        .order_by("pk")
    )
    if not any(event.kind == "consented" for event in events):
        return ()
    book = _Book(events, objected_at=row.opted_out_at, now=now)
    found = [book.record(event) for event in events if event.kind == "consented"]
    return tuple(sorted(found, key=lambda r: (r.at, r.id), reverse=True))


class _Book:
    """What ended the consents of one prospect."""

    def __init__(self, events: list[Event], *, objected_at: datetime | None, now: datetime) -> None:
        self.actors = {event.pk: str(event.actor or "") for event in events}
        self.objected_at = objected_at
        self.aliases = aliases_in(events)
        self.timeline = Timeline.of(entry_of(event, self.aliases) for event in events)
        self.standing = tuple(self.timeline.standing())
        consents = every_consent_of(self.timeline, on=local_date(now))
        self.ended = {consent.id: consent.ended for consent in consents}

    def record(self, event: Event) -> ConsentRecord:
        entry = entry_of(event, self.aliases)
        fact = entry.fact
        assert isinstance(fact, Consented)  # noqa: S101 - the caller picked the kind
        state = self._state(entry)
        end = self._end(entry, state)
        return ConsentRecord(
            id=event.pk,
            opportunity_id=event.opportunity_id,
            opportunity=event.opportunity.title if event.opportunity else "",
            person=str(event.person or ""),
            words=fact.words,
            at=timezone.localtime(event.occurred_at),
            heard_on=fact.heard_on,
            channel=fact.channel,
            scope=fact.scope,
            window=fact.window,
            evidence=fact.evidence,
            rule=fact.rule,
            noted_by=str(event.actor or ""),
            noted_at=timezone.localtime(event.recorded_at),
            state=state,
            ended_at=self._ended_at(state, end),
            ended_by=self.actors[end.id] if end else "",
            ended_words=_words(end),
        )

    def _state(self, entry: Entry) -> ConsentState:
        if entry.id not in self.ended:
            return ConsentState.UNDONE
        # A reply that objects needs no event of its own: the prospect's row knows of it.
        if self.objected_at and self.objected_at >= entry.occurred_at:
            return ConsentState.OBJECTED
        ended = self.ended[entry.id]
        return ConsentState(ended.value) if ended else ConsentState.STANDS

    def _end(self, entry: Entry, state: ConsentState) -> Entry | None:
        """Return the entry that ended the consent, None where the calendar or a reply did."""
        match state:
            case ConsentState.UNDONE:
                found = (e for e in self.timeline if _undoes(e, entry.id))
            case ConsentState.WITHDRAWN:
                found = (e for e in self.standing if _withdraws(e, entry.id))
            case ConsentState.OBJECTED:
                found = (e for e in self.standing if is_ended_by(entry, e))
            case _:
                return None
        return next(found, None)

    def _ended_at(self, state: ConsentState, end: Entry | None) -> datetime | None:
        at = end.recorded_at if end else None
        if state is ConsentState.OBJECTED:
            at = at or self.objected_at
        return timezone.localtime(at) if at else None


def _undoes(entry: Entry, consent: int) -> bool:
    return isinstance(entry.fact, Undone) and entry.fact.entry_id == consent


def _withdraws(entry: Entry, consent: int) -> bool:
    return isinstance(entry.fact, ConsentWithdrawn) and entry.fact.consent_id == consent


def _words(end: Entry | None) -> str:
    match end.fact if end else None:
        case ConsentWithdrawn(words=words):
            return words
        case OptedOut(reason=reason):
            return reason
        case _:
            return ""
