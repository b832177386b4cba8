"""Which columns a file of events has: names and types, refused with the column's name."""

from collections.abc import Callable, Mapping

from nachhaken.scale.arrow import Arrow, pa
from nachhaken.scale.errors import ColumnError


def check_schema(schema: Arrow, where: str) -> list[str]:
    """Return the columns of `schema` that are read; ColumnError for a missing or wrong one.

    A column without a single value has no type and counts as absent.
    """
    names = [name for name in _TYPES if name in schema.names]
    for name in names:
        if schema.names.count(name) > 1:
            raise ColumnError(f"{where}: column {name} is there twice")
    names = [name for name in names if not pa.types.is_null(schema.field(name).type)]
    for name in REQUIRED:
        if name not in names:
            raise ColumnError(f"{where}: column {name} is missing")
    for name in names:
        kind, (wanted, fits) = schema.field(name).type, _TYPES[name]
        if not fits(_plain(kind)):
            raise ColumnError(f"{where}: column {name} must be {wanted}, it is {kind}")
    return names


def are_numbered(schema: Arrow) -> bool:
    """Whether the opportunities have numbers, not names."""
    return bool(pa.types.is_integer(_plain(schema.field("opportunity").type)))


def empty(name: str, size: int) -> Arrow:
    """Return a column without values, for a file that lacks what another one has."""
    return pa.nulls(size, _EMPTY.get(name, pa.float64()))


def _plain(kind: Arrow) -> Arrow:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


REQUIRED = ("opportunity", "at", "event")


def _is_word(kind: Arrow) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_whole(kind: Arrow) -> bool:
    return bool(pa.types.is_integer(kind) and kind != pa.uint64())


def _is_number(kind: Arrow) -> bool:
    return bool(_is_whole(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_shares(kind: Arrow) -> bool:
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return bool((is_list or pa.types.is_fixed_size_list(kind)) and _is_number(kind.value_type))


_TYPES: Mapping[str, tuple[str, Callable[[Arrow], bool]]] = {
    "opportunity": ("whole numbers or text", lambda t: _is_whole(t) or _is_word(t)),
    "at": ("a timestamp or a date", lambda t: pa.types.is_timestamp(t) or pa.types.is_date(t)),
    "event": ("text or the code of an event", lambda t: _is_word(t) or _is_whole(t)),
    "symbol": ("text", _is_word),
    "confidence": ("a number", _is_number),
    "probabilities": ("a list of ten numbers", _is_shares),
    "window": ("a date", pa.types.is_date),
    "away_until": ("a date", pa.types.is_date),
    "region": ("text", _is_word),
    "value": ("a number", _is_number),
    "offers": ("whole numbers", _is_whole),
    "orders": ("whole numbers", _is_whole),
    "last_order": ("whole numbers", _is_whole),
    "outcome": ("text", _is_word),
}

_EMPTY = {
    **dict.fromkeys(("symbol", "region", "outcome"), pa.string()),
    **dict.fromkeys(("window", "away_until"), pa.date32()),
    **dict.fromkeys(("offers", "orders", "last_order"), pa.int64()),
    "probabilities": pa.list_(pa.float64()),
}
