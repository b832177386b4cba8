"""The user's own numbers: rows of Preference over the defaults of the plan, and what was learnt."""

from dataclasses import fields
from datetime import time
from functools import lru_cache
from typing import Any

from nachhaken.desk.models import Lesson, Preference
from nachhaken.engine.model import Model, ModelError
from nachhaken.engine.model_record import from_record
from nachhaken.plan.values import Preferences

OWN_ADDRESSES = "own_addresses"
LEARNT = "learnt"
SETTABLE = frozenset(field.name for field in fields(Preferences)) - {LEARNT}


def preferences() -> Preferences:
    """Return what is set, defaults where nothing is, and the model that was learnt last."""
    rows = Preference.objects.filter(key__in=SETTABLE).values_list("key", "value")
    newest = Lesson.objects.order_by("-pk").values_list("pk", "fingerprint").first()
    return Preferences(
        **{key: _value(value) for key, value in rows},
        learnt=None if newest is None else _model(*newest),
    )


def own_addresses() -> frozenset[str]:
    """Return the mail addresses and domains ("@firma.de") that are ours, as set."""
    row = Preference.objects.filter(key=OWN_ADDRESSES).first()
    return frozenset(row.value) if row else frozenset()


@lru_cache(maxsize=2)
def _model(lesson: int, fingerprint: str) -> Model | None:
    """Return the model of a lesson; None, the standard one, if another version wrote it."""
    record = Lesson.objects.values_list("parameters", flat=True).get(pk=lesson)
    try:
        model = from_record(record)
    except ModelError:
        return None
    return model if model.fingerprint == fingerprint else None


def _value(value: Any) -> Any:
    # Times of day are the only values that JSON does not know.
    return time.fromisoformat(value) if isinstance(value, str) and value[2:3] == ":" else value
