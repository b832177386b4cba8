"""A row as a line of JSON, and a line as the values of a row; nothing is guessed."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from django.db import models

from nachhaken.desk.takeout.fields import Table

Json = Any  # JSON's own type is recursive; each field checks its own
Decode = Callable[[Json], object]


class ValueRefusedError(ValueError):
    """A line does not hold what its table says; the message names the field."""


def lines(table: Table, rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Return a line for each row, whose values stand in the order of the table's fields."""
    names = [f"{json.dumps(field.attname)}:" for field in table.fields]
    for row in rows:
        held = (name + _json(value) for name, value in zip(names, row, strict=True))
        yield f"{{{','.join(held)}}}\n".encode()


def values_of(table: Table, line: bytes) -> dict[str, object]:
    """Return the values of a line by their columns, or raise ValueRefusedError."""
    try:
        held = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueRefusedError("json") from error
    if not isinstance(held, dict) or held.keys() != _columns(table).keys():
        raise ValueRefusedError("fields")
    return {name: decode(held[name]) for name, decode in _columns(table).items()}


def encoded(value: object) -> Json:
    """Return a value of a column as JSON: moments in UTC, bytes in base64."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case _:
            return value


def _json(value: object) -> str:
    # A database may keep the names of a payload in another order.
    return json.dumps(encoded(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@cache
def _columns(table: Table) -> dict[str, Decode]:
    return {field.attname: _decoder(field) for field in table.fields}


def _decoder(field: "models.Field[object, object]") -> Decode:
    plain = field.target_field if isinstance(field, models.ForeignKey) else field
    decode = _plain_decoder(plain)

    def checked(value: Json) -> object:
        if value is None and field.null:
            return None
        try:
            return decode(value)
        except (TypeError, ValueError, OverflowError, binascii.Error) as error:
            raise ValueRefusedError(field.attname) from error

    return checked


def _plain_decoder(field: "models.Field[Any, Any]") -> Decode:
    match field:
        case models.BooleanField():
            return lambda value: _of(bool, value)
        case models.IntegerField():
            return _whole
        case models.FloatField():
            return lambda value: float(_of(int, value) if type(value) is int else _of(float, value))
        case models.DateTimeField():
            return _moment
        case models.DateField():
            return date.fromisoformat
        case models.TimeField():
            return time.fromisoformat
        case models.BinaryField():
            return lambda value: base64.b64decode(_of(str, value), validate=True)
        case models.JSONField():
            return _known
        case _:
            return lambda value: _text(value, field.max_length)


def _of(kind: type[Any], value: Json) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


_MOST = 2**63


def _whole(value: Json) -> int:
    number: int = _of(int, value)
    if not -_MOST <= number < _MOST:
        raise ValueError("too large for a column")
    return number


def _moment(value: Json) -> datetime:
    at = datetime.fromisoformat(_of(str, value))
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return at


def _known(value: Json) -> Json:
    if value is None:
        raise ValueError("empty")
    return value


def _text(value: Json, longest: int | None) -> str:
    text: str = _of(str, value)
    if "\0" in text or (longest is not None and len(text) > longest):
        raise ValueError("a text that no column holds")
    return text
