"""Which pieces of a reply show its reading."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from nachhaken.desk import labels
from nachhaken.desk.rows import Mark, Marked, ShownRow
from nachhaken.reading.values import Reading, Span
from nachhaken.timeline import Replied, Statement

EXCERPT = 160

_Place = tuple[str, str, Span]  # mark, words, where


def what_shows(fact: Replied, reading: Reading | None) -> Reading | None:
    """Return the reading without the places for what a person said otherwise."""
    if reading is None or fact.statement is None:
        return reading
    stated, window = fact.statement, reading.callback
    is_window = stated.callback == (window and (window.start, window.end))
    return replace(
        reading,
        intent_span=reading.intent_span if stated.intent is reading.intent else None,
        callback_span=reading.callback_span if is_window else None,
        condition_span=_kept(reading.condition_span, stated, reading.condition),
        reason_span=reading.reason_span if stated.no_reason is reading.no_reason else None,
    )


def shown(text: str, reading: Reading | None) -> tuple[ShownRow, ...]:
    """Return each thing that a piece of `text` shows, with the piece."""
    return tuple(
        ShownRow(mark=mark, what=what, piece=" ".join(text[span.start : span.end].split()))
        for mark, what, span in _places(text, reading)
    )


def marked(text: str, reading: Reading | None) -> tuple[Marked, ...]:
    """Return `text` cut into pieces, each with what it shows; pieces may show several things."""
    drawn = _drawn(_places(text, reading))
    edges = {0, len(text)} | {edge for one in drawn for edge in (one.span.start, one.span.end)}
    return tuple(
        _piece(text[start:end], [one for one in drawn if one.covers(start, end)])
        for start, end in pairwise(sorted(edges))
    )


def excerpt(pieces: tuple[Marked, ...]) -> tuple[Marked, ...]:
    """Return the part of the text that shows the reading, or its beginning, in one line."""
    first = next((i for i, piece in enumerate(pieces) if piece.marks), 0)
    lead = " ".join(piece.text for piece in pieces[:first])[-40:]
    if first and " " in lead and len(lead) == EXCERPT // 4:
        lead = "… " + lead.partition(" ")[2]
    found = [Marked(text=lead)] if lead.strip() else []
    left = EXCERPT
    for piece in pieces[first:]:
        cut = piece.text if len(piece.text) <= left else piece.text[:left].rpartition(" ")[0] + " …"
        found.append(replace(piece, text=cut))
        left -= len(piece.text)
        if left <= 0:
            break
    return tuple(replace(piece, text=_one_line(piece.text)) for piece in found)


def _kept(span: Span | None, stated: Statement, condition: str | None) -> Span | None:
    # A line of a form has no line breaks, the text may have some.
    return span if (stated.condition or "").split() == (condition or "").split() else None


def _places(text: str, reading: Reading | None) -> Iterator[_Place]:
    """Yield mark, words and place of what was read, as far as the text has the place."""
    for mark, what, span in _claimed(reading) if reading else ():
        if span and span.start < span.end <= len(text):
            yield mark, what, span


def _claimed(reading: Reading) -> Iterator[tuple[str, str, Span | None]]:
    yield "intent", labels.word(labels.INTENTS[reading.intent]), reading.intent_span
    yield "window", labels.text("window"), reading.callback_span
    yield "condition", labels.text("condition"), reading.condition_span
    yield "reason", labels.text("reason"), reading.reason_span
    signals: Mapping[str, Span] = {
        labels.word(labels.SIGNALS[signal]): span for signal, span in reading.signal_spans.items()
    }
    for name, span in sorted(signals.items()):
        yield "signal", name, span


class _Drawn(NamedTuple):
    mark: Mark
    what: str
    span: Span

    def covers(self, start: int, end: int) -> bool:
        return self.span.start <= start and end <= self.span.end


def _drawn(places: Iterable[_Place]) -> list[_Drawn]:
    """Give each place its line: below those of the shorter places that it overlaps.

    The wavy line of signals runs at the letters, and once only where two overlap.
    """
    drawn: list[_Drawn] = []
    for name, what, span in sorted(places, key=_from_the_letters_down):
        above = [one.mark.level for one in drawn if _overlap(one.span, span)]
        level = 0 if name == "signal" else max(above, default=-1) + 1
        drawn.append(_Drawn(Mark(name, level), what, span))
    return drawn[::-1]


def _from_the_letters_down(place: _Place) -> tuple[bool, int]:
    name, _, span = place
    return name != "signal", span.end - span.start


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _piece(text: str, drawn: list[_Drawn]) -> Marked:
    marks = tuple(one.mark for one in drawn)
    return Marked(text=text, marks=marks, title=", ".join(one.what for one in drawn))


def _one_line(text: str) -> str:
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{' '.join(text.split())}{tail}" if text.strip() else " "
