"""The user's own numbers: rows of Preference over the defaults of the plan, and what was learnt."""

from dataclasses import fields
from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from nachhaken.desk.models import Lesson, Preference
from nachhaken.engine.model import Model, ModelError
from nachhaken.engine.model_record import from_record
from nachhaken.engine.policies import Policy, PolicyError, load
from nachhaken.plan.values import Preferences

OWN_ADDRESSES = "own_addresses"
COMPANY = "company"
SEND_DELAY = "send_delay"
PRIVACY_NOTICE = "privacy_notice"
USUAL_DELAY = 10  # seconds: long enough to see the toast and the slip in it
LONGEST_DELAY = 600
SETTABLE = frozenset(field.name for field in fields(Preferences)) - {"learnt", "policy"}


def preferences() -> Preferences:
    """Return what is set, defaults where nothing is, and the model that was learnt last."""
    rows = Preference.objects.filter(key__in=SETTABLE).values_list("key", "value")
    newest = Lesson.objects.order_by("-pk").values_list("pk", "fingerprint").first()
    learnt, policy = (None, None) if newest is None else _mind(*newest)
    return Preferences(**{key: _value(value) for key, value in rows}, learnt=learnt, policy=policy)


def own_zone() -> ZoneInfo:
    """Return the user's time zone."""
    row = Preference.objects.filter(key="zone").first()
    return ZoneInfo(str(row.value) if row else Preferences().zone)


def own_addresses() -> frozenset[str]:
    """Return the mail addresses and domains ("@firma.de") that are ours, as set."""
    row = Preference.objects.filter(key=OWN_ADDRESSES).first()
    return frozenset(row.value) if row else frozenset()


def company() -> str:
    """Return the name of the own business, as it is said on the telephone; "" until set."""
    row = Preference.objects.filter(key=COMPANY).first()
    return str(row.value) if row else ""


def privacy_notice() -> str:
    """Return where the own privacy notice stands, or a sentence that says so; "" until set."""
    row = Preference.objects.filter(key=PRIVACY_NOTICE).first()
    return str(row.value) if row else ""


def send_delay() -> int:
    """Return for how many seconds a mail can be taken back before it goes."""
    row = Preference.objects.filter(key=SEND_DELAY).first()
    return int(row.value) if row else USUAL_DELAY


@lru_cache(maxsize=2)
def _mind(lesson: int, fingerprint: str) -> tuple[Model | None, Policy | None]:
    """Return model and plans of a lesson; None, the standard ones, if another version wrote it."""
    row = Lesson.objects.get(pk=lesson)
    try:
        model = from_record(row.parameters)
        policy = load(bytes(row.policy), model) if row.policy else None
    except (ModelError, PolicyError):
        return None, None
    return (model, policy) if model.fingerprint == fingerprint else (None, None)


def _value(value: Any) -> Any:
    # Times of day are the only values that JSON does not know.
    return time.fromisoformat(value) if isinstance(value, str) and value[2:3] == ":" else value
