"""The user's own numbers: rows of Preference over the defaults of the plan."""

from dataclasses import fields
from datetime import time
from typing import Any

from nachhaken.desk.models import Preference
from nachhaken.plan.values import Preferences

OWN_ADDRESSES = "own_addresses"


def preferences() -> Preferences:
    """Return what is set, defaults where nothing is."""
    known = {field.name for field in fields(Preferences)}
    rows = Preference.objects.filter(key__in=known).values_list("key", "value")
    return Preferences(**{key: _value(value) for key, value in rows})


def own_addresses() -> frozenset[str]:
    """Return the mail addresses and domains ("@firma.de") that are ours, as set."""
    row = Preference.objects.filter(key=OWN_ADDRESSES).first()
    return frozenset(row.value) if row else frozenset()


def _value(value: Any) -> Any:
    # Times of day are the only values that JSON does not know.
    return time.fromisoformat(value) if isinstance(value, str) and value[2:3] == ":" else value
