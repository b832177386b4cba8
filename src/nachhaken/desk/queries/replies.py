"""Replies with their readings, in words, with the pieces of text that show them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.models import Event
from nachhaken.desk.queries.marks import excerpt, marked, shown, what_shows
from nachhaken.desk.records import timeline_of
from nachhaken.desk.rows import GuessRow, ReadingView, ReplyRow
from nachhaken.desk.stories import readings_of
from nachhaken.reading.doubts import is_unsure, likeliest
from nachhaken.reading.values import Reading
from nachhaken.terms import Intent, NoReason
from nachhaken.timeline import Entry, Replied, Statement

_FAR_FETCHED = 0.05


def reply_rows(events: Iterable[Event]) -> tuple[ReplyRow, ...]:
    """Return replies as rows in the given order; their corrections are taken into account."""
    rows = [event for event in events if event.opportunity_id]
    readings = readings_of(rows)
    stated = _stated(rows)
    return tuple(_row(row, stated[row.pk], readings.get(row.pk)) for row in rows)


def reading_view(fact: Replied, reading: Reading | None) -> ReadingView | None:
    """Return what a reply says: a person's word before the machine's; None for an unread one."""
    if fact.statement is None and reading is None:
        return None
    stated, seen = fact.statement, what_shows(fact, reading)
    view = _stated_view(stated) if stated else _read_view(reading) if reading else None
    assert view is not None  # noqa: S101 - one of the two is there
    signals = sorted(seen.signals) if seen else []
    return replace(
        view,
        signals=tuple(labels.word(labels.SIGNALS[signal]) for signal in signals),
        shown=shown(fact.text, seen),
    )


def _row(event: Event, entry: Entry, reading: Reading | None) -> ReplyRow:
    fact = entry.fact
    opportunity, person = event.opportunity, event.person
    assert isinstance(fact, Replied)  # noqa: S101 - only replies are asked for
    assert opportunity is not None  # noqa: S101 - only replies to an opportunity
    view = reading_view(fact, reading)
    assert view is not None  # noqa: S101 - `readings_of` reads every reply
    pieces = marked(fact.text, what_shows(fact, reading))
    return ReplyRow(
        entry_id=event.pk,
        opportunity_id=opportunity.pk,
        at=timezone.localtime(event.occurred_at),
        prospect=event.prospect.name,
        person=str(person) if person else "",
        title=opportunity.title,
        region=event.prospect.region,
        excerpt=excerpt(pieces),
        text=pieces,
        reading=view,
    )


def _stated(rows: list[Event]) -> Mapping[int, Entry]:
    """Return the entries as corrected; a correction of a reply that is undone does not count."""
    stories = {row.opportunity_id for row in rows if row.opportunity_id}
    about = Event.objects.filter(opportunity_id__in=stories, kind__in=["restated", "undone"])
    entries = timeline_of([*rows, *about])
    standing = {entry.id: entry for entry in entries.standing()}
    return {entry.id: standing.get(entry.id, entry) for entry in entries}


def _read_view(reading: Reading) -> ReadingView:
    window = reading.callback
    return ReadingView(
        intent=reading.intent,
        label=labels.word(labels.INTENTS[reading.intent]),
        truth=labels.TRUTH_OF_INTENT[reading.intent],
        confidence=reading.confidence,
        is_unsure=is_unsure(reading),
        by_person=False,
        window=(window.start, window.end) if window else None,
        condition=reading.condition,
        reason=reading.no_reason,
        no_reason=_reason(reading.no_reason),
        signals=(),
        doubt=labels.word(labels.DOUBTS[reading.doubt]) if reading.doubt else "",
        guesses=tuple(_guess(intent) for intent in likeliest(reading, _questions(reading))),
    )


def _stated_view(stated: Statement) -> ReadingView:
    return ReadingView(
        intent=stated.intent,
        label=labels.word(labels.INTENTS[stated.intent]),
        truth=labels.TRUTH_OF_INTENT[stated.intent],
        confidence=1.0,
        is_unsure=False,
        by_person=True,
        window=stated.callback,
        condition=stated.condition,
        reason=stated.no_reason,
        no_reason=_reason(stated.no_reason),
        signals=(),
    )


def _questions(reading: Reading) -> int:
    """Return how many meanings to ask about: a third one only where it is not far-fetched."""
    if not is_unsure(reading):
        return 1
    return 3 if reading.probabilities[likeliest(reading, 3)[-1]] >= _FAR_FETCHED else 2


def _guess(intent: Intent) -> GuessRow:
    return GuessRow(
        intent=intent,
        label=labels.word(labels.INTENTS[intent]),
        truth=labels.TRUTH_OF_INTENT[intent],
    )


def _reason(reason: NoReason | None) -> str | None:
    return labels.word(labels.NO_REASONS[reason]) if reason else None
