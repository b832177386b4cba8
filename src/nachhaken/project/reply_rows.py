"""Replies as lines of JSON: a row in, a reading out; a line that is none is a fault of its own."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nachhaken.reading import Reading, Window, read
from nachhaken.reading.measures import Label
from nachhaken.reading.values import Span
from nachhaken.sources.new_text import own_part
from nachhaken.terms import Intent, NoReason, Signal

CHANNELS = frozenset({"email", "message", "call_note"})
_REGIONS = {"de-AT": "AT", "de-CH": "CH"}


class RowError(ValueError):
    """A line is no reply; the message is the key of the sentence that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A reply as it was given. `label` only where labels were asked for."""

    line: int
    id: str | int | None
    text: str
    reference: date
    region: str
    is_mail: bool = False
    label: Label | None = None

    def read(self) -> Reading:
        """What the reply says; of a mail without the history and the signature."""
        said = own_part(self.text) if self.is_mail else self.text
        return read(said, reference=self.reference, region=self.region)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no reply: its number from 1, its id where it has one, and why."""

    line: int
    id: str | int | None
    reason: str


def rows(lines: Iterable[bytes], *, labelled: bool = False) -> Iterator[Row | BadLine]:
    """Yield each line as a reply or as a bad line; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(number, line, labelled=labelled)


def _row(number: int, line: bytes, *, labelled: bool) -> Row | BadLine:
    held: Mapping[str, Any] = {}
    try:
        held = _object(line)
        return Row(
            line=number,
            id=_id(held),
            text=_text(held),
            reference=_day(held.get("reference"), "row_reference"),
            region=_region(held),
            is_mail=held.get("channel") == "email",
            label=_label(held) if labelled else None,
        )
    except RowError as error:
        return BadLine(number, _known_id(held), str(error))


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        held = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise RowError("row_json") from error
    if not isinstance(held, dict):
        raise RowError("row_object")
    return held


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are Python's, not JSON's


def _id(held: Mapping[str, Any]) -> str | int | None:
    known = _known_id(held)
    if known is None and held.get("id") is not None:
        raise RowError("row_id")
    return known


def _known_id(held: Mapping[str, Any]) -> str | int | None:
    known = held.get("id")
    is_plain = isinstance(known, str | int) and not isinstance(known, bool)
    return known if is_plain else None


def _text(held: Mapping[str, Any]) -> str:
    if held.get("channel") not in CHANNELS | {None}:
        raise RowError("row_channel")
    text = held.get("text")
    if not isinstance(text, str):
        raise RowError("row_text")
    return text


def _region(held: Mapping[str, Any]) -> str:
    region, language = held.get("region"), held.get("lang")
    if not isinstance(region, str | None) or not isinstance(language, str | None):
        raise RowError("row_region")
    return region or _REGIONS.get(language or "", "DE")


def _day(value: object, reason: str) -> date:
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]  # refused in the next line
    except (TypeError, ValueError) as error:
        raise RowError(reason) from error


def _label(held: Mapping[str, Any]) -> Label:
    try:
        reason, condition = held.get("no_reason"), held.get("condition")
        return Label(
            intent=Intent(held["intent"]),
            callback=_window(held.get("callback")),
            condition=None if condition is None else condition.strip(),
            no_reason=None if reason is None else NoReason(reason),
            signals=frozenset(map(Signal, held.get("signals") or ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RowError("row_label") from error


def _window(held: Mapping[str, Any] | None) -> Window | None:
    if held is None:
        return None
    return Window(_day(held["start"], "row_label"), _day(held["end"], "row_label"))


def answer(row: Row, reading: Reading) -> dict[str, Any]:
    """Return the line that goes out; `spans` point into the text that came in."""
    return {"id": row.id} | reading_record(reading)


def reading_record(reading: Reading) -> dict[str, Any]:
    """Return a reading as plain values."""
    window = reading.callback
    return {
        "intent": reading.intent.value,
        "probabilities": {k.value: round(v, 9) for k, v in reading.probabilities.items()},
        "callback": window and {"start": f"{window.start}", "end": f"{window.end}"},
        "condition": reading.condition,
        "no_reason": reading.no_reason and reading.no_reason.value,
        "signals": sorted(signal.value for signal in reading.signals),
        "spans": {name: [span.start, span.end] for name, span in spans(reading).items()},
    }


def spans(reading: Reading) -> dict[str, Span]:
    """Return the places that show the reading, by field; those of signals by the signal's name."""
    found = {
        "intent": reading.intent_span,
        "callback": reading.callback_span,
        "condition": reading.condition_span,
        "no_reason": reading.reason_span,
        **{signal.value: span for signal, span in sorted(reading.signal_spans.items())},
    }
    return {name: span for name, span in found.items() if span}


def encoded(record: Mapping[str, Any]) -> bytes:
    """Return one line of UTF-8; half a character, as broken mails have it, is escaped."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        return f"{line}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(record)}\n".encode()
