"""Replies with their readings, in words, with the pieces of text that show them."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from django.utils import timezone

from nachhaken.desk import labels
from nachhaken.desk.models import Event
from nachhaken.desk.records import timeline_of
from nachhaken.desk.rows import Marked, ReadingView, ReplyRow
from nachhaken.desk.stories import readings_of
from nachhaken.reading.values import Reading
from nachhaken.timeline import Entry, Replied

UNSURE_BELOW = 0.6
EXCERPT = 160


def reply_rows(events: Iterable[Event]) -> tuple[ReplyRow, ...]:
    """Return replies as rows in the given order; their corrections are taken into account."""
    rows = [event for event in events if event.opportunity_id]
    readings = readings_of(rows)
    stated = _stated(rows)
    return tuple(_row(row, stated[row.pk], readings.get(row.pk)) for row in rows)


def reading_view(fact: Replied, reading: Reading | None) -> ReadingView | None:
    """Return what a reply says: a person's word before the machine's; None for an unread one."""
    if fact.statement is not None:
        return _stated_view(fact)
    if reading is None:
        return None
    window = reading.callback
    return ReadingView(
        intent=reading.intent,
        label=labels.word(labels.INTENTS[reading.intent]),
        truth=labels.TRUTH_OF_INTENT[reading.intent],
        confidence=reading.confidence,
        is_unsure=reading.confidence < UNSURE_BELOW,
        by_person=False,
        window=(window.start, window.end) if window else None,
        condition=reading.condition,
        no_reason=labels.word(labels.NO_REASONS[reading.no_reason]) if reading.no_reason else None,
        signals=tuple(labels.word(labels.SIGNALS[s]) for s in sorted(reading.signals)),
    )


def marked(text: str, reading: Reading | None) -> tuple[Marked, ...]:
    """Return `text` cut into pieces, each with what it shows.

    Where marks overlap, the condition stands above the window and the window above the intent.
    """
    if reading is None or not text:
        return (Marked(text=text),) if text else ()
    spans = {
        "intent": reading.intent_span,
        "window": reading.callback_span,
        "condition": reading.condition_span,
    }
    shown = {name: span for name, span in spans.items() if span and span.start < span.end}
    edges = {0, len(text)}
    for span in shown.values():
        edges |= {min(span.start, len(text)), min(span.end, len(text))}
    return tuple(
        Marked(
            text=text[start:end],
            mark=next(
                (n for n in reversed(shown) if shown[n].start <= start and end <= shown[n].end), ""
            ),
        )
        for start, end in pairwise(sorted(edges))
    )


def excerpt(pieces: tuple[Marked, ...]) -> tuple[Marked, ...]:
    """Return the part of the text that shows the reading, or its beginning, in one line."""
    first = next((i for i, piece in enumerate(pieces) if piece.mark), 0)
    lead = " ".join(piece.text for piece in pieces[:first])[-40:]
    if first and " " in lead and len(lead) == EXCERPT // 4:
        lead = "… " + lead.partition(" ")[2]
    found = [Marked(text=lead)] if lead.strip() else []
    left = EXCERPT
    for piece in pieces[first:]:
        cut = piece.text if len(piece.text) <= left else piece.text[:left].rpartition(" ")[0] + " …"
        found.append(Marked(text=cut, mark=piece.mark))
        left -= len(piece.text)
        if left <= 0:
            break
    return tuple(Marked(text=_one_line(piece.text), mark=piece.mark) for piece in found)


def _row(event: Event, entry: Entry, reading: Reading | None) -> ReplyRow:
    fact = entry.fact
    opportunity, person = event.opportunity, event.person
    assert isinstance(fact, Replied)  # noqa: S101 - only replies are asked for
    assert opportunity is not None  # noqa: S101 - only replies to an opportunity
    view = reading_view(fact, reading)
    assert view is not None  # noqa: S101 - `readings_of` reads every reply
    pieces = marked(fact.text, None if fact.statement else reading)
    return ReplyRow(
        entry_id=event.pk,
        opportunity_id=opportunity.pk,
        at=timezone.localtime(event.occurred_at),
        prospect=event.prospect.name,
        person=str(person) if person else "",
        title=opportunity.title,
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


def _stated_view(fact: Replied) -> ReadingView:
    stated = fact.statement
    assert stated is not None  # noqa: S101 - the caller asked
    return ReadingView(
        intent=stated.intent,
        label=labels.word(labels.INTENTS[stated.intent]),
        truth=labels.TRUTH_OF_INTENT[stated.intent],
        confidence=1.0,
        is_unsure=False,
        by_person=True,
        window=stated.callback,
        condition=stated.condition,
        no_reason=labels.word(labels.NO_REASONS[stated.no_reason]) if stated.no_reason else None,
        signals=(),
    )


def _one_line(text: str) -> str:
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{' '.join(text.split())}{tail}" if text.strip() else " "
