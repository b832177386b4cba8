"""Rows and values: facts and readings to JSON and back, by the fields of their dataclasses."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from nachhaken import timeline
from nachhaken.desk.models import Event
from nachhaken.reading.values import Reading, Span, Window
from nachhaken.terms import Intent, Signal
from nachhaken.timeline import Entry, Fact, Timeline

KINDS: dict[str, type[Fact]] = {
    "opened": timeline.Opened,
    "offer_sent": timeline.OfferSent,
    "touched": timeline.Touched,
    "replied": timeline.Replied,
    "effort_spent": timeline.EffortSpent,
    "met": timeline.Met,
    "promised": timeline.Promised,
    "promise_settled": timeline.PromiseSettled,
    "promise_moved": timeline.PromiseMoved,
    "consented": timeline.Consented,
    "consent_withdrawn": timeline.ConsentWithdrawn,
    "goal_set": timeline.GoalSet,
    "pinned": timeline.Pinned,
    "cadence_set": timeline.CadenceSet,
    "key_point_set": timeline.KeyPointSet,
    "key_point_dropped": timeline.KeyPointDropped,
    "conveyed": timeline.Conveyed,
    "mentioned": timeline.Mentioned,
    "transcribed": timeline.Transcribed,
    "snoozed": timeline.Snoozed,
    "gut_felt": timeline.GutFelt,
    "opted_out": timeline.OptedOut,
    "bounced": timeline.Bounced,
    "number_checked": timeline.NumberChecked,
    "law_overruled": timeline.LawOverruled,
    "fit_rated": timeline.FitRated,
    "taken_anyway": timeline.TakenAnyway,
    "job_finished": timeline.JobFinished,
    "hand_over_asked": timeline.HandOverAsked,
    "hand_over_answered": timeline.HandOverAnswered,
    "closed": timeline.Closed,
    "reopened": timeline.Reopened,
    "restated": timeline.Restated,
    "undone": timeline.Undone,
}
NOBODY: Mapping[int, int] = MappingProxyType({})
_SPANS = ("intent_span", "callback_span", "condition_span", "reason_span")
_NAMES = {kind: name for name, kind in KINDS.items()}
_PLAIN = frozenset({str, int, float, bool, type(None)})  # in JSON what they are, and most values

T = TypeVar("T")
Json = Any  # JSON's own type is recursive; what comes out of a column is checked field by field


class RecordError(ValueError):
    """A row does not hold what its kind says; the message names kind and field."""


def kind_of(fact: Fact) -> str:
    """Return the name under which facts of this class are stored."""
    return _NAMES[type(fact)]


def encode(value: object) -> Json:
    """Return `value` as JSON: what is absent stays away."""
    if type(value) in _PLAIN:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        held = {name: getattr(value, name) for name in _names_of(type(value))}
        return {name: encode(v) for name, v in held.items() if v is not None}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a datetime is a date too; both are written in ISO 8601
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [encode(v) for v in value]
    return value


def decode(kind: type[T], payload: Json) -> T:
    """Return the value that `encode` wrote, or raise RecordError where it is no `kind`."""
    return cast("T", _decode_dataclass(kind, payload, kind.__name__))


def decode_fact(kind: str, payload: Json) -> Fact:
    """Return the fact of a row, or raise RecordError where the row is not of its kind."""
    if kind not in KINDS:
        raise RecordError(f"unknown kind of event: {kind!r}")
    return cast("Fact", _decode_dataclass(KINDS[kind], payload, kind))


def entry_of(event: Event, aliases: Mapping[int, int] = NOBODY) -> Entry:
    """Return the timeline entry of an event row.

    `aliases` are people who were merged (see `aliases`): what was noted of the one is told of the
    other, as whom they live on. The row keeps whom it was noted of.
    """
    return Entry(
        id=event.pk,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        actor=str(event.actor_id or ""),
        source_key=event.source_key,
        fact=_told_of(decode_fact(event.kind, event.payload), aliases),
    )


def timeline_of(events: Iterable[Event], aliases: Mapping[int, int] = NOBODY) -> Timeline:
    """Return the timeline of event rows in any order; `aliases` as in `entry_of`."""
    return Timeline.of(entry_of(event, aliases) for event in events)


def encode_reading(reading: Reading) -> Json:
    """Return a reading as JSON; probabilities by intent."""
    return {
        "intent": reading.intent.value,
        "probabilities": {k.value: v for k, v in reading.probabilities.items()},
        "callback": encode(reading.callback),
        "condition": reading.condition,
        "no_reason": encode(reading.no_reason),
        "signals": sorted(signal.value for signal in reading.signals),
        "spans": {
            name: encode(getattr(reading, name)) for name in _SPANS if getattr(reading, name)
        },
        "signal_spans": {k.value: encode(span) for k, span in reading.signal_spans.items()},
        "doubt": encode(reading.doubt),
        "rule": reading.rule,
        "language": reading.language,
    }


def decode_reading(payload: Json) -> Reading:
    """Return the reading of a cache row."""
    hints = _hints(Reading)
    places = {name: _decode(Span, payload["spans"][name], name) for name in payload["spans"]}
    signals = payload["signal_spans"]
    return Reading(
        intent=Intent(payload["intent"]),
        probabilities={Intent(k): float(v) for k, v in payload["probabilities"].items()},
        callback=_decode(Window | None, payload["callback"], "callback"),
        condition=payload["condition"],
        no_reason=_decode(hints["no_reason"], payload["no_reason"], "no_reason"),
        signals=frozenset(Signal(signal) for signal in payload["signals"]),
        signal_spans={Signal(k): _decode(Span, span, k) for k, span in signals.items()},
        doubt=_decode(hints["doubt"], payload["doubt"], "doubt"),
        **places,
        rule=payload["rule"],
        language=payload["language"],
    )


def _told_of(fact: Fact, aliases: Mapping[int, int]) -> Fact:
    named: int | None = getattr(fact, "person_id", None)
    if named is None or named not in aliases:
        return fact
    return cast("Fact", replace(cast("Any", fact), person_id=aliases[named]))


def _decode_dataclass(kind: type[Any], payload: Json, where: str) -> Any:
    if not isinstance(payload, dict):
        raise RecordError(f"{where}: expected an object, not {payload!r}")
    hints = _hints(cast("Any", kind))
    if unknown := payload.keys() - hints.keys():
        raise RecordError(f"{where}: unknown fields {sorted(unknown)}")
    held = {name: _decode(hints[name], v, f"{where}.{name}") for name, v in payload.items()}
    try:
        return kind(**held)
    except (TypeError, ValueError) as error:
        raise RecordError(f"{where}: {error}") from error


def _decode(hint: Any, value: Json, where: str) -> Any:
    """Return `value` as the type `hint`; nothing is guessed."""
    if type(value) is hint:
        return value
    if get_origin(hint) in {Union, UnionType}:
        return _decode_optional(hint, value, where)
    if get_origin(hint) is tuple:
        return _decode_tuple(get_args(hint), value, where)
    if is_dataclass(hint):
        return _decode_dataclass(cast("type[Any]", hint), value, where)
    if issubclass(hint, Enum | date):
        return _decode_text(hint, value, where)
    if hint is float and type(value) is int:
        return float(value)
    # bool is an int to isinstance; a row that says `true` where a number belongs is broken.
    if type(value) is not hint:
        raise RecordError(f"{where}: expected {hint.__name__}, not {value!r}")
    return value


def _decode_optional(hint: Any, value: Json, where: str) -> Any:
    if value is None:
        return None
    (only,) = (part for part in get_args(hint) if part is not type(None))
    return _decode(only, value, where)


def _decode_tuple(parts: tuple[Any, ...], value: Json, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise RecordError(f"{where}: expected a list, not {value!r}")
    if parts[1:] == (Ellipsis,):
        return tuple(_decode(parts[0], v, where) for v in value)
    if len(value) != len(parts):
        raise RecordError(f"{where}: expected {len(parts)} values, not {value!r}")
    return tuple(_decode(part, v, where) for part, v in zip(parts, value, strict=True))


def _decode_text(hint: type[Enum] | type[date], value: Json, where: str) -> Any:
    try:
        return hint(value) if issubclass(hint, Enum) else hint.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise RecordError(f"{where}: {error}") from error


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
